"""Checking an atlas: is it complete, on the right sides, within its budget, and true to the meshes?

What can be checked in the folder is always checked; if the meshes are available, points are also compared with rays
cast through every triangle, which share no code with what made the maps; and so are probes and needle paths.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shapely import STRtree
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from bodymap.artwork.agreement import Agreement, compare
from bodymap.artwork.build import source_digest
from bodymap.artwork.exact_rays import ExactRays
from bodymap.artwork.reference_body import load_body
from bodymap.artwork.terminology import read_terminology
from bodymap.artwork.way_agreement import WAY_ERROR_MM, WAYS, ProbeAgreement, WayAgreement, compare_probes, compare_ways
from bodymap.atlas.body import Atlas
from bodymap.atlas.frames import to_body
from bodymap.atlas.loading import read_atlas
from bodymap.atlas.manifest import Arm, Detail, PlateFile, Region, Side, ViewId
from bodymap.atlas.outlines import Outline
from bodymap.errors import BodymapError

# Bytes that a plate may have.
BUDGETS: dict[Detail, int] = {"plain": 64_000, "shaded": 160_000}
# And the depth data.
COLUMNS_BUDGET = 5_000_000
REGIONS = 75
# A piece of a region smaller than this, or thinner than this on average, looks like dirt.
SLIVER_MM2 = 8.0
SLIVER_MM = 0.8
# Loops where an outline touches itself; far below a pixel.
_LOOP_MM2 = 0.2
# Outlines are smoothed one by one, so neighbours share a hem. What is left of it when this is taken off all round
# is a true overlap.
HEM_MM = 0.6
OVERLAP_MM2 = 2.0
AGREEMENT = 0.99
# Points of the agreement, per view.
_POINTS = 400
# The share of passages of 2 mm or more that probes must have, and the share of points with all of them in order.
PROBED = 0.97
IN_ORDER = 0.97
# And the share of points at which they have all passages of 2 mm or more and no other.
WHOLE = 0.95
_PROBES = 150
_WAYS = 400


@dataclass(frozen=True)
class Finding:
    """A problem of the atlas: where, and what."""

    where: str
    what: str


@dataclass(frozen=True)
class Report:
    """What `check` found. `table` is text for a terminal; without findings the atlas is correct."""

    findings: tuple[Finding, ...]
    table: str


def check(folder: Path, meshes: Path | None = None, terminology: Path | None = None) -> Report:
    """Check the atlas in `folder`; with `meshes` also against them, with `terminology` also its codes.

    `terminology` is by default two folders up from the meshes, then `terminology`.
    """
    try:
        atlas = read_atlas(folder)
    except BodymapError as error:
        return Report((Finding(folder.name, error.detail),), "")
    if terminology is None and meshes is not None:
        terminology = meshes.parent.parent / "terminology"
    findings = [*_missing(atlas), *_sizes(atlas)]
    lines = ["plate                                 regions  plain B  shaded B  slivers  overlap mm2"]
    for plate in atlas.manifest.plates:
        if plate.detail == "plain":
            line, found = _plate(atlas, plate)
            lines.append(line)
            findings += found
    lines += ["", *_figures(atlas)]
    for summary, found in (_centres(atlas), _sides(atlas), _codes(atlas, terminology)):
        lines.append(summary)
        findings += found
    if meshes is not None and terminology is not None:
        if source_digest(meshes, terminology) != atlas.manifest.source_sha256:
            findings.append(Finding("manifest.json", "was built from other meshes or tables than these"))
        agreements = [compare(atlas, meshes, view.id, _POINTS) for view in atlas.manifest.views]
        lines += ["", "against exact rays            points  all   >= 1 mm from a border  depth error median, 95%"]
        for agreement in agreements:
            lines.append(agreement.line())
            findings += _agreement(agreement)
        rays = ExactRays([mesh for mesh in load_body(meshes) if mesh.kind != "skin"])
        lines += [
            "",
            "probes against exact rays     points  2 mm found  whole stacks   in order   entry error median, 95%  "
            "thickness 95%",
        ]
        for probes in [compare_probes(atlas, rays, view.id, _PROBES) for view in atlas.manifest.views]:
            lines.append(probes.line())
            findings += _probes(probes)
        ways = compare_ways(atlas, rays, _WAYS)
        lines += ["", "needle paths against exact rays, up to 60 degrees from the skin's normal", *ways.lines()]
        findings += way_findings(ways)
    return Report(tuple(findings), "\n".join(lines))


def _missing(atlas: Atlas) -> Iterator[Finding]:
    if len(atlas.regions) != REGIONS:
        yield Finding("manifest.json", f"has {len(atlas.regions)} regions instead of {REGIONS}")
    for region in atlas.regions:
        if not region.layers:
            yield Finding(region.id, "is shown on no view")
        for view in atlas.manifest.views:
            for side in ("left", "right"):
                if atlas.silhouette(region.id, side, view.id) is None:
                    yield Finding(region.id, f"has no silhouette, {side}, on {view.id}")


def _sizes(atlas: Atlas) -> Iterator[Finding]:
    for plate in atlas.manifest.plates:
        if plate.bytes > BUDGETS[plate.detail]:
            yield Finding(plate.file, f"has {plate.bytes} bytes, more than {BUDGETS[plate.detail]}")
    columns = atlas.manifest.columns
    if columns.bytes > COLUMNS_BUDGET:
        yield Finding(columns.file, f"has {columns.bytes} bytes, more than {COLUMNS_BUDGET}")


def arm_of(atlas: Atlas, region: Region, view: ViewId) -> Arm:
    """Which form of a view shows a region: on side views the muscles of the arm are there only with the arm."""
    of_arm = any(structure.arm for structure in atlas.manifest.structures if structure.id == region.id)
    return "shown" if of_arm else atlas.arm(view, None)


def _centres(atlas: Atlas) -> tuple[str, list[Finding]]:
    """Every region, on each view and side that shows it: its centre must mean it, and lie in what is drawn of it."""
    centres, findings = 0, []
    for region in atlas.regions:
        for view, extents in region.extents.items():
            layer, arm = region.layers[view], arm_of(atlas, region, view)
            for extent in extents:
                centres += 1
                where = f"{region.id}, {extent.side}, {view}"
                outline = atlas.visible(region.id, extent.side, view, layer, arm)
                if extent.centre is None or outline is None or not outline.contains(*extent.centre):
                    findings.append(Finding(where, "has no centre inside what is drawn of it"))
                    continue
                hit = atlas.at(view, *extent.centre, layer=layer, arm=arm)
                if hit is None or hit.region is not region or hit.side != extent.side:
                    findings.append(Finding(where, "is not what lies at its own centre"))
    return f"centres {centres}, of which {centres - len(findings)} mean their own region and side", findings


def _plate(atlas: Atlas, plate: PlateFile) -> tuple[str, list[Finding]]:
    findings: list[Finding] = []
    shapes: dict[tuple[str, Side], MultiPolygon] = {}
    slivers = 0
    for region in atlas.regions:
        for side in ("left", "right"):
            outline = atlas.visible(region.id, side, plate.view, plate.layer, plate.arm)
            if outline is None:
                continue
            shape = shapes[region.id, side] = as_shape(outline)
            for piece in shape.geoms:
                if piece.area < SLIVER_MM2 or 2 * piece.area / piece.length < SLIVER_MM:
                    slivers += 1
                    findings.append(Finding(plate.file, f"{region.id}, {side}, has a sliver of {piece.area:.1f} mm2"))
    overlap = 0.0
    keys, parts = list(shapes), list(shapes.values())
    tree = STRtree(parts)
    for first, part in enumerate(parts):
        for second in sorted(int(n) for n in tree.query(part) if n > first):
            shared = part.intersection(parts[second]).buffer(-HEM_MM).area
            overlap = max(overlap, shared)
            if shared > OVERLAP_MM2:
                pair = f"{', '.join(keys[first])} and {', '.join(keys[second])}"
                findings.append(Finding(plate.file, f"{pair} overlap by more than a hem: {shared:.0f} mm2"))
    shaded = next(
        other.bytes
        for other in atlas.manifest.plates
        if (other.view, other.layer, other.arm, other.detail) == (plate.view, plate.layer, plate.arm, "shaded")
    )
    name = f"{plate.view} {plate.layer}{', arm ' + plate.arm if plate.view in ('left', 'right') else ''}"
    line = f"{name:38}{len(shapes):7}{plate.bytes:9}{shaded:10}{slivers:9}{overlap:13.1f}"
    return line, findings


def as_shape(outline: Outline) -> MultiPolygon:
    """An outline as a shapely shape; rings inside rings are holes."""
    shape: BaseGeometry = MultiPolygon()
    for ring in outline.polygons:
        shape = shape.symmetric_difference(Polygon(ring).buffer(0))
    pieces = shape.geoms if isinstance(shape, MultiPolygon) else [shape]
    return MultiPolygon([piece for piece in pieces if isinstance(piece, Polygon) and piece.area > _LOOP_MM2])


def _sides(atlas: Atlas) -> tuple[str, list[Finding]]:
    """On posterior and anterior the middle of what is drawn must lie on the region's own side of the midline."""
    outlines, findings = 0, []
    for plate in atlas.manifest.plates:
        if plate.detail != "plain" or plate.view not in ("posterior", "anterior"):
            continue
        for region in atlas.regions:
            for side, sign in (("left", 1), ("right", -1)):
                outline = atlas.visible(region.id, side, plate.view, plate.layer, plate.arm)  # type: ignore[arg-type]
                if outline is None:
                    continue
                outlines += 1
                middle = as_shape(outline).centroid
                if to_body(plate.view, middle.x, middle.y)[0] * sign <= 0:
                    findings.append(Finding(plate.file, f"{region.id}, {side}, lies on the other side"))
    right = outlines - len(findings)
    return f"sides verified on posterior and anterior: {right} of {outlines} outlines on their own side", findings


