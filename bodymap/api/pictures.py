"""Pictures over HTTP: how each is answered, and the table rows of its formats."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol

import msgspec

from bodymap.api.http.negotiation import etag_of
from bodymap.api.operation import Answer, Call, Operation
from bodymap.errors import Invalid
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.options import check_theme
from bodymap.rendering.output.formats import FORMATS, Format, lacking, made_by


class Picture(Protocol):
    """A picture that is composed and not yet drawn. Equal pictures give equal bytes.

    `name` is that of its file, without the format. `facts` are what its bytes depend on besides the format, for the
    entity tag; without any it has none. `written` are the records whose texts are printed on it. `sessions` and
    `version` are for the audit, as an `Answer` has them; `headers` go with the picture.
    """

    @property
    def name(self) -> str: ...

    @property
    def facts(self) -> Sequence[object]: ...

    @property
    def written(self) -> Sequence[msgspec.Struct | None]: ...

    @property
    def sessions(self) -> tuple[str, ...]: ...

    @property
    def version(self) -> int | None: ...

    @property
    def headers(self) -> tuple[tuple[str, str], ...]: ...

    def draw(self, form: Format) -> bytes:
        """The picture in one of its formats."""


class Row(NamedTuple):
    """The differences of a picture's operation in one format."""

    id: str
    summary: str
    query: type[msgspec.Struct]
    detail: str = ""


def pictures(
    path: str, compose: Callable[[Call, Any], Picture], formats: Mapping[Format, Row], **shared: Any
) -> tuple[Operation, ...]:
    """The rows of the table for a picture, one a format, at `path` with the format behind it.

    `compose` decides the picture from the request, with the transaction that `access` gives. What is `shared` by the
    rows is as in an `Operation`.
    """
    return tuple(
        Operation(
            method="GET",
            path=f"{path}.{form}",
            id=row.id,
            tag="Charts",
            summary=row.summary,
            detail=row.detail,
            handler=partial(_handle, compose, form),
            scope="chart:read",
            query=row.query,
            media_types=(FORMATS[form],),
            **shared,
        )
        for form, row in formats.items()
    )


def answer(picture: Picture, form: Format) -> Answer:
    """The answer with a picture in a format, drawn only if the client does not have it already."""
    headers = list(picture.headers)
    if picture.facts:
        headers.append(("ETag", etag_of(made_by(form), *picture.facts)))
    if form != "svg":
        headers.append(("Content-Disposition", f'inline; filename="{picture.name}.{form}"'))
    if form in ("png", "pdf") and (notice := lacking(*picture.written)):
        headers.append(("Bodymap-Notice", notice))
    return Answer(
        body=partial(picture.draw, form),
        media_type=FORMATS[form],
        headers=tuple(headers),
        drawn=form != "txt",
        sessions=picture.sessions,
        version=picture.version,
    )


def own_theme_of(call: Call) -> Theme | None:
    """The clinic's theme if the query asks for it. Raises Invalid if there is none."""
    complaints = check_theme(call.query.theme, call.backend.own_theme is not None)
    if complaints:
        raise Invalid(complaints)
    return call.backend.own_theme if call.query.theme == "own" else None


def _handle(compose: Callable[[Call, Any], Picture], form: Format, call: Call, tx: Any) -> Answer:
    return answer(compose(call, tx), form)
