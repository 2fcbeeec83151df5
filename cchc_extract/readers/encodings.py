"""Bytes to text: Unicode, and the 8-bit encodings that older Vietnamese documents are still kept in.

`decode_text` is the only public name. What it does not do: an upper-case TCVN3 font (.VnTimeH) draws capitals over the
bytes of small letters, and plain text does not say which font it was set in. Capitals are therefore restored only where
the letters around them show it: a line or a word whose other letters are capitals. A word of which every letter is
accented stays in small letters.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice

from cchc_extract.errors import UnsupportedInputError

_SAMPLE = 65_536  # characters or bytes that a judgement is made on, from the first that is not ASCII
_SAMPLE_WORDS = 2_000
_LEAST_WORDS = 3  # fewer words prove nothing
_LEAST_SHARE = 0.7  # of the words with marks must be Vietnamese syllables
_MARGIN = 0.2  # by which a repair must be better than the text as it is

_MAGIC = (
    (b"%PDF", "a PDF file, not text", "give it to the PDF reader"),
    (b"PK\x03\x04", "a ZIP container (DOCX, XLSX, ODT), not text", "give a DOCX file to the DOCX reader"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (DOC, XLS), not text", "save it as DOCX or PDF"),
    (b"{\\rtf", "an RTF file, which is not read", "save it as DOCX or PDF"),
    (b"\x89PNG", "a PNG image, not text", "run text recognition on it first"),
    (b"\xff\xd8\xff", "a JPEG image, not text", "run text recognition on it first"),
    (b"II*\x00", "a TIFF image, not text", "run text recognition on it first"),
    (b"MM\x00*", "a TIFF image, not text", "run text recognition on it first"),
    (b"GIF8", "a GIF image, not text", "run text recognition on it first"),
)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

# Regexes are kept as text and compiled when first used: most files need two of them.

# --- the tables ---------------------------------------------------------------------------------------------------

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_CIRCUMFLEX, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_D_STROKE = {"d": "\u0111", "D": "\u0110"}


def _composed(base: str, marks: str = "") -> str:
    return unicodedata.normalize("NFC", base + marks)


@lru_cache(maxsize=1)
def tcvn3_table() -> dict[int, str]:
    """TCVN 5712:1993 VN3, the set of the .Vn fonts: capitals without tone, then five tones for each vowel."""
    letters = ["a" + _BREVE, "a" + _CIRCUMFLEX, "e" + _CIRCUMFLEX, "o" + _CIRCUMFLEX, "o" + _HORN, "u" + _HORN]
    table = {0xA1 + i: _composed(letter.upper()) for i, letter in enumerate(letters)}
    table |= {0xA8 + i: _composed(letter) for i, letter in enumerate(letters)}
    table |= {0xA7: _D_STROKE["D"], 0xAE: _D_STROKE["d"]}
    tones = _GRAVE + _HOOK + _TILDE + _ACUTE + _DOT
    rows = {
        "a": "b5b6b7b8b9", "a" + _BREVE: "bbbcbdbec6", "a" + _CIRCUMFLEX: "c7c8c9cacb",
        "e": "cccecfd0d1", "e" + _CIRCUMFLEX: "d2d3d4d5d6", "i": "d7d8dcddde",
        "o": "dfe1e2e3e4", "o" + _CIRCUMFLEX: "e5e6e7e8e9", "o" + _HORN: "eaebecedee",
        "u": "eff1f2f3f4", "u" + _HORN: "f5f6f7f8f9", "y": "fafbfcfdfe",
    }  # fmt: skip
    for vowel, codes in rows.items():
        table |= {code: _composed(vowel, tone) for code, tone in zip(bytes.fromhex(codes), tones, strict=True)}
    return table


# VNI-Windows writes a vowel and then a letter that stands for its marks; a few letters have a code of their own.
# Capitals are 0x20 below.
_VNI_MARKS = {
    0xF9: _ACUTE, 0xF8: _GRAVE, 0xFB: _HOOK, 0xF5: _TILDE, 0xEF: _DOT,
    0xE2: _CIRCUMFLEX, 0xE1: _CIRCUMFLEX + _ACUTE, 0xE0: _CIRCUMFLEX + _GRAVE, 0xE5: _CIRCUMFLEX + _HOOK,
    0xE3: _CIRCUMFLEX + _TILDE, 0xE4: _CIRCUMFLEX + _DOT,
    0xEA: _BREVE, 0xE9: _BREVE + _ACUTE, 0xE8: _BREVE + _GRAVE, 0xFA: _BREVE + _HOOK,
    0xFC: _BREVE + _TILDE, 0xEB: _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = {
    0xED: "i" + _ACUTE, 0xEC: "i" + _GRAVE, 0xE6: "i" + _HOOK, 0xF3: "i" + _TILDE, 0xF2: "i" + _DOT,
    0xF4: "o" + _HORN, 0xF6: "u" + _HORN, 0xF1: _D_STROKE["d"], 0xEE: "y" + _DOT,
}  # fmt: skip
_VNI_BASES = ("a", "e", "o", "u", "y", chr(0xF4), chr(0xF6))


@lru_cache(maxsize=1)
def _vni_table() -> dict[str, str]:
    """What stands in VNI text (one or two characters) -> the letter that is meant."""
    table: dict[str, str] = {}
    for code, letter in _VNI_LETTERS.items():
        table |= {chr(code): _composed(letter), chr(code - 0x20): _composed(letter.upper())}
    for base in _VNI_BASES:
        letter = table.get(base, base)
        for code, marks in _VNI_MARKS.items():
            made = _composed(letter, marks)
            if len(made) == 1:
                table |= {base + chr(code): made, base.upper() + chr(code - 0x20): made.upper()}
                table |= {base.upper() + chr(code): made.upper()}
    return table


_VNI_CODE = (
    "[aeouyAEOUY\xf4\xf6\xd4\xd6]"
    "[\xc0-\xc5\xc8-\xcb\xcf\xd5\xd8-\xdc\xe0-\xe5\xe8-\xeb\xef\xf5\xf8-\xfc]"
    "|[\xc6\xcc-\xce\xd1-\xd4\xd6\xe6\xec-\xee\xf1-\xf4\xf6]"
)


@lru_cache(maxsize=1)
def _windows_table() -> dict[int, str]:
    """Windows-1252 over Latin-1. The five codes it leaves empty stand for themselves, so that no byte fails."""
    return {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}


def _as_bytes(text: str) -> bytes:
    """The bytes that were read as Windows-1252. Raises UnicodeEncodeError for a letter that it does not have."""
    codes = {ord(letter): code for code, letter in _windows_table().items()}
    return text.translate(codes).encode("latin-1")


# --- judging ------------------------------------------------------------------------------------------------------

_NOT_ASCII = "[^\x00-\x7f]"
# Latin-1 signs that Vietnamese in Unicode has no use for: the mark of a text that was decoded wrongly.
_SUSPECT = (
    "[\x80-\x9f\xa1-\xbf\xc4-\xc7\xcb\xce-\xd1\xd6-\xd8\xdb\xdc\xde\xdf\xe4-\xe7\xeb\xee-\xf1\xf6-\xf8\xfb\xfc\xfe\xff]"
)
_RUN = "[A-Za-z\x80-\x9f\xa1-\u1fff\u2070-\uffff]+"
_SIGNS = "\xa7\xab\xb0\xb7\xbb"
_TONES = f"[{_GRAVE}{_ACUTE}{_TILDE}{_HOOK}{_DOT}]"
_QUALITY = str.maketrans({"^": _CIRCUMFLEX, "(": _BREVE, "+": _HORN})
# Every vowel group of the language, in VIQR. In the second list the tone never stands on the last letter.
_OPEN = "a a( a^ e e^ i o o^ o+ u u+ y ie^ oa oa( oe oo ua^ ue ue^ uo^ uo+ uy uye^ u+o+ ye^".translate(_QUALITY).split()
_GLIDING = (
    "ai ao au ay a^u a^y eo e^u ia ie^u iu oai oao oay oeo oi o^i o+i "
    "ua ua^y ui uo^i uya uyu u+a u+i u+o+i u+o+u u+u ye^u"
).translate(_QUALITY).split()  # fmt: skip


@lru_cache(maxsize=1)
def _syllable() -> re.Pattern[str]:
    return re.compile(
        "(?:b|ch?|d|\u0111|gi?|gh|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|t[hr]?|v|x)?"
        f"(?:(?P<gliding>{'|'.join(_GLIDING)})|(?:{'|'.join(_OPEN)})(?:m|nh?|ng|(?P<stop>ch?|k|p|t))?)"
    )


def _is_syllable(word: str) -> bool:
    """Whether a word is built as a Vietnamese syllable is: initial, vowels, final, and a tone that these allow.

    >>> [_is_syllable(word) for word in ("nghiệp", "quyết", "Đắk", "cafe", "tềch", "caỷi", "haứnh")]
    [True, True, True, False, False, False, False]
    """
    plain = unicodedata.normalize("NFD", word.lower())
    tones = re.findall(_TONES, plain)
    match = _syllable().fullmatch(re.sub(_TONES, "", plain))
    if match is None or len(tones) > 1:
        return False
    if match["gliding"]:
        return plain[-1:] not in tones
    return not match["stop"] or not tones or tones[0] in (_ACUTE, _DOT)


def _words_with_marks(text: str) -> set[str]:
    runs = (match[0].strip(_SIGNS) for match in re.finditer(_RUN, text))
    return set(islice((run for run in runs if not run.isascii()), _SAMPLE_WORDS))


def _vietnamese_share(text: str) -> tuple[float, int]:
    """The share of Vietnamese syllables among the words that are not ASCII, and how many these are."""
    words = _words_with_marks(text)
    return (sum(map(_is_syllable, words)) / len(words) if words else 0.0), len(words)


# --- one encoding each --------------------------------------------------------------------------------------------


def _tcvn3_to_text(text: str) -> str:
    """
    >>> _tcvn3_to_text("C¶i c¸ch hµnh chÝnh"), _tcvn3_to_text("CéNG HßA X· HéI")
    ('Cải cách hành chính', 'CỘNG HÒA XÃ HỘI')
    """
    converted = text.translate(tcvn3_table())
    return "\n".join(map(_restore_capitals, converted.split("\n")))


def _restore_capitals(line: str) -> str:
    """Small accented letters between capitals were capitals of an upper-case font.

    >>> _restore_capitals("BáO CáO Về VIệC"), _restore_capitals("Là UBND TỉNH đề nghị")
    ('BÁO CÁO VỀ VIỆC', 'Là UBND TỈNH đề nghị')
    """
    if not re.search("[A-Z]", line) or line.isascii():
        return line
    if not re.search("[a-z]", line) and len(re.findall("[A-Z]", line)) > 3:
        return line.upper()
    return re.sub(r"\w+", _capital_word, line)


def _capital_word(match: re.Match[str]) -> str:
    word = match[0]
    return word.upper() if len(re.findall("[A-Z]", word)) > 1 and not re.search("[a-z]", word) else word


def vni_to_text(text: str) -> str:
    """
    >>> vni_to_text("Caûi caùch haønh chính, Ñaéêk Laék"), vni_to_text("UÛY BAN NHAÂN DAÂN")
    ('Cải cách hành chính, Đắêk Lắk', 'ỦY BAN NHÂN DÂN')
    """
    return re.sub(_VNI_CODE, _vni_letter, text)


def _vni_letter(match: re.Match[str]) -> str:
    code, table = match[0], _vni_table()
    return table.get(code) or table.get(code[0], code[0]) + table.get(code[1:], code[1:])


def _utf8_again(text: str) -> str | None:
    """UTF-8 that was read as Windows-1252 and saved; None where it does not decode cleanly.

    >>> _utf8_again("Káº¿ hoáº¡ch"), _utf8_again("Kế hoạch"), _utf8_again("caf\\xe9")
    ('Kế hoạch', None, None)
    """
    try:
        return _as_bytes(text).decode("utf-8")
    except UnicodeError:
        return None


def _windows_1258_to_text(text: str) -> str | None:
    """Text read as Windows-1252 -> as Windows-1258; None where a byte is not in use there."""
    try:
        return _nfc(_as_bytes(text).decode("cp1258"))
    except UnicodeError:
        return None


_Converter = Callable[[str], str | None]
_REPAIRS: tuple[tuple[str, _Converter], ...] = (
    ("utf-8", _utf8_again),
    ("tcvn3", _tcvn3_to_text),
    ("vni", vni_to_text),
)
_EIGHT_BIT: tuple[tuple[str, _Converter], ...] = (("windows-1258", _windows_1258_to_text), *_REPAIRS[1:])


def _best_converter(sample: str, converters: Iterable[tuple[str, _Converter]]) -> tuple[str, _Converter, float] | None:
    """The first of the converters that gives the most Vietnamese, with its share; None where none gives enough."""
    best: tuple[str, _Converter, float] | None = None
    for label, convert in converters:
        made = convert(sample)
        share, words = _vietnamese_share(made) if made else (0.0, 0)
        if words >= _LEAST_WORDS and share >= _LEAST_SHARE and (best is None or share > best[2]):
            best = (label, convert, share)
    return best


# --- the decision -------------------------------------------------------------------------------------------------


def decode_text(data: bytes, name: str) -> tuple[str, str]:
    """The text of a file (NFC, lines ended by one line feed) and the name of its encoding.

    Labels: utf-8, utf-16-le, utf-16-be, windows-1258, tcvn3, vni, windows-1252. Unicode is recognised by its form,
    8-bit encodings by what makes Vietnamese of most words. Unicode text that holds the letters of an older encoding,
    or UTF-8 that was decoded twice, is repaired too, as a whole; nothing is repaired that reads as Vietnamese already.
    Raises UnsupportedInputError, and nothing else, for what is not text or in no encoding known here.

    >>> decode_text("Kế hoạch\\r\\nnăm 2022".encode("utf-8-sig"), "a.txt")
    ('Kế hoạch\\nnăm 2022', 'utf-8')
    >>> decode_text("C¶i c¸ch hµnh chÝnh".encode("latin-1"), "a.txt")
    ('Cải cách hành chính', 'tcvn3')
    >>> decode_text("Caûi caùch haønh chính".encode("utf-8"), "a.txt")
    ('Cải cách hành chính', 'vni')
    >>> decode_text(b"%PDF-1.7 ...", "a.pdf")
    Traceback (most recent call last):
        ...
    cchc_extract.errors.UnsupportedInputError: a.pdf: a PDF file, not text; give it to the PDF reader
    """
    for magic, what, do in _MAGIC:
        if data.startswith(magic):
            raise UnsupportedInputError(name, what, do)
    decoded = _decode_unicode(data)
    text, label = (
        _repaired(*decoded)
        if decoded
        else _cut_short(data) or _decode_eight_bit(data.decode("latin-1").translate(_windows_table())) or ("", "")
    )
    if not label:
        raise UnsupportedInputError(name, "text in an encoding that is not known", "save it as UTF-8")
    if _is_binary(text):
        raise UnsupportedInputError(name, "binary data, not text", "give a text, Markdown, HTML, DOCX or PDF file")
    return _nfc(text).replace("\r\n", "\n").replace("\r", "\n"), label


def _nfc(text: str) -> str:
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _decode_unicode(data: bytes) -> tuple[str, str] | None:
    bom = next(((mark, label) for mark, label in _BOMS if data.startswith(mark)), None)
    mark, label = bom or (b"", _utf_16_without_bom(data) or "utf-8")
    try:
        return data[len(mark) :].decode(label), label
    except UnicodeDecodeError:
        return None


def _utf_16_without_bom(data: bytes) -> str | None:
    """In UTF-16 the high byte of every space, digit and plain letter is NUL; in UTF-8 text no byte is.

    >>> _utf_16_without_bom("năm 2022".encode("utf-16-be")), _utf_16_without_bom(b"a 1")
    ('utf-16-be', None)
    """
    sample = data[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if min(even, odd) * 10 > max(even, odd) or max(even, odd) * 10 <= len(sample):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _cut_short(data: bytes) -> tuple[str, str] | None:
    """UTF-8 with a rare damaged letter, such as a file that ends inside one: U+FFFD stands for what was lost."""
    text = data.decode("utf-8-sig", "replace")
    lost = text.count("\ufffd")
    rare = lost * 100 <= len(text) and lost * 100 <= len(re.findall(_NOT_ASCII, text))
    return (text, "utf-8") if rare else None


def _decode_eight_bit(text: str) -> tuple[str, str] | None:
    """`text`: the bytes read as Windows-1252. Kept so where no word has a mark: then only its signs were not ASCII."""
    best = _best_converter(_sample(text), _EIGHT_BIT)
    if best is not None:
        return best[1](text) or "", best[0]
    return None if _words_with_marks(text) else (text, "windows-1252")


def _repaired(text: str, label: str) -> tuple[str, str]:
    """Unicode text, converted where its letters are those of another encoding and that makes it Vietnamese."""
    if text.isascii() or not re.search(_SUSPECT, text):
        return text, label
    sample = _sample(text)
    best = _best_converter(sample, _REPAIRS)
    if best is None or best[2] < _vietnamese_share(sample)[0] + _MARGIN:
        return text, label
    made = best[1](text)
    return (made, best[0]) if made is not None else (text, label)


def _sample(text: str) -> str:
    first = re.search(_NOT_ASCII, text)
    return text[max(0, first.start() - 40) :][:_SAMPLE] if first else ""


_CONTROL = "[\x00-\x08\x0e-\x1f\x7f]"


def _is_binary(text: str) -> bool:
    """
    >>> _is_binary("a\\x00b"), _is_binary("page one\\x0cpage two\\tcell")
    (True, False)
    """
    return "\x00" in text or len(re.findall(_CONTROL, text)) * 50 > len(text)
