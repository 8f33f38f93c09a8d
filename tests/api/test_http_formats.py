"""Charts over HTTP in every format: by address, and by what is accepted."""

import re
import struct
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

NewSession = Callable[..., dict[str, Any]]

PLACEMENTS = [
    {"kind": "trigger_point", "view": "posterior", "at": [290, 290]},
    {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"},
]
KINDS = {
    "svg": ("image/svg+xml", b"<svg"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "pdf": ("application/pdf", b"%PDF-1.7"),
    "txt": ("text/plain; charset=utf-8", b"Dry needling chart"),
}


@pytest.mark.parametrize("form", KINDS)
def test_a_kept_session_is_had_in_every_format(client: httpx.Client, new_session: NewSession, form: str) -> None:
    """Each address gives its format, private and not sniffed, under a name that says nothing of the patient."""
    session = new_session(subject="Patient/secret", placements=PLACEMENTS)
    answer = client.get(f"/v1/sessions/{session['id']}/chart.{form}")
    media_type, begins = KINDS[form]
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.content.startswith(begins)
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    if form != "svg":
        assert answer.headers["content-disposition"] == f'inline; filename="chart-{session["id"]}-v1.{form}"'
    tag = answer.headers["etag"]
    assert not tag.startswith("W/")
    again = client.get(f"/v1/sessions/{session['id']}/chart.{form}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_tags_tell_formats_and_options_apart(client: httpx.Client, new_session: NewSession) -> None:
    """No two formats, options or papers share an entity tag; the paper that is meant anyway does."""
    at = f"/v1/sessions/{new_session(placements=PLACEMENTS)['id']}/chart"
    asked = ["svg", "png", "pdf", "txt", "png?width=400", "pdf?page=letter", "pdf?lang=de", "txt?lang=de"]
    assert len({client.get(f"{at}.{form}").headers["etag"] for form in asked}) == len(asked)


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, "svg"),
        ("*/*", "svg"),
        ("image/*", "svg"),
        ("image/png", "png"),
        ("application/pdf, image/png;q=0.9", "pdf"),
        ("application/pdf;q=0.5, text/plain;q=0.6", "txt"),
        ("image/svg+xml;q=0, image/*", "png"),
        ("text/html, */*;q=0.1", "svg"),
    ],
)
def test_a_posted_session_is_drawn_as_accepted(client: httpx.Client, accept: str | None, form: str) -> None:
    """What the client likes best is drawn, SVG where it does not mind, and caches are told."""
    headers = {"Accept": accept} if accept else {}
    answer = client.post("/v1/charts", json={"placements": PLACEMENTS}, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, KINDS[form][0])
    assert answer.content.startswith(KINDS[form][1])
    assert answer.headers["vary"] == "Accept"
    again = client.post("/v1/charts", json={"placements": PLACEMENTS}, headers=headers)
    assert again.content == answer.content


def test_what_there_is_not_is_refused_by_name(client: httpx.Client) -> None:
    """A format that cannot be made is a 406 that names those that can."""
    answer = client.post("/v1/charts", json={}, headers={"Accept": "image/webp"})
    assert answer.status_code == 406
    assert answer.json()["available"] == ["image/svg+xml", "image/png", "application/pdf", "text/plain"]


def test_only_a_pdf_has_pages(client: httpx.Client, new_session: NewSession) -> None:
    """`page` is taken for a PDF, and pointed at anywhere else."""
    at = f"/v1/sessions/{new_session()['id']}"
    assert client.get(f"{at}/chart.pdf?page=letter").status_code == 200
    for answer in (
        client.get(f"{at}/chart.pdf?page=a3"),
        client.get(f"{at}/chart.png?page=a4"),
        client.post("/v1/charts?page=a4", json={}),
    ):
        assert answer.status_code == 422, answer.text
        assert [complaint["pointer"] for complaint in answer.json()["errors"]] == ["?page"]
    sent = client.post("/v1/charts?page=letter", json={}, headers={"Accept": "application/pdf"})
    assert sent.status_code == 200


def test_too_many_pixels_are_refused(client: httpx.Client) -> None:
    """Sixty-four placements are drawn at the largest width; a PNG beyond the budget is refused at its width."""
    placements = [{"kind": "trigger_point", "view": "posterior", "at": [280 + n % 8, 290 + n % 64]} for n in range(500)]
    answer = client.post("/v1/charts?width=4000", json={"placements": placements[:64]}, headers={"Accept": "image/png"})
    assert answer.status_code == 200
    width, height = struct.unpack(">II", answer.content[16:24])
    assert width == 4000
    assert width * height > 24_000_000
    answer = client.post("/v1/charts?width=4000", json={"placements": placements}, headers={"Accept": "image/png"})
    assert answer.status_code == 422
    assert [complaint["pointer"] for complaint in answer.json()["errors"]] == ["?width"]


def test_letters_without_a_font_are_said_once(client: httpx.Client) -> None:
    """A picture with boxes for letters says so, and which setting helps, without a word of what was written."""
    body = {"placements": PLACEMENTS, "note": "漢字"}
    for accept, told in (("image/png", True), ("application/pdf", True), ("text/plain", False)):
        notice = client.post("/v1/charts", json=body, headers={"Accept": accept}).headers.get("bodymap-notice", "")
        assert bool(re.search("^2 letters .*BODYMAP_FONTS .*fonts-noto-core", notice)) is told


def test_drawing_does_not_hold_up_others(client: httpx.Client, address: str) -> None:
    """While pictures are drawn, others are answered."""
    body = {"placements": PLACEMENTS}
    done = threading.Event()

    def burst() -> None:
        with httpx.Client(base_url=address, timeout=60) as mine:
            for _ in range(3):
                mine.post("/v1/charts?width=2500&detail=shaded", json=body, headers={"Accept": "image/png"})
        done.set()

    threading.Thread(target=burst, daemon=True).start()
    answered = 0
    while not done.is_set():
        assert client.get("/healthz").status_code == 200
        answered += 1
        time.sleep(0.005)
    assert answered > 3
