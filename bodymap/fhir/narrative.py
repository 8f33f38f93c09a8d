"""The narrative that a resource shows to people, made from what it holds."""

from html import escape
from typing import Any


def narrative(text: str) -> dict[str, Any]:
    """A generated narrative of one paragraph."""
    return {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{escape(text, quote=False)}</p></div>',
    }
