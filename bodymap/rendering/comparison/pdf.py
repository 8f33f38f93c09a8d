"""Compared visits on paper: what changed, the body, and a table with a column for each visit. Words are words."""

from datetime import datetime

from bodymap.rendering.chart.picture import PRINTED, bands, sheet
from bodymap.rendering.chart.placement_table import Block
from bodymap.rendering.comparison.head import counts, pain
from bodymap.rendering.comparison.key import comparison_key
from bodymap.rendering.comparison.picture import ComparedVisits, Told, told_of
from bodymap.rendering.comparison.table import ComparedRow, at_visit, cell, grouped, mark, named
from bodymap.rendering.look.colours import luminance
from bodymap.rendering.look.theme import hatches
from bodymap.rendering.output.pages import FOOT, LEADING, SIDE, SIZES, TOP, Pages, type_of
from bodymap.rendering.output.pdf_document import About, Tag, pdf_date
from bodymap.rendering.scene import Box, Group, Line, Node, Text, paint
from bodymap.rendering.text_metrics import clean, wrap, wrap_facts
from bodymap.words import catalogue

_CELL, _SMALL, _CREDIT = 8.6, 7.0, 6.4
_NUMBER, _SIDE_COLUMN, _LEAST_NAME = 28.0, 56.0, 130.0
_NARROWEST, _WIDEST, _COUNTS = 22.0, 104.0, 190.0
_NEARLY = 0.85


def write_comparison_pdf(compared: ComparedVisits) -> bytes:
    """The sheet. The date that it carries is the one of the last change to the visits, not of the day. Equal input
    gives equal bytes, in every process.
    """
    return _Sheet(compared, told_of(compared)).file(max(visit.updated_at for visit in compared.visits))


