"""Plates for patients: nothing clinical in them, and still elements that a client can find."""

import json
import re
import xml.etree.ElementTree as ET
from typing import Any, get_args

import pytest

from bodymap.atlas import Atlas
from bodymap.atlas.manifest import VIEWS
from bodymap.rendering.body.plate import render_plate
from bodymap.rendering.look.theme_file import THEMES
from bodymap.words import Language

LANGUAGES: tuple[Language, ...] = get_args(Language)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("detail", ["plain", "shaded"])
def test_a_patients_plate_names_nothing_clinical(atlas: Atlas, view: Any, detail: Any) -> None:
    """Of no structure is the id, the Latin or the clinical name in it, of no layer the name, in any layer."""
    book = json.loads(atlas.file("names.json"))["entries"]
    muscles = [entry for entry in book if entry["kind"] in ("region", "muscle")]
    names = {name.lower() for entry in muscles for name in (entry["id"], *entry["names"].values()) if name}
    names |= {structure.id for structure in atlas.manifest.structures}
    for layer in atlas.view(view).layers:
        for lang in LANGUAGES:
            svg = render_plate(atlas, view, layer, detail, "hidden", THEMES["patient"], lang).decode()
            # The credit goes with every picture.
            said = re.sub(r' d="[^"]*"|<desc>.*?</desc>', "", svg).lower()
            assert "data-layer" not in said
            assert "data-structure" not in said
            words = set(re.findall(r"[\w-]+(?: [\w-]+)*", said))
            assert not {name for name in names if name in words or f'"{name}"' in said or f">{name}," in said}
            assert not [word for word in ("posterior", "superficial", "muscles of") if word in _texts(svg)]


def _texts(svg: str) -> str:
    return " ".join(title.text or "" for title in ET.fromstring(svg).iter(f"{SVG}title")).lower()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_region_of_a_patients_plate_is_an_element_of_its_own(atlas: Atlas, lang: Language) -> None:
    """As many as the clinical plate has, the same shapes, each with one id, a title, a place and a side."""
    shipped = atlas.plate("posterior", "superficial").groups["regions"].elements
    root = ET.fromstring(render_plate(atlas, "posterior", "superficial", "plain", "hidden", THEMES["patient"], lang))
    regions = [path for path in root.iter(f"{SVG}path") if path.get("data-region")]
    assert [path.get("d") for path in regions] == [element.d for element in shipped]
    assert [path.get("data-side") for path in regions] == [element.side or "midline" for element in shipped]
    ids = [path.get("id") for path in root.iter() if path.get("id")]
    assert len(set(ids)) == len(ids)
    assert all(path.get("id") and path.findtext(f"{SVG}title") for path in regions)
    assert (
        root.findtext(f"{SVG}title")
        == {
            "en": "Your back",
            "es": "Su espalda",
            "de": "Ihr Rücken",
            "fr": "Votre dos",
        }[lang]
    )
