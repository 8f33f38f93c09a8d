"""A record that was resolved on another atlas of the same number: it can be read, is never served, and is resolved anew
elsewhere."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bodymap.app import create_app
from bodymap.atlas import load_atlases
from bodymap.config import Settings
from bodymap.errors import OtherAtlas
from bodymap.storage import atlas_digests
from bodymap.storage.database import Database, migrate
from tests.api.conftest import serving
from tests.command_line import bodymap_in_text
from tests.engines import BOTH, NewUrl, beside

ENGINES = BOTH
SECRET = "x" * 20
HERE = load_atlases().digests["1"]
OTHER = "0" * 64
POINT = {"kind": "trigger_point", "view": "posterior", "at": [302, 275], "side": "left"}
RING = {"kind": "perimeter", "view": "posterior", "ring": {"center": [402, 700], "radius_mm": 28, "needles": 8}}
WHO = {"by": "Practitioner/7", "display": "Dana Example, PT"}
Lines = list[dict[str, Any]]
Record = tuple[str, dict[str, Any], dict[str, Any]]


@pytest.fixture
def record(new_url: NewUrl) -> Record:
    """The address of a database with a session that was changed once, and one that was signed; both sessions."""
    url = new_url()
    app = create_app(Settings(database=url, secret=SECRET), open_to_all=True)
    with serving(app) as address, httpx.Client(base_url=address) as client:
        members = {"subject": "Patient/1", "ended_at": "2026-11-23T09:25:00Z", "started_at": "2026-11-23T09:00:00Z"}
        open_, signed = (client.post("/v1/sessions", json={**members, "placements": [POINT, RING]}) for _ in "ab")
        changed = client.patch(open_.headers["location"], json={"note": "n"}, headers={"If-Match": '"1"'})
        sealed = client.post(f"{signed.headers['location']}/sign", json=WHO, headers={"If-Match": '"1"'})
        assert (changed.status_code, sealed.status_code) == (200, 200)
    return url, changed.json(), sealed.json()


@pytest.fixture
def other(record: Record) -> Record:
    """The same, made with another atlas 1, on which every point was in the masseter."""
    with beside(record[0]) as execute:
        execute("UPDATE atlas_digest SET digest = ?", OTHER)
    return record


def command(folder: Path, *arguments: str) -> tuple[int, str, str]:
    done = bodymap_in_text(folder, *arguments, BODYMAP_SECRET=SECRET)
    return done.returncode, done.stdout, done.stderr


def exported(folder: Path, url: str, *options: str) -> Lines:
    code, out, said = command(folder, "export", "--tenant", "local", "--db", url, *options)
    assert code == 0, said
    return [json.loads(line) for line in out.splitlines()]


def taken(folder: Path, url: str, lines: Lines) -> tuple[int, str, str]:
    (folder / "in.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return command(folder, "import", "in.ndjson", "--tenant", "local", "--db", url)


def as_on_another(lines: Lines) -> Lines:
    """Lines whose points lie in another muscle, as another atlas could have found."""
    for line in lines:
        line["flags"] = [{"code": "both-sides-of-thorax", "certainty": "possible"}]
        for placement in line["placements"]:
            placement["resolved"] |= {"region": "masseter", "structure": "masseter", "muscle": "masseter"}
            placement["flags"] = []
    return lines


def test_a_database_keeps_the_digest_of_the_atlas_that_it_used(record: Record, tmp_path: Path) -> None:
    """With the first session, not before; every exported line tells it."""
    assert {line["atlas_digest"] for line in exported(tmp_path, record[0], "--versions", "all")} == {HERE}
    with Database.open(record[0]) as database:
        assert database.read_now(lambda tx: atlas_digests.used(tx, "local")) == {"1": HERE}
        assert database.read_now(lambda tx: atlas_digests.used(tx, "another")) == {}


def test_another_atlas_under_the_number_is_not_used(record: Record) -> None:
    """Neither by a tenant who used the first, nor, once it is checked, by any."""
    with Database.open(record[0]) as database:
        database.write_now(lambda tx: atlas_digests.use(tx, "local", "1", HERE))
        with pytest.raises(OtherAtlas):
            database.write_now(lambda tx: atlas_digests.use(tx, "local", "1", OTHER))
        database.read_now(lambda tx: atlas_digests.check(tx, {"1": HERE, "2": OTHER}))
        with pytest.raises(OtherAtlas):
            database.read_now(lambda tx: atlas_digests.check(tx, {"1": OTHER}))


@pytest.mark.parametrize(
    "words",
    [
        ["serve", "--port", "0"],
        ["serve", "--port", "0", "--demo"],
        ["migrate"],
        ["import", "in.ndjson", "--tenant", "a"],
    ],
)
def test_it_is_refused_with_what_to_do(other: Record, words: list[str], tmp_path: Path) -> None:
    """By `serve`, `migrate` and `import`, with exit code 1; nothing of the record changes."""
    (tmp_path / "in.ndjson").write_text("{}\n")
    before = exported(tmp_path, other[0])
    code, _, said = command(tmp_path, *words, "--db", other[0])
    assert code == 1
    assert "resolved on another atlas 1 than the one of this release" in said
    assert "bodymap export" in said
    assert ("delete it, if it holds only the demonstration" in said) == ("--demo" in words)
    assert exported(tmp_path, other[0]) == before


def test_a_worker_does_not_start_on_it(other: Record) -> None:
    """The application refuses it as well, whoever starts it."""
    app = create_app(Settings(database=other[0], secret=SECRET), open_to_all=True)

    async def start() -> None:
        async with app.router.lifespan_context(app):
            raise AssertionError("it started")

    with pytest.raises(OtherAtlas):
        asyncio.run(start())


def test_a_service_that_runs_records_nothing_more_on_it(new_url: NewUrl) -> None:
    """Where another process used another atlas meanwhile, a new session is a 503."""
    url = new_url()
    app = create_app(Settings(database=url, secret=SECRET), open_to_all=True)
    with serving(app) as address, httpx.Client(base_url=address) as client:
        with beside(url) as execute:
            execute("INSERT INTO atlas_digest (tenant, version, digest) VALUES ('local', '1', ?)", OTHER)
        refused = client.post("/v1/sessions", json={"placements": [POINT]})
        assert (refused.status_code, refused.json()["type"]) == (503, "urn:bodymap:problem:other-atlas")
        assert client.get("/v1/sessions").json()["items"] == []


def before_the_step(url: str) -> None:
    """A database as it was before digests were kept."""
    migrate(url)
    with beside(url) as execute:
        execute("DROP TABLE atlas_digest")
        execute("DELETE FROM migration WHERE name = '0007_digests_of_atlases'")


def test_a_database_of_before_is_of_the_unpublished_atlas(record: Record, new_url: NewUrl, tmp_path: Path) -> None:
    """One with sessions is refused, and exported without a digest; an empty one is taken."""
    before_the_step(record[0])
    code, _, said = command(tmp_path, "migrate", "--db", record[0])
    assert (code, "another atlas 1" in said) == (1, True)
    assert all("atlas_digest" not in line for line in exported(tmp_path, record[0]))
    before_the_step(empty := new_url())
    assert command(tmp_path, "migrate", "--db", empty) == (0, "took 0007_digests_of_atlases\n", "")


def test_it_is_backed_up(other: Record, tmp_path: Path) -> None:
    """A copy of it is one like any other; a database of PostgreSQL is left to that engine's own tools, with a word."""
    if not other[0].startswith("sqlite"):
        code, _, said = command(tmp_path, "backup", "copy.db", "--db", other[0])
        assert (code, "pg_dump" in said) == (1, True)
        return
    assert command(tmp_path, "backup", "copy.db", "--db", other[0])[0] == 0
    assert command(tmp_path, "restore", "copy.db", "--db", "again.db")[0] == 0


