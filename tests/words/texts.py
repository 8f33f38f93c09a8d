"""The texts of catalogues by the paths to them."""

from typing import Any

import msgspec


def texts(value: Any, name: str = "") -> dict[str, str]:
    """Every text of a catalogue, a section of one, or a file by the path to it, what is not there left out."""
    if isinstance(value, msgspec.Struct):
        return texts(msgspec.to_builtins(value), name)
    if isinstance(value, str):
        return {name: value} if value else {}
    if isinstance(value, dict):
        return {k: v for key, part in value.items() for k, v in texts(part, f"{name}.{key}".lstrip(".")).items()}
    if isinstance(value, tuple | list):
        return {k: v for place, part in enumerate(value) for k, v in texts(part, f"{name}.{place}").items()}
    return {}
