"""Building an atlas: meshes and terminology in, a folder of plates, data files and their manifest out.

The same input gives the same bytes: nothing written depends on the clock, the machine, or the order of work.
"""

import csv
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from bodymap.artwork.clinical import FURTHER, PLACE_SOURCES
from bodymap.artwork.clinical_files import clinical_files
from bodymap.artwork.draw import Artwork, draw_all, file_name
from bodymap.artwork.extents import Drawings, seen
from bodymap.artwork.extras import risk_files, write_file
from bodymap.artwork.landmarks import encode, find_landmarks
from bodymap.artwork.layers import ARM, LAYERS_OF_VIEW
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.names import TRANSLATIONS
from bodymap.artwork.neurovascular import sources_of
from bodymap.artwork.plates import silhouettes_svg
from bodymap.artwork.ray_grid import build_columns
from bodymap.artwork.reference_body import load_body
from bodymap.artwork.surface import build_maps, pack_maps
from bodymap.artwork.terminology import FURTHER_REGIONS, Term, Terminology, read_terminology
from bodymap.atlas.frames import FRAMES, SIZES
from bodymap.atlas.manifest import (
    VIEWS,
    Arm,
    Kind,
    Licence,
    Manifest,
    PlateFile,
    Region,
    Structure,
    View,
    ViewId,
)

Progress = Callable[[str, int, int], None]

ATTRIBUTION = (
    "BodyParts3D, (c) The Database Center for Life Science, CC BY-SA 2.1 Japan",
    "Z-Anatomy - The open source atlas of anatomy, CC BY-SA 4.0 (Gauthier Kervyn, Lluis Vinent)",
)
LICENCE = Licence(
    spdx="CC-BY-SA-4.0",
    url="https://creativecommons.org/licenses/by-sa/4.0/",
    attribution=ATTRIBUTION,
    changes=(
        "Meshes split by side and part, re-wound, re-named, some mirrored, decimated; projected to outlines, shading, "
        "surface maps and depth columns. Nerves rebuilt from rings, the vertebral artery carried into this frame; "
        "centre lines cut to the page and simplified, part of the sciatic nerve's constructed by landmarks."
    ),
)
_SOURCE = "Meshes of one reference body from BodyParts3D and Z-Anatomy; names and codes from the terminology tables."

_KINDS: dict[str, Kind] = {
    "muscle": "muscle",
    "bone": "bone",
    "organ": "organ",
    "fascia": "fascia",
    "nerve": "organ",  # The dura is the only one: what a needle must not reach, as an organ.
}
# After the drawing the maps, the columns, the fields and landmarks.
_STEPS_AFTER_DRAWING = 3

# The mesh is drawn as another muscle than the one it is named and coded for; see its region's provenance.
_MISNAMED = frozenset({"spinalis_capitis"})


