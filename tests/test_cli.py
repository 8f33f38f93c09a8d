"""The command line, as a person at a terminal meets it."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from lxml import etree

from bodymap import __version__
from bodymap.cli import main
from bodymap.demo import VISITS, visit
from bodymap.resources import asset_folder
from tests.command_line import bodymap
from tests.conftest import key_in

# A user's own: neither a setting of this process nor the make that may have started it.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith("BODYMAP_") and name != "MAKELEVEL"
}


def program(*arguments: str | Path, folder: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """A command as a process of its own: what serves would go on for ever where it should have been refused."""
    return subprocess.run(
        [sys.executable, "-m", "bodymap", *arguments],
        cwd=folder,
        input=stdin,
        env=ENVIRONMENT,
        capture_output=True,
        timeout=120,
    )


def fetch(address: str, key: str | None = None) -> Any:
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {key}"} if key else {})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def test_version(tmp_path: Path) -> None:
    """`--version` names the program and its version."""
    done = bodymap("--version", folder=tmp_path)
    assert (done.returncode, done.stdout.decode().split()) == (0, ["bodymap,", "version", __version__])


def test_the_command_line_imports_only_what_it_runs(tmp_path: Path) -> None:
    """Naming the version imports no command; the help of all of them needs no drawing, no web server and no driver."""
    shown = "import sys; from bodymap.cli import main; main(['{}'], standalone_mode=False); print(*sys.modules)"
    version, help_ = (
        subprocess.run(
            [sys.executable, "-c", shown.format(flag)], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, check=True
        )
        .stdout.decode()
        .splitlines()[-1]
        .split()
        for flag in ("--version", "--help")
    )
    assert {name for name in version if name.startswith("bodymap.")} <= {
        "bodymap.cli",
        "bodymap.cli.program",
        "bodymap.config",
        "bodymap.errors",
        "bodymap.logs",
    }
    assert "bodymap.cli.comparison" in help_
    drawing = {name for name in help_ if name.startswith("bodymap.rendering.") and not name.endswith("options")}
    assert drawing == {f"bodymap.rendering.{name}" for name in ("comparison", "course")}
    assert not {"svgwrite", "starlette", "uvicorn", "psycopg"} & set(help_)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["serve", "--port", "eight"],
        ["serve", "--port", "65536"],
        ["serve", "--workers", "0"],
        ["render"],
        ["render", "absent.json", "-o", "chart.svg"],
        ["render", "-", "-o", "chart.svg", "--view", "above"],
        ["render", "-", "-o", "chart.svg", "--width", "wide"],
        ["atlas", "build", "--out", "1"],
        ["atlas", "check", "absent"],
    ],
)
def test_wrong_usage_is_told_and_exits_with_2(arguments: list[str], tmp_path: Path) -> None:
    """A command that cannot be understood says how it is used, does nothing, and exits with 2."""
    done = bodymap(*arguments, folder=tmp_path, stdin=visit("visit-1"))
    assert done.returncode == 2
    assert done.stderr.startswith(b"Usage: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", VISITS)
def test_render_draws_the_session_in_a_file(name: str, tmp_path: Path) -> None:
    """A statement in a file becomes a chart in a file, with a mark for each placement that a plate shows."""
    (tmp_path / "session.json").write_bytes(visit(name))
    done = bodymap("render", "session.json", "-o", "chart.svg", folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    chart = etree.parse(tmp_path / "chart.svg")
    drawn = {int(number) for number in chart.xpath("//@data-placement")}
    placements = json.loads(visit(name))["placements"]
    assert drawn == {number for number, placement in enumerate(placements, 1) if "site" not in placement}


def test_render_reads_and_writes_streams_and_repeats_its_bytes(tmp_path: Path) -> None:
    """`-` stands for standard input and output, and the same statement gives the same bytes."""
    charts = [bodymap("render", "-", "-o", "-", folder=tmp_path, stdin=visit("visit-2")) for _ in range(2)]
    assert [chart.returncode for chart in charts] == [0, 0]
    assert charts[0].stdout == charts[1].stdout
    assert charts[0].stdout.startswith((b"<svg", b"<?xml"))
    assert list(tmp_path.iterdir()) == []


def test_render_takes_the_options_of_a_chart(tmp_path: Path) -> None:
    """The options of a chart's address are flags."""
    flags = ["--view", "anterior", "--detail", "shaded", "--width", "500", "--no-legend", "--labels", "none"]
    done = bodymap("render", "-", "-o", "-", *flags, folder=tmp_path, stdin=visit("visit-1"))
    assert done.returncode == 0, done.stderr
    chart = etree.fromstring(done.stdout)
    assert set(chart.xpath("//@data-view")) == {"anterior"}
    assert chart.get("width") == "500"


