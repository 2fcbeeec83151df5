"""Roman numerals that recognition took for letters, read anew."""

from __future__ import annotations

import re

from cchc_extract.patterns import Patterns

_STROKES = str.maketrans({"H": "II", "L": "I", "l": "I", "T": "I", "|": "I", "1": "I"})
_ROMAN = re.compile(r"(?=[IVX])X{0,2}(?:IX|IV|V?I{0,3})")


def is_roman(text: str) -> bool:
    return _ROMAN.fullmatch(text) is not None


def strokes_to_roman(letters: str) -> str:
    """
    >>> strokes_to_roman("Il"), strokes_to_roman("VH"), strokes_to_roman("TV")
    ('II', 'VII', 'IV')
    """
    return letters.translate(_STROKES)


def mend_numerals(text: str, patterns: Patterns) -> tuple[str, list[tuple[str, str]]]:
    """The text, and what was read as what in it.

    >>> from cchc_extract.patterns import load_patterns
    >>> mend_numerals("HI. TỔ CHỨC", load_patterns()), mend_numerals("Quý I, H/2022", load_patterns())[0]
    (('III. TỔ CHỨC', [('HI', 'III')]), 'Quý I, II/2022')
    """
    mended: list[tuple[str, str]] = []

    def mend(match: re.Match[str]) -> str:
        found = match["roman"]
        numeral = strokes_to_roman(found)
        if numeral == found or not is_roman(numeral):
            return match[0]
        mended.append((found, numeral))
        start, end = match.start("roman") - match.start(), match.end("roman") - match.start()
        return match[0][:start] + numeral + match[0][end:]

    for rule in patterns.group("scan"):
        pieces, done = [], 0
        for match in rule.finditer(text):
            pieces += [text[done : match.start()], mend(match)]
            done = match.end()
        text = "".join(pieces) + text[done:]
    return text, mended
