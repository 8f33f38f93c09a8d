"""The full key of marks over HTTP."""

import xml.etree.ElementTree as ET

import httpx
import pytest


@pytest.mark.parametrize(
    ("form", "media_type"),
    [("svg", "image/svg+xml"), ("png", "image/png"), ("txt", "text/plain; charset=utf-8")],
)
def test_the_key_is_had_in_every_format(client: httpx.Client, form: str, media_type: str) -> None:
    """Each format has its type and its tag; caches may keep it, since it tells of nobody."""
    answer = client.get(f"/v1/charts/legend.{form}?lang=de")
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.headers["cache-control"].startswith("public")
    again = client.get(f"/v1/charts/legend.{form}?lang=de", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    other = client.get(f"/v1/charts/legend.{form}?lang=fr")
    assert other.headers["etag"] != answer.headers["etag"]


def test_themes_and_languages_are_answered(client: httpx.Client) -> None:
    """Every theme in every language is a picture of its own; a theme that nobody gave is pointed at."""
    seen = set()
    for theme in ("clinical", "print", "patient", "contrast", "dark"):
        for lang in ("en", "es", "de", "fr"):
            answer = client.get(f"/v1/charts/legend.svg?theme={theme}&lang={lang}")
            assert ET.fromstring(answer.content).get("lang") == lang
            assert answer.headers["content-security-policy"].endswith("sandbox")
            seen.add(answer.content)
    assert len(seen) == 20
    refused = client.get("/v1/charts/legend.svg?theme=own")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "?theme")
