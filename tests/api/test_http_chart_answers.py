"""Every answer that is a picture: its headers, and its stamp where what it shows does not hold any more."""

import io
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from PIL import Image
from pypdf import PdfReader

NewSession = Callable[..., dict[str, Any]]

DANA = {"by": "Practitioner/7", "display": "Dana Example, PT"}
POINT = {"kind": "trigger_point", "view": "posterior", "at": [290, 290], "side": "left"}
FORMATS = ("svg", "png", "pdf", "txt")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
SAID = {
    ("clinical", "en"): ("VOIDED: the record was voided on ", "SUPERSEDED: this is version 1"),
    ("clinical", "de"): ("UNGÜLTIG: der Eintrag wurde am ", "ÜBERHOLT: dies ist Version 1"),
    ("clinical", "es"): ("ANULADO: el registro fue anulado el ", "SUSTITUIDO: esta es la versión 1"),
    ("clinical", "fr"): ("ANNULÉ: le dossier a été annulé le ", "REMPLACÉ: ceci est la version 1"),
    ("patient", "en"): ("NOT VALID: this picture does not count any more", "OLD PICTURE: there is a newer one"),
    ("patient", "es"): ("NO VÁLIDO: este dibujo ya no cuenta", "DIBUJO ANTIGUO: hay uno más nuevo"),
}


@pytest.fixture(scope="module")
def at(client: httpx.Client) -> tuple[str, str]:
    """The addresses of a session that was voided, and of one that was changed."""
    made = [client.post("/v1/sessions", json={"status": "completed", "placements": [POINT]}).json() for _ in range(2)]
    voided, changed = (f"/v1/sessions/{session['id']}" for session in made)
    gone = client.post(f"{voided}/void", json={**DANA, "reason": "Wrong patient."}, headers={"If-Match": '"1"'})
    assert gone.status_code == 200
    assert client.patch(changed, json={"note": "x"}, headers={"If-Match": '"1"'}).status_code == 200
    return voided, changed


def words_of(answer: httpx.Response, form: str) -> str:
    """What a picture says."""
    if form == "png":
        with Image.open(io.BytesIO(answer.content)) as image:
            return str(image.info["Title"])
    if form == "pdf":
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
        return re.sub(r"\s+", " ", " ".join(pages))
    return re.sub(r"\s+", " ", answer.text)


# The words are the same in every format: all of them are read where that is cheap, and one of each in the others.
@pytest.mark.parametrize(
    ("theme", "lang", "form"),
    [
        *((*said, form) for said in SAID for form in ("svg", "txt")),
        *(("clinical", "de", form) for form in ("png", "pdf")),
        ("patient", "en", "png"),
    ],
)
def test_what_does_not_hold_is_stamped_in_every_format(
    client: httpx.Client, at: tuple[str, str], theme: str, lang: str, form: str
) -> None:
    """A voided record and a version that was replaced say so, in the words of the picture, and to patients plainly."""
    voided, changed = at
    gone, old = SAID[theme, lang]
    asked = f"?theme={theme}&lang={lang}"
    assert gone in words_of(client.get(f"{voided}/chart.{form}{asked}"), form)
    current = words_of(client.get(f"{changed}/chart.{form}{asked}"), form)
    assert gone.split(":")[0] not in current
    assert old.split(":")[0] not in current
    if form != "svg":
        answer = client.get(f"{changed}/versions/1/chart.{form}{asked}")
        assert old in words_of(answer, form)
        assert answer.headers["bodymap-version-standing"] == "superseded"
        assert old.split(":")[0] not in words_of(client.get(f"{changed}/versions/2/chart.{form}{asked}"), form)


def test_a_stamp_is_seen(client: httpx.Client, at: tuple[str, str]) -> None:
    """The band is on the pixels, in the colour of the stamp from side to side, and on every page of the sheet."""
    voided, changed = at
    with Image.open(io.BytesIO(client.get(f"{voided}/chart.png").content)) as image:
        assert {image.convert("RGB").getpixel((x, 2)) for x in (1, 400, 798)} == {(0x7A, 0x1F, 0x1F)}
    with Image.open(io.BytesIO(client.get(f"{changed}/chart.png").content)) as image:
        assert image.getpixel((1, 2)) != (0x7A, 0x1F, 0x1F)
    for page in PdfReader(io.BytesIO(client.get(f"{voided}/chart.pdf").content)).pages:
        assert "VOIDED" in page.extract_text()


def test_every_picture_carries_the_headers_of_the_contract(client: httpx.Client, at: tuple[str, str]) -> None:
    """Nothing is guessed of its type, nothing in it runs, a patient's is kept by nobody, and it has a strong tag."""
    kept = [f"{at[1]}/chart.{form}" for form in FORMATS] + [f"{at[1]}/versions/1/chart.{form}" for form in FORMATS]
    answers = [client.get(address) for address in kept]
    answers += [client.get(a, headers={"If-None-Match": f.headers["etag"]}) for a, f in zip(kept, answers, strict=True)]
    assert [answer.status_code for answer in answers] == [200] * 8 + [304] * 8
    sent = {"placements": [POINT]}
    for accepted in ("image/svg+xml", "image/png", "application/pdf", "text/plain"):
        answers.append(client.post("/v1/charts", json=sent, headers={"Accept": accepted}))
    for answer in answers:
        assert answer.headers["cache-control"] == "private, no-store"
    plates = [client.get(f"/v1/atlas/plates/posterior.svg{asked}") for asked in ("", "?version=1", "?theme=patient")]
    assert [plate.headers["cache-control"].split(",")[0] for plate in plates] == ["public"] * 3
    assert "immutable" in plates[1].headers["cache-control"]
    for answer in [*answers, *plates]:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == POLICY
        if answer.request.method == "GET":
            assert re.fullmatch(r'"[^"]+"', answer.headers["etag"])