def test_an_export_of_it_is_resolved_anew_elsewhere(other: Record, new_url: NewUrl, tmp_path: Path) -> None:
    """Ids, numbers, versions and times stay; regions and flags are those of this atlas, in every version. The signed
    session is refused in all its versions, and named."""
    url, changed, signed = other
    lines = as_on_another(exported(tmp_path, url, "--versions", "all"))
    assert {line["atlas_digest"] for line in lines} == {OTHER}
    code, counted, said = taken(tmp_path, new := new_url(), lines)
    assert (code, counted) == (1, "2 created, 0 existing, 2 refused, 0 failed\n")
    assert said.count(f"The session {signed['id']} was signed on another atlas 1") == 2
    first, second = exported(tmp_path, new, "--versions", "all")
    assert (first["id"], first["version"], second["version"]) == (changed["id"], 1, 2)
    assert first["placements"] == second["placements"] == changed["placements"]
    assert (second.get("flags", []), second["created_at"]) == (changed["flags"], changed["created_at"])
    assert first["atlas_digest"] == HERE
    again = taken(tmp_path, new, lines)
    assert again[1] == "0 created, 2 existing, 2 refused, 0 failed\n"


def test_an_export_without_a_digest_is_resolved_anew_as_well(record: Record, new_url: NewUrl, tmp_path: Path) -> None:
    """It is of an earlier release, and so of the unpublished atlas. One of this atlas is restored as it is."""
    [line] = [line for line in as_on_another(exported(tmp_path, record[0])) if "signature" not in line]
    assert taken(tmp_path, same := new_url(), [line])[0] == 0
    assert exported(tmp_path, same)[0]["placements"] == line["placements"]
    del line["atlas_digest"]
    assert taken(tmp_path, anew := new_url(), [line])[0] == 0
    assert exported(tmp_path, anew)[0]["placements"] == record[1]["placements"]


def test_what_cannot_be_resolved_anew_is_refused_with_its_place(other: Record, new_url: NewUrl, tmp_path: Path) -> None:
    """A point that lies off this body: its line is refused with a pointer to the placement."""
    [line] = [line for line in exported(tmp_path, other[0]) if "signature" not in line]
    line["placements"][0]["at"] = [2, 2]
    code, counted, said = taken(tmp_path, new_url(), [line])
    assert (code, counted) == (1, "0 created, 0 existing, 1 refused, 0 failed\n")
    assert "/placements/0/at: The point [2, 2] on posterior lies off the body." in said


@pytest.fixture
def running(new_url: NewUrl) -> Iterator[httpx.Client]:
    """A client of a service on a new database."""
    app = create_app(Settings(database=new_url(), secret=SECRET), open_to_all=True)
    with serving(app) as address, httpx.Client(base_url=address) as client:
        yield client


def test_over_http_it_is_the_same(other: Record, running: httpx.Client, tmp_path: Path) -> None:
    """Lines that are imported over HTTP are resolved anew, or refused where they were signed."""
    lines = as_on_another(exported(tmp_path, other[0]))
    content = "".join(json.dumps(line) + "\n" for line in lines)
    answer = running.post("/v1/sessions:import", content=content, headers={"Content-Type": "application/x-ndjson"})
    answers = {told.get("id"): told for told in map(json.loads, answer.text.splitlines())}
    assert answers[None]["problem"]["type"] == "urn:bodymap:problem:conflict"
    read = running.get(f"/v1/sessions/{other[1]['id']}").json()
    assert read["placements"] == other[1]["placements"]
