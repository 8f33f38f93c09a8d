"""Names, aliases and codes of regions and muscles, from the terminology tables. Nothing here is from memory.

`regions.tsv` says which region is drawn with which mesh and which rows of `muscle_codes.tsv` name and code it. The
regions of `further_regions.tsv`, beside this file, have no row there: they carry the clinicians' label as their name,
no Latin and no code.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bodymap.atlas.labels import labels
from bodymap.atlas.manifest import Code, Muscle, Names

Row = Mapping[str, str]
Relation = Literal["own", "broader"]

FURTHER_REGIONS = Path(__file__).with_name("further_regions.tsv")

SNOMED = "http://snomed.info/sct"
MESH = "https://www.nlm.nih.gov/mesh"
# SOURCES.md (S17) and fhir_codes.tsv: no code system URI is registered with HL7 for these four, so they get stable
# ones of our own, which promise nothing to anybody else.
FMA, TA98, TA2, UBERON = (f"urn:bodymap:codesystem:{name}" for name in ("fma", "ta98", "ta2", "uberon"))

# The licences as SOURCES.md records them for the files read; of SNOMED CT every row says its own.
_LICENCES = {
    MESH: "not read (S15)",
    FMA: "CC BY-SA 2.1 Japan (S5, S6)",
    TA98: "not read (S4)",
    TA2: "not read (S3)",
    UBERON: "CC BY 3.0 (S1, S2)",
}

# The notes of muscle_codes.tsv, where a code does not mean quite what its row's muscle is.
_WIDER = {("iliocostalis_lumborum", "ta98")}  # TA98's concept includes the thoracic part.
_LEFT_OUT = {("rotatores", "fma")}  # FMA23081 is a single rotator muscle, not the group.

# Names of parts that have no row of their own. The multifidi are named by their alias in regions.tsv, the parts of
# pectoralis major by their meshes. No source gives these parts a Latin name, so none is composed.
_ENGLISH = {
    "multifidus-cervicis": "Cervical multifidus",
    "multifidus-thoracis": "Thoracic multifidus",
    "multifidus-lumborum": "Lumbar multifidus",
    "pectoralis-major-clavicular": "Clavicular part of pectoralis major",
    "pectoralis-major-sternocostal": "Sternocostal part of pectoralis major",
    "pectoralis-major-abdominal": "Abdominal part of pectoralis major",
}

_UNCODED = "Named by its label; the terminology tables have no row, so it carries no Latin name and no code."

_PROVENANCE = {
    "semispinalis-capitis": (
        "Drawn with the mesh named spinalis_capitis (C6 to the occiput, up to 44 mm lateral), which is the upper half "
        "of what clinicians call semispinalis capitis; the source has no other mesh of it."
    ),
    "teres-minor": "The mesh is large (41 cm³ against 15 for teres major); its position is right.",
    "rotatores": (
        "Drawn with the mesh of this name down to the level between T12 and L1: what lies below has the place and bulk "
        "of lumbar multifidus and is drawn as that. FMA23081 of the tables means a single rotator muscle and is left "
        "out."
    ),
    "multifidus-lumborum": (
        "Drawn with the mesh of this name, which ends at L4, and with the lumbar and sacral part of the mesh named "
        "rotatores, which has the bulk from L1 to the sacrum that anatomy gives to multifidus; the source has no "
        "better mesh of it."
    ),
    "occipitalis": (
        "A soft patch on the skull, placed by the external occipital protuberance and the mastoid process: the source "
        "has only a stub. Its outline and thickness are for drawing. " + _UNCODED
    ),
    "iliocostalis-cervicis": "The left mesh is mirrored from the right.",
    "iliocostalis-lumborum": "The TA98 concept includes the thoracic part, so its code is marked broader.",
    "iliocostalis-thoracis": "TA98 has no code of its own for it, and no source gave a Latin name.",
    "splenius-cervicis": "The SNOMED CT code is an Entire concept; no Structure concept was found.",
}


@dataclass(frozen=True)
class Term:
    """What the tables say of one region."""

    id: str
    mesh: str
    muscle: str
    group: str
    names: Names
    aliases: tuple[str, ...]
    codes: tuple[Code, ...]
    provenance: str


@dataclass(frozen=True)
class Terminology:
    """Regions in the order of `regions.tsv`, and the muscles that they are parts of, in the same order."""

    terms: tuple[Term, ...]
    muscles: tuple[Muscle, ...]


def read_terminology(folder: Path) -> Terminology:
    """Read `regions.tsv` and `muscle_codes.tsv`. Raises `ValueError` where they do not fit together."""
    regions = _table(folder / "regions.tsv", "region")
    codes = _table(folder / "muscle_codes.tsv", "slug")
    for region, row in regions.items():
        if row["codes_from"] not in codes:
            raise ValueError(f"regions.tsv: {region} takes its codes from {row['codes_from']}, which has no row")
    further = _table(FURTHER_REGIONS, "region")
    twice = regions.keys() & further.keys()
    if twice:
        raise ValueError(f"regions.tsv has {sorted(twice)}, which stand in {FURTHER_REGIONS.name}, too")
    terms = _by_area([*(_term(row, codes) for row in regions.values()), *map(_further_term, further.values())])
    parts: dict[str, list[str]] = {}
    for term in terms:
        parts.setdefault(term.muscle, []).append(term.id)
    muscles = tuple(
        Muscle(id=muscle, names=_muscle_names(muscle, codes), regions=tuple(ids)) for muscle, ids in parts.items()
    )
    return Terminology(terms, muscles)


def _by_area(terms: Sequence[Term]) -> tuple[Term, ...]:
    """The areas in the order in which they come first, and the regions of an area in theirs."""
    areas = list(dict.fromkeys(term.group for term in terms))
    return tuple(sorted(terms, key=lambda term: areas.index(term.group)))


def _further_term(row: Row) -> Term:
    return Term(
        id=row["region"],
        mesh=row["mesh"],
        muscle=row["muscle"],
        group=row["group"],
        names=_labelled(row["region"]),
        aliases=(),
        codes=(),
        provenance=_PROVENANCE.get(row["region"], _UNCODED),
    )


def _muscle_names(muscle: str, codes: Mapping[str, Row]) -> Names:
    row = codes.get(muscle.replace("-", "_"))
    return _labelled(muscle) if row is None else _names(row)


def _labelled(thing: str) -> Names:
    """The clinicians' label of a region or muscle. Raises `ValueError` where there is none."""
    label = next((label for label in labels() if label.id == thing), None)
    if label is None:
        raise ValueError(f"labels.tsv has no label of {thing}")
    return Names(en=label.names["en"], la="", ta2="")


