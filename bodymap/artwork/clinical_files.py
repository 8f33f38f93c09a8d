"""The files of an atlas that hold landmarks, clinical knowledge and names, and writing only these anew."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from bodymap.artwork import clinical, names, referral
from bodymap.artwork.extras import replace_extras
from bodymap.artwork.figure import Figure
from bodymap.artwork.landmarks import encode, find_landmarks
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.reference_body import load_body
from bodymap.atlas.landmarks import Landmark
from bodymap.atlas.manifest import Manifest, Muscle, Region


def clinical_files(
    bodies: Sequence[Mesh],
    landmarks: Sequence[Landmark],
    regions: Sequence[Region],
    muscles: Sequence[Muscle],
    *,
    tables: Path,
    terminology: Path,
    version: str,
) -> dict[str, bytes]:
    """Trigger points, referral areas with a sheet for each view, and names, by file name.

    `tables` is the folder of `trigger_points.tsv` and `DOMAIN.md`, `terminology` that of `regions.tsv`. Equal input
    gives equal bytes. Raises `ValueError` where the tables, the translations and the body do not fit together.
    """
    figure = Figure(bodies, landmarks)
    files = {f"{view}.referral.svg": text.encode() for view, text in referral.draw_referral(figure, version).items()}
    files["referral.json"] = referral.encode()
    files["trigger-points.json"] = clinical.encode(clinical.trigger_points(figure, regions, tables, terminology))
    files["names.json"] = names.encode(names.names(regions, muscles, landmarks))
    return files


def write_clinical(folder: Path, meshes: Path, tables: Path, terminology: Path) -> Manifest:
    """Write only these files into an atlas that is there, enter them in its manifest, and return it."""
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
    bodies = load_body(meshes)
    landmarks = find_landmarks(bodies)
    files = {"landmarks.json": encode(landmarks)} | clinical_files(
        bodies,
        landmarks,
        manifest.regions,
        manifest.muscles,
        tables=tables,
        terminology=terminology,
        version=manifest.version,
    )
    return replace_extras(folder, files)