def _codes(atlas: Atlas, terminology: Path | None) -> tuple[str, list[Finding]]:
    """Every name and code must be what the tables give now."""
    codes = sum(len(region.codes) for region in atlas.regions)
    if terminology is None:
        return f"codes {codes}, not compared with the tables (--terminology)", []
    terms = {term.id: term for term in read_terminology(terminology).terms}
    verified, findings = 0, []
    for region in atlas.regions:
        term = terms.get(region.id)
        if term is None:
            findings.append(Finding(region.id, "is not in regions.tsv"))
        elif (region.codes, region.names, region.aliases) != (term.codes, term.names, term.aliases):
            findings.append(Finding(region.id, "has names or codes that differ from the tables"))
        else:
            verified += len(region.codes)
    return f"codes verified against the tables: {verified} of {codes}", findings


def _agreement(agreement: Agreement) -> Iterator[Finding]:
    if agreement.away < AGREEMENT:
        yield Finding(agreement.view, f"surface maps agree with rays at {agreement.away:.2%} of points only")


def _probes(probes: ProbeAgreement) -> Iterator[Finding]:
    if probes.found < PROBED:
        yield Finding(probes.view, f"probes have {probes.found:.1%} of what exact rays go through for 2 mm or more")
    if probes.whole < WHOLE:
        yield Finding(probes.view, f"probes have the whole stack of exact rays at {probes.whole:.1%} of points only")
    if probes.in_order < IN_ORDER:
        yield Finding(probes.view, f"probes have the order of exact rays at {probes.in_order:.1%} of points only")


def way_findings(ways: WayAgreement) -> Iterator[Finding]:
    """The findings about needle paths: empty if enough of them are right."""
    if ways.within < WAYS:
        yield Finding("needle paths", f"{ways.within:.1%} of ways are within {WAY_ERROR_MM:g} mm of exact rays")


def _figures(atlas: Atlas) -> Sequence[str]:
    by_view = (
        f"{view.id}: {sum(view.id in region.layers for region in atlas.regions)}" for view in atlas.manifest.views
    )
    manifest = atlas.manifest
    return [
        f"regions {len(atlas.regions)}, muscles {len(manifest.muscles)}, structures {len(manifest.structures)}",
        f"regions shown by view: {', '.join(by_view)}",
        f"surface {manifest.surface.bytes} B, columns {manifest.columns.bytes} B",
    ]
