"""Complaints of the native API about a statement, as issues about the resources that it was read from."""

from collections.abc import Mapping

from bodymap.errors import Complaint
from bodymap.fhir.issues import Issue

_CODES = {
    "missing-field": "required",
    "no-place": "required",
    "unknown-region": "code-invalid",
    "unknown-value": "code-invalid",
    "unknown-kind": "code-invalid",
    "two-places": "invariant",
    "wrong-type": "structure",
    "wrong-length": "structure",
    "unknown-field": "structure",
    "repeated": "structure",
    "out-of-range": "value",
    "unknown-placement": "not-found",
    "too-many": "too-long",
}


# The codes of R4's value set issue-type that are used here.
_ISSUE_TYPES = frozenset(
    {
        *("structure", "required", "value", "invariant", "processing", "not-supported", "duplicate", "not-found"),
        *("multiple-matches", "too-long", "code-invalid", "business-rule", "conflict", "informational"),
    }
)


def issue_code(code: str) -> str:
    """The issue-type of R4 for the code of a complaint."""
    return code if code in _ISSUE_TYPES else _CODES.get(code, "business-rule")


def issue_of(complaint: Complaint, places: Mapping[str, str]) -> Issue:
    """An issue at the element that a complaint's pointer is about, or at the nearest one around it."""
    pointer = complaint.pointer
    while pointer and pointer not in places:
        pointer = pointer.rpartition("/")[0]
    detail = complaint.detail
    if complaint.mirrored_at is not None:
        detail += f" Its mirror image is at [{complaint.mirrored_at[0]:g}, {complaint.mirrored_at[1]:g}]."
    return Issue(places.get(pointer, ""), issue_code(complaint.code), detail)
