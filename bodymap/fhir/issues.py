"""What is wrong with a resource: where, which kind of problem, what would be right; and the outcome that says so."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class Issue(NamedTuple):
    """A problem. `expression` is a FHIRPath to the element, `code` one of R4's value set issue-type."""

    expression: str
    code: str
    detail: str
    severity: str = "error"


Report = Callable[[Issue], None]


def outcome(issues: Sequence[Issue]) -> dict[str, Any]:
    """An OperationOutcome with every issue."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": issue.severity,
                "code": issue.code,
                "diagnostics": issue.detail,
                **({"expression": [issue.expression]} if issue.expression else {}),
            }
            for issue in issues
        ],
    }
