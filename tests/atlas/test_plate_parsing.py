"""Plates as they ship, and what the parser refuses."""

import pytest

from bodymap.atlas import load_atlas
from bodymap.atlas.manifest import PlateFile
from bodymap.atlas.plates import parse_plate
from bodymap.errors import Corrupt

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 970" role="img" data-view="posterior">'
PATH = '<path d="M1 1h8v8z" data-region="r" data-side="left"/>'
PLATES = load_atlas().manifest.plates


def plate(body: str, head: str = HEAD) -> bytes:
    """A plate of one group with this body."""
    return f'{head}<title>t</title><g id="regions">{body}</g></svg>'.encode()


def test_a_plate_is_read_into_groups_and_elements() -> None:
    """Groups keep their paint, elements their region, side, title, classes and path."""
    facts = 'id="r-left" class="a b" fill="#fff" d="M1 1h8v8z" data-region="r" data-side="left"'
    raw = plate(f"<path {facts}><title>R</title></path>")
    read = parse_plate(raw, "p.svg")
    element = read.groups["regions"].elements[0]
    assert (element.id, element.region, element.side, element.title) == ("r-left", "r", "left", "R")
    assert (element.classes, element.fill, element.d) == (("a", "b"), "#fff", "M1 1h8v8z")
    assert (read.view, read.layer, read.raw) == ("posterior", None, raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"<svg/>",
        plate(PATH)[:-4],
        plate(PATH, '<!DOCTYPE svg [<!ENTITY x "y">]>' + HEAD),
        plate(PATH, '<?xml version="1.0"?>' + HEAD),
        plate("<script>1</script>"),
        plate("<style>a{}</style>"),
        plate("<foreignObject/>"),
        plate('<a href="x"/>'),
        plate('<image href="x"/>'),
        plate("<!-- c -->"),
        plate('<path d="M1 1h8v8z" onclick="x"/>'),
        plate('<path d="M1 1h8v8z" style="fill:red"/>'),
        plate('<path d="M1 1h8v8z" transform="scale(2)"/>'),
        plate('<path d="M1 1h8v8z" xmlns:x="urn:x" x:href="y"/>'),
        plate('<path xmlns="urn:x" d="M1 1h8v8z"/>'),
        plate('<path data-region="r"/>'),
        plate('<path d="M1 1h8v8z" data-side="both"/>'),
        plate('<g id="deeper"/>'),
        plate(PATH, HEAD.replace("posterior", "above")),
        f"{HEAD}{PATH}</svg>".encode(),
        f"{HEAD}<g>{PATH}</g></svg>".encode(),
        f'{HEAD}<g id="a">{PATH}</g><g id="a">{PATH}</g></svg>'.encode(),
    ],
)
def test_what_is_outside_the_subset_is_refused(raw: bytes) -> None:
    """Scripts, styles, links, entities, transforms, strangers and halves raise one clear error that names the file."""
    with pytest.raises(Corrupt, match=r"p\.svg"):
        parse_plate(raw, "p.svg")


@pytest.mark.parametrize("file", PLATES, ids=lambda plate: plate.file)
def test_every_shipped_plate_is_within_the_subset(file: PlateFile) -> None:
    """Each plate parses, says what the manifest says, credits its sources, and draws regions of the atlas once."""
    atlas = load_atlas()
    read = atlas.plate(file.view, file.layer, file.arm, file.detail)
    assert (read.view, read.layer, read.arm, read.detail) == (file.view, file.layer, file.arm, file.detail)
    assert "BodyParts3D" in read.desc
    assert "Z-Anatomy" in read.desc
    drawn = [(element.region, element.side) for element in read.groups["regions"].elements]
    assert len(drawn) == len(set(drawn)) > 10
    assert {region for region, _ in drawn} <= {region.id for region in atlas.regions}
    assert all(element.title for element in read.groups["regions"].elements)
    ids = [element.id for group in read.groups.values() for element in group.elements if element.id]
    assert len(ids) == len(set(ids))


def test_both_details_draw_the_same_regions() -> None:
    """Plain and shaded differ in tone, never in what is where."""
    atlas = load_atlas()
    for file in PLATES:
        if file.detail == "plain":
            plain = atlas.plate(file.view, file.layer, file.arm, "plain").groups["regions"].elements
            shaded = atlas.plate(file.view, file.layer, file.arm, "shaded").groups["regions"].elements
            assert [(e.id, e.d) for e in plain] == [(e.id, e.d) for e in shaded]
