"""The walls of the house, kept standing over the syntax trees."""

import ast
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.layers import GROUND, LAYERS, ROOMS, STEPS

ROOT = Path(__file__).resolve().parent.parent / "bodymap"
MODULES = {
    ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(ROOT.rglob("*.py"))
}

HEIGHT = {name: height for height, names in enumerate(LAYERS) for name in names}
FLOOR = {name: floor for floor, names in enumerate(ROOMS) for name in names}
# What tells the readers of a picture apart, and where that is done.
READERS = {"for_patients", "Patients", "Clinicians", "PatientWording", "ClinicalWording", "patient", "clinician"}
TOLD_APART = (
    "bodymap.rendering.look.",
    "bodymap.rendering.audience",
    "bodymap.rendering.wording.",
    # A page of one kind of reader.
    "bodymap.pages.patient",
)
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "misc"}


def part(module: str) -> str:
    """Which part of the house a module belongs to: `atlas` for `bodymap.atlas.body`."""
    return module.partition(".")[2].partition(".")[0]


def room(module: str) -> str:
    """Which room of rendering a module belongs to: `marks` for `bodymap.rendering.marks.pen`."""
    name = module.removeprefix("bodymap.rendering").strip(".").partition(".")[0]
    return "ground" if not name or name in GROUND else name


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text("utf-8"))


@cache
def imported(module: str) -> tuple[str, ...]:
    """Every module that is imported anywhere in it, in functions and under TYPE_CHECKING, too."""
    names: list[str] = []
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            name = node.module or ""
            submodules = [f"{name}.{alias.name}" for alias in node.names if f"{name}.{alias.name}" in MODULES]
            names += submodules or [name]
    return tuple(names)


def importers(package: str) -> set[str]:
    return {
        module
        for module in MODULES
        if any(name == package or name.startswith(f"{package}.") for name in imported(module))
    }


def test_every_part_has_its_place() -> None:
    """A new part of the house is put into the order before it is built."""
    assert {part(module) for module in MODULES} <= HEIGHT.keys()


def test_imports_run_one_way() -> None:
    """A module imports only from its own part of the house and from lower ones."""
    upwards = [
        f"{module} imports {name}"
        for module in MODULES
        for name in imported(module)
        if name.split(".")[0] == "bodymap" and part(name) != part(module) and HEIGHT[part(name)] >= HEIGHT[part(module)]
    ]
    assert upwards == []


@pytest.mark.parametrize("room", ["storage", "service", "atlas", "charting"])
def test_a_room_has_no_circle(room: str) -> None:
    """Within a part of the house modules build on one another in one order; raises where two need each other."""
    inside = {module for module in MODULES if part(module) == room}
    needs = {module: {name for name in imported(module) if name in inside} - {module} for module in inside}
    assert len(list(TopologicalSorter(needs).static_order())) == len(inside)


def test_a_placement_goes_one_way_from_statement_to_record() -> None:
    """Each step of a placement imports later steps only: a reader follows one placement down and never back."""
    order = {f"bodymap.charting.{name}": height for height, names in enumerate(STEPS) for name in names}
    assert order.keys() <= MODULES.keys()
    back = [
        f"{module} imports {name}"
        for module in order
        for name in imported(module)
        if name in order and order[name] <= order[module]
    ]
    assert back == []


def test_the_rooms_of_rendering_are_built_on_each_other() -> None:
    """A picture's rooms import lower ones only, and no picture imports another: what two share is below both."""
    drawing = [module for module in MODULES if part(module) == "rendering"]
    assert {room(module) for module in drawing} == FLOOR.keys()
    upwards = [
        f"{module} imports {name}"
        for module in drawing
        for name in imported(module)
        if part(name) == "rendering" and room(name) != room(module) and FLOOR[room(name)] >= FLOOR[room(module)]
    ]
    assert upwards == []


