"""What a body is: regions, sides, views, layers, and what lies where. The only door most callers need."""

from bodymap.atlas.body import Atlas, Hit, Layered, side_of
from bodymap.atlas.loading import atlas_versions, load_atlas

__all__ = ["Atlas", "Hit", "Layered", "atlas_versions", "load_atlas", "side_of"]