def test_render_draws_in_a_theme_of_ones_own(tmp_path: Path) -> None:
    """A theme file is drawn with, unless another theme is named; one that cannot be read on the body is refused."""
    (tmp_path / "theme.json").write_text('{"mark": "#40135e"}')
    (tmp_path / "faint.json").write_text('{"ink": "#cccccc"}')

    def drawn(*flags: str) -> Any:
        return bodymap("render", "-", "-o", "-", *flags, folder=tmp_path, stdin=visit("visit-1"))

    assert b"#40135e" in drawn("--theme-file", "theme.json").stdout
    assert b"#40135e" not in drawn("--theme-file", "theme.json", "--theme", "dark").stdout
    refused = drawn("--theme-file", "faint.json")
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert b"/ink" in refused.stderr
    assert b"BODYMAP_THEME_FILE" in drawn("--theme", "own").stderr


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (b"", "read as JSON"),
        (b'{"placements": [', "read as JSON"),
        (b"[]", "(the whole)"),
        (b'{"pain_before": 11, "colour": "red"}', "/pain_before"),
        (
            b'{"placements": [{"kind": "trigger_point", "view": "posterior", "at": [398, 275], "side": "left"}]}',
            "/placements/0/side",
        ),
        (b'{"placements": [{"kind": "trigger_point", "view": "posterior", "at": [2, 2]}]}', "/placements/0/at"),
    ],
)
def test_render_refuses_what_does_not_fit(statement: bytes, expected: str, tmp_path: Path) -> None:
    """What does not fit is told with its pointer on standard error, nothing is written, and the exit code is 1."""
    done = bodymap("render", "-", "-o", "chart.svg", folder=tmp_path, stdin=statement)
    assert (done.returncode, done.stdout) == (1, b"")
    assert expected in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_render_tells_where_it_cannot_write(tmp_path: Path) -> None:
    """A folder that is not there is a failure with its name in the message."""
    done = bodymap("render", "-", "-o", "absent/chart.svg", folder=tmp_path, stdin=visit("visit-1"))
    assert done.returncode == 1
    assert b"absent/chart.svg" in done.stderr
    assert b"Traceback" not in done.stderr


def test_every_command_has_its_module() -> None:
    """Modules are imported by name when their command runs: each of the names leads to the command."""
    context = click.Context(main, info_name="bodymap")
    assert all(main.get_command(context, name) is not None for name in main.list_commands(context))


def test_migrate_makes_a_database_and_is_done_then(tmp_path: Path) -> None:
    """A dry run names the steps and makes nothing; a run takes them; a second one has nothing to do."""
    dry = bodymap("migrate", "--db", "record.db", "--dry-run", folder=tmp_path)
    assert dry.returncode == 0
    assert list(tmp_path.iterdir()) == []
    real = bodymap("migrate", "--db", "record.db", folder=tmp_path)
    assert real.stdout.replace(b"took", b"would take") == dry.stdout
    again = bodymap("migrate", "--db", f"sqlite:///{tmp_path / 'record.db'}", folder=tmp_path)
    assert again.stdout == b"up to date\n"


