"""Points of a left bone's surface that a finger would find, each by a rule on its shape.

Each rule takes the bone's triangles (m, 3, 3) in body millimetres, X to the subject's left, Y up, Z forward, and gives
one point (3,) of its surface. A right bone is given as its mirror image.
"""

from collections.abc import Callable

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from bodymap.artwork.sections import Points, X, Y, Z, levels, rearmost, section, standing_out

Find = Callable[[Points], Points]

# Heights above the soles between which the reference body's belly lies: from 60 to 330 mm below its xiphisternal joint.
_BELLY_MM = (912.0, 1182.0)


def farthest(
    *direction: float,
    above: float = 0.0,
    below: float = 1.0,
    inner: float = 1.0,
    outer: float = 0.0,
    behind: float = 1.0,
) -> Find:
    """The point farthest in a direction (X, Y, Z), within a part of the bone.

    Shares of the bone's size bound the part: `above` and `below` from its lowest to its highest point, `outer` and
    `inner` from its innermost point (from the midline where it reaches over) to its outermost, `behind` from its
    rearmost to its foremost.
    """

    def find(triangles: Points) -> Points:
        corners = triangles.reshape(-1, 3)
        low, high = corners.min(axis=0), corners.max(axis=0)
        low[X] = max(low[X], 0.0)
        share = (corners - low) / (high - low)
        part = corners[
            (share[:, Y] >= above)
            & (share[:, Y] <= below)
            & (share[:, X] >= outer)
            & (share[:, X] <= inner)
            & (share[:, Z] <= behind)
        ]
        found: Points = part[(part @ np.array(direction)).argmax()]
        return found

    return find


def spinous_tip(triangles: Points) -> Points:
    """In the midline plane, half-way up what lies within 3 mm of the rearmost point."""
    cut = section(triangles, X, 0.0)
    ends = cut.reshape(-1, 3)
    tip = ends[ends[:, Z] < ends[:, Z].min() + 3.0]
    return _rear_at(cut, (tip[:, Y].min() + tip[:, Y].max()) / 2)


def sacral_tubercle(triangles: Points, number: int) -> Points:
    """The first: the rearmost point of the crest's upper 8 mm; the second: where the crest stands out next below."""
    cut = section(triangles, X, 0.0)
    heights = np.arange(cut[..., Y].max(), cut[..., Y].min(), -0.5)
    # The body of the sacrum reaches higher than its crest does: from behind it is seen through the canal's opening.
    depth = rearmost(cut, heights)
    top = int(np.argmax(depth < depth.min() + 35.0))
    first = top + int(depth[top : top + 16].argmin())
    if number == 1:
        return _rear_at(cut, heights[first])
    out = standing_out(depth, 16)[first + 16 :]
    inner = out[1:-1]
    second = 1 + int(np.argmax((inner > 0) & (inner >= out[:-2]) & (inner > out[2:])))
    return _rear_at(cut, heights[first + 16 + second])


def inion(triangles: Points) -> Points:
    """On the midline below the rearmost point, where the profile stands out most from the chord over 12 mm."""
    cut = section(triangles, X, 0.0)
    ends = cut.reshape(-1, 3)
    heights = np.arange(float(ends[ends[:, Z].argmin(), Y]), float(ends[:, Y].min()), -0.5)
    depth = rearmost(cut, heights)
    rim = int(np.argmax(depth > -45.0))
    return _rear_at(cut, heights[int(np.nanargmax(standing_out(depth, 12)[: rim - 20]))])


mastoid = farthest(0, -1, 0, outer=0.66, behind=0.5)


def spine_root(triangles: Points) -> Points:
    """The crest of the scapular spine, 6 to 26 mm from the medial border, carried on straight to the border."""
    border = float(triangles[..., X].min())
    top, bottom = triangles[..., Y].max(), triangles[..., Y].min()
    heights = np.arange(top, (top + bottom) / 2, -0.5)
    insets = np.arange(6.0, 27.0, 2.0)
    crest = [
        heights[int(np.nanargmax(standing_out(rearmost(section(triangles, X, border + inset), heights), 24)))]
        for inset in insets
    ]
    height = np.polyfit(insets, crest, 1)[1]
    return _medial_at(triangles, float(height))


