"""Writing the data files that `bodymap.atlas.packed` reads; the format is described there."""

import lzma
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bodymap.atlas.packed import FILTERS, LENGTH, MAGIC, Header, Section, Typecode

_TYPECODES: dict[np.dtype[Any], Typecode] = {
    np.dtype(np.uint8): "B",
    np.dtype(np.uint16): "H",
    np.dtype(np.int16): "h",
    np.dtype(np.uint32): "I",
}


def pack(meta: dict[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """One data file of these arrays (uint8, uint16, int16 or uint32). Equal input gives equal bytes."""
    sections: list[Section] = []
    streams: list[bytes] = []
    for name, numbers in arrays.items():
        width = numbers.dtype.itemsize
        little = np.ascontiguousarray(numbers, numbers.dtype.newbyteorder("<"))
        planes = little.view(np.uint8).reshape(-1, width).T
        stream = lzma.compress(planes.tobytes(), format=lzma.FORMAT_RAW, filters=FILTERS)
        sections.append(Section(name, _TYPECODES[numbers.dtype], len(numbers), len(stream)))
        streams.append(stream)
    header = msgspec.json.encode(Header(meta, tuple(sections)))
    return b"".join([MAGIC, LENGTH.pack(len(header)), header, *streams])