def test_flags_win_over_the_environment(tmp_path: Path) -> None:
    """BODYMAP_DATABASE says where the record is, and --db says it louder."""
    bodymap("migrate", folder=tmp_path, settings={"BODYMAP_DATABASE": "sqlite:///set.db"})
    bodymap("migrate", "--db", "stated.db", folder=tmp_path, settings={"BODYMAP_DATABASE": "sqlite:///other.db"})
    assert {path.name for path in tmp_path.iterdir() if path.suffix == ".db"} == {"set.db", "stated.db"}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"BODYMAP_DATABSE": "sqlite:///a.db"}, "BODYMAP_DATABASE"),
        ({"BODYMAP_DATABASE": "mysql://a/b"}, "mysql"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(settings: dict[str, str], expected: str, tmp_path: Path) -> None:
    """A misspelt setting is refused with the right spelling, and so is a database that is not known."""
    done = bodymap("migrate", folder=tmp_path, settings=settings)
    assert done.returncode == 1
    assert expected in done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


def test_migrate_leaves_a_stranger_s_database_alone(tmp_path: Path) -> None:
    """A database with tables of something else is refused and keeps what it holds."""

    def held() -> list[str]:
        with closing(sqlite3.connect(tmp_path / "other.db")) as other:
            return list(other.iterdump())

    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE invoice (number INTEGER)")
    before = held()
    done = bodymap("migrate", "--db", "other.db", folder=tmp_path)
    assert done.returncode == 1
    assert "invoice" in done.stderr.decode()
    assert held() == before


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--workers", "2"], "One process owns the writer"),
        (["--host", "0.0.0.0"], "no key yet"),  # noqa: S104
        (["--host", "::"], "no key yet"),
        (["--host", "clinic.example"], "no key yet"),
        (["--host", "0.0.0.0", "--demo"], "lets everybody in"),  # noqa: S104
    ],
)
def test_serve_refuses_what_would_be_unsafe(arguments: list[str], expected: str, tmp_path: Path) -> None:
    """Several writers on SQLite and an open service beyond this machine are refused before anything is made."""
    done = program("serve", "--port", "0", *arguments, folder=tmp_path)
    assert done.returncode == 1
    assert expected in done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


def test_serve_says_when_its_port_is_taken(tmp_path: Path) -> None:
    """A taken port is told with the way out, and no database is made."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = program("serve", "--port", str(taken.getsockname()[1]), folder=tmp_path)
    assert done.returncode == 1
    assert b"--port" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_serve_says_when_its_database_is_in_use(serve: Any, tmp_path: Path) -> None:
    """One process serves a database: a second one is refused plainly."""
    running = serve("--db", "record.db")
    urllib.request.urlopen(f"{running.address}/healthz", timeout=120).close()  # it listens before the database is open
    done = program("serve", "--port", "0", "--db", "record.db", folder=tmp_path)
    assert done.returncode == 1
    assert b"record.db" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_serve_starts_empty_and_stops_when_asked(serve: Any, tmp_path: Path, how: signal.Signals) -> None:
    """Without --demo the record is empty and in bodymap.db; a signal ends the service without a word of alarm."""
    running = serve()
    key = key_in(tmp_path)
    assert fetch(f"{running.address}/v1/sessions", key)["items"] == []
    assert (tmp_path / "bodymap.db").exists()
    running.process.send_signal(how)
    assert running.process.wait(timeout=120) in (0, -how)
    said = [json.loads(line) for line in (tmp_path / "serve.err").read_text().splitlines()]
    assert {line["level"] for line in said} == {"INFO"}
    assert [line["message"] for line in said] == ["started", "GET findSessions 200", "stopped"]


def test_the_demonstration_is_three_visits_over_six_weeks(demo: Any) -> None:
    """The demonstration has three visits of one fictional patient, and their needles add up."""
    visits = fetch(f"{demo.address}/v1/sessions")["items"]
    assert [made["started_at"][:10] for made in visits] == ["2026-11-16", "2026-10-26", "2026-10-05"]
    assert {made["subject"] for made in visits} == {"Patient/demo-1"}
    for session in (fetch(f"{demo.address}/v1/sessions/{made['id']}") for made in visits):
        summary = session["summary"]
        charted = summary["needles_charted"] + summary["needles_unstated"]
        assert charted == summary["needles_in"] == summary["needles_out"]
        assert session["pain_after"] < session["pain_before"]


def test_the_demonstration_s_points_mean_what_they_say(demo: Any) -> None:
    """Every region and side that the demonstration states is what the atlas finds: nothing differs, nothing is off."""
    for made in fetch(f"{demo.address}/v1/sessions")["items"]:
        for placement in fetch(f"{demo.address}/v1/sessions/{made['id']}")["placements"]:
            assert "region-differs" not in {flag["code"] for flag in placement["flags"]}
            if "region" in placement:
                assert placement["resolved"]["region"] == placement["region"]
            assert placement["resolved"]["side"] == placement["side"]


def test_the_demonstration_is_loaded_once(serve: Any, tmp_path: Path) -> None:
    """A second start with the same database serves the same three sessions, in a database of their own."""
    first = serve("--demo")
    first.process.terminate()
    first.process.wait(timeout=120)
    second = serve("--demo")

    def charts(running: Any) -> list[str]:
        return [line.split("/v1/")[1] for line in running.welcome if "chart.svg" in line]

    assert len(charts(first)) == 3
    assert charts(first) == charts(second)
    assert len(fetch(f"{second.address}/v1/sessions")["items"]) == 3
    assert {path.name for path in tmp_path.glob("*.db")} == {"bodymap-demo.db"}


def test_the_demonstration_stays_out_of_a_real_record(serve: Any, tmp_path: Path) -> None:
    """A database that holds somebody's sessions is refused by --demo, and keeps what it holds."""
    running = serve("--db", "record.db")
    key = key_in(tmp_path, "--db", "record.db", tenant="local")
    request = urllib.request.Request(
        f"{running.address}/v1/sessions", visit("visit-1").replace(b"urn:bodymap:demo", b"urn:clinic"), method="POST"
    )
    request.add_header("Content-Type", "application/json")
    request.add_header("Authorization", f"Bearer {key}")
    urllib.request.urlopen(request, timeout=120).close()
    running.process.terminate()
    running.process.wait(timeout=120)
    done = program("serve", "--port", "0", "--demo", "--db", "record.db", folder=tmp_path)
    assert done.returncode == 1
    assert b"one of its own" in done.stderr
    assert len(fetch(f"{serve('--db', 'record.db').address}/v1/sessions", key)["items"]) == 1


