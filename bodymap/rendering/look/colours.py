"""Colours as numbers: mixed, laid over each other, and compared as WCAG 2.2 does."""

from typing import Annotated

from msgspec import Meta

Colour = Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}\\Z", description="A colour in sRGB, as #rrggbb.")]


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, of #rgb or #rrggbb. Raises `ValueError`."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if not colour.startswith("#") or len(digits) != 6:
        raise ValueError(f"{colour!r} is no colour.")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def mixed(colour: str, other: str, share: float) -> str:
    """`colour` with `share` (0 to 1) of `other` in it: `other` laid over it with that opacity."""
    mix = (round(a + (b - a) * share) for a, b in zip(channels(colour), channels(other), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mix)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it: 0 black, 1 white."""
    red, green, blue = (_linear(channel / 255) for channel in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio as WCAG defines it: 1 none, 21 black on white."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
