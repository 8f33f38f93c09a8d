"""What a caller can ask of the full key."""

from typing import Annotated

import msgspec
from msgspec import Meta

from bodymap.rendering.options import IdPrefix, ThemeId
from bodymap.words import Language


class KeyOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Of which theme, in which language, how wide in pixels."""

    theme: ThemeId = "clinical"
    lang: Language = "en"
    width: Annotated[int, Meta(ge=160, le=4000, description="Pixels, 160 to 4,000.")] = 800
    id_prefix: IdPrefix | None = None
