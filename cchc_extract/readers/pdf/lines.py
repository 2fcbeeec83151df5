"""Pieces to lines: what stands on one baseline, from left to right, without the marks of footnotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cchc_extract.readers.pdf.pieces import Line, Piece

_SAME_LINE = 0.4  # of the size: baselines that differ less are one line
_SMALL, _RAISED = 0.75, 0.15  # of the line's size: a mark is smaller and stands higher
_GAP = 0.15  # of the size: a space, where the pieces do not follow each other in the file
_WIDE_GAP = 0.6  # and where they do, though the file sets no space
_GLUED = ("-", "/")  # at a line's end behind a letter or digit: the word goes on in the next line


def pieces_to_lines(pieces: Iterable[Piece], page: int, keep: bool = True) -> list[Line]:
    """All lines of some pieces, from top to bottom. `keep`: with their pieces, which take most of the memory."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.y):
        if rows and piece.y - rows[-1][0].y <= _SAME_LINE * max(piece.size, rows[-1][0].size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    for row in rows:
        if len(row) > 1:
            row.sort(key=lambda piece: piece.x0 + piece.x1)
    made = (make_line(row, page, keep) for row in rows)
    return [line for line in made if line is not None]


def make_line(row: Sequence[Piece], page: int, keep: bool = True) -> Line | None:
    """One line from its pieces, which are in order; None where there is nothing but marks."""
    pieces = tuple(row) if keep else ()
    if len(row) == 1:
        only = row[0]
        text = " ".join(only.text.split())
        return Line(text, only.x0, only.x1, only.y, only.size, only.bold, page, pieces) if text else None
    biggest = max(row, key=lambda piece: len(piece.text))
    kept = [piece for piece in row if not _is_mark(piece, biggest)]
    text = " ".join("".join(_texts(kept)).split())
    if not text:
        return None
    bold = all(piece.bold for piece in kept if piece.text.strip(" .,:;"))
    x1 = max(piece.x1 for piece in kept)
    return Line(text, kept[0].x0, x1, biggest.y, biggest.size, bold, page, pieces)


def _is_mark(piece: Piece, line: Piece) -> bool:
    raised = line.y - piece.y > _RAISED * line.size
    return raised and piece.size < _SMALL * line.size and piece.text.strip(" ,*()[]").isdigit()


def _texts(row: Sequence[Piece]) -> Iterator[str]:
    for n, piece in enumerate(row):
        yield piece.text
        if n + 1 < len(row) and not piece.text.endswith(" ") and _is_spaced(piece, row[n + 1]):
            yield " "


def _is_spaced(a: Piece, b: Piece) -> bool:
    if a.stamp != b.stamp:
        return not (a.text.endswith("/") or b.text.startswith("/"))
    follows = b.order == a.order + 1
    return b.x0 - a.x1 > (_WIDE_GAP if follows else _GAP) * a.size


def glue(text: str, after: str) -> str:
    """What stands between two lines of a paragraph: nothing where a word or number was broken at its hyphen.

    >>> glue("số 143/2020/NĐ-", "CP của"), glue("Sở Lao động -", "Thương binh"), glue("giai đoạn", "2021")
    ('', ' ', ' ')
    """
    if text.endswith(_GLUED) and text[-2:-1].isalnum() and after[:1].isalnum():
        return ""
    return " "
