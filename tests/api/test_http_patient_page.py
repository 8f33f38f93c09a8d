"""The patient's page over HTTP: HTML or JSON, by key or by a signed link, with the clinic's numbers."""

import zlib
from typing import Any

import httpx

PLACE = {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"}


def page_of(client: httpx.Client, new_session: Any) -> str:
    return f"/v1/sessions/{new_session(placements=[PLACE])['id']}/education"


def test_a_browser_gets_the_page_and_a_program_its_content(client: httpx.Client, new_session: Any) -> None:
    """HTML without anything from elsewhere, under 150 KB compressed; JSON where asked for; no cache keeps it."""
    at = page_of(client, new_session)
    page = client.get(at, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert page.headers["cache-control"] == "private, no-store"
    assert len(zlib.compress(page.content)) < 150_000
    content = client.get(at, params={"lang": "de"}, headers={"Accept": "application/json"}).json()
    assert (content["lang"], content["clinic"]) == ("de", None)
    assert client.get(at, params={"lang": "xx"}).status_code == 422


def test_a_link_opens_it_and_can_be_framed(client: httpx.Client, new_session: Any) -> None:
    """Without a key, in the language that it was made for and in every other; nothing else of it can be changed."""
    at = page_of(client, new_session)
    link = client.post("/v1/links", json={"address": f"{at}?lang=es"}).json()
    opened = httpx.get(link["href"])
    assert (opened.status_code, '<html lang="es">' in opened.text) == (200, True)
    assert "frame-ancestors 'self'" in opened.headers["content-security-policy"]
    other = link["href"].replace("lang=es", "lang=fr")
    assert '<html lang="fr">' in httpx.get(other).text
    assert f'href="?lang=de&amp;link={httpx.URL(other).params["link"]}"' in httpx.get(other).text
    assert httpx.get(link["href"].replace("lang=es&", "")).status_code == 200
    assert httpx.get(link["href"] + "&width=2").status_code == 401


def test_a_closed_link_says_so_to_a_person_and_to_a_program(client: httpx.Client, new_session: Any) -> None:
    """A browser gets a page in the link's language, which may be framed as the link was; a program gets the problem."""
    at = page_of(client, new_session)
    link = client.post("/v1/links", json={"address": f"{at}?lang=de"}).json()
    assert client.delete(f"/v1/links/{link['id']}").status_code == 204
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for href, status, heading in (
        (link["href"], 410, "Dieser Link gilt nicht mehr"),
        (link["href"][:-4], 401, "Dieser Link funktioniert nicht"),
    ):
        page = httpx.get(href, headers=browser)
        assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert f"<h1>{heading}</h1>" in page.text
        assert "frame-ancestors 'self'" in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "private, no-store"
        for accept in ("*/*", "application/json", "image/svg+xml,*/*;q=0.8"):
            problem = httpx.get(href, headers={"Accept": accept})
            assert (problem.status_code, problem.headers["content-type"]) == (status, "application/problem+json")
    missing = client.get(at.replace(at.split("/")[3], "0" * 36), headers=browser)
    assert missing.headers["content-type"] == "application/problem+json"
