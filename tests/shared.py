"""The meshes and tables that the atlas is made from, in the folder `shared` next to the checkout.

Tests marked `shared` need them; where the folder is not, they are skipped with one line.
"""

from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"
MESHES = SHARED / "anatomy" / "meshes"
TERMINOLOGY = SHARED / "terminology"
CLINICAL = SHARED / "clinical"