def medial_border_middle(triangles: Points) -> Points:
    """The most medial point half-way in height between the superior and the inferior angle."""
    angles = [farthest(0, 1, 0, inner=0.5)(triangles), farthest(0, -1, 0)(triangles)]
    return _medial_at(triangles, float(np.mean([angle[Y] for angle in angles])))


def jugular_notch(triangles: Points) -> Points:
    """The highest point of the midline section."""
    ends = section(triangles, X, 0.0).reshape(-1, 3)
    found: Points = ends[ends[:, Y].argmax()]
    return found


def sternal_angle(triangles: Points) -> Points:
    """In front, at the height half-way between the manubrium's lower and the body's upper edge."""
    parts = sorted(_bodies(triangles), key=lambda part: -float(part[..., Y].max()))
    manubrium, body = parts[0], parts[1]
    height = float(manubrium[..., Y].min() + body[..., Y].max()) / 2
    return _front_at(section(triangles, X, 0.0), height)


def xiphisternal_joint(triangles: Points) -> Points:
    """The lowest point of the midline section."""
    ends = section(triangles, X, 0.0).reshape(-1, 3)
    found: Points = ends[ends[:, Y].argmin()]
    return found


def lateral_border_middle(triangles: Points) -> Points:
    """The most lateral point half-way up."""
    height = float(triangles[..., Y].min() + triangles[..., Y].max()) / 2
    ends = section(triangles, Y, height).reshape(-1, 3)
    found: Points = ends[ends[:, X].argmax()]
    return found


def symphysis(triangles: Points) -> Points:
    """The highest point within 8 mm of the innermost point."""
    corners = triangles.reshape(-1, 3)
    inner = corners[corners[:, X] < corners[:, X].min() + 8.0]
    found: Points = inner[inner[:, Y].argmax()]
    return found


def umbilicus(triangles: Points) -> Points:
    """In front on the skin's midline, in the belly's part of its height: where the profile lies deepest behind the
    chord over 32 mm."""
    cut = section(triangles, X, 0.0)
    heights = np.arange(_BELLY_MM[1], _BELLY_MM[0], -1.0)
    # The profile seen from before is that from behind of the body turned round.
    turned = cut * np.array([1.0, 1.0, -1.0])
    hollow = -standing_out(rearmost(turned, heights), 16)
    return _front_at(cut, heights[int(np.nanargmax(hollow))])


def foremost_beside(triangles: Points, across_mm: float) -> Points:
    """The foremost point within 4 mm of a line so far from the midline."""
    corners = triangles.reshape(-1, 3)
    near = corners[np.abs(corners[:, X] - across_mm) < 4.0]
    found: Points = near[near[:, Z].argmax()]
    return found


def _rear_at(segments: Points, height: float) -> Points:
    crossing = levels(segments, height)
    found: Points = crossing[crossing[:, Z].argmin()]
    return found


def _front_at(segments: Points, height: float) -> Points:
    crossing = levels(segments, height)
    found: Points = crossing[crossing[:, Z].argmax()]
    return found


def _medial_at(triangles: Points, height: float) -> Points:
    ends = section(triangles, Y, height).reshape(-1, 3)
    found: Points = ends[ends[:, X].argmin()]
    return found


def _bodies(triangles: Points) -> list[Points]:
    """The connected pieces of a mesh; corners at the same place are one."""
    _, corner = np.unique(triangles.reshape(-1, 3), axis=0, return_inverse=True)
    faces = corner.reshape(-1, 3)
    links = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]]])
    count = int(faces.max()) + 1
    graph = coo_matrix((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(count, count))
    pieces, piece = connected_components(graph, directed=False)
    return [triangles[piece[faces[:, 0]] == number] for number in range(pieces)]
