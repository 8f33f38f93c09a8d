"""What a caller can ask of the full key."""

from bodymap.rendering.options import PictureOptions


class KeyOptions(PictureOptions, frozen=True, kw_only=True):
    """Of which theme, in which language, how wide in pixels."""
