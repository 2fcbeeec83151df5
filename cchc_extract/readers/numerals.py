"""Automatic numbers and bullets of lists (Word, web pages) as a typist would write them."""

from __future__ import annotations

_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_LARGEST = 32_767  # what Word counts to
_DASHES = frozenset("-–—−‐‑")
_PLUS, _DASH = "+", "-"


def bullet_to_text(sign: str, level: int) -> str:
    """A bullet as plans are typed: a dash, and a plus on the second level, unless the sign is one of them.

    >>> bullet_to_text("–", 1), bullet_to_text("+", 0), bullet_to_text("\\uf0b7", 0), bullet_to_text("o", 1)
    ('-', '+', '-', '+')
    """
    sign = sign.strip()
    if not sign:
        return ""
    if sign in _DASHES or sign == _PLUS:
        return _PLUS if sign == _PLUS else _DASH
    return _PLUS if level == 1 else _DASH


def format_number(number: int, kind: str) -> str:
    """
    >>> [format_number(n, "lowerLetter") for n in (4, 5, 27)], format_number(14, "upperRoman"), format_number(3, "none")
    (['d', 'e', 'aa'], 'XIV', '')
    >>> format_number(7, "decimalZero"), format_number(7, "chicago")
    ('07', '7')
    """
    if kind == "none":
        return ""
    if not 0 < number <= _LARGEST:
        return str(number)
    if kind in ("upperRoman", "lowerRoman"):
        roman = _to_roman(number)
        return roman if kind == "upperRoman" else roman.lower()
    if kind in ("upperLetter", "lowerLetter"):
        turns, at = divmod(number - 1, 26)
        letters = chr(ord("a") + at) * min(turns + 1, 30)
        return letters.upper() if kind == "upperLetter" else letters
    return f"{number:02}" if kind == "decimalZero" else str(number)


def _to_roman(number: int) -> str:
    out = ""
    for value, letters in _ROMAN:
        turns, number = divmod(number, value)
        out += letters * turns
    return out
