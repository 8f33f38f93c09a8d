"""The education screen over HTTP: open to everybody as of no clinic, and a clinic's with its key."""

from collections.abc import Iterator

import httpx
import pytest

from tests.api.house import House, housed

CLINIC = {"name": "Harbour Street Clinic", "contact": {"phone": "555 0142", "emergency": "112"}}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The service, where the clinic of tenant `a` has described itself."""
    folder = tmp_path_factory.mktemp("house")
    with housed(f"sqlite:///{folder / 'api.db'}", folder) as found:
        shown = {"Authorization": f"Bearer {found.keys['a']}", "If-Match": '"0"'}
        assert found.client.put("/v1/tenant", json=CLINIC, headers=shown).status_code == 200
        yield found


def opened(house: House, key: str | None = None, **options: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {house.keys[key]}"} if key else {}
    return house.client.get("/education", headers={**headers, "Accept": "text/html"}, params=options)


def test_it_is_open_to_everybody_as_of_no_clinic(house: House) -> None:
    """Without a key there is a page with neither a clinic's name nor a number; it can load nothing from elsewhere."""
    page = opened(house, lang="fr")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert '<html lang="fr">' in page.text
    assert not [text for text in ("Harbour", "555", "112") if text in page.text.partition("<main>")[2]]
    assert opened(house, lang="xx").status_code == 422


def test_a_key_makes_it_the_clinic_s(house: House) -> None:
    """With a key that may read, the clinic's name and numbers stand on it; another tenant's are never shown."""
    assert "Harbour Street Clinic" in opened(house, "a").text
    content = house.client.get(
        "/education", headers={"Authorization": f"Bearer {house.keys['atlas:read']}", "Accept": "application/json"}
    ).json()
    assert content["clinic"] == "Harbour Street Clinic"
    assert any("Call 112" in text["text"] for thought in content["thoughts"] for text in thought["texts"])
    assert "Harbour" not in opened(house, "b").text


def test_a_key_that_is_not_taken_is_refused_all_the_same(house: House) -> None:
    """Who shows a key that has expired sees that, and no other clinic's screen than theirs."""
    assert opened(house, "expired").status_code == 401
    assert opened(house, "session:read").status_code == 403
