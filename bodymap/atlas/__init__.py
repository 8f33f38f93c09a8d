"""What a body is: regions, sides, views, layers, and what lies where. The only door most callers need."""

from bodymap.atlas.body import Atlas, Hit, Layered
from bodymap.atlas.editions import Atlases, atlas_versions, load_atlas, load_atlases
from bodymap.atlas.frames import side_of

__all__ = ["Atlas", "Atlases", "Hit", "Layered", "atlas_versions", "load_atlas", "load_atlases", "side_of"]