def test_a_port_that_is_taken_is_told_in_the_words_of_whoever_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The flag where the program was called, the variable where make called it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for level, hint in ((None, "another with --port."), ("1", "another with PORT=, such as make run PORT=8123.")):
            if level is None:
                monkeypatch.delenv("MAKELEVEL", raising=False)
            else:
                monkeypatch.setenv("MAKELEVEL", level)
            done = CliRunner().invoke(main, ["serve", "--demo", "--port", str(taken.getsockname()[1])])
            assert done.exit_code == 1
            assert hint in done.output


def test_an_open_service_that_every_page_may_ask_warns(serve: Any) -> None:
    """The demonstration says what `BODYMAP_CORS_ORIGINS=*` lets in."""
    warned = "\n".join(serve("--demo", settings={"BODYMAP_CORS_ORIGINS": "*"}).welcome)
    assert "Warning: with BODYMAP_CORS_ORIGINS=* every page" in warned


def test_the_welcome_leads_to_pages_that_are_there(demo: Any) -> None:
    """Every address that the demonstration prints answers, and it says that it is open and fictional."""
    said = "\n".join(demo.welcome)
    assert "open to everyone on this machine" in said
    assert "fictional" in said
    assert "Warning" not in said
    start = fetch(f"{demo.address}/")
    assert [chart["href"] for chart in start["charts"]] == [line.split()[-1] for line in demo.welcome[1:7]]
    addresses = [word for line in demo.welcome[1:] for word in line.split() if word.startswith("http")]
    assert len(addresses) == 7
    for address in addresses:
        with urllib.request.urlopen(address, timeout=120) as answer:
            assert answer.status == 200


def test_visits_are_compared_without_a_server(tmp_path: Path) -> None:
    """`compare` draws files in whatever order, in the format that the output's ending says, the same each time."""
    for name in ("visit-1", "visit-2", "visit-3"):
        (tmp_path / f"{name}.json").write_bytes(visit(name))
    made = []
    for files in (["visit-1.json", "visit-3.json"], ["visit-3.json", "visit-1.json"]):
        done = bodymap("compare", *files, "-o", "-", "--lang", "de", folder=tmp_path)
        assert (done.returncode, done.stderr) == (0, b"")
        made.append(done.stdout)
    assert made[0] == made[1]
    assert b"Sitzungen im Vergleich" in made[0]
    assert bodymap("compare", "visit-1.json", "visit-2.json", "-o", "c.txt", folder=tmp_path).returncode == 0
    assert "3 new, 3 kept, 1 gone." in (tmp_path / "c.txt").read_text("utf-8")


def test_what_cannot_be_compared_is_refused_without_a_server(tmp_path: Path) -> None:
    """One visit alone, somebody else's, or a format that there is not: refused with a message, and nothing written."""
    (tmp_path / "one.json").write_bytes(visit("visit-1"))
    (tmp_path / "other.json").write_bytes(visit("visit-2").replace(b"Patient/demo-1", b"Patient/2"))
    for files, output, code, said in (
        (["one.json"], "c.svg", 1, b"Two or more"),
        (["one.json", "other.json"], "c.svg", 1, b"one subject"),
        (["one.json", "one.json"], "c.gif", 2, b"ends with none of"),
        ([], "c.svg", 2, b"FILES"),
    ):
        done = bodymap("compare", *files, "-o", output, folder=tmp_path)
        assert (done.returncode, said in done.stderr) == (code, True), done.stderr
        assert not (tmp_path / output).exists()


