"""The start page: what the service is, where it is described, and the charts of the demonstration, if there is one."""

from html import escape
from importlib import resources
from string import Template
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from bodymap import __version__
from bodymap.api.operation import HTML, JSON, PAGE_POLICY, Answer, Call, Operation

_PAGE = Template((resources.files(__package__) / "start.html").read_text("utf-8"))


class ShownChart(msgspec.Struct, frozen=True, kw_only=True):
    """A chart of the demonstration, with its absolute address."""

    name: Annotated[str, Meta(description="What it shows.")]
    href: Annotated[str, Meta(description="Its absolute address.")]


class Start(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The service's name and release, and where it is described, as absolute addresses."""

    service: Annotated[Literal["bodymap"], Meta(description="The service's name.")]
    version: Annotated[str, Meta(description="The release that is running.")]
    docs: Annotated[str, Meta(description="The absolute address of this documentation.")]
    openapi: Annotated[str, Meta(description="The absolute address of this document.")]
    charts: tuple[ShownChart, ...] = ()


def get_start(call: Call, _: Any) -> Answer:
    """The start, as a page or as JSON."""
    return _start(call, "")


def get_start_below(call: Call, _: Any) -> Answer:
    """The start at an address one step below the root."""
    return _start(call, "../")


def _start(call: Call, root: str) -> Answer:
    """`root` leads from the page to the root of the service."""
    if call.media_type != HTML:
        at = call.public_url
        charts = tuple(ShownChart(name=name, href=at + path) for name, path in call.backend.showcase)
        start = Start(
            service="bodymap", version=__version__, docs=f"{at}/docs", openapi=f"{at}/openapi.json", charts=charts
        )
        return Answer(body=msgspec.json.encode(start))
    charts_shown = "".join(
        f'<li><a href="{root}{escape(path[1:])}">{escape(name)}</a></li>' for name, path in call.backend.showcase
    )
    page = _PAGE.substitute(
        version=__version__, root=root, charts=charts_shown, demonstration="" if charts_shown else " hidden"
    )
    return Answer(body=page.encode(), media_type=HTML, headers=PAGE_POLICY)


_START = Operation(
    method="GET",
    path="/",
    id="getStart",
    tag="Service",
    summary="What this is, and where to go from here",
    handler=get_start,
    scope=None,
    media_types=(JSON, HTML),
    result=Start,
)

OPERATIONS = (
    _START,
    msgspec.structs.replace(_START, path="/v1", id="getStartOfV1", described=False),
    msgspec.structs.replace(_START, path="/v1/", id="getStartBelowV1", handler=get_start_below, described=False),
)
