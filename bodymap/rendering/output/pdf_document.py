"""PDF files from operators: pages, faces cut down to the glyphs in use, tags, and what a file says of itself.

The only module that imports pydyf. The same pages give the same bytes.
"""

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import pydyf
import uharfbuzz as hb

from bodymap.rendering.faces import Face
from bodymap.rendering.output.outlines import short
from bodymap.rendering.output.packing import packed
from bodymap.rendering.output.strokes import Needs


@dataclass
class Tag:
    """An element of the structure that assistive technology reads: its role, what it marks on pages, its children.

    `marked` are (page, marked content id) pairs.
    """

    role: str
    children: "list[Tag]" = field(default_factory=list)
    marked: list[tuple[int, int]] = field(default_factory=list)
    alt: str = ""
    header_of: str = ""  # "Column" or "Row", for the heading cells of a table.


@dataclass
class Page:
    """One page in points, y down: what is painted on it."""

    width: float
    height: float
    operators: list[bytes] = field(default_factory=list)
    marks: int = 0


@dataclass(frozen=True)
class About:
    """What the file says of itself. `made` is a date as PDF writes it, empty for none."""

    title: str
    lang: str
    made: str = ""
    subject: str = ""


def pdf_date(moment: datetime) -> str:
    """A moment as PDF writes it."""
    offset = f"{moment:%z}" or "+0000"
    return f"D:{moment:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"


def write_document(pages: Sequence[Page], needs: Needs, about: About | None = None, root: Tag | None = None) -> bytes:
    """The file. Without `about` it is one for the rasteriser: nothing told, nothing packed."""
    pdf = pydyf.PDF()
    pack = about is not None
    fonts = pydyf.Dictionary(
        {needs.face(face): _font(pdf, face, needs.glyphs[face], pack) for face in list(needs.glyphs)}
    )
    states = pydyf.Dictionary(
        {
            name: pydyf.Dictionary({"Type": "/ExtGState", "ca": short(fill), "CA": short(stroke)})
            for (fill, stroke), name in needs.opacities.items()
        }
    )
    resources = pydyf.Dictionary({"Font": fonts, "ExtGState": states})
    pdf.add_object(resources)
    written: list[pydyf.Dictionary] = []
    for index, page in enumerate(pages):
        turned = f"1 0 0 -1 0 {short(page.height)} cm 4 M".encode("ascii")
        content = _stream(b"\n".join([turned, *page.operators]), pack)
        pdf.add_object(content)
        made = pydyf.Dictionary(
            {
                "Type": "/Page",
                "Parent": pdf.pages.reference,
                "MediaBox": pydyf.Array([0, 0, short(page.width), short(page.height)]),
                "Resources": resources.reference,
                "Contents": content.reference,
            }
        )
        if root is not None:
            made["StructParents"] = index
            made["Tabs"] = "/S"
        pdf.add_page(made)
        written.append(made)
    if about is None:
        return _bytes(pdf, b"")
    _tell(pdf, about)
    if root is not None:
        _structure(pdf, root, pages, written)
    return _bytes(pdf, hashlib.sha256(b"\0".join(b"\n".join(p.operators) for p in pages)).hexdigest()[:32].encode())


def _bytes(pdf: Any, identifier: bytes) -> bytes:
    out = io.BytesIO()
    # Compressed objects would be packed by the platform's zlib.
    pdf.write(out, version=b"1.7", identifier=identifier or False, compress=False)
    return out.getvalue()


def _stream(data: bytes, pack: bool, extra: Mapping[str, Any] | None = None) -> Any:
    told = {**(extra or {}), **({"Filter": "/FlateDecode"} if pack else {})}
    return pydyf.Stream([packed(data) if pack else data], told)


def _tell(pdf: Any, about: About) -> None:
    pdf.info["Title"] = pydyf.String(about.title)
    pdf.info["Producer"] = pydyf.String("bodymap")
    if about.subject:
        pdf.info["Subject"] = pydyf.String(about.subject)
    if about.made:
        pdf.info["CreationDate"] = pdf.info["ModDate"] = pydyf.String(about.made)
    pdf.catalog["Lang"] = pydyf.String(about.lang)
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})


# Structure.


def _structure(pdf: Any, root: Tag, pages: Sequence[Page], written: Sequence[Any]) -> None:
    """The tree of tags, and from each page back into it."""
    tree = pydyf.Dictionary({"Type": "/StructTreeRoot"})
    pdf.add_object(tree)
    owners: list[dict[int, bytes]] = [{} for _ in pages]
    top = _element(pdf, root, tree, written, owners)
    tree["K"] = top.reference
    numbers = pydyf.Array()
    for index, owned in enumerate(owners):
        parents = pydyf.Array([owned[mark] for mark in range(pages[index].marks)])
        pdf.add_object(parents)
        numbers += [index, parents.reference]
    tree["ParentTree"] = pydyf.Dictionary({"Nums": numbers})
    tree["ParentTreeNextKey"] = len(pages)
    pdf.catalog["StructTreeRoot"] = tree.reference
    pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})


