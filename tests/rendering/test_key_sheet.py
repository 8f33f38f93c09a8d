"""The full key: every mark of a theme, with its name and what it says, in every language."""

import re
from typing import get_args

import pytest

from bodymap.atlas import Atlas
from bodymap.rendering.legend.options import KeyOptions
from bodymap.rendering.legend.picture import SECTIONS, Entry, compose_key, write_key_text
from bodymap.rendering.look.theme_file import THEMES
from bodymap.rendering.options import ThemeId
from bodymap.rendering.output.svg import write_svg
from bodymap.words import Language, catalogue
from tests.rendering.checks import CLINICAL_WORDS, SVG, WIDTHS, assert_safe

LANGUAGES: tuple[Language, ...] = get_args(Language)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_keys_are_safe_svg(atlas: Atlas, theme: ThemeId, lang: Language) -> None:
    """In every theme and language, at every width: one document of known elements, the same each time, in words too."""
    for width in WIDTHS:
        options = KeyOptions(theme=theme, lang=lang, width=width, id_prefix="k-" if width == 800 else None)
        svg = write_svg(compose_key(atlas, options))
        assert svg == write_svg(compose_key(atlas, options))
        if width == 800:
            assert b'id="k-bm-' in svg
            continue
        root = assert_safe(svg)
        assert (root.get("lang"), root.get("width"), root.get("role")) == (lang, str(width), "img")
        assert "BodyParts3D" in "".join(root.itertext())
        assert root.findtext(f"{SVG}desc")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_mark_of_a_chart_s_key_is_in_the_full_key(atlas: Atlas, lang: Language) -> None:
    """Whatever a chart can explain below its body, the full key explains as well, by the same name."""
    said = " ".join(write_key_text(atlas, KeyOptions(lang=lang)).decode().split()).lower()
    words = catalogue(lang).chart
    names = [getattr(words, name) for name in words.__struct_fields__ if name.startswith("key_")]
    for name in [*names, words.statuses["planned"], words.statuses["not-done"]]:
        assert f"- {name.lower()}: " in said, name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_mark_is_explained(lang: Language) -> None:
    """Clinicians have a text for every mark, and every mark stands in a section."""
    assert set(catalogue(lang).key.texts) == set(get_args(Entry)) == {e for part in SECTIONS.values() for e in part}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_patients_read_nothing_clinical(atlas: Atlas, lang: Language) -> None:
    """A patient's key has no needle, no layer, no word of the clinic."""
    text = write_svg(compose_key(atlas, KeyOptions(theme="patient", lang=lang))).decode()
    said = text.replace("; ".join(atlas.manifest.licence.attribution), "").lower()
    assert not [word for word in CLINICAL_WORDS if word in said]
    assert set(re.findall(r" data-(\w+)=", text)) == {"renderer"}
