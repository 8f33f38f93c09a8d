"""The data files' container, and what happens to a broken one."""

import lzma
import struct
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.atlas.packed import FILTERS, LENGTH, MAGIC, Header, Packed, Section
from bodymap.errors import Corrupt
from bodymap.resources import asset_folder

ATLAS = asset_folder() / "1"


def packed(numbers: list[int], *, count: int | None = None) -> bytes:
    """One section "n" of signed 16-bit numbers, written out by hand."""
    raw = struct.pack(f"<{len(numbers)}h", *numbers)
    stream = lzma.compress(raw[0::2] + raw[1::2], format=lzma.FORMAT_RAW, filters=FILTERS)
    section = Section("n", "h", len(numbers) if count is None else count, len(stream))
    header = msgspec.json.encode(Header({"a": 1}, (section,)))
    return MAGIC + LENGTH.pack(len(header)) + header + stream


@given(st.lists(st.integers(-32768, 32767), max_size=50))
def test_numbers_come_back(numbers: list[int]) -> None:
    """What was packed is what is read, in order, negative numbers included."""
    file = Packed(packed(numbers), "x.bin")
    assert list(file.array("n")) == numbers
    assert file.meta == {"a": 1}
    assert file.array("n") is file.array("n")


def test_a_section_that_is_not_there_is_named() -> None:
    """The error says which file lacks what."""
    with pytest.raises(Corrupt, match=r"x\.bin holds no other"):
        Packed(packed([1]), "x.bin").array("other")


def test_a_wrong_count_is_noticed() -> None:
    """A section that unpacks to another length than its header says is refused."""
    with pytest.raises(Corrupt, match="instead of"):
        Packed(packed([1, 2, 3], count=4), "x.bin").array("n")


@pytest.mark.parametrize("data", [b"", b"PK", MAGIC, MAGIC + b"\x05\x00\x00\x00{}", MAGIC + b"\xff\xff\xff\xff{}"])
def test_what_is_no_data_file_is_refused(data: bytes) -> None:
    """Empty, foreign and cut-off files raise one clear error."""
    with pytest.raises(Corrupt, match=r"x\.bin"):
        Packed(data, "x.bin")


@given(cut=st.integers(0, 400), flip=st.integers(0, 400))
def test_no_damage_goes_unnoticed_or_escapes_as_another_error(cut: int, flip: int) -> None:
    """A truncated file is refused at once; a flipped byte is refused or does no harm to the numbers."""
    whole = packed(list(range(60)))
    cut, flip = cut % len(whole), flip % len(whole)
    with pytest.raises(Corrupt):
        Packed(whole[:cut], "x.bin").array("n")
    damaged = whole[:flip] + bytes([whole[flip] ^ 0x55]) + whole[flip + 1 :]
    try:
        numbers = list(Packed(damaged, "x.bin").array("n"))
    except Corrupt:
        return
    assert numbers == list(range(60)) or flip < len(whole) - 20


@pytest.mark.parametrize("name", ["surface.bin", "columns.bin"])
def test_the_shipped_files_can_be_read_whole(name: str) -> None:
    """Every section of the shipped data files unpacks."""
    file = Packed(Path(ATLAS / name).read_bytes(), name)
    assert file.names
    assert all(len(file.array(section)) for section in file.names)
