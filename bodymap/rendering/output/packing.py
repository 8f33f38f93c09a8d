"""Bytes packed smaller, the same on every platform.

Python's own zlib is whatever its platform brings, and one packs otherwise than the next. libdeflate is the same library
everywhere, in the version that is locked, and twice as fast.
"""

import deflate

_LEVEL = 6


def packed(data: bytes | bytearray) -> bytes:
    """A zlib stream, as PNG and PDF hold it."""
    return bytes(deflate.zlib_compress(data, _LEVEL))
