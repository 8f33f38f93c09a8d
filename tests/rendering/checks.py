"""What tests of pictures hold every picture to."""

import re
import xml.etree.ElementTree as ET

from hypothesis import strategies as st

from bodymap.rendering.look.colours import channels

SVG = "{http://www.w3.org/2000/svg}"

ELEMENTS = {
    "svg",
    "title",
    "desc",
    "metadata",
    "defs",
    "pattern",
    "g",
    "path",
    "circle",
    "rect",
    "line",
    "text",
}

ATTRIBUTES = {
    "class",
    *(
        "viewBox",
        "width",
        "height",
        "role",
        "lang",
        "{http://www.w3.org/XML/1998/namespace}lang",
        "id",
        "transform",
        "d",
        "x",
        "y",
        "cx",
        "cy",
        "r",
        "rx",
    ),
    *("x1", "y1", "x2", "y2", "patternUnits", "patternTransform"),
    *("fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray"),
    *("opacity", "stroke-linecap", "stroke-linejoin", "font-family", "font-size", "font-weight", "text-anchor"),
    *("textLength", "lengthAdjust"),
}

WIDTHS = (160, 240, 360, 480, 800, 4000)


def assert_safe(svg: bytes) -> ET.Element:
    """Refuses whatever is not on the list of what a chart may hold, and gives the root."""
    assert b"<!" not in svg
    assert b"<?" not in svg
    root = ET.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    ids: list[str] = []
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ELEMENTS, element.tag
        for name, value in element.attrib.items():
            assert name in ATTRIBUTES or name.startswith("data-"), name
            assert "url(" not in value or value.startswith("url(#bm-"), value
            ids += [value] if name == "id" else []
    assert len(ids) == len(set(ids))
    assert all(name.startswith("bm-") for name in ids)
    return root


# Drawn letter by letter: an alphabet of all characters would hold those that matter once in thousands.
HOSTILE = st.lists(
    st.one_of(
        st.characters(),
        st.sampled_from(list("<>&\"'{}%]\u0000\u001b\u2028\u202e\u2066\ufffe\ufdfd😀ع中́")),
    ),
    min_size=1,
    max_size=200,
).map("".join)


def says(text: str, phrase: str) -> bool:
    """Whether a phrase stands in a text as whole words. Most do not stand in it at all, which is seen faster."""
    return phrase in text and re.search(rf"\b{re.escape(phrase)}\b", text) is not None


def boxes_inside(svg: bytes) -> None:
    """Every written line ends within the picture."""
    root = ET.fromstring(svg)
    wide = float((root.get("viewBox") or "").split()[2])

    def walk(element: ET.Element, x: float, scale: float, anchor: str) -> None:
        moved = re.match(r"translate\(([-\d.]+),([-\d.]+)\)(?: scale\(([\d.]+)\))?", element.get("transform", ""))
        if moved:
            x, scale = x + float(moved[1]) * scale, scale * float(moved[3] or 1)
        anchor = element.get("text-anchor", anchor)
        if element.tag == f"{SVG}text" and element.get("textLength"):
            at, long = x + float(element.get("x", "0")) * scale, float(element.get("textLength", "0")) * scale
            left = at - {"start": 0, "middle": long / 2, "end": long}[anchor]
            assert left > -0.6, element.text
            assert left + long < wide + 0.6, element.text
        for child in element:
            if child.tag != f"{SVG}svg":
                walk(child, x, scale, anchor)

    walk(root, 0.0, 1.0, "start")


# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
DEFICIENCIES = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def seen(colour: str, deficiency: str) -> tuple[float, float, float]:
    """A colour in CIELAB, as it is seen."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in channels(colour))]
    rows = DEFICIENCIES[deficiency]
    red, green, blue = (min(1, max(0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in rows)
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    f, g, h = (v ** (1 / 3) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in (x, y, z))
    return 116 * g - 16, 500 * (f - g), 200 * (g - h)


def apart(one: str, other: str, deficiency: str) -> float:
    """How far two colours are from each other as they are seen: CIE 1976, where 2.3 is just noticed."""
    return sum((a - b) ** 2 for a, b in zip(seen(one, deficiency), seen(other, deficiency), strict=True)) ** 0.5


MARKED = "zqx"  # In no word of any language: wherever it is found, something of the record was let out.

CLINICAL_WORDS = (
    *("needle", "needling", "trigger", "perimeter", "twitch", "depth", "technique", "pain ", "lot", "layer", "flag"),
    *("aguja", "gatillo", "perímetro", "espasmo", "capa ", "profund", "nadel", "trigger", "umkreis", "zuckung"),
    *("schicht", "aiguille", "gâchette", "périmètre", "secousse", "couche", "insertion", "latent", "inferred"),
    *("superficial", "intermediate", "posterior view", "patient/", "practitioner/", " mm", "data-region", "data-layer"),
    *("data-needle", "data-given"),
)


def syllables(word: str) -> int:
    """The syllables of an English word: its groups of vowels, a silent e at its end left out."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = re.search(r"[^aeiouyl]e(?:d|s)?$", word) and not re.search(r"(?:[td]ed|[cgsxz]es)$", word)
    return max(1, groups - bool(silent))


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of an English text."""
    sentences = [sentence for sentence in re.split(r"[.!?]", text) if sentence.strip()]
    words = re.findall(r"[a-z]+", text.lower())
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
