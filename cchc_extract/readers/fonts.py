"""Words of fonts that draw other letters than they store: .VnTime and VNI-Times, Symbol and Wingdings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cchc_extract.readers.encodings import tcvn3_table, vni_to_text
from cchc_extract.readers.flow import Piece

CAPITALS = "tcvn3-capitals"  # an encoding whose font draws small letters as capitals

_UNICODE = re.compile("[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
_PRIVATE = re.compile("[\uf020-\uf0ff]")

# Signs of the two fonts that stand in plans: comparisons, arrows, bullets and boxes.
_SYMBOL = {
    0x2D: "−", 0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xA5: "∞", 0xB0: "°",
    0xB7: "•", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xDE: "⇒", 0xA8: "♦", 0xA0: " ", 0xBE: "–",
    0xA2: "′", 0xB2: "″", 0xBC: "…", 0x44: "Δ", 0x53: "Σ", 0x57: "Ω", 0x61: "α", 0x62: "β", 0x6D: "μ", 0x70: "π",
}  # fmt: skip
_WINGDINGS = {
    0xFC: "✓", 0xFE: "☑", 0xFB: "✗", 0xFD: "☒", 0x6F: "□", 0xA8: "□", 0x71: "□", 0x6E: "•", 0x6C: "•", 0xA7: "•",
    0x76: "•", 0xD8: "•", 0x77: "•", 0x75: "•", 0x9F: "•", 0x9E: "•", 0xE0: "→", 0xE8: "→", 0xF0: "→", 0xDF: "←",
}  # fmt: skip


def symbol_to_text(font: str, code: int) -> str:
    """A sign of a symbol font; a space where it is not known, since it is no letter.

    >>> symbol_to_text("Symbol", 0xF0B3), symbol_to_text("Wingdings", 0xFC), symbol_to_text("Wingdings", 0x21)
    ('≥', '✓', ' ')
    >>> symbol_to_text("Times New Roman", 0x2265)
    '≥'
    """
    low = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    kind = font.lower()
    if kind.startswith("wingdings") or kind.startswith("webdings"):
        return _WINGDINGS.get(low, " ")
    if kind.startswith("symbol") or 0xF000 <= code <= 0xF0FF:
        return _SYMBOL.get(low) or (chr(low) if 0x20 <= low < 0x40 else " ")
    return chr(code) if 0x20 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else " "


def with_signs(words: str, font: str) -> str:
    """Words with the private-use signs in them made characters that say what they look like.

    >>> with_signs("\\uf0b3 90%", "Symbol"), with_signs("100%", "Symbol"), with_signs("Kế hoạch", "")
    ('≥ 90%', '100%', 'Kế hoạch')
    """
    if not _PRIVATE.search(words):
        return words
    return _PRIVATE.sub(lambda match: symbol_to_text(font, ord(match[0])), words)


def legacy_encoding(font: str) -> str:
    """The 8-bit encoding that a font's name stands for: "tcvn3", "tcvn3-capitals", "vni", or nothing.

    >>> [legacy_encoding(name) for name in (".VnTime", ".VnTimeH", "VNI-Times", "Times New Roman", "UVNBai")]
    ['tcvn3', 'tcvn3-capitals', 'vni', '', '']
    """
    name = font.lower()
    if name.startswith(".vn"):
        return CAPITALS if font.endswith("H") else "tcvn3"
    return "vni" if name.startswith("vni-") or name.startswith("vni ") else ""


def convert_legacy(pieces: Sequence[tuple[str, bool, str]]) -> list[Piece]:
    """A paragraph's pieces (words, bold, encoding) in Unicode.

    A letter may be parted between two runs, so pieces of one encoding are put together first. Text typed in Unicode
    and set in such a font keeps its letters: it has some that no 8-bit encoding has.

    >>> convert_legacy([("C¶i c¸ch hµnh ", False, "tcvn3"), ("chÝnh", False, "tcvn3"), (" 2022", True, "")])
    [('Cải cách hành chính', False), (' 2022', True)]
    >>> convert_legacy([("kÕ ho¹ch", False, "tcvn3-capitals"), ("Cải cách", False, "tcvn3"), ("baù", True, "vni")])
    [('KẾ HOẠCH', False), ('Cải cách', False), ('bá', True)]
    """
    joined: list[tuple[str, bool, str]] = []
    for words, bold, encoding in pieces:
        if joined and joined[-1][1:] == (bold, encoding):
            joined[-1] = (joined[-1][0] + words, bold, encoding)
        else:
            joined.append((words, bold, encoding))
    return [(legacy_to_text(words, encoding), bold) for words, bold, encoding in joined]


def is_legacy(words: str, encoding: str) -> bool:
    """Whether words in a legacy font are stored in its encoding; some are typed in Unicode all the same."""
    return bool(encoding) and not _UNICODE.search(words)


def legacy_to_text(words: str, encoding: str) -> str:
    """Words in a font of that encoding as they are seen; those typed in Unicode keep their letters."""
    if is_legacy(words, encoding):
        words = vni_to_text(words) if encoding == "vni" else words.translate(tcvn3_table())
    return words.upper() if encoding == CAPITALS else words
