"""Charts for everyone: axe finds nothing, however a chart is put into a page; and what users write never runs."""

import json
import urllib.parse
import urllib.request
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Watched

HOSTILE = (
    "<script>window.ran = 1</script><img src=x onerror='window.ran=2'>]]><svg onload=window.ran=3>"
    "</text></svg><script>window.ran=4</script>javascript:window.ran=5 \u202egnp.exe\u2066 {{7*7}} ${window.ran=6}"
)
WAYS = ["inline", "several inline", "img", "object", "iframe", "alone"]
THEMES = ["print", "patient", "contrast", "dark"]


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe complains of: the rule, and where."""
    found = Axe().run(page).response["violations"]
    return [(rule["id"], [str(node["target"]) for node in rule["nodes"][:3]]) for rule in found]


def page_of(body: str) -> str:
    return f'<!doctype html><html lang="en"><title>Chart</title><body><main><h1>Chart</h1>{body}</main></body></html>'


def drawn(address: str, body: dict[str, Any], **options: str) -> str:
    """A chart of a session that is only posted."""
    request = urllib.request.Request(
        f"{address}/v1/charts?{urllib.parse.urlencode(options)}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Accept": "image/svg+xml"},
    )
    return str(urllib.request.urlopen(request).read().decode())


def shown(watched: Watched, address: str, chart: str, way: str) -> None:
    """Puts the chart at an address into a page, or opens it: without its policy, under which axe could not run."""
    if way == "alone":
        if not chart.endswith("/hostile.svg"):
            svg = urllib.request.urlopen(chart).read()
            watched.page.route(chart, lambda route: route.fulfill(body=svg, content_type="image/svg+xml"))
        watched.page.goto(chart)
        return
    both = "&" if "?" in chart else "?"
    if way == "inline":
        body = urllib.request.urlopen(chart).read().decode()
    elif way == "several inline":
        prefixed = [f"{chart}{both}id_prefix={prefix}" for prefix in ("one-", "two-", "three-")]
        body = "".join(urllib.request.urlopen(each).read().decode() for each in prefixed)
    else:
        told = {
            "img": f'<img src="{chart}" alt="Chart of a visit">',
            "object": f'<object data="{chart}" type="image/svg+xml" aria-label="Chart"></object>',
            "iframe": f'<iframe src="{chart}" title="Chart of a visit" width="800" height="1000"></iframe>',
        }
        body = told[way]
    watched.show(f"{address}/embedding", page_of(body))


@pytest.mark.parametrize(
    ("way", "theme"), [*((way, "clinical") for way in WAYS), *(("inline", theme) for theme in THEMES)]
)
def test_axe_finds_nothing(watched: Watched, demo: Any, charts: list[str], way: str, theme: str) -> None:
    """In every theme, put into a page in every way or opened alone, a chart breaks no rule of accessibility."""
    shown(watched, demo.address, f"{charts[1]}?theme={theme}", way)
    assert violations(watched.page) == []
    if "inline" in way:
        ids = watched.page.evaluate("[...document.querySelectorAll('[id]')].map(element => element.id)")
        assert len(ids) == len(set(ids))
        names = watched.page.evaluate(
            "[...document.querySelectorAll('svg[role=img]')].map(svg => svg.querySelector('title').textContent)"
        )
        assert len(names) == (3 if way == "several inline" else 1)
        assert all(names)


def test_axe_finds_faults_where_there_are_some(watched: Watched, demo: Any) -> None:
    """The check can fail: a picture without a name, and two elements with one id."""
    watched.show(
        f"{demo.address}/embedding", page_of('<svg role="img"><path d="M0 0h1"/></svg><p id=a></p><img src=x>')
    )
    assert {rule for rule, _ in violations(watched.page)} >= {"svg-img-alt", "image-alt"}


@pytest.mark.parametrize("way", WAYS)
def test_what_users_write_does_not_run(watched: Watched, demo: Any, way: str) -> None:
    """Markup, handlers, addresses and bidirectional tricks in every text of a session stay text, in every way."""
    point = {"kind": "trigger_point", "view": "posterior", "at": [290, 290], "note": HOSTILE, "technique": HOSTILE[:90]}
    site = {"kind": "trigger_point", "site": {"text": HOSTILE[:190]}, "side": "left", "precaution": HOSTILE}
    session = {"placements": [point, site], "position": HOSTILE[:190], "note": HOSTILE}
    header = {"name": HOSTILE[:190], "mrn": HOSTILE[:190], "clinic": HOSTILE[:190]}
    svg = drawn(demo.address, {**session, "header": header})
    chart = f"{demo.address}/hostile.svg"
    watched.page.route(chart, lambda route: route.fulfill(body=svg, content_type="image/svg+xml"))
    if "inline" in way:
        watched.show(f"{demo.address}/embedding", page_of(svg))
    else:
        shown(watched, demo.address, chart, way)
    watched.page.wait_for_timeout(200)
    for frame in watched.page.frames:
        assert frame.evaluate("window.ran") is None
        strange = "[...document.querySelectorAll('svg script, svg foreignObject, svg a, svg image, svg use')].length"
        assert frame.evaluate(strange) == 0
        handlers = (
            "[...document.querySelectorAll('svg *')].flatMap(e => [...e.attributes])"
            ".filter(a => a.name.startsWith('on') || a.name.includes('href')).length"
        )
        assert frame.evaluate(handlers) == 0
    assert watched.stayed_on(demo.address)
    assert [said for said in watched.complaints if "favicon" not in said] == []