def build(meshes: Path, out: Path, terminology: Path, version: str, progress: Progress | None = None) -> Manifest:
    """Write the atlas `version` into the folder `out` and return its manifest.

    `meshes` holds `manifest.csv` and one PLY each, the folder `vessels` next to it the courses of nerves and vessels,
    `terminology` the tables; those of trigger points are in the folder
    `clinical` next to it. `progress(what, done, of)` is called after each step. Raises `ValueError` if the sources do
    not fit together. Files already in `out` that belong to no atlas are not touched; the manifest is written last.
    """
    words = read_terminology(terminology)
    bodies = load_body(meshes)
    structures = [mesh for mesh in bodies if mesh.kind != "skin"]
    skin = next(mesh for mesh in bodies if mesh.kind == "skin")
    _refuse_missing(words, structures)
    names = {mesh.name: _named(mesh.name, words.terms) for mesh in bodies}
    charted = {term.mesh: term.muscle for term in words.terms}

    def report(what: str, done: int, of: int) -> None:
        if progress:
            progress(what, done, of + _STEPS_AFTER_DRAWING)

    steps = 0

    def drawn(what: str, done: int, of: int) -> None:
        nonlocal steps
        steps = of
        report(what, done, of)

    artwork = draw_all(meshes, names, charted, report=drawn)
    maps = build_maps(structures, skin)
    report("surface maps", steps + 1, steps)
    columns = build_columns(structures, skin)
    report("columns", steps + 2, steps)

    out.mkdir(parents=True, exist_ok=True)
    drawings = Drawings(
        structures, {key: plate.visible for key, plate in artwork.plates.items()}, artwork.silhouettes, maps
    )
    regions = tuple(_region(term, drawings) for term in words.terms)
    landmarks = find_landmarks(bodies)
    clinical = clinical_files(
        bodies,
        landmarks,
        regions,
        words.muscles,
        terminology=terminology,
        tables=_clinical(terminology),
        version=version,
    )
    risks = risk_files(bodies, _vessels(meshes), version)
    further = {**risks, "landmarks.json": encode(landmarks), **clinical}
    extras = tuple(write_file(out, name, data) for name, data in further.items())
    report("fields and landmarks", steps + 3, steps)
    manifest = Manifest(
        version=version,
        title=f"bodymap atlas {version}: neck, shoulders, back, chest and hips of one reference body",
        unit="mm",
        licence=LICENCE,
        source=_SOURCE,
        source_sha256=source_digest(meshes, terminology),
        views=tuple(_view(view) for view in VIEWS),
        plates=_write_plates(out, artwork),
        silhouettes={
            view: write_file(
                out,
                f"{view}.silhouettes.svg",
                silhouettes_svg(view, artwork.silhouettes[view], bodies, names, charted).encode(),
            )
            for view in VIEWS
        },
        surface=write_file(out, "surface.bin", pack_maps(maps)),
        columns=write_file(out, "columns.bin", columns),
        muscles=words.muscles,
        regions=regions,
        structures=tuple(_structure(mesh, names) for mesh in structures),
        extras=extras,
    )
    write_file(out, "LICENSE.txt", _licence_text().encode())
    write_file(out, "manifest.json", msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
    return manifest


def source_digest(meshes: Path, terminology: Path) -> str:
    """One SHA-256 over every file that an atlas is made from; the clinical tables are next to the terminology."""
    with (meshes / "manifest.csv").open(encoding="utf-8", newline="") as file:
        keys = sorted(row["key"] for row in csv.DictReader(file))
    files = [meshes / "manifest.csv", *(meshes / f"{key}.ply" for key in keys)]
    files += [terminology / "regions.tsv", terminology / "muscle_codes.tsv", FURTHER_REGIONS, TRANSLATIONS]
    files += [FURTHER, PLACE_SOURCES]
    files += [_clinical(terminology) / "trigger_points.tsv", _clinical(terminology) / "DOMAIN.md"]
    files += sources_of(_vessels(meshes))
    lines = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _vessels(meshes: Path) -> Path:
    return meshes.parent / "vessels"


def _clinical(terminology: Path) -> Path:
    return terminology.parent / "clinical"


def _refuse_missing(words: Terminology, structures: Sequence[Mesh]) -> None:
    keys = {mesh.key for mesh in structures}
    for term in words.terms:
        for side in ("left", "right"):
            if f"{term.mesh}__{side}" not in keys:
                raise ValueError(f"regions.tsv: {term.id} is drawn with {term.mesh}, which has no {side} mesh")


def _named(mesh_name: str, terms: Sequence[Term]) -> tuple[str, str]:
    for term in terms:
        if term.mesh == mesh_name:
            return term.id, term.names.en
    words = mesh_name.replace("_", " ")
    return mesh_name.replace("_", "-"), words[0].upper() + words[1:]


def _structure(mesh: Mesh, names: Mapping[str, tuple[str, str]]) -> Structure:
    identity, name = names[mesh.name]
    fma = "" if mesh.name in _MISNAMED else mesh.fma
    return Structure(identity, name, _KINDS[mesh.kind], mesh.side, fma, mesh.name in ARM)


def _region(term: Term, drawings: Drawings) -> Region:
    layers, extents = seen(drawings, term.mesh)
    return Region(
        id=term.id,
        muscle=term.muscle,
        group=term.group,
        mesh=term.mesh,
        names=term.names,
        aliases=term.aliases,
        codes=term.codes,
        layers=layers,
        extents=extents,
        provenance=term.provenance,
    )


def _view(view: ViewId) -> View:
    arms: tuple[Arm, ...] = ("hidden", "shown") if view in ("left", "right") else ("shown",)
    return View(view, (0.0, 0.0, *SIZES[view]), FRAMES[view], LAYERS_OF_VIEW[view], arms)


def _write_plates(out: Path, artwork: Artwork) -> tuple[PlateFile, ...]:
    written: list[PlateFile] = []
    for (view, layer, arm), plate in artwork.plates.items():
        file = write_file(out, file_name(view, layer, arm, "plain"), plate.plain.encode())
        written.append(PlateFile(view, layer, arm, "plain", file.file, file.bytes, file.sha256))
        file = write_file(out, file_name(view, layer, arm, "shaded"), plate.shaded.encode())
        written.append(PlateFile(view, layer, arm, "shaded", file.file, file.bytes, file.sha256))
    return tuple(written)


def _licence_text() -> str:
    credit = "\n".join(f"  {line}" for line in ATTRIBUTION)
    return (
        "Everything in this folder (plates, silhouettes, manifest, surface maps, depth columns, courses of nerves and\n"
        "of the vertebral artery) is licensed under\n"
        f"Creative Commons Attribution-ShareAlike 4.0 International (CC BY-SA 4.0), {LICENCE.url}\n\n"
        "It is derived from, and must be passed on with this attribution:\n\n"
        f"{credit}\n\n"
        f"Changes: {LICENCE.changes}\n\n"
        "Kidneys, inner ear and brain are left out: their upstream licences are non-commercial or unknown.\n"
        "SNOMED CT codes in the manifest carry their own licence notes.\n"
    )
