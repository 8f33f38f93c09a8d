"""How lists are paged."""

from typing import Annotated

from msgspec import Meta

Limit = Annotated[int, Meta(ge=1, le=500, description="How many at most, up to 500.")]
