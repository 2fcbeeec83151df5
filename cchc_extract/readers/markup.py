"""One line of a text or Markdown file -> its words, without the marks that only say how they are set."""

from __future__ import annotations

import re

_ODD_CLASS = "\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff"
# The one look that most lines pass (and one for two spaces).
_MARKS = re.compile(f"[*_\\\\<>&#\\[{_ODD_CLASS}]")
ODD_CHARACTER = re.compile(f"[{_ODD_CLASS}]")  # one that CLEANING replaces

_SPACES = "\x0b\x0c\r\n\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_NOTHING = [0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)]
_CONTROLS = [c for c in (*range(0x20), *range(0x7F, 0xA0)) if chr(c) not in _SPACES + "\t"]
CLEANING = {**dict.fromkeys(map(ord, _SPACES), " "), **dict.fromkeys(_NOTHING + _CONTROLS)}  # for str.translate

# A backslash before a sign takes its meaning away. The bar keeps its backslash: a reader of tables must see it.
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{}~])")
_HIDE = 0xE000
_SHOWN = {_HIDE + code: code for code in range(0x21, 0x7F)}

_QUOTE = re.compile(r"(\s*)>(?:\s?>)*[ \xa0]+(?=[^\s\d=])|\s*>\s*$")
_HEADING = re.compile(r"(\s*)#{1,6}[ \t\xa0]+")
_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_NOTE_LINK = re.compile(r"\[[\[\ue05b]?\d{1,3}[\]\ue05d]?\]\(#[^()]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")

