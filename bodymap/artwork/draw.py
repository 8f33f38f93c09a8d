"""Drawing every plate and every sheet of silhouettes, on two processes."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely.geometry import MultiPolygon

from bodymap.artwork.layers import LAYERS_OF_VIEW, Arm, LayerId
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.plates import Names, PlateDrawing, Regions, draw_plate, silhouettes
from bodymap.artwork.raster import ViewId
from bodymap.artwork.reference_body import load_body

PlateKey = tuple[ViewId, LayerId, Arm]
Report = Callable[[str, int, int], None]

PLATES: tuple[PlateKey, ...] = tuple(
    (view, layer, arm)
    for view, layers in LAYERS_OF_VIEW.items()
    for layer in layers
    for arm in (("hidden", "shown") if view in ("left", "right") else ("shown",))
)


@dataclass(frozen=True)
class Artwork:
    """All drawings of an atlas: the plates, and by view the silhouettes of the meshes by key."""

    plates: dict[PlateKey, PlateDrawing]
    silhouettes: dict[ViewId, dict[str, MultiPolygon]]


def file_name(view: ViewId, layer: LayerId, arm: Arm, detail: str) -> str:
    """A plate's file in the atlas folder."""
    marker = "-arm" if view in ("left", "right") and arm == "shown" else ""
    return f"{view}-{layer}{marker}.{detail}.svg"


def draw_all(
    folder: Path, names: Names, regions: Regions, *, workers: int = 2, report: Report | None = None
) -> Artwork:
    """Draw the meshes of `folder`; `report(what, done, of)` is called after each piece.

    Each worker reads the meshes itself, which costs a second and saves sending them.
    """
    plates: dict[PlateKey, PlateDrawing] = {}
    sheets: dict[ViewId, dict[str, MultiPolygon]] = {}
    with ProcessPoolExecutor(workers, initializer=_prepare, initargs=(folder, names, regions)) as pool:
        plate_of = {pool.submit(_plate, key): key for key in PLATES}
        view_of = {pool.submit(_silhouettes, view): view for view in LAYERS_OF_VIEW}
        everything: list[Future[Any]] = [*plate_of, *view_of]
        for done, future in enumerate(as_completed(everything), 1):
            if future in plate_of:
                key = plate_of[future]
                plates[key] = future.result()
                what = " ".join(key)
            else:
                view = view_of[future]
                sheets[view] = future.result()
                what = f"{view} silhouettes"
            if report:
                report(what, done, len(everything))
    return Artwork({key: plates[key] for key in PLATES}, {view: sheets[view] for view in LAYERS_OF_VIEW})


_meshes: Sequence[Mesh]
_names: Names
_regions: Regions


def _prepare(folder: Path, names: Names, regions: Regions) -> None:
    global _meshes, _names, _regions
    _meshes, _names, _regions = load_body(folder), names, regions


def _plate(key: PlateKey) -> PlateDrawing:
    return draw_plate(_meshes, *key, _names, _regions)


def _silhouettes(view: ViewId) -> dict[str, MultiPolygon]:
    return silhouettes(_meshes, view)
