"""A web archive (MHTML, what Word saves as a "single file web page", often named .doc) to the page in it."""

from __future__ import annotations

from cchc_extract.errors import UnsupportedInputError


def mhtml_to_html(data: bytes, name: str) -> bytes:
    """The page, in UTF-8 where the archive names its character set, else as it is. Nothing else in it is read."""
    from email import message_from_bytes

    for part in message_from_bytes(data.lstrip()).walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            if isinstance(page, bytes) and page.strip():
                return _to_utf8(page, part.get_content_charset())
    raise UnsupportedInputError(name, "is a web archive that holds no page", "save the page again as HTML")


def _to_utf8(page: bytes, charset: str | None) -> bytes:
    try:
        return page.decode(charset).encode("utf-8") if charset else page
    except (LookupError, UnicodeError):
        return page  # the archive names it wrongly: the reader of pages looks at the bytes
