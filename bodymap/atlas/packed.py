"""The atlas's data files: a few named arrays of numbers, compressed one by one and unpacked when first asked for.

    8 bytes   magic "BODYMAP1"
    4 bytes   length of the header, unsigned, little-endian
    header    JSON: {"meta": {...}, "sections": [{"name", "typecode", "count", "bytes"}, ...]}
    sections  one raw LZMA2 stream each, in the header's order

A section of n numbers of k bytes holds all lowest bytes first, then all second bytes, and so on: neighbouring cells
differ in the low byte only, so the planes compress far better than the numbers, and any byte order can read them.
"""

import lzma
import struct
import sys
import threading
from typing import Any, Literal

import msgspec

from bodymap.errors import Corrupt

MAGIC = b"BODYMAP1"
# Of bytes that stand for themselves, none depends on where it stands or what was before it.
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 6, "lc": 0, "lp": 0, "pb": 0}]
LENGTH = struct.Struct("<I")
WIDTHS: dict[str, int] = {"B": 1, "H": 2, "h": 2, "I": 4}

Typecode = Literal["B", "H", "h", "I"]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One array: `count` numbers of the `array` module's `typecode`, `bytes` long as compressed."""

    name: str
    typecode: Typecode
    count: int
    bytes: int


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands before the arrays. `meta` is free to each kind of file."""

    meta: dict[str, Any]
    sections: tuple[Section, ...]


class Packed:
    """A data file in memory. Raises `Corrupt`, naming `file`, if it is malformed."""

    def __init__(self, data: bytes, file: str) -> None:
        self._file = file
        self._data = data
        self._lock = threading.Lock()
        self._arrays: dict[str, memoryview] = {}
        start = len(MAGIC) + LENGTH.size
        if len(data) < start or not data.startswith(MAGIC):
            raise self._corrupt("does not begin like a data file of an atlas")
        (length,) = LENGTH.unpack_from(data, len(MAGIC))
        try:
            header = msgspec.json.decode(data[start : start + length], type=Header)
        except msgspec.DecodeError as error:
            raise self._corrupt(f"has an unreadable header: {error}") from error
        self.meta = header.meta
        self._places: dict[str, tuple[Section, int]] = {}
        position = start + length
        for section in header.sections:
            if section.count < 0 or section.bytes < 0:
                raise self._corrupt(f"says that {section.name} has a negative length")
            self._places[section.name] = section, position
            position += section.bytes
        if position != len(data):
            raise self._corrupt(f"has {len(data)} bytes where its header says {position}")

    @property
    def names(self) -> tuple[str, ...]:
        """The arrays that the file holds."""
        return tuple(self._places)

    def array(self, name: str) -> memoryview:
        """The numbers of one section; the same object every time."""
        numbers = self._arrays.get(name)
        if numbers is not None:
            return numbers
        if name not in self._places:
            raise self._corrupt(f"holds no {name}")
        with self._lock:
            if name not in self._arrays:
                self._arrays[name] = self._unpack(*self._places[name])
            return self._arrays[name]

    def _unpack(self, section: Section, position: int) -> memoryview:
        width = WIDTHS[section.typecode]
        size = section.count * width
        try:
            stream = self._data[position : position + section.bytes]
            planes = lzma.decompress(stream, format=lzma.FORMAT_RAW, filters=FILTERS)
        except lzma.LZMAError as error:
            raise self._corrupt(f"cannot unpack {section.name}: {error}") from error
        if len(planes) != size:
            raise self._corrupt(f"unpacks {section.name} to {len(planes)} bytes instead of {size}")
        numbers = bytearray(size)
        for plane in range(width):
            place = plane if sys.byteorder == "little" else width - 1 - plane
            numbers[place::width] = planes[plane * section.count : (plane + 1) * section.count]
        return memoryview(numbers).toreadonly().cast(section.typecode)

    def _corrupt(self, what: str) -> Corrupt:
        return Corrupt(f"{self._file} {what}.")
