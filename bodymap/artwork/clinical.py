"""Trigger points from the clinical tables, with their sources. Nothing here is from memory.

`trigger_points.tsv` holds one row for each, `DOMAIN.md` the table of sources with their grades. What the review of the
places found since stands beside this file: `further_trigger_points.tsv`, `place_sources.tsv`. What reads as advice on
how to needle (depths, sizes, techniques) stays out of the atlas.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from bodymap.artwork.clinical_places import placed
from bodymap.artwork.figure import Figure
from bodymap.artwork.referral_areas import AREA_OF_WORD
from bodymap.atlas.manifest import Region
from bodymap.atlas.trigger_points import Reviewed, Source, TriggerPoint, TriggerPointFile

Row = Mapping[str, str]

FURTHER = Path(__file__).with_name("further_trigger_points.tsv")
PLACE_SOURCES = Path(__file__).with_name("place_sources.tsv")

NOT_REVIEWED = Reviewed("not-reviewed", "not reviewed by a licensed clinician")
NOTE = (
    "What sources say, in our own words; places are the reference figure's. Not reviewed by a licensed clinician. "
    "Sources back an entry as a whole. What no source read said is empty."
)

# DOMAIN.md, below its table of sources: copies of copyrighted books, which are never linked.
_NEVER_LINKED = (
    "fitness-vip.com",
    "tailieuchung.com",
    "123doc.top",
    "scribd.com",
    "slideplayer.com",
    "brainscape.com",
    "lib.ir",
)

# Titles in our own words, as the flags have them: no answer uses the word that would clear a needle, nor links it.
_RETITLED = {"UPLU": "J Man Manip Ther 2020, needling beside the upper lumbar spine, 10 cadavers (abstract)"}
_CLEARING = "safe"

# Rows whose label names a region: they say nothing of the muscle's other regions.
_PART_OF: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("suboccipitals", "rectus capitis posterior major"): ("rectus-capitis-posterior-major",),
    ("suboccipitals", "obliquus capitis inferior"): ("obliquus-capitis-inferior",),
    ("suboccipitals", "obliquus capitis superior"): ("obliquus-capitis-superior",),
    ("pectoralis_major", "clavicular"): ("pectoralis-major-clavicular",),
    ("pectoralis_major", "sternocostal lateral"): ("pectoralis-major-sternocostal",),
    ("pectoralis_major", "sternocostal medial"): ("pectoralis-major-sternocostal",),
    ("pectoralis_major", "sternocostal caudal"): ("pectoralis-major-sternocostal",),
}

# Disagreements on techniques, directions and needles, which the atlas does not speak of.
_ON_TECHNIQUE = frozenset(
    {
        ("levator_scapulae", "lower"),
        ("suboccipitals", "rectus capitis posterior major"),
        ("sternocleidomastoid", "sternal"),
        ("supraspinatus", ""),
        ("multifidus_lumbar", ""),
        ("quadratus_lumborum", "superficial cranial"),
    }
)
# Areas that the review of the places found missing, and whose word they are.
_ALSO_FELT: Mapping[tuple[str, str], tuple[tuple[str, ...], str]] = {
    ("sternocleidomastoid", "sternal"): (("head_vertex", "throat", "sternum"), "ML9"),
    ("sternocleidomastoid", "clavicular"): (("ear", "forehead_other_side"), "ML9"),
    ("pectoralis_minor", ""): (("shoulder_anterior",), "ACU23"),
}
# Sources that say otherwise, and what then stands for the row's disagreement.
_ALSO_SAID: Mapping[tuple[str, str], tuple[str, str]] = {
    ("piriformis", ""): (
        "Two studies of cadavers differ at the medial third: no sciatic nerve was pierced in 19 hips of the one, 11 of "
        "14 in the other, and 3 of 14 at the midpoint",
        "HAN22",
    ),
}
_LENGTH = re.compile(r"\d\s*(mm|cm)\b")
_AS_ABOVE = "as above"


def trigger_points(
    figure: Figure, regions: Sequence[Region], clinical: Path, terminology: Path
) -> tuple[TriggerPoint, ...]:
    """Every row of the table as an entry, in its order. Raises `ValueError` where the tables do not fit together."""
    sources = read_sources(clinical / "DOMAIN.md") | {row["id"]: _source(row) for row in _table(PLACE_SOURCES)}
    of_muscle: dict[str, list[Region]] = {}
    known = {region.id: region for region in regions}
    for row in _table(terminology / "regions.tsv"):
        if row["trigger_points_from"]:
            of_muscle.setdefault(row["trigger_points_from"], []).append(known[row["region"]])
    entries: list[TriggerPoint] = []
    above: Row = {}
    for row in _table(clinical / "trigger_points.tsv"):
        muscle = row["muscle_slug"]
        if muscle not in of_muscle:
            raise ValueError(f"trigger_points.tsv: {muscle} belongs to no region")
        if above.get("muscle_slug") != muscle:
            above = row
        entries.append(_entry(figure, row, above, tuple(of_muscle[muscle]), sources))
    for row in _table(FURTHER):
        entries.append(_entry(figure, defaultdict(str, row), row, (known[row["region"]],), sources))
    return tuple(entries)


def encode(entries: Sequence[TriggerPoint]) -> bytes:
    """The bytes of the atlas's `trigger-points.json`; equal entries give equal bytes."""
    encoded = msgspec.json.encode(TriggerPointFile("mm", NOTE, tuple(entries)), order="deterministic")
    return msgspec.json.format(encoded, indent=1) + b"\n"


