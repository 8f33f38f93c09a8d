"""The reference body: regions, sides, views, layers, and what lies where. Most callers import only from here."""

from bodymap.atlas.body import Atlas, Hit, Layered
from bodymap.atlas.editions import Atlases, atlas_versions, load_atlas, load_atlases
from bodymap.atlas.frames import side_of

__all__ = ["Atlas", "Atlases", "Hit", "Layered", "atlas_versions", "load_atlas", "load_atlases", "side_of"]