@pytest.mark.parametrize(
    ("command", "said"),
    [("timeline", "Sitzung 2 · 26. Okt. 2026"), ("heatmap", "Nadeln je 10 cm² der Referenzfigur")],
)
def test_a_course_is_drawn_without_a_server(tmp_path: Path, command: str, said: str) -> None:
    """`timeline` and `heatmap` draw files in whatever order, in the formats that there are, the same each time."""
    names = ["visit-1", "visit-2", "visit-3"]
    for name in names:
        (tmp_path / f"{name}.json").write_bytes(visit(name))
    made = []
    for order in (names, names[::-1]):
        done = bodymap(command, *(f"{name}.json" for name in order), "-o", "-", "--lang", "de", folder=tmp_path)
        assert (done.returncode, done.stderr) == (0, b"")
        made.append(done.stdout.decode())
    assert made[0] == made[1]
    assert said in made[0].replace("\u00a0", " ")
    assert bodymap(command, "visit-1.json", "-o", "c.txt", folder=tmp_path).returncode == 0
    assert "Patient/demo-1" in (tmp_path / "c.txt").read_text("utf-8")
    (tmp_path / "other.json").write_bytes(visit("visit-2").replace(b"Patient/demo-1", b"Patient/2"))
    for files, output, code, complaint in (
        (["visit-1.json", "other.json"], "d.svg", 1, b"one subject"),
        (["visit-1.json"], "d.pdf", 2, b"ends with none of"),
        ([], "d.svg", 2, b"FILES"),
    ):
        done = bodymap(command, *files, "-o", output, folder=tmp_path)
        assert (done.returncode, complaint in done.stderr) == (code, True), done.stderr
        assert not (tmp_path / output).exists()


def test_schemas_are_written_and_checked(tmp_path: Path) -> None:
    """`schemas` writes what `schemas --check` then finds right, and a changed file is named."""
    assert bodymap("schemas", folder=tmp_path).returncode == 0
    assert bodymap("schemas", "--check", folder=tmp_path).returncode == 0
    (tmp_path / "schemas" / "openapi.json").write_text("{}")
    done = bodymap("schemas", "--check", folder=tmp_path)
    assert done.returncode == 1
    assert b"openapi.json" in done.stderr
    assert (tmp_path / "schemas" / "openapi.json").read_text() == "{}"


def test_atlas_check_finds_the_shipped_atlas_well(tmp_path: Path) -> None:
    """The atlas that ships passes its own check."""
    done = bodymap("atlas", "check", "--ways", "0", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")


def test_atlas_check_finds_what_is_off(tmp_path: Path) -> None:
    """An atlas with a file cut short is named with what is off, and the exit says so."""
    folder = Path(shutil.copytree(asset_folder() / "1", tmp_path / "1"))
    (folder / "surface.bin").write_bytes(b"")
    done = bodymap("atlas", "check", folder, "--ways", "0", folder=tmp_path)
    assert done.returncode == 1
    assert b"surface.bin" in done.stderr


def test_a_released_atlas_is_not_built_again(tmp_path: Path) -> None:
    """A version is released once it is well; from then on its folder is nothing to build into."""
    shutil.copytree(asset_folder() / "1", tmp_path / "1")
    done = bodymap("atlas", "release", "1", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "released.sha256").read_bytes() == (asset_folder() / "released.sha256").read_bytes()
    refused = bodymap("atlas", "build", "--meshes", tmp_path, "--out", tmp_path / "1", folder=tmp_path)
    assert refused.returncode == 1
    assert b"never changes" in refused.stderr


def test_atlas_build_refuses_a_folder_that_is_no_set_of_meshes(tmp_path: Path) -> None:
    """A folder without a manifest of meshes is refused with a message, and no atlas is made."""
    (tmp_path / "meshes").mkdir()
    arguments = ["--meshes", "meshes", "--terminology", "meshes", "--out", "svg/1"]
    done = bodymap("atlas", "build", *arguments, folder=tmp_path)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert not (tmp_path / "svg").exists()