def read_sources(domain: Path) -> dict[str, Source]:
    """The sources that DOMAIN.md lists with a grade A, B or C, by id."""
    sources: dict[str, Source] = {}
    for line in domain.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if len(cells) == 5 and cells[1] in ("A", "B", "C"):
            name, grade, address, title, _ = cells
            title = _RETITLED.get(name, title)
            sources[name] = _source({"id": name, "grade": grade, "title": title, "address": address})
    return sources


def _source(row: Row) -> Source:
    return msgspec.convert({**row, "address": linked(row["address"])}, Source)


def linked(address: str) -> str | None:
    """The address if it is a page that may be linked and has no word that clears a needle; else `None`."""
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    never = _CLEARING in address or any(host == name or host.endswith(f".{name}") for name in _NEVER_LINKED)
    return None if parts.scheme not in ("http", "https") or " " in address or never else address


def _table(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _entry(
    figure: Figure, row: Row, first: Row, regions: tuple[Region, ...], sources: Mapping[str, Source]
) -> TriggerPoint:
    muscle, label, location = row["muscle_slug"], row["trp_label"], row["location"]
    key = muscle, label
    ours = tuple(region for region in regions if region.id in _PART_OF.get(key, (region.id,)))
    cited = row["source_ids"].split()
    unknown = [name for name in cited if name not in sources]
    if not ours or unknown:
        raise ValueError(f"trigger_points.tsv: {muscle} {label} has no region or cites {unknown}")
    areas, also_felt_by = _ALSO_FELT.get(key, ((), ""))
    said, said_by = _ALSO_SAID.get(key, ("" if key in _ON_TECHNIQUE else row["disagreement"], ""))
    cited += [name for name in (also_felt_by, said_by) if name]
    words = [*filter(None, row["referral_areas"].split(";")), *areas]
    symptoms = first["symptoms"] if row["symptoms"] == _AS_ABOVE else row["symptoms"]
    for text in (row["risk_structures"], symptoms, said):
        if _LENGTH.search(text):
            raise ValueError(f"trigger_points.tsv: {muscle} {label} speaks of lengths: {text}")
    return TriggerPoint(
        id=_id(muscle, label, ours),
        regions=tuple(region.id for region in ours),
        label=label,
        location=location,
        places=placed(figure, muscle, label, ours, sources),
        referral=tuple(dict.fromkeys(AREA_OF_WORD[word] for word in words)),
        symptoms=symptoms,
        risks=tuple(risk.strip() for risk in row["risk_structures"].split(";") if risk.strip()),
        innervation=row["innervation"],
        disagreement=said,
        sources=tuple(sources[name] for name in cited),
        review=NOT_REVIEWED,
    )


def _id(muscle: str, label: str, regions: Sequence[Region]) -> str:
    """The region, or for several the table's muscle; then the label without what stands in brackets."""
    name = regions[0].id if len(regions) == 1 else muscle.replace("_", "-")
    words = re.sub(r"\(.*?\)", "", label).lower().split()
    if muscle == "pectoralis_major":
        words = words[1:]  # The region says this part already.
    if "-".join(words) == name:
        words = []
    return "-".join([name, *(words or ["trp"])])