def _element(pdf: Any, tag: Tag, parent: Any, written: Sequence[Any], owners: list[dict[int, bytes]]) -> Any:
    made = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{tag.role}", "P": parent.reference})
    pdf.add_object(made)
    if tag.alt:
        made["Alt"] = pydyf.String(tag.alt)
    if tag.header_of:
        made["A"] = pydyf.Dictionary({"O": "/Table", "Scope": f"/{tag.header_of}"})
    kids = pydyf.Array()
    for page, mark in tag.marked:
        kids.append(pydyf.Dictionary({"Type": "/MCR", "Pg": written[page].reference, "MCID": mark}))
        owners[page][mark] = made.reference
    for child in tag.children:
        kids.append(_element(pdf, child, made, written, owners).reference)
    made["K"] = kids
    return made


# Faces.


def _font(pdf: Any, face: Face, glyphs: dict[int, str], pack: bool) -> bytes:
    """A face with the glyphs in use, and what each stands for, so that the text can be found and copied."""
    kind = "OpenType" if face.is_cff else ""
    data = _cut_down(face, frozenset(glyphs) | {0})
    extra: dict[str, Any] = {"Subtype": f"/{kind}"} if kind else {"Length1": len(data)}
    file = _stream(data, pack, extra)
    pdf.add_object(file)
    name = f"/{_label(glyphs)}+{face.name}"
    left, bottom, right, top, ascent, descent = _measures(face)
    descriptor = pydyf.Dictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": name,
            "Flags": 4,
            "FontBBox": pydyf.Array([left, bottom, right, top]),
            "ItalicAngle": 0,
            "Ascent": ascent,
            "Descent": descent,
            "CapHeight": ascent,
            "StemV": 80,
            "FontFile3" if kind else "FontFile2": file.reference,
        }
    )
    pdf.add_object(descriptor)
    widths = pydyf.Array()
    for glyph in sorted(glyphs):
        widths += [glyph, pydyf.Array([short(face.advance(glyph))])]
    descendant = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/CIDFontType0" if kind else "/CIDFontType2",
            "BaseFont": name,
            "CIDSystemInfo": pydyf.Dictionary(
                {"Registry": pydyf.String("Adobe"), "Ordering": pydyf.String("Identity"), "Supplement": 0}
            ),
            "FontDescriptor": descriptor.reference,
            "W": widths,
        }
    )
    if not kind:
        descendant["CIDToGIDMap"] = "/Identity"
    pdf.add_object(descendant)
    meaning = _stream(_meaning(glyphs), pack)
    pdf.add_object(meaning)
    font = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": name,
            "Encoding": "/Identity-H",
            "DescendantFonts": pydyf.Array([descendant.reference]),
            "ToUnicode": meaning.reference,
        }
    )
    pdf.add_object(font)
    reference: bytes = font.reference
    return reference


def _label(glyphs: dict[int, str]) -> str:
    """Six letters that tell one subset from another."""
    digest = hashlib.sha256(repr(sorted(glyphs)).encode()).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])


_LEFT_OFF = (b"GPOS", b"GSUB", b"GDEF", b"kern")  # Shaping is done.


@lru_cache(maxsize=256)
def _cut_down(face: Face, glyphs: frozenset[int]) -> bytes:
    """The font file with these glyphs, under the numbers that they have."""
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).update(glyphs)
    wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(int.from_bytes(tag, "big") for tag in _LEFT_OFF)
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NOTDEF_OUTLINE
    cut: bytes = hb.subset(face.outlines, wanted).blob.data
    return cut


@lru_cache(maxsize=256)
def _measures(face: Face) -> tuple[int, int, int, int, int, int]:
    head = face.outlines.reference_table("head").data
    corners = [int.from_bytes(head[at : at + 2], "big", signed=True) for at in (36, 38, 40, 42)]
    extents = face.shaper.get_font_extents("ltr")
    left, bottom, right, top = (round(value * 1000 / face.upem) for value in corners)
    return (
        left,
        bottom,
        right,
        top,
        round(extents.ascender * 1000 / face.upem),
        round(extents.descender * 1000 / face.upem),
    )


def _meaning(glyphs: dict[int, str]) -> bytes:
    """A ToUnicode map."""
    rows = [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in sorted(glyphs.items()) if text]
    parts = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ]
    for start in range(0, len(rows), 100):
        some = rows[start : start + 100]
        parts += [f"{len(some)} beginbfchar", *some, "endbfchar"]
    return "\n".join([*parts, "endcmap CMapName currentdict /CMap defineresource pop end end"]).encode("ascii")
