"""The print sheet: its words can be found, its pages are numbered, it is tagged, and nothing leaves the paper."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from bodymap.atlas import Atlas
from bodymap.charting.session import Session
from bodymap.rendering.chart.formats import Drawing, draw
from bodymap.rendering.options import PrintedHeader, PrintOptions
from tests.rendering.visits_drawn import FOUR_VIEWS, point, recorded, session_of, somewhere


def sheet(atlas: Atlas, session: Session, header: PrintedHeader | None = None, **options: Any) -> PdfReader:
    return PdfReader(io.BytesIO(draw(Drawing(atlas, session, PrintOptions(**options), header), "pdf")))


def words(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def test_the_sheet_says_everything(atlas: Atlas, contract_session: Session) -> None:
    """Placements, counts, flags with reasons and sources, and the credit stand in it as text that can be found."""
    said = words(sheet(atlas, contract_session))
    for part in (
        "Upper trapezius",
        "pistoning",
        "lateral gastrocnemius",
        "no plate shows it",
        "31 charted · 2 placements without a count · 34 in · 34 out · difference 0",
        "can cause a pneumothorax",
        "South Africa board notice 121, 5.1 thorax",
        "BodyParts3D",
        "Not signed",
    ):
        assert part in said, part


@pytest.mark.parametrize(("size", "box"), [("a4", (595.28, 841.89)), ("letter", (612, 792))])
def test_every_page_says_whose_it_is(atlas: Atlas, size: Any, box: tuple[float, float]) -> None:
    """On paper of either size each page has the head: whose session, when, by whom, which record, and its number."""
    session = session_of(recorded(atlas, somewhere(atlas, 64, 3, (150, 550, 150, 900))))
    header = PrintedHeader(name="Ada Fictional", mrn="77")
    reader = sheet(atlas, session, header, page=size)
    assert len(reader.pages) > 2
    for number, page in enumerate(reader.pages, 1):
        assert (float(page.mediabox.width), float(page.mediabox.height)) == box
        said = re.sub(r"\s+", " ", page.extract_text())
        for part in ("Ada Fictional", "MRN 77", "Practitioner/7", "23 Nov 2026", "version 1", "Atlas 1", "BodyParts3D"):
            assert part in said, part
        assert f"Page {number} of {len(reader.pages)}" in said
    everything = words(reader)
    for number in range(1, 65):
        assert re.search(rf"\b{number}\b", everything)


def test_the_file_is_tagged_and_says_what_it_is(atlas: Atlas, contract_session: Session) -> None:
    """Title, language and date are the record's; the structure has a heading, a figure in words and a table."""
    reader = sheet(atlas, contract_session, lang="de")
    assert reader.metadata is not None
    assert reader.metadata.title == "Dry-Needling-Körperschema, Ansicht von hinten, 23. Nov. 2026, 09:00–09:25 Uhr"
    catalogue = reader.trailer["/Root"]
    assert catalogue["/Lang"] == "de"
    assert catalogue["/MarkInfo"]["/Marked"] is not None
    roles: dict[str, int] = {}
    alternatives: list[str] = []

    def walk(element: Any) -> None:
        element = element.get_object()
        if "/S" not in element:
            return
        roles[element["/S"]] = roles.get(element["/S"], 0) + 1
        if "/Alt" in element:
            alternatives.append(element["/Alt"])
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            if not isinstance(kid, int):
                walk(kid)

    (document,) = catalogue["/StructTreeRoot"]["/K"]
    walk(document)
    assert roles["/H1"] == 1
    assert roles["/Figure"] == 1 + len(contract_session.placements)
    assert roles["/TR"] == len(contract_session.placements) + 1
    assert roles["/TH"] == 6
    assert "Oberer Trapezius" in alternatives[0]
    assert alternatives[1:] == [str(number) for number in range(1, len(contract_session.placements) + 1)]


def test_the_file_is_for_readers_and_for_archives(atlas: Atlas, sheet_session: Session) -> None:
    """It says that it is PDF/UA-1 and PDF/A-2a, and carries the date of the record."""
    raw = draw(Drawing(atlas, sheet_session, PrintOptions()), "pdf")
    reader = PdfReader(io.BytesIO(raw))
    described = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in described
    assert "<pdfaid:part>2</pdfaid:part>" in described
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in described
    assert reader.metadata is not None
    assert reader.metadata.creation_date == sheet_session.updated_at


def test_the_plate_is_drawn_in_lines(atlas: Atlas, sheet_session: Session) -> None:
    """Nothing of the picture is pixels, and all fonts are in the file."""
    reader = sheet(atlas, sheet_session)
    for page in reader.pages:
        assert "/XObject" not in page["/Resources"]
        for font in page["/Resources"]["/Font"].values():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


def test_letters_keep_their_meaning(atlas: Atlas) -> None:
    """Words that are read from the right are found as they were written. Letters that no font has are boxes, and the
    sheet says how many."""
    note = "שלום 12 漢字 plain"
    session = session_of(recorded(atlas, [point("posterior", 310, 400, note=note)]))
    document = PdfDocument(draw(Drawing(atlas, session, PrintOptions()), "pdf"))
    said = " ".join(page.get_textpage().get_text_range() for page in document)
    assert "שלום" in said
    assert "□□ plain" in said
    assert "Letters that cannot be shown here (□): 2" in said


@pytest.mark.parametrize("count", [0, 1])
def test_hostile_words_stay_words(atlas: Atlas, count: int) -> None:
    """A note of four thousand letters flows over pages, and what looks like PDF or markup is text."""
    note = '(Tj) >> endstream endobj /JavaScript <script>alert(1)</script> \\) #read("sheet.py") $x$ @y *b* _i_ ' * 50
    placements = [point("posterior", 310, 400, note=note[:3999])] * count
    raw = draw(Drawing(atlas, session_of(recorded(atlas, placements), note=note[:3999]), PrintOptions()), "pdf")
    reader = PdfReader(io.BytesIO(raw))
    said = words(reader)
    for part in ("<script>alert(1)</script>", '#read("sheet.py")', "$x$ @y *b* _i_"):
        assert part in said
    assert "/Names" not in reader.trailer["/Root"]
    assert "/OpenAction" not in reader.trailer["/Root"]
    assert len(reader.pages) == 2 + count if count else len(reader.pages) <= 2


def test_a_patients_sheet_has_nothing_clinical(atlas: Atlas, contract_session: Session) -> None:
    """The patient's theme leaves out flags, counts, depths and identifiers of the record."""
    said = words(sheet(atlas, contract_session, theme="patient")).lower()
    assert "upper shoulder muscle" in said
    for part in ("lung", "needle", "12 mm", "flag", "version", "patient/123", "practitioner"):
        assert part not in said, part


def test_nothing_is_put_off_the_paper(atlas: Atlas) -> None:
    """Text of every view and every inset begins within the margins."""
    for placements in (FOUR_VIEWS, somewhere(atlas, 64, 3, (150, 550, 150, 900))):
        reader = sheet(atlas, session_of(recorded(atlas, placements)))
        for page in reader.pages:
            spots: list[tuple[float, float]] = []

            def seen(text: str, matrix: Any, at: Any, font: Any, size: Any, spots: Any = spots) -> None:
                if text.strip():
                    x = matrix[0] * at[4] + matrix[2] * at[5] + matrix[4]
                    y = matrix[1] * at[4] + matrix[3] * at[5] + matrix[5]
                    spots.append((x, y))

            page.extract_text(visitor_text=seen)
            assert spots
            assert all(30 < x < 560 and 10 < y < 830 for x, y in spots)
