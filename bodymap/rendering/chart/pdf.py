"""The print sheet of a session: what a clinic files. Words are words, the body is drawn in lines."""

from dataclasses import dataclass
from datetime import datetime

from bodymap.rendering.chart.picture import Picture
from bodymap.rendering.chart.placement_table import glyph
from bodymap.rendering.chart.report import Line, Report
from bodymap.rendering.look.colours import luminance
from bodymap.rendering.marks.soft_pen import pen_for
from bodymap.rendering.options import PageSize
from bodymap.rendering.output.pages import FOOT, LEADING, SIDE, SIZES, TOP, Pages, type_of
from bodymap.rendering.output.pdf_document import About, Tag, pdf_date
from bodymap.rendering.output.stamp import Stamp
from bodymap.rendering.scene import Box, Group, Node, Text, paint
from bodymap.rendering.scene import Line as Rule
from bodymap.rendering.text_metrics import text_width, wrap, wrap_facts

_BODY, _SMALL, _CELL = 8.8, 7.2, 8.4
_COLUMNS = (0.0, 26.0, 148.0, 200.0, 266.0, 306.0)
_NUMBER = 26.0
_NEARLY = 0.85
_BAND = "#7a1f1f"


def write_pdf(report: Report, picture: Picture, size: PageSize, made: datetime | None, stamp: Stamp | None) -> bytes:
    """The sheet. `made` is the date that the file carries, of the record and not of the day. Equal input, equal bytes,
    in every process.
    """
    return _Sheet(report, picture, size, stamp).file(made)


@dataclass(frozen=True)
class _Cells:
    """One row of the table, each cell in lines."""

    line: Line
    cells: tuple[list[str], ...]

    @property
    def lines(self) -> int:
        return max(1, *(len(cell) for cell in self.cells))