def names_in(node: ast.AST) -> set[str]:
    """What a part of a module names or compares with."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.alias(name=name):
            return {name}
        case ast.keyword(arg=str(name)):
            return {name}
        case ast.Compare():
            sides = [node.left, *node.comparators]
            return {side.value for side in sides if isinstance(side, ast.Constant) and isinstance(side.value, str)}
    return set()


def test_no_picture_asks_who_reads_it() -> None:
    """Readers are told apart where theme, audience and words are made, and by nothing else that draws or serves."""
    asking = {
        module: READERS & {name for node in ast.walk(tree(module)) for name in names_in(node)}
        for module in importers("bodymap.rendering")
        if not module.startswith(TOLD_APART)
    }
    assert {module: names for module, names in asking.items() if names} == {}


def test_svgwrite_stays_in_one_module() -> None:
    """Only rendering/output/svg.py knows which library writes SVG."""
    assert importers("svgwrite") <= {"bodymap.rendering.output.svg"}


def test_sqlite_stays_in_storage() -> None:
    """Only storage knows which database there is."""
    assert {part(module) for module in importers("sqlite3")} == {"storage"}
    drivers = importers("psycopg") | importers("psycopg_pool")
    assert {module.rpartition(".")[0] for module in drivers} == {"bodymap.storage.postgresql"}


def test_the_second_engine_is_imported_when_it_is_asked_for() -> None:
    """Who keeps the record in SQLite needs no driver of PostgreSQL: its engine is imported inside functions alone."""
    outside = {module for module in importers("bodymap.storage.postgresql") if ".postgresql" not in module}
    for module in outside:
        top_level = tree(module).body
        names = [node.module or "" for node in top_level if isinstance(node, ast.ImportFrom)]
        assert not any(name.startswith("bodymap.storage.postgresql") for name in names), module


def test_settings_are_seen_at_the_top_alone() -> None:
    """Only the wiring and the command line read settings."""
    assert {part(module) for module in importers("bodymap.config")} <= {"app", "cli"}


def test_artwork_sees_the_atlas_alone() -> None:
    """The maintainers' tool needs no charting, no record and no server."""
    for module in MODULES:
        if part(module) == "artwork":
            seen = {part(name) for name in imported(module) if name.split(".")[0] == "bodymap"}
            assert seen <= {"artwork", "atlas", "errors"}, module


def test_artwork_is_imported_by_its_command_alone() -> None:
    """The service runs without the artwork tool: only the command line imports it, inside its commands."""
    outside = {module for module in importers("bodymap.artwork") if part(module) != "artwork"}
    assert outside == {"bodymap.cli.atlas"}
    top_level = tree("bodymap.cli.atlas").body
    names = [node.module or "" for node in top_level if isinstance(node, ast.ImportFrom)]
    assert not any(name.startswith("bodymap.artwork") for name in names)


@pytest.mark.parametrize("library", ["numpy", "scipy", "shapely", "skimage", "trimesh", "networkx", "PIL"])
def test_heavy_libraries_stay_in_artwork(library: str) -> None:
    """Nothing but the artwork tool imports the libraries of its extra."""
    assert {part(module) for module in importers(library)} <= {"artwork"}


def test_modules_are_short() -> None:
    """A module has one reason to be and at most 400 lines."""
    lengths = {module: len(path.read_text("utf-8").splitlines()) for module, path in MODULES.items()}
    assert {module: length for module, length in lengths.items() if length > 400} == {}


def test_modules_say_what_they_are() -> None:
    """A module has a name that says something and, unless it is empty, a docstring."""
    assert [module for module in MODULES if VAGUE & set(module.split("."))] == []
    assert [module for module in MODULES if tree(module).body and not ast.get_docstring(tree(module))] == []


def test_docstrings_stand_by_themselves() -> None:
    """No docstring begins with "The same": in help, in OpenAPI and after a move nobody knows as what."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    leaning = [
        f"{module}:{getattr(node, 'name', '')}"
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, documented) and (ast.get_docstring(node) or "").startswith("The same")
    ]
    assert leaning == []
