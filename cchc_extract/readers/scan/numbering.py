"""The numbers in a recognised table's first column, where the others tell what a misread one is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cchc_extract.readers.numerals import format_number
from cchc_extract.readers.scan.numerals import is_roman, strokes_to_roman

_NUMBER = re.compile(r"(?P<number>[^\s.)]{1,6})(?P<sign>[.)]?)")
_DIGITS = str.maketrans("lI|!iOoQ", "11111000")
_LEAST, _SHARE = 3, 0.6  # cells that are numbers beyond doubt, for a column to be one of numbers


@dataclass(frozen=True, slots=True)
class Count:
    """The last group (I, II) and the last item (1, 2) in a column; a group begins its items anew."""

    group: int = 0
    item: int = 0


def mend_numbers(texts: Sequence[str]) -> list[str]:
    """The cells of a column, those mended that look like the very number which must follow there.

    >>> mend_numbers(["TT", "I", "1", "2", "Il", "l", "2", "3"])
    ['TT', 'I', '1', '2', 'II', '1', '2', '3']
    >>> mend_numbers(["I.", "1.", "2.", "1I.", "I.", "2.", "Sở", ""])
    ['I.', '1.', '2.', 'II.', '1.', '2.', 'Sở', '']
    >>> mend_numbers(["H", "A", "ll"])  # no column of numbers
    ['H', 'A', 'll']
    """
    if not _is_numbered(texts):
        return list(texts)
    count, mended = Count(), []
    for text in texts:
        made, count = _next(text, count)
        mended.append(made)
    return mended


def find_lost_numbers(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Where a cell is empty between n and n + 2, and the number n + 1 that it lost.

    >>> find_lost_numbers(["1", "2", "", "4", "", "5"])
    [(2, 3)]
    """
    numbers = [int(match["number"]) if (match := _decimal(text)) else None for text in texts]
    around = zip(numbers, texts[1:], numbers[2:], strict=False)
    return [
        (n, before + 1)
        for n, (before, text, after) in enumerate(around, 1)
        if before is not None and not text.strip() and after == before + 2
    ]


def _is_numbered(texts: Sequence[str]) -> bool:
    filled = [text for text in texts if text.strip()]
    sure = sum(_decimal(text) is not None or is_roman(text.strip(" .)")) for text in filled)
    return sure >= _LEAST and sure >= _SHARE * len(filled)


def _decimal(text: str) -> re.Match[str] | None:
    match = _NUMBER.fullmatch(text.strip())
    return match if match and match["number"].isdecimal() and len(match["number"]) < 4 else None


def _next(text: str, count: Count) -> tuple[str, Count]:
    """A cell as it must be read after those counted, and the count with it."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return text, count
    found, group, item = match["number"], Count(count.group + 1), Count(count.group, count.item + 1)
    numeral, digits = format_number(group.group, "upperRoman"), str(item.item)
    if found == numeral:
        return text, group
    if found == digits:
        return text, item
    is_group, is_item = strokes_to_roman(found) == numeral, found.translate(_DIGITS) == digits
    if is_group != is_item:
        made, follows = (numeral, group) if is_group else (digits, item)
        return made + match["sign"], follows
    return text, Count(count.group, int(found)) if _decimal(text) else count
