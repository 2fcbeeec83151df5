"""decode_text: every encoding comes back as the text that went in, and nothing but UnsupportedInputError comes out."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cchc_extract.errors import UnsupportedInputError
from cchc_extract.readers import encodings
from cchc_extract.readers.encodings import decode_text

SENTENCE = (
    "Đẩy mạnh cải cách thủ tục hành chính, rà soát hồ sơ đã tiếp nhận; giữ kỷ luật, kỷ cương; "
    "mỗi sở, ngành tự kiểm tra việc thực hiện và báo cáo Ủy ban trước ngày 15 hằng tháng.\n"
)
SMALL = SENTENCE.lower()


def to_tcvn3(text: str) -> bytes:
    codes = {ord(letter): code for code, letter in encodings.tcvn3_table().items()}
    return text.translate(codes).encode("latin-1")


def to_vni(text: str) -> bytes:
    codes: dict[str, str] = {}
    for code, letter in encodings._vni_table().items():
        codes.setdefault(letter, code)
    return "".join(codes.get(letter, letter) for letter in text).encode("latin-1")


def to_windows_1258(text: str) -> bytes:
    """A letter that the code page lacks is written as the most composed letter it has and one combining tone."""
    return b"".join(_windows_1258_letter(letter) for letter in text)


def _windows_1258_letter(letter: str) -> bytes:
    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tone = next(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
        return unicodedata.normalize("NFC", parts.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")


WRITERS = {
    "utf-8": lambda text: text.encode("utf-8"),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "windows-1258": to_windows_1258,
    "tcvn3": to_tcvn3,
    "vni": to_vni,
}


@pytest.mark.parametrize("label", WRITERS)
def test_every_encoding_comes_back(label: str) -> None:
    text = SMALL if label == "tcvn3" else SENTENCE
    assert decode_text(WRITERS[label](text), "plan.txt") == (text, label)


@pytest.mark.parametrize(
    ("data", "label"),
    [
        (SENTENCE.encode("utf-8-sig"), "utf-8"),
        (b"\xff\xfe" + SENTENCE.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + SENTENCE.encode("utf-16-be"), "utf-16-be"),
        (unicodedata.normalize("NFD", SENTENCE).encode(), "utf-8"),
        (SENTENCE.replace("\n", "\r\n").encode(), "utf-8"),
        (SENTENCE.replace("\n", "\r").encode(), "utf-8"),
    ],
)
def test_forms_of_unicode(data: bytes, label: str) -> None:
    assert decode_text(data, "plan.txt") == (SENTENCE, label)


@pytest.mark.parametrize(("label", "write"), [("tcvn3", to_tcvn3), ("vni", to_vni)])
def test_old_letters_inside_unicode_are_converted(label: str, write) -> None:  # type: ignore[no-untyped-def]
    shown = write(SMALL).decode("cp1252").encode("utf-8")
    assert decode_text(shown, "plan.txt") == (SMALL, label)


def test_utf8_decoded_twice_is_repaired() -> None:
    twice = SENTENCE.encode("utf-8").decode("latin-1").encode("utf-8")
    assert decode_text(twice, "plan.txt") == (SENTENCE, "utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "· Báo cáo của Sở • số liệu ± 5 m² «trích»; ® ½ § 4\n",
        "Résumé of the naïve façade: Noël, Zürich, Ångström, señor, crêpe\n",
        "· § ¹ ² ³\n",
        "",
        "plain ASCII, 100 %\n",
    ],
)
def test_unicode_that_needs_no_repair_is_left_alone(text: str) -> None:
    assert decode_text(text.encode("utf-8"), "plan.txt") == (text, "utf-8")


def test_capitals_of_an_upper_case_font() -> None:
    """The .VnTimeH fonts show small accented letters as capitals: the letters around them tell."""
    text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nđộc lập, tự do, hạnh phúc của mỗi người dân\nVỀ KẾ HOẠCH 2022\n"
    stored = "".join(letter if letter.isascii() else letter.lower() for letter in text)
    assert decode_text(to_tcvn3(stored), "plan.txt") == (text, "tcvn3")


@pytest.mark.xfail(strict=True, reason="one capital and an accented letter: as well the first word of a sentence")
def test_a_short_capital_word_in_a_line_of_small_letters() -> None:
    assert encodings._restore_capitals("theo Kế HOẠCH của tỉnh") == "theo KẾ HOẠCH của tỉnh"


def test_only_signs_beyond_ascii() -> None:
    assert decode_text(b"PAR INDEX \x96 \x93plan\x94", "a.txt") == ("PAR INDEX – “plan”", "windows-1252")


def test_a_file_cut_inside_a_letter_is_read() -> None:
    data = (SENTENCE * 5 + "ế").encode("utf-8")[:-1]
    assert decode_text(data, "plan.txt") == (SENTENCE * 5 + "\ufffd", "utf-8")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office"),
        (b"{\\rtf1\\ansi}", "RTF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"II*\x00\x08", "TIFF"),
        (b"MM\x00*\x00", "TIFF"),
        (b"GIF89a", "GIF"),
        (b"text with a \x00 in it, and more text", "binary"),
        (bytes(range(1, 32)) * 3, "binary"),
        (b"\x81\x8d\x8f\x90\x9d\xfe\xff" * 20, "encoding"),
        (b"\xff\xfea", "encoding"),
    ],
)
def test_what_is_not_text_is_refused_with_its_name(data: bytes, what: str) -> None:
    with pytest.raises(UnsupportedInputError, match=what) as caught:
        decode_text(data, "folder/plan.txt")
    assert caught.value.where == "folder/plan.txt"
    assert caught.value.do


INITIALS = ["b", "c", "ch", "đ", "h", "kh", "l", "ng", "nh", "ph", "qu", "s", "t", "th", "tr", "v"]
OPEN = ["ả", "ấ", "ế", "ệ", "ổ", "ờ", "ự", "ữ", "ạ", "ẽ", "ò", "ù", "ý"]
RHYMES = ["iệc", "ạnh", "ước", "ộng", "ến", "ịnh", "ấp", "ắt", "ồng", "ường", "ẩm", "ẵn", "ỹ", "ìn", "ủng", "ợp", *OPEN]
SYLLABLES = st.tuples(st.sampled_from(INITIALS), st.sampled_from(RHYMES)).map("".join)
TEXTS = st.lists(SYLLABLES, min_size=60, max_size=90).map(" ".join)


@pytest.mark.parametrize("label", WRITERS)
@given(text=TEXTS)
def test_any_vietnamese_comes_back(label: str, text: str) -> None:
    assume(len(set(text.split())) > 20)
    assert decode_text(WRITERS[label](text), "plan.txt") == (text, label)


@given(text=st.text(min_size=1))
def test_utf8_is_never_lost(text: str) -> None:
    """Whatever the text: it comes back composed, or it is refused."""
    try:
        found, label = decode_text(text.encode("utf-8", "ignore"), "a.txt")
    except UnsupportedInputError:
        return
    assert unicodedata.is_normalized("NFC", found)
    assert "\r" not in found
    assert label in {*WRITERS, "windows-1252"}


@given(data=st.binary(max_size=400))
def test_no_bytes_break_it(data: bytes) -> None:
    try:
        text, label = decode_text(data, "a.txt")
    except UnsupportedInputError:
        return
    assert "\x00" not in text
    assert label in {*WRITERS, "windows-1252"}