class _Sheet:
    def __init__(self, compared: ComparedVisits, told: Told) -> None:
        self.told, self.theme, self.wording = told, told.theme, told.wording
        size = SIZES[told.options.page or "a4"]
        width = size[0] - 2 * SIDE
        self.head = self._head(width)
        said = " ".join([self.wording.own_sides, clean(self.wording.credit())])
        ink = type_of(_CREDIT, fill=self.theme.muted)
        lines = wrap(said, _CREDIT, width)
        self.foot: list[Node] = [Text(0, _CREDIT + place * 8, line, ink) for place, line in enumerate(lines)]
        self.foot_height = len(lines) * 8.0 - 14
        views, insets, end = sheet(
            compared.atlas, told.panels, told.options, PRINTED, self.theme, self.wording, 0, told.pen_of
        )
        self.bands = bands([*views, *insets], end)
        patterns = {hatch.id: hatch for hatch in hatches(self.theme, views[0].frame[2])}
        top = TOP + self.head.height + 8
        self.pages = Pages(size, SIDE, top, FOOT + self.foot_height, patterns, self.theme.page)

    def file(self, made: datetime) -> bytes:
        title = Tag("H1")
        self.pages.root.children.append(title)
        self._changes()
        self._picture()
        if self.told.rows:
            self._table()
        self._furniture(title)
        lang, credit = self.told.options.lang, clean(self.wording.credit())
        return self.pages.file(About(self.told.heading, lang, pdf_date(made), credit))

    # On every page.

    def _head(self, width: float) -> Block:
        """Title, days, whose visits. The page's number comes when all pages are there."""
        wording = self.wording
        nodes: list[Node] = [Text(0, 13, wording.title, type_of(15, True))]
        nodes.append(Text(width, 13, wording.period, type_of(9.5, text_anchor="end")))
        y = 16.0
        for line in wrap_facts(wording.facts(), 10, width - 70, bold=True):
            y += 13
            nodes.append(Text(0, y, line, type_of(10, True)))
        self.number_at = y
        y += 6
        nodes.append(Line(0, y, width, y, paint(stroke=self.theme.hairline, stroke_width=0.8)))
        return Block(nodes, y)

    def _furniture(self, title: Tag) -> None:
        """What stands on every page; read aloud on the first alone."""
        pages, count = self.pages, self.pages.count
        whose, credit = Tag("P"), Tag("P")
        pages.root.children.insert(1, whose)
        pages.root.children.append(credit)
        first, *others = self.head.nodes
        for page in range(count):
            read = page == 0
            pages.put([first], title if read else None, (SIDE, TOP), page)
            pages.put(others, whose if read else None, (SIDE, TOP), page)
            number = catalogue(self.told.options.lang).sheet.page.format(n=page + 1, of=count)
            ink = type_of(_SMALL, fill=self.theme.muted, text_anchor="end")
            pages.put([Text(pages.inner, self.number_at, number, ink)], None, (SIDE, TOP), page)
            foot = (SIDE, pages.height - FOOT - self.foot_height + 18)
            pages.put(self.foot, credit if read else None, foot, page)
        if luminance(self.theme.paper) < 0.5:
            pages.under([Box(0, 0, pages.width, pages.height, 0, paint(fill=self.theme.paper))])

    # One after the other.

    def _changes(self) -> None:
        """What changed, counted, beside the pain of each visit; for those who hear it, in words."""
        pages, wording, theme = self.pages, self.wording, self.theme
        strip = pain(wording, pages.inner - _COUNTS, theme)
        listed = counts(wording, _COUNTS if strip.nodes else pages.inner, theme, stacked=bool(strip.nodes))
        nodes = [Group(listed.nodes), Group(strip.nodes, frame=(_COUNTS, 0, 1.0))]
        with pages.tagged("Figure") as figure:
            said = [wording.visit_said(visit) for visit in wording.comparison.sessions]
            figure.alt = f"{', '.join(text for _, _, text in wording.counts())}. {'; '.join(said)}."
            pages.put(nodes, figure, (pages.side, pages.y + 4))
        pages.y += max(listed.height, strip.height) + 10

    def _picture(self) -> None:
        pages, scale = self.pages, self.pages.inner / PRINTED.width
        with pages.tagged("Figure") as figure:
            figure.alt = self.told.description
            for band in self.bands:
                if pages.room < _NEARLY * band.height * scale:
                    pages.need(min(band.height * scale, pages.whole))
                fitting = min(scale, pages.room / band.height)
                left = pages.side + (pages.inner - PRINTED.width * fitting) / 2
                pages.put([Group(band.nodes, frame=(0, 0, fitting))], figure, (left, pages.y))
                pages.y += band.height * fitting
        if self.told.left_out:
            pages.need(_CELL * LEADING)
            pages.write(self.wording.left_out(self.told.left_out, len(self.told.panels)), _CELL, bold=True)
        if not self.told.rows:
            pages.write(self.wording.nothing, _CELL, bold=True)
        if self.told.options.legend:
            key = comparison_key(self.told.panels, self.wording, pages.inner, self.theme, 7.6)
            pages.need(key.height)
            with pages.tagged("P") as tag:
                pages.put(key.nodes, tag, (pages.side, pages.y + 4))
            pages.y += key.height + 4

    @property
    def _visits(self) -> list[str]:
        return [] if self.theme.for_patients else list(self.wording.days)

    def _columns(self) -> list[float]:
        """Where columns begin: number, name, side, and one for each visit; and where the last ends."""
        inner, count = self.pages.inner, len(self._visits)
        fitting = (inner - _NUMBER - _LEAST_NAME - _SIDE_COLUMN) / max(count, 1)
        each = max(_NARROWEST, min(_WIDEST, fitting))
        first = inner - each * count
        side = first - _SIDE_COLUMN if count else 0.55 * inner
        return [0.0, _NUMBER, side, *(first + each * place for place in range(count)), inner]

    def _table(self) -> None:
        """The places, those that became the same under a heading in the table."""
        pages = self.pages
        pages.need(5 * _CELL * LEADING + 24)
        pages.y += 10
        with pages.tagged("Table") as table:
            self._heads(table)
            for change, rows in grouped(self.told.rows):
                if pages.room < 3 * _CELL * LEADING + 12:
                    pages.turn()
                    self._heads(None)
                heading = Tag("TH", header_of="Row")
                table.children.append(Tag("TR", [heading]))
                words = f"{self.wording.told.headings[change]} ({len(rows)})"
                pages.put([Text(0, 12, words, type_of(9.6, True))], heading, (pages.side, pages.y))
                pages.y += 16
                self._rule()
                for row in rows:
                    self._row(table, row)

    def _heads(self, table: Tag | None) -> None:
        """The heads of the columns; those on later pages are for the eye alone."""
        pages, starts = self.pages, self._columns()
        if self.theme.for_patients:
            return
        titles = [*self.wording.columns, *(self.wording.days[visit] for visit in self._visits)]
        cells = [
            wrap(text, _SMALL, end - start - 3, bold=True)
            for text, start, end in zip(titles, starts, starts[1:], strict=False)
        ]
        row = Tag("TR")
        if table is not None:
            table.children.append(row)
        ink = type_of(_SMALL, True, fill=self.theme.muted)
        for lines, x in zip(cells, starts, strict=False):
            tag = Tag("TH", header_of="Column") if table is not None else None
            row.children += [tag] if tag is not None else []
            words: list[Node] = [Text(0, _SMALL + at * 8.4, line, ink) for at, line in enumerate(lines)]
            pages.put(words, tag, (pages.side + x, pages.y))
        pages.y += max(len(lines) for lines in cells) * 8.4 + 3
        self._rule()

    def _row(self, table: Tag, row: ComparedRow) -> None:
        pages, starts, wording = self.pages, self._columns(), self.wording
        name, below = named(row, wording)
        room = starts[2] - starts[1] - 8
        names, under = wrap(name, _CELL, room), wrap_facts(below, _SMALL, room)
        sides = wrap(wording.side_name(row.placement), _CELL, _SIDE_COLUMN - 4)
        step = _CELL * LEADING
        tall = max(len(names) * step + len(under) * 8.6, len(sides) * step, step) + 6
        if tall > pages.room:
            pages.turn()
            self._heads(None)
        dark, faint = type_of(_CELL), type_of(_SMALL, fill=self.theme.muted)
        said: list[Node] = [Text(0, 3 + _CELL + at * step, line, dark) for at, line in enumerate(names)]
        said += [Text(0, len(names) * step + 9 + at * 8.6, line, faint) for at, line in enumerate(under)]
        cells: list[list[Node]] = [said, [Text(0, 3 + _CELL + at * step, line, dark) for at, line in enumerate(sides)]]
        each = starts[-1] - starts[-2]
        for visit in self._visits:
            stated, more = cell(at_visit(row.place, visit), wording, each)
            texts = [(0.0, stated, dark), (each * 0.45 if stated else 0.0, more, faint)]
            cells.append([Text(x, 3 + _CELL, text, ink) for x, text, ink in texts if text])
        tags = [Tag("TD") for _ in range(len(cells) + 1)]
        table.children.append(Tag("TR", tags))
        pen = self.told.pen_of(self.theme, 1.0, True)
        shape = Group([Group(mark(pen, (11, 7.6), row), pen.shared)], frame=(0, 0, 0.8))
        pages.put([shape], tags[0], (pages.side, pages.y + 3))
        for nodes, tag, x in zip(cells, tags[1:], starts[1:], strict=False):
            pages.put(nodes, tag, (pages.side + x, pages.y))
        pages.y += tall
        self._rule()

    def _rule(self) -> None:
        ink = paint(stroke=self.theme.hairline, stroke_width=0.6)
        self.pages.put([Line(0, 0, self.pages.inner, 0, ink)], None, (self.pages.side, self.pages.y))