NOTE_SIGN = re.compile(r"(?<!\bm)(?<!\b[kcdm]m)<sup>\s*[\[(]?\d{1,3}[\])]?\s*</sup>")
_BOLD_TAG = re.compile(r"</?(?:b|strong)>", re.IGNORECASE)
_BREAK_TAG = re.compile(r"</?(?:br|p|div|td|th|tr|li|hr)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_OTHER_TAG = re.compile(
    r"</?(?:i|em|u|s|del|ins|strike|sup|sub|small|big|span|font|a|img|center|table|thead|tbody|ul|ol|h[1-6]|o:p)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)

_BOLD_UNDERSCORES = re.compile(r"(?<![\w_])__(?=[^\s_])([^_]*[^\s_])__(?![\w_])")
_UNDERSCORES = re.compile(r"(?<![\w_])_(?=[^\s_])([^_]*[^\s_])_(?![\w_])")
_STARS = re.compile(r"(?<![(*])\*{2,}|(?<=\()\*{2,}(?![*)])")
_STAR_PAIR = re.compile(r"(?<![\w*])\*(?=[^\s*)])([^*]*[^\s*(])\*(?!\w)")
_OPEN_STAR = re.compile(r"(?:^|(?<=[\s(\"“]))\*(?=[^\W\d_])")
_CLOSE_STAR = re.compile(r"(?<=[^\s*(])\*(?=[\s).,;:\"”]*$)")
_ENUMERATOR = re.compile(r"\s*(?:[-+*•–]|\w{1,4}[.)])\s*")
_LIST_STAR = re.compile(r"\s*\*\s")
_INNER_SPACES = re.compile(r"(?<=\S) {2,}(?=\S)")


def clean_line(line: str) -> tuple[str, bool]:
    """The words of one line, and whether all of it was set in bold or as a heading.

    Taken away: emphasis, heading and quote marks, backslash escapes, links (their text stays), images, HTML tags,
    the note signs in <sup>, characters without width. Entities are resolved, odd spaces become a space, runs of
    spaces inside the line become one. Kept: leading white space, tabs, bars (and the backslash of an escaped one),
    list markers. Emphasis that is opened or closed on another line is seen where its mark begins or ends the line.

    >>> clean_line("**1. Mục tiêu**"), clean_line("**- **Triển khai *kịp thời* 100\\\\% hồ sơ")
    (('1. Mục tiêu', True), ('- Triển khai kịp thời 100% hồ sơ', False))
    >>> clean_line("**I. MỤC ĐÍCH,"), clean_line("YÊU CẦU**"), clean_line("## Nhiệm vụ ##")
    (('I. MỤC ĐÍCH,', True), ('YÊU CẦU', True), ('Nhiệm vụ', True))
    >>> clean_line("* Sở&nbsp;Nội vụ:  xem [Quyết định](http://a.vn/b_c)<br>")
    ('* Sở Nội vụ: xem Quyết định', False)
    >>> clean_line("5 * 3 = 15, a_b, số ____ (*), > 90%")
    ('5 * 3 = 15, a_b, số ____ (*), > 90%', False)
    """
    if not _MARKS.search(line) and "  " not in line:
        return line.rstrip(" "), False
    hidden = _ESCAPE.sub(lambda m: chr(_HIDE + ord(m[1])), line) if "\\" in line else line
    words, heading = _without_line_marks(_without_tags(_without_links(hidden)))
    plain, bold = _without_emphasis(words)
    text = _tidy(plain.translate(_SHOWN) if "\\" in line else plain)
    return text, (bold or heading) and bool(text)


def _without_links(line: str) -> str:
    """
    >>> _without_links("![logo](a.png)theo [Luật](b.html), năm 2022[1](#_ftn1)")
    'theo Luật, năm 2022'
    """
    return _LINK.sub(r"\1", _NOTE_LINK.sub("", _IMAGE.sub("", line))) if "](" in line else line


def _without_tags(line: str) -> str:
    """
    >>> _without_tags("a<br/>b <b>c</b> 90%<sup>(3)</sup> 5 m<sup>2</sup>, x < 5 và y > 3")
    'a b **c** 90% 5 m2, x < 5 và y > 3'
    """
    if "<" not in line or ">" not in line:
        return line
    marked = _BOLD_TAG.sub("**", NOTE_SIGN.sub("", line))
    return _OTHER_TAG.sub("", _BREAK_TAG.sub(" ", marked))


def _without_line_marks(line: str) -> tuple[str, bool]:
    """Without the quote and heading signs that open a line, and whether it was a heading."""
    if ">" in line:
        line = _QUOTE.sub(r"\1", line, count=1) if _QUOTE.match(line) else line
    heading = _HEADING.match(line) if "#" in line else None
    return (heading[1] + _without_closing_signs(line[heading.end() :]), True) if heading else (line, False)


def _without_closing_signs(title: str) -> str:
    """
    >>> _without_closing_signs("Mục tiêu ##"), _without_closing_signs("lập trình C#")
    ('Mục tiêu', 'lập trình C#')
    """
    words = title.rstrip().rstrip("#")
    return words.rstrip() if not words or words[-1].isspace() else title


def _without_emphasis(line: str) -> tuple[str, bool]:
    if "_" in line:
        line = _UNDERSCORES.sub(r"\1", _BOLD_UNDERSCORES.sub(r"**\1**", line))
    if "*" not in line:
        return line, False
    parts = _STARS.split(line)
    return _without_single_stars("".join(parts)), len(parts) > 1 and is_all_bold(parts)


def is_all_bold(parts: list[str]) -> bool:
    """Whether nothing but an enumerator stands outside the bold of a line that was split at its bold marks.

    >>> is_all_bold(["- ", "Mục tiêu", ":"]), is_all_bold(["Mục ", "tiêu", ""]), is_all_bold(["phần cuối", ""])
    (True, False, True)
    """
    opened_before = len(parts) % 2 == 0 and not parts[-1].strip()
    bold, plain = (parts[0::2], parts[1::2]) if opened_before else (parts[1::2], parts[0::2])
    outside = "".join(plain)
    marker = _ENUMERATOR.match(outside)
    rest = outside[marker.end() :] if marker else outside
    return any(map(_has_words, bold)) and not _has_words(rest)


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))


def _without_single_stars(line: str) -> str:
    """
    >>> _without_single_stars("* một *hai* ba"), _without_single_stars("(*sau đây"), _without_single_stars("4 năm*)")
    ('* một hai ba', '(sau đây', '4 năm)')
    """
    if "*" not in line:
        return line
    marker = _LIST_STAR.match(line)
    start = marker.end() if marker else 0
    words = _CLOSE_STAR.sub("", _OPEN_STAR.sub("", _STAR_PAIR.sub(r"\1", line[start:])))
    return line[:start] + words


def _tidy(line: str) -> str:
    if "&" in line:
        from html import unescape  # its table of entities is worth loading only where there is one

        line = unescape(line)
    line = line.translate(CLEANING) if ODD_CHARACTER.search(line) else line
    return (_INNER_SPACES.sub(" ", line) if "  " in line else line).rstrip(" ")
