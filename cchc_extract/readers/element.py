"""XML and HTML to elements. The one place that meets lxml, with types for the part of it that the readers use.

No script is run, no entity is expanded and nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol, overload

from cchc_extract.errors import UnsupportedInputError


class Element(Protocol):
    """An element. The tag of an entity is no string; comments and instructions are dropped by the parsers."""

    tag: Any
    text: str | None
    tail: str | None

    def __iter__(self) -> Iterator[Element]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, index: int) -> Element: ...
    @overload
    def get(self, key: str) -> str | None: ...
    @overload
    def get(self, key: str, default: str) -> str: ...
    def find(self, path: str) -> Element | None: ...
    def iterfind(self, path: str) -> Iterator[Element]: ...
    def iter(self, *tags: str) -> Iterator[Element]: ...
    def iterchildren(self, *tags: str) -> Iterator[Element]: ...
    def getparent(self) -> Element | None: ...


def parse_xml(data: bytes, name: str, part: str) -> Element:
    """The root of a part of the file `name`. Raises UnsupportedInputError where its bytes are no XML."""
    from lxml.etree import XMLParser, XMLSyntaxError, fromstring  # type: ignore[import-untyped]

    try:
        root: Element = fromstring(
            data, XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        )
    except XMLSyntaxError as error:
        what = f"is damaged: {part} is no XML ({error.msg})"
        raise UnsupportedInputError(name, what, "open it in the program that wrote it and save it again") from None
    return root


def parse_html(text: str) -> Element | None:
    """The root of a web page, mended where it is broken; None where there is no element."""
    from lxml.etree import HTMLParser, LxmlError, fromstring

    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root: Element | None = fromstring(text.encode("utf-8", "replace"), parser)
    except (LxmlError, ValueError, AssertionError):
        return None
    return root