def _table(path: Path, key: str) -> dict[str, Row]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    table: dict[str, Row] = {row[key]: row for row in rows}
    if len(table) != len(rows):
        raise ValueError(f"{path.name}: a {key} occurs twice")
    return table


def _term(row: Row, codes: Mapping[str, Row]) -> Term:
    source, whole = codes[row["codes_from"]], codes[row["muscle"].replace("-", "_")]
    own = row["codes_are"] == "own"
    names = _part_names(source, whole) if own else Names(en=_ENGLISH[row["region"]], la="", ta2="")
    synonyms = source["synonyms"].split("|") if own else []
    found = list(_codes(source, "own" if own else "broader"))
    if own and source is not whole:
        # A part that a system does not know is coded as the whole muscle there, and marked so.
        known = {code.system for code in found}
        found += [code for code in _codes(whole, "broader") if code.system not in known]
    return Term(
        id=row["region"],
        mesh=row["mesh"],
        muscle=row["muscle"],
        group=row["group"],
        names=names,
        aliases=_aliases([*row["aliases"].split("|"), *synonyms], names),
        codes=tuple(found),
        provenance=_PROVENANCE.get(row["region"], ""),
    )


def _names(row: Row) -> Names:
    return Names(en=row["preferred_name"], la=row["latin"], ta2=row["ta2_english"])


def _part_names(part: Row, whole: Row) -> Names:
    """Names of a region. TA names a part only within its muscle: "M. trapezius, pars descendens"."""
    names = _names(part)
    if part is whole or not names.la or not whole["latin"]:
        return names
    return Names(en=names.en, la=f"{whole['latin']}, {names.la[0].lower()}{names.la[1:]}", ta2=names.ta2)


def _aliases(raw: Iterable[str], names: Names) -> tuple[str, ...]:
    """Each once, without the tables' source marks ("[TA2]"), and without what is a name already."""
    taken = {name.casefold() for name in (names.en, names.la, names.ta2)}
    aliases: list[str] = []
    for entry in raw:
        alias = entry.split(" [")[0].strip()
        if alias and alias.casefold() not in taken:
            taken.add(alias.casefold())
            aliases.append(alias)
    return tuple(aliases)


def _codes(row: Row, relation: Relation) -> Iterable[Code]:
    """The codes of a row, SNOMED CT only from its own column: the notes name others that are wrong or unverified."""

    def code(system: str, column: str, side: Literal["left", "right"] | None = None) -> Iterable[Code]:
        key = (row["slug"], column)
        if not row[column] or key in _LEFT_OUT:
            return
        snomed = system == SNOMED
        yield Code(
            system=system,
            code=row[column],
            relation="broader" if key in _WIDER else relation,
            side=side,
            display=row["sctid_display_seen"] if snomed else _display(row, system, side),
            licence=row["sctid_licence"] if snomed else _LICENCES[system],
            source=row["source_files"],
            kind=row["sctid_kind"] if snomed else "",
        )

    yield from code(SNOMED, "sctid")
    yield from code(FMA, "fma")
    yield from code(FMA, "fma_left", "left")
    yield from code(FMA, "fma_right", "right")
    yield from code(TA98, "ta98")
    yield from code(TA2, "ta2")
    yield from code(UBERON, "uberon")
    yield from code(MESH, "mesh")


def _display(row: Row, system: str, side: str | None) -> str:
    if system == TA98:
        return row["ta98_english"]
    if system == TA2:
        return row["ta2_english"]
    return row["preferred_name"] + (f", {side}" if side else "")
