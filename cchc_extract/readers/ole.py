"""The streams of an OLE compound file: the container of Word 97 documents, and of encrypted DOCX files.

Only what telling kinds and counting cells need: the directory, whole streams. Each chain is followed no further than
the file has sectors, so that a damaged or hostile file ends in a ValueError or an empty stream, never in a loop.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from cchc_extract.readers.kinds import OLE_MAGIC

_HEADER = 512
_END = 0xFFFFFFFA  # from here on a number is no sector
_ENTRY = 128
_STREAM, _ROOT = 2, 5


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class OleFile:
    data: bytes
    sector: int
    small_sector: int
    cutoff: int
    fat: tuple[int, ...]
    small_fat: tuple[int, ...]
    entries: tuple[_Entry, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self.entries)

    def stream(self, name: str) -> bytes:
        """The bytes of a stream; empty where the file has none of that name."""
        entry = next((entry for entry in self.entries if entry.name == name and entry.kind == _STREAM), None)
        if entry is None:
            return b""
        if entry.size >= self.cutoff:
            return _chain(self.fat, entry.start, self._sector)[: entry.size]
        root = next((entry for entry in self.entries if entry.kind == _ROOT), None)
        small = _chain(self.fat, root.start, self._sector) if root else b""
        at = self.small_sector
        return _chain(self.small_fat, entry.start, lambda n: small[n * at : (n + 1) * at])[: entry.size]

    def _sector(self, number: int) -> bytes:
        return _sector(self.data, self.sector, number)


def read_ole(data: bytes) -> OleFile:
    """Raises ValueError for what is no compound file, or a damaged one."""
    if not data.startswith(OLE_MAGIC) or len(data) < _HEADER:
        raise ValueError("no OLE compound file")
    (shift, small_shift) = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or small_shift != 6:
        raise ValueError("an OLE header that is damaged")
    size = 1 << shift
    first_directory, cutoff, first_small = struct.unpack_from("<I4xII", data, 48)

    def read(number: int) -> bytes:
        return _sector(data, size, number)

    fat = _numbers(b"".join(map(read, _fat_sectors(data, size))))
    directory = _chain(fat, first_directory, read)
    entries = tuple(map(_entry, (directory[i : i + _ENTRY] for i in range(0, len(directory) - _ENTRY + 1, _ENTRY))))
    return OleFile(data, size, 1 << small_shift, cutoff, fat, _numbers(_chain(fat, first_small, read)), entries)


def _fat_sectors(data: bytes, size: int) -> list[int]:
    """The sectors that hold the table of chains: 109 in the header, the rest in a chain of their own."""
    found = list(_numbers(data[76:_HEADER]))
    (following,) = struct.unpack_from("<I", data, 68)
    for _ in range(len(data) // size):
        if following >= _END:
            break
        numbers = _numbers(_sector(data, size, following))
        if not numbers:
            break
        found += numbers[:-1]
        following = numbers[-1]
    return [number for number in found if number < _END]


def _sector(data: bytes, size: int, number: int) -> bytes:
    return data[(number + 1) * size : (number + 2) * size]


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack_from(f"<{len(data) // 4}I", data)


def _chain(fat: tuple[int, ...], start: int, read: Callable[[int], bytes]) -> bytes:
    parts = []
    number = start
    for _ in range(len(fat)):
        if number >= len(fat):
            break
        parts.append(read(number))
        number = fat[number]
    return b"".join(parts)


def _entry(raw: bytes) -> _Entry:
    length, kind = struct.unpack_from("<HB", raw, 64)
    start, size = struct.unpack_from("<II", raw, 116)
    return _Entry(raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace"), kind, start, size)
