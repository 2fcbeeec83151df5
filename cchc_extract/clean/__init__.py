"""Source to Document: sentences whole, page furniture gone, tables joined over pages, repeats removed and recorded.

Guarantees to later stages: every paragraph is one whole sentence or more with single spaces; a table's rows are whole
and its header stands once; no block is letterhead, portal, recipients, signature, template, page number or site
chrome (they are in `removed`, for the facts); no run of blocks stands twice. Cleaning a clean document changes
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from cchc_extract.clean.duplicates import remove_repeats
from cchc_extract.clean.furniture import remove_furniture
from cchc_extract.clean.paragraphs import join_paragraphs
from cchc_extract.clean.tables import join_tables
from cchc_extract.model import Block, Document, Source, Warn
from cchc_extract.patterns import Patterns

__all__ = ["clean"]


def clean(source: Source, patterns: Patterns) -> Document:
    """A Source as read to the Document that the outline is made of."""
    joined = join_paragraphs(source.blocks, patterns)
    blocks, duplicates = remove_repeats(join_tables(joined.blocks, patterns))
    body, removed = remove_furniture(blocks, patterns)
    return Document(
        source=source,
        blocks=tuple(body),
        removed=(*joined.removed, *removed),
        duplicates=tuple(duplicates),
        edits=tuple(joined.edits),
        warnings=(*source.warnings, *_warn_empty(body)),
    )


def _warn_empty(body: Sequence[Block]) -> tuple[Warn, ...]:
    return () if body else (Warn("empty-document", "the document holds no text"),)
