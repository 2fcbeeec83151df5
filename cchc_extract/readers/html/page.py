"""Bytes of a web page -> its elements, and which of them are seen."""

from __future__ import annotations

import codecs
import re

from cchc_extract.errors import UnsupportedInputError
from cchc_extract.readers.element import Element, parse_html
from cchc_extract.readers.encodings import decode_text

_HEAD = 4096  # bytes: where a page names its character set
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_WEAK = frozenset(
    {"utf-8", "iso8859-1", "cp1252", "ascii"}
)  # what pages say without meaning it, or what is found anyway

# Scripts and styles, what is drawn or played, the controls of forms.
_NEVER_READ = frozenset((
    "head", "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas", "audio", "video",
    "map", "datalist", "select", "option", "textarea", "button", "input", "dialog", "del",
))  # fmt: skip
_HIDING = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


def decode_page(data: bytes, name: str) -> tuple[str, str]:
    """The text of a page and its encoding: what the page names where that fits its bytes, else what they show.

    >>> decode_page('<meta charset="windows-1258"><p>Kê'.encode("cp1258"), "a.html")[1]
    'windows-1258'
    >>> decode_page('<meta charset="iso-8859-1"><p>Kế hoạch'.encode(), "a.html")[1]
    'utf-8'
    """
    named = _CHARSET.search(data[:_HEAD])
    label = named[1].decode("ascii", "replace").lower() if named else ""
    try:
        codec = codecs.lookup(label).name if label else "utf-8"
        if codec not in _WEAK and not _is_utf8(data) and b"\x00" not in data:
            return data.decode(codec), label
    except (LookupError, UnicodeError, ValueError):
        pass  # a name that no one knows, or a wrong one
    return decode_text(data, name)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def parse_page(text: str, name: str) -> Element:
    """The body of a page (or all of a fragment). Scripts are not run and nothing is fetched."""
    root = parse_html(text)
    if root is None:
        raise UnsupportedInputError(name, "holds no web page", "give a page that holds the plan")
    body = root.find("body")
    return root if body is None else body


def is_seen(element: Element) -> bool:
    """Whether a reader of the page sees what an element holds."""
    if not isinstance(element.tag, str) or element.tag in _NEVER_READ or element.get("hidden") is not None:
        return False
    style = element.get("style")
    return not (style and _HIDING.search(style)) and element.get("aria-hidden") != "true"
