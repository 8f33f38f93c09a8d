"""Taking the skin of the free upper limb apart from the rest, for the side views without the arm.

The skin mesh is a few hundred region patches that touch but share no vertex. Each patch belongs wholly to one part.
"""

from dataclasses import replace

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from bodymap.artwork.meshes import Mesh

# A patch of the arm lies wholly lateral of this and ends below the shoulder's cap, which stays with the deltoid.
_ARM_BEGINS_MM = 155.0
_ARM_ENDS_Y_MM = 1360.0


def split_skin(skin: Mesh) -> tuple[Mesh, Mesh]:
    """(skin without the arms, skin of both arms)."""
    first, second = skin.faces[:, [0, 1]].ravel(), skin.faces[:, [1, 2]].ravel()
    size = len(skin.vertices)
    links = coo_matrix((np.ones(len(first), np.int8), (first, second)), (size, size))
    count, patch = connected_components(links, directed=False)
    nearest, top = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(nearest, patch, np.abs(skin.vertices[:, 0]))
    np.maximum.at(top, patch, skin.vertices[:, 1])
    of_arm = ((nearest >= _ARM_BEGINS_MM) & (top <= _ARM_ENDS_Y_MM))[patch[skin.faces[:, 0]]]
    return replace(skin, faces=skin.faces[~of_arm]), replace(skin, faces=skin.faces[of_arm])
