"""Where things were read, each source with its grade: what backs the education texts and the screening items."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bodymap.education.locales import locale, offered
from bodymap.words import Language


class GradedSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where something was read. `grade` A: paper, statute or regulator's notice; B: reference site or professional
    body; C: clinic page or course notes; null for the clinic's article that the texts began with, and for our own
    sentences. `address` is null where there is no page that may be linked."""

    title: Annotated[str, Meta(description="Its title.")]
    grade: Annotated[
        Literal["A", "B", "C"] | None,
        Meta(description="A: paper, statute or notice; B: reference site; C: clinic page or course notes."),
    ] = None
    address: Annotated[str | None, Meta(description="Its address; null where no page may be linked.")] = None


def sources_named(ids: Iterable[str], lang: Language) -> dict[str, GradedSource]:
    """Sources by their ids, each once; titles are the sources' own, or in the language where they have none. Raises
    `KeyError`."""
    own, untitled = all_sources(), locale(offered(lang)).sources
    return {name: GradedSource(title=untitled[name]) if name in untitled else own[name] for name in dict.fromkeys(ids)}


@cache
def all_sources() -> dict[str, GradedSource]:
    """Every source that has a title of its own."""
    file = Path(__file__).with_name("sources.toml")
    return msgspec.toml.decode(file.read_bytes(), type=dict[str, GradedSource])