class _Sheet:
    def __init__(self, report: Report, picture: Picture, size: PageSize, stamp: Stamp | None) -> None:
        self.report, self.picture, self.theme, self.stamp = report, picture, picture.theme, stamp
        width = SIZES[size][0] - 2 * SIDE
        top = TOP + (16 if stamp else 0)
        head, tall = self._head(width)
        self.top, self._heads = top, head
        foot, self._foot_height = self._foot(width)
        self._feet = foot
        hatches = {hatch.id: hatch for hatch in picture.hatches}
        bottom = FOOT + self._foot_height
        self.pages = Pages(SIZES[size], SIDE, top + tall + 8, bottom, hatches, self.theme.page)
        self.muted = paint(fill=self.theme.muted)

    def file(self, made: datetime | None) -> bytes:
        report, words, pages = self.report, self.report.words, self.pages
        title = Tag("H1")
        pages.root.children.append(title)
        self._facts()
        self._picture()
        self._table()
        if report.counts:
            pages.heading(words.needles, _BODY * LEADING)
            pages.write(report.counts, _BODY)
        if report.events:
            pages.heading(words.events, _BODY * LEADING)
            for event in report.events:
                pages.write(event, _BODY)
        if report.remarks:
            pages.heading(words.remarks, _BODY * LEADING)
            for label, text in report.remarks:
                pages.write(f"{label}: {text}", _BODY)
        if not report.for_patients:
            self._flags()
        self._acts()
        self._furniture(title)
        return pages.file(About(report.heading, report.lang, pdf_date(made) if made is not None else "", report.credit))

    # On every page.

    def _head(self, width: float) -> tuple[list[Node], float]:
        """Title, date, whose and which session; how tall it is. The page's number comes when all are there."""
        report = self.report
        nodes: list[Node] = [Text(0, 13, report.title, type_of(15, True))]
        nodes.append(Text(width, 13, report.date, type_of(9.5, text_anchor="end")))
        y = 16.0
        said = dict(report.facts)
        patient, performer = said.get(report.words.patient, ""), said.get(report.words.performer, "")
        whose = report.person or ((f"{report.words.patient}: {patient}",) if patient else ())
        by = f"{report.words.performer}: {performer}" if performer else ""
        for line in wrap_facts([part for part in (*whose, by) if part], 10, width, bold=True):
            y += 13
            nodes.append(Text(0, y, line, type_of(10, True)))
        # The page's number stands at the end of the last of these lines.
        for line in wrap_facts(report.identity, _SMALL, width - 70) or [""]:
            y += 10.5
            nodes.append(Text(0, y, line, type_of(_SMALL, fill=self.theme.muted)))
        self._number_at = y
        y += 6
        nodes.append(Rule(0, y, width, y, paint(stroke=self.theme.hairline, stroke_width=0.8)))
        return nodes, y

    def _foot(self, width: float) -> tuple[list[Node], float]:
        size = 6.4
        lines = wrap(" ".join(part for part in (self.report.sides, self.report.credit) if part), size, width)
        ink = type_of(size, fill=self.theme.muted)
        nodes: list[Node] = [Text(0, size + place * 8, line, ink) for place, line in enumerate(lines)]
        return nodes, len(lines) * 8.0 - 14

    def _furniture(self, title: Tag) -> None:
        """What stands on every page; read aloud on the first alone."""
        pages, count = self.pages, self.pages.count
        for page in range(count):
            at = (SIDE, self.top)
            first, *others = self._heads
            pages.put([first], title if page == 0 else None, at, page)
            pages.put(others, self._read_first("P", 1) if page == 0 else None, at, page)
            number = self.report.words.page.format(n=page + 1, of=count)
            ink = type_of(_SMALL, fill=self.theme.muted, text_anchor="end")
            pages.put([Text(pages.inner, self._number_at, number, ink)], None, at, page)
            foot = (SIDE, pages.height - FOOT - self._foot_height + 18)
            pages.put(self._feet, self._read_last("P") if page == 0 else None, foot, page)
            if self.stamp is not None:
                said = self.stamp.said
                size = min(8.5, 8.5 * pages.inner / text_width(said, 8.5, True))
                band = Box(0, 0, pages.width, 18, 0, paint(fill=_BAND))
                words = Text(pages.width / 2, 12, said, type_of(size, True, fill="#fff", text_anchor="middle"))
                pages.put([band, words], self._read_first("P", 0) if page == 0 else None, (0, 0), page)
        if luminance(self.theme.paper) < 0.5:
            pages.under([Box(0, 0, pages.width, pages.height, 0, paint(fill=self.theme.paper))])

    def _read_first(self, role: str, place: int) -> Tag:
        tag = Tag(role)
        self.pages.root.children.insert(place, tag)
        return tag

    def _read_last(self, role: str) -> Tag:
        tag = Tag(role)
        self.pages.root.children.append(tag)
        return tag

    # One after the other.

    def _facts(self) -> None:
        """How the session stands, beside what the head says already."""
        words = self.report.words
        told = {words.performer} if self.report.person else {words.performer, words.patient}
        facts = [(label, text) for label, text in self.report.facts if label not in told]
        said = [f"{label}: {text}" if label else text for label, text in facts]
        if said:
            self.pages.write(said, _BODY, ink=self.muted)
            self.pages.y += 4

    def _picture(self) -> None:
        pages, picture = self.pages, self.picture
        scale = pages.inner / picture.width
        with pages.tagged("Figure") as figure:
            figure.alt = self.report.description
            for band in picture.bands:
                # What nearly fits is drawn a little smaller; a row too tall for what is left goes on a page of its own.
                if pages.room < _NEARLY * band.height * scale:
                    pages.need(min(band.height * scale, pages.whole))
                fitting = min(scale, pages.room / band.height)
                left = pages.side + (pages.inner - picture.width * fitting) / 2
                pages.put([Group(band.nodes, frame=(0, 0, fitting))], figure, (left, pages.y))
                pages.y += band.height * fitting
            if picture.key.nodes:
                pages.need(picture.key.height * scale)
                pages.put([Group(picture.key.nodes, frame=(0, 0, scale))], figure, (pages.side, pages.y))
                pages.y += picture.key.height * scale + 4
        if self.report.left_out:
            pages.need(_BODY * LEADING)
            pages.write(self.report.left_out, _BODY, bold=True)

    def _table(self) -> None:
        pages, report = self.pages, self.report
        if not report.lines:
            return
        rows = [self._cells(line) for line in report.lines]
        step = _CELL * LEADING
        first = min(rows[0].lines, 4) * step + 26
        if report.for_patients:
            pages.y += 6
        else:
            pages.heading(report.words.placements, first)
        with pages.tagged("Table") as table:
            self._columns(table)
            for row in rows:
                self._row(table, row)

    def _cells(self, line: Line) -> _Cells:
        width = self.pages.inner
        if self.report.for_patients:
            return _Cells(line, (wrap(" ".join(line.facts), _BODY + 1.2, width - _NUMBER),))
        texts = (line.place, line.side, line.kind, line.needles)
        ends = (*_COLUMNS[2:], width + 6)
        rooms = [end - start - 6 for start, end in zip(_COLUMNS[1:], ends, strict=True)]
        cells = [wrap(text, _CELL, room) if text else [] for text, room in zip(texts, rooms[:-1], strict=True)]
        return _Cells(line, (*cells, wrap_facts(line.facts, _CELL, rooms[-1])))

    def _columns(self, table: Tag | None) -> None:
        """The heads of the columns; those on later pages are for the eye alone."""
        pages = self.pages
        if self.report.for_patients:
            return
        row = Tag("TR")
        if table is not None:
            table.children.append(row)
        for x, words in zip(_COLUMNS, self.report.columns, strict=True):
            cell = None
            if table is not None:
                cell = Tag("TH", header_of="Column")
                row.children.append(cell)
            ink = type_of(_SMALL, True, fill=self.theme.muted)
            pages.put([Text(0, _SMALL, words, ink)], cell, (pages.side + x, pages.y))
        pages.y += 12
        self._rule()

    def _row(self, table: Tag, row: _Cells) -> None:
        """A row on one page where one holds it, else in parts."""
        pages, step = self.pages, (_BODY + 1.2 if self.report.for_patients else _CELL) * LEADING
        tall = row.lines * step + 6
        room = pages.whole - 14
        if (tall > pages.room and tall <= room) or pages.room < 3 * step + 6:
            pages.turn()
            self._columns(None)
        tags = [Tag("TD") for _ in range(len(row.cells) + 1)]
        table.children.append(Tag("TR", tags))
        pen = pen_for(self.theme, 1.0)
        mark = Group([Group(glyph(pen, (10, 6.8), row.line.row), pen.shared)], frame=(0, 0, 0.8))
        pages.put([mark], tags[0], (pages.side, pages.y + 3))
        columns = (_NUMBER,) if self.report.for_patients else _COLUMNS[1:]
        ink = type_of(_BODY + 1.2 if self.report.for_patients else _CELL)
        done = 0
        while done < row.lines:
            fitting = max(1, int((pages.room - 6) / step))
            for x, cell, tag in zip(columns, row.cells, tags[1:], strict=True):
                part = cell[done : done + fitting]
                nodes: list[Node] = [Text(0, 3 + _CELL + at * step, line, ink) for at, line in enumerate(part)]
                if nodes:
                    pages.put(nodes, tag, (pages.side + x, pages.y))
            pages.y += min(fitting, row.lines - done) * step + 6
            done += fitting
            if done < row.lines:
                pages.turn()
                self._columns(None)
        self._rule()

    def _rule(self) -> None:
        ink = paint(stroke=self.theme.hairline, stroke_width=0.6)
        self.pages.put([Rule(0, 0, self.pages.inner, 0, ink)], None, (self.pages.side, self.pages.y))

    def _flags(self) -> None:
        pages, report, words = self.pages, self.report, self.report.words
        pages.heading(words.flags, 4 * _BODY * LEADING)
        pages.write(words.flags_note, _BODY - 0.6, ink=self.muted)
        if not report.flags:
            pages.write(words.no_flags, _BODY)
        for flag in report.flags:
            pages.y += 3
            pages.need(3 * _BODY * LEADING)
            pages.write(f"{flag.name}: {flag.placements}", _BODY, bold=True)
            sources = f" [{flag.sources}]" if flag.sources else ""
            pages.write(flag.reason + sources, _BODY - 0.8)
            if flag.limit:
                pages.write(flag.limit, _BODY - 0.8)
        if report.sources:
            pages.y += 4
            pages.write(report.sources, _SMALL - 0.4, ink=self.muted)

    def _acts(self) -> None:
        if self.report.acts:
            self.pages.need(14 + len(self.report.acts) * 2 * _BODY * LEADING)
            self.pages.y += 10
        for act in self.report.acts:
            self.pages.write(act, _BODY, bold=True)
