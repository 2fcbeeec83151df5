"""Files that a Word document embeds to be shown in its place (w:altChunk): web pages, Word documents, text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cchc_extract.errors import CchcError
from cchc_extract.model import Span, Warn
from cchc_extract.patterns import Patterns
from cchc_extract.readers.docx.body import read_body
from cchc_extract.readers.docx.package import open_package
from cchc_extract.readers.flow import Flow
from cchc_extract.readers.kinds import kind_of

_DEEPEST = 3  # documents in each other


@dataclass(slots=True)
class ChunkReader:
    """Reads embedded files by the id of their relation, each once, so that no file is larger than its parts."""

    parts: Mapping[str, bytes]
    name: str
    patterns: Patterns
    depth: int = 0
    done: set[str] = field(default_factory=set)

    def __call__(self, id: str, flow: Flow) -> list[Warn]:
        """The words of an embedded file into the flow; a warning where it cannot be read: it is never lost unsaid."""
        data = b"" if id in self.done else self.parts.get(id, b"")
        self.done.add(id)
        try:
            if data.strip():
                return self._read(data, _kind(data), flow)
            what = "is missing, too large, elsewhere or named twice"
        except CchcError as error:
            what = error.what
        return [_unread(what, flow)]

    def _read(self, data: bytes, kind: str, flow: Flow) -> list[Warn]:
        if kind == "docx" and self.depth < _DEEPEST:
            package = open_package(data, self.name, self.patterns)
            return read_body(package, flow, ChunkReader(package.chunks, self.name, self.patterns, self.depth + 1))
        if kind == "text":
            from cchc_extract.readers.encodings import decode_text

            for line in decode_text(data, self.name)[0].split("\n"):
                flow.add_pieces([(line, False)])
            return []
        if kind in ("html", "mhtml"):
            from cchc_extract.readers.html import page_to_flow
            from cchc_extract.readers.mhtml import mhtml_to_html

            page_to_flow(mhtml_to_html(data, self.name) if kind == "mhtml" else data, self.name, self.patterns, flow)
            return []
        return [_unread(f"is of a kind that is not read there ({kind})", flow)]


def _kind(data: bytes) -> str:
    """As of any file, but that a tag at the beginning is enough for a piece of a web page."""
    kind = kind_of(data)
    return "html" if kind == "text" and data.lstrip().startswith(b"<") else kind


def _unread(what: str, flow: Flow) -> Warn:
    place = max(flow.last_number, 1)
    message = f"a file embedded in the document {what}; open the document in Word and save it again"
    return Warn("embedded-file", message, Span((place, place)))
