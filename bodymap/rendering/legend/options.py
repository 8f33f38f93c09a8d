"""The options of the full key."""

from bodymap.rendering.options import PictureOptions


class KeyOptions(PictureOptions, frozen=True, kw_only=True):
    """The theme, language, and width in pixels."""
