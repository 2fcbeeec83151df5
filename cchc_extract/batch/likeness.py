"""Documents that say nearly the same, such as a draft and its final: found by sketches, without comparing texts.

A sketch is a MinHash by one permutation: each shingle of five words falls into one of 128 bins, which keeps the least
hash that fell into it. Two texts agree in about as many bins as the share of shingles that they have in common.
"""

from __future__ import annotations

import re
import zlib
from base64 import b64decode, b64encode
from struct import Struct

LEAST = 0.8  # the similarity from which on documents are told of

_BINS = 128
_LEAST_SHINGLES = 50  # of fewer, the likeness of two texts is chance
_BANDS, _ROWS = 12, 4  # documents that agree in one band of bins are compared; 0.8 alike do so in all but 1 of 500
_EMPTY = 0xFFFFFFFF
_SKETCH = Struct(f"<{_BINS}I")
_WORD = re.compile(r"\w+")
_MULTIPLIER = 0x9E3779B97F4A7C15
_MASK = 0xFFFFFFFFFFFFFFFF


def text_to_sketch(text: str) -> str:
    """The sketch in ASCII; empty for a text that is too short for one. The same text gives the same sketch anywhere.

    >>> text_to_sketch("a few words"), len(text_to_sketch(" ".join(map(str, range(400)))))
    ('', 684)
    """
    codes = {word: zlib.crc32(word.encode("utf-8", "replace")) for word in set(_WORD.findall(text.lower()))}
    words = [codes[word] for word in _WORD.findall(text.lower())]
    if len(words) < _LEAST_SHINGLES + 4:
        return ""
    bins = [_EMPTY] * _BINS
    for a, b, c, d, e in zip(words, words[1:], words[2:], words[3:], words[4:], strict=False):
        mixed = ((((a * 31 + b) * 31 + c) * 31 + d) * 31 + e) * _MULTIPLIER & _MASK
        place, least = mixed >> 57, mixed >> 25 & _EMPTY
        if least < bins[place]:
            bins[place] = least
    return b64encode(_SKETCH.pack(*_filled(bins))).decode()


def _filled(bins: list[int]) -> list[int]:
    """Empty bins borrow from the next one that is not, so that short texts can be compared as well.

    >>> _filled([_EMPTY, 7, _EMPTY, 9])[1::2]
    [7, 9]
    """
    filled = []
    for place, value in enumerate(bins):
        step = 0
        while value == _EMPTY:
            step += 1
            value = bins[(place + step) % len(bins)]
        filled.append((value + step * 0x01000193) & _EMPTY)
    return filled


class NearDuplicates:
    """The sketches of the documents so far, and the first document of each band: some 1.5 kB a document."""

    def __init__(self) -> None:
        self._sketches: dict[int, bytes] = {}
        self._firsts: dict[int, int] = {}

    def add(self, number: int, sketch: str) -> tuple[int, float] | None:
        """Takes in a document; the earlier one most like it, and how like it is, where that is LEAST or more."""
        if not sketch:
            return None
        data = self._sketches[number] = b64decode(sketch)
        near = {self._firsts.setdefault(key, number) for key in _band_keys(data)} - {number}
        similarity, other = max(((_similarity(data, self._sketches[one]), -one) for one in near), default=(0.0, 0))
        return (-other, similarity) if similarity >= LEAST else None


def _band_keys(sketch: bytes) -> list[int]:
    places = range(0, _BANDS * _ROWS * 4, _ROWS * 4)
    return [place << 128 | int.from_bytes(sketch[place : place + _ROWS * 4]) for place in places]


def _similarity(one: bytes, other: bytes) -> float:
    agreeing: int = sum(a == b for a, b in zip(_SKETCH.unpack(one), _SKETCH.unpack(other), strict=True))
    return round(agreeing / _BINS, 2)
