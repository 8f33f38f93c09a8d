"""Pages that fill from the top: what is put on them, and the tags that say what it is."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from bodymap.rendering.options import PageSize
from bodymap.rendering.output.pdf_document import About, Page, Tag, write_document
from bodymap.rendering.output.strokes import Needs, Recorder
from bodymap.rendering.scene import Group, Hatch, Node, Paint, Text, paint
from bodymap.rendering.text_metrics import wrap, wrap_facts

SIZES: dict[PageSize, tuple[float, float]] = {"a4": (595.28, 841.89), "letter": (612.0, 792.0)}
SIDE, TOP, FOOT = 40.0, 34.0, 46.0
LEADING = 1.3


class Pages:
    """Pages of one size, in points, with room kept at the top and at the bottom. `y` is where the next thing goes.

    Everything that is put on a page stands inside a tag or is an artifact.
    """

    def __init__(
        self, size: tuple[float, float], side: float, head: float, foot: float, hatches: Mapping[str, Hatch], ink: Paint
    ) -> None:
        self.width, self.height = size
        self.side, self.head, self.foot = side, head, foot
        self.needs = Needs()
        self.root = Tag("Document")
        self.y = head
        self._hatches = hatches
        self._ink = {"fill": "#000", "stroke": "none", **dict(ink)}
        self._pages: list[Page] = []
        self._recorders: list[Recorder] = []
        self.turn()

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._pages)

    @property
    def inner(self) -> float:
        """How wide the room between the margins is."""
        return self.width - 2 * self.side

    @property
    def room(self) -> float:
        """How much of the page is left."""
        return self.height - self.foot - self.y

    @property
    def whole(self) -> float:
        """How much room an empty page has."""
        return self.height - self.foot - self.head

    def turn(self) -> None:
        """Go on on a new page."""
        self._pages.append(Page(self.width, self.height))
        self._recorders.append(Recorder(self.needs, self._hatches))
        self.y = self.head

    def need(self, height: float) -> None:
        """Go on on a new page where this one has no such room left; not where no page has."""
        if height > self.room and self.y > self.head and height <= self.whole:
            self.turn()

    def put(self, nodes: Sequence[Node], tag: Tag | None, at: tuple[float, float] = (0, 0), page: int = -1) -> None:
        """Nodes on a page, moved; without a tag they are decoration."""
        page = page % len(self._pages)
        recorder = self._recorders[page]
        if tag is None:
            recorder.parts.append(b"/Artifact BMC")
        else:
            mark = self._pages[page].marks
            self._pages[page].marks += 1
            tag.marked.append((page, mark))
            recorder.parts.append(f"/{tag.role} <</MCID {mark}>> BDC".encode("ascii"))
        recorder.node(Group(nodes, frame=(*at, 1.0)), self._ink)
        recorder.parts.append(b"EMC")

    def under(self, nodes: Sequence[Node]) -> None:
        """Decoration beneath everything, on every page."""
        for recorder in self._recorders:
            above, recorder.parts = recorder.parts, [b"/Artifact BMC"]
            recorder.nodes(nodes, self._ink)
            recorder.parts += [b"EMC", *above]

    @contextmanager
    def tagged(self, role: str, within: Tag | None = None) -> Iterator[Tag]:
        """A new tag at the end of another, or of the document."""
        tag = Tag(role)
        (within or self.root).children.append(tag)
        yield tag

    def write(
        self, words: str | Sequence[str], size: float, role: str = "P", *, ink: Paint = (), bold: bool = False
    ) -> None:
        """A paragraph, or facts, from margin to margin, over as many pages as it takes."""
        step = size * LEADING
        given = {**dict(ink), "font-size": str(size)} | ({"font-weight": "bold"} if bold else {})
        with self.tagged(role) as tag:
            if isinstance(words, str):
                lines = wrap(words, size, self.inner, bold)
            else:
                lines = wrap_facts(words, size, self.inner, bold)
            for line in lines:
                if step > self.room:
                    self.turn()
                self.put([Text(0, size, line, tuple(sorted(given.items())))], tag, (self.side, self.y))
                self.y += step

    def heading(self, words: str, follow: float) -> None:
        """A heading, on the page of what follows it."""
        self.need(11 * LEADING + 12 + follow)
        self.y += 12 if self.y > self.head else 0
        self.write(words, 11, "H2", bold=True)
        self.y += 3

    def file(self, about: About) -> bytes:
        """The whole as a file."""
        for page, recorder in zip(self._pages, self._recorders, strict=True):
            page.operators = recorder.parts
        return write_document(self._pages, self.needs, about, self.root)


def type_of(size: float, bold: bool = False, **more: str) -> Paint:
    """A paint of text."""
    return paint(font_size=size, **({"font_weight": "bold"} if bold else {}), **more)
