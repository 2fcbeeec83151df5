"""PDFium: a file's pages as pieces of text and drawn rules. The only module that knows pypdfium2.

Text is taken object by object, with one call a run of letters. Where that cannot be right - runs that overlap on one
baseline come from a second font for the letters which the first one lacks, or from a stamp set into a gap - the page
is read again letter by letter.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import islice, pairwise
from typing import Any, NamedTuple

from cchc_extract.errors import UnsupportedInputError
from cchc_extract.patterns import Patterns
from cchc_extract.readers.pdf.glyphs import Glyph, clean_glyphs, glyphs_to_pieces
from cchc_extract.readers.pdf.native import NAME_BYTES, Library, load_library
from cchc_extract.readers.pdf.overlaps import crosses_rules, has_overlaps
from cchc_extract.readers.pdf.pieces import Piece, RawPage, Rule
from cchc_extract.readers.pdf.turns import Box, Matrix, Turn, combine, place_box, place_corners, place_point

_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5
_MAX_OBJECTS = 60_000  # a page: more are no document
_MAX_DEPTH = 8  # forms within forms
_STAMP_DEPTH = 2  # the stamps of a page come as one form, in which each has a form of its own
_MAX_SEGMENTS = 5_000  # a path: more are a drawing
_THIN = 2.5  # points: a path that is no thicker is a rule
_BOLD_WEIGHT = 600
_LETTER = 0.45  # of the size: how wide a letter usually is
_LETTERS = re.compile(r"[^\s]+")
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@lru_cache(maxsize=1)
def _library() -> Library:
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    return load_library(raw)


class _Style(NamedTuple):
    """What a text object says of all its letters: where its baseline begins, its box, its size."""

    box: Box
    matrix: Matrix
    size: float
    bold: bool
    stamp: int


class _Run(NamedTuple):
    """Letters `start` to `end` of the page, which are one text object's, and the spaces behind them."""

    style: _Style
    start: int
    end: int
    text: str


@dataclass(slots=True)
class _Found:
    """What the objects of one page came to, in the page's own space.

    `texts` are the handles of text objects, with the matrix of the forms that they stand in and their stamp.
    """

    texts: dict[int, tuple[Matrix, int]] = field(default_factory=dict)
    rules: list[Box] = field(default_factory=list)
    pictures: float = 0.0
    count: int = 0


# --- the file -----------------------------------------------------------------------------------------------------


class PdfFile:
    """An open PDF. Its pages are read one at a time and closed at once, so that memory does not grow with the file."""

    def __init__(self, data: bytes, name: str) -> None:
        import pypdfium2

        try:
            self._file: Any = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise _refusal(name, str(error)) from None
        if len(self._file) == 0:
            self._file.close()
            raise UnsupportedInputError(name, "is a PDF without pages", "give a PDF that holds the plan")

    def __enter__(self) -> PdfFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._file)

    def read_page(self, index: int, patterns: Patterns) -> RawPage | None:
        """The page as pieces and rules; None where the file is too damaged to have it."""
        import pypdfium2.raw as raw

        page = raw.FPDF_LoadPage(self._file.raw, index)
        if not page:
            return None
        own = _count_objects(page)
        if raw.FPDFPage_GetAnnotCount(page) > 0 and raw.FPDFPage_Flatten(page, 0) == raw.FLATTEN_SUCCESS:
            raw.FPDF_ClosePage(page)  # the stamps are part of the page now, which must be loaded anew to be seen
            page = raw.FPDF_LoadPage(self._file.raw, index)
        text_page = raw.FPDFText_LoadPage(page)
        try:
            box = raw.FS_RECTF()
            raw.FPDF_GetPageBoundingBox(page, box)
            frame = (box.left, box.bottom, box.right, box.top)
            return self._to_page(_address(page), _address(text_page), own, index, frame, patterns)
        finally:
            raw.FPDFText_ClosePage(text_page)
            raw.FPDF_ClosePage(page)

    def _to_page(
        self, page: int, text_page: int, own: int, index: int, frame: tuple[float, ...], patterns: Patterns
    ) -> RawPage:
        found, objects = _Found(), _children(page, "FPDFPage")
        _add_objects(islice(objects, own), found, _IDENTITY, 0, 0)
        _add_objects(objects, found, _IDENTITY, 1, 1)
        runs = _read_runs(text_page, found.texts)
        turn = Turn.of([run.style.matrix for run in runs], frame)
        pieces = [_to_piece(run, order, turn, patterns) for order, run in enumerate(runs)]
        rules = tuple(Rule(*place_box(turn, rule)) for rule in found.rules)
        if has_overlaps(pieces) or crosses_rules(pieces, rules):
            pieces = glyphs_to_pieces(_read_glyphs(text_page, runs, turn), patterns)
        area = max(1.0, turn.width * turn.height)
        return RawPage(index + 1, turn.width, turn.height, tuple(pieces), rules, found.pictures / area)


def _refusal(name: str, message: str) -> UnsupportedInputError:
    if "assword" in message or "ecurity" in message:
        return UnsupportedInputError(name, "is encrypted", "save it without a password and give that file")
    return UnsupportedInputError(name, "is a damaged PDF", "get the file again")


def _address(handle: Any) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _count_objects(page: Any) -> int:
    return _library().call["FPDFPage_CountObjects"](_address(page))


def _children(parent: int, kind: str) -> Iterator[int]:
    calls = _library().call
    get = calls[f"{kind}_GetObject"]
    for n in range(min(calls[f"{kind}_CountObjects"](parent), _MAX_OBJECTS)):
        yield get(parent, n)


# --- objects ------------------------------------------------------------------------------------------------------


def _add_objects(handles: Iterator[int], found: _Found, place: Matrix, depth: int, stamp: int) -> None:
    """Adds what some objects are. Text objects are only noted: most are single spaces, whose style nobody needs."""
    library = _library()
    type_of, texts, inside = library.call["FPDFPageObj_GetType"], found.texts, (place, stamp)
    for handle in handles:
        found.count += 1
        if found.count > _MAX_OBJECTS:
            return
        kind = type_of(handle)
        if kind == _TEXT:
            texts[handle] = inside
        elif kind == _PATH:
            found.rules += _path_rules(handle, place)
        elif kind == _IMAGE:
            x0, y0, x1, y1 = _bounds(handle, place)
            found.pictures += (x1 - x0) * (y1 - y0)
        elif kind == _FORM and depth < _MAX_DEPTH:
            library.call["FPDFPageObj_GetMatrix"](handle, library.at[0])
            inner = combine(_floats6(library), place)
            number = found.count if stamp and depth == _STAMP_DEPTH else stamp
            _add_objects(_children(handle, "FPDFFormObj"), found, inner, depth + 1, number)


def _floats6(library: Library) -> Matrix:
    a, b, c, d, e, f = library.floats[:6]
    return (a, b, c, d, e, f)


def _bounds(handle: int, place: Matrix) -> Box:
    library = _library()
    at = library.at
    library.call["FPDFPageObj_GetBounds"](handle, at[0], at[1], at[2], at[3])
    floats = library.floats
    x0, y0, x1, y1 = floats[0], floats[1], floats[2], floats[3]
    return (x0, y0, x1, y1) if place is _IDENTITY else place_corners(place, (x0, y0, x1, y1))


def _read_style(handle: int, place: Matrix, stamp: int, fonts: dict[int, bool]) -> _Style:
    """What PDFium says of a text object; the answers are taken from memory in one go, which is most of the work."""
    library = _library()
    call, at = library.call, library.at
    call["FPDFPageObj_GetBounds"](handle, at[0], at[1], at[2], at[3])
    call["FPDFPageObj_GetMatrix"](handle, at[4])
    call["FPDFTextObj_GetFontSize"](handle, at[10])
    font = call["FPDFTextObj_GetFont"](handle)
    bold = fonts.get(font)
    if bold is None:
        bold = fonts[font] = _is_bold(font)
    x0, y0, x1, y1, a, b, c, d, e, f, size = library.floats[:]
    box, matrix = (x0, y0, x1, y1), (a, b, c, d, e, f)
    if place is not _IDENTITY:
        box, matrix = place_corners(place, box), combine(matrix, place)
    scale = matrix[3] if matrix[2] == 0.0 else (matrix[2] ** 2 + matrix[3] ** 2) ** 0.5
    return _Style(box, matrix, size * abs(scale), bold, stamp)


def _is_bold(font: int) -> bool:
    library = _library()
    length = library.call["FPDFFont_GetBaseFontName"](font, library.at_text, NAME_BYTES) if font else 0
    name = ctypes.string_at(library.at_text, min(length, NAME_BYTES)).lower()
    if b"bold" in name or b"black" in name:
        return True
    return bool(font) and library.call["FPDFFont_GetWeight"](font) >= _BOLD_WEIGHT


# --- runs of text -------------------------------------------------------------------------------------------------


def _read_runs(text_page: int, texts: Mapping[int, tuple[Matrix, int]]) -> list[_Run]:
    """The letters of a page in runs of one text object each, in the order of the file.

    A run of spaces ends the run before it; spaces that PDFium adds have no object and belong to the run before them.
    """
    text = _read_text(text_page)
    letters = _Letters(text, partial(_library().call["FPDFText_GetTextObject"], text_page))
    fonts: dict[int, bool] = {}  # a page's own: PDFium may give a closed page's handle to another font
    runs: list[_Run] = []
    start, count, after = 0, len(text), None
    while start < count:
        handle = after or letters.owner(start) or 0
        noted = texts.get(handle)
        style = _read_style(handle, *noted, fonts) if noted and not text[start].isspace() else None
        guess = max(1, int((style.box[2] - style.box[0]) / (_LETTER * style.size or 1.0))) if style else 1
        end, after = letters.find_end(start, handle, guess)
        words = text[start:end]
        if noted and words.isspace():
            if runs:
                runs[-1] = runs[-1]._replace(text=runs[-1].text + " ")
        elif noted:
            runs.append(_Run(style or _read_style(handle, *noted, fonts), start, end, words))
        start = end
    return runs


class _Letters(NamedTuple):
    """The letters of a page, and what tells whose text object each is: none's, where PDFium added a space or a line
    end."""

    text: str
    owner: Callable[[int], int | None]

    def find_end(self, start: int, handle: int, guess: int) -> tuple[int, int | None]:
        """The letter after the last one of an object, and its owner where that was asked for.

        It is guessed, mostly as the end of a line, and then found by leaps and halving.
        """
        text, owner = self
        count = len(text)
        line_end = text.find("\n", start, start + 2 * guess) + 1
        known, end, leap, after = start, line_end or min(count, start + guess), 2, None
        while end < count:
            at = end
            while at > known and (found := owner(at)) is None:
                at -= 1
            if at > known and (found or 0) != handle:
                after = found if at == end else None
                break
            known, leap = end, 2 * leap
            end = min(count, end + leap)
        last = start + len(text[start:end].rstrip("\r\n"))  # line ends belong to the letter before them
        middle = last - 1  # the guess may have been right
        while last - known > 1:
            at = middle
            while at > known and (found := owner(at)) is None:
                at -= 1
            if at == known or (found or 0) == handle:
                known = middle
            else:
                last = end = middle
                after = found if at == middle else None
            middle = (known + last) // 2
        return end, after


def _read_text(text_page: int) -> str:
    """The text of a page, one sign a letter that PDFium counts: what has no code or two units is asked for singly."""
    library = _library()
    count = library.call["FPDFText_CountChars"](text_page)
    memory = ctypes.create_string_buffer(2 * count + 2)
    length = library.call["FPDFText_GetText"](text_page, 0, count, ctypes.addressof(memory))
    text = memory.raw[: 2 * max(0, length - 1)].decode("utf-16-le", "replace")
    if len(text) == count:
        return text
    unicode = library.call["FPDFText_GetUnicode"]
    return "".join(chr(min(unicode(text_page, n), 0x10FFFF)) for n in range(count))


def _to_piece(run: _Run, order: int, turn: Turn, patterns: Patterns) -> Piece:
    style = run.style
    text = clean_glyphs(run.text.rstrip("\r\n"), patterns)
    if turn.quarters:
        x0, _, x1, _ = place_box(turn, style.box)
        y = turn.place(style.matrix[4], style.matrix[5])[1]
    else:  # nearly every page
        x0, x1, y = style.box[0] - turn.frame[0], style.box[2] - turn.frame[0], turn.frame[3] - style.matrix[5]
    return Piece(text, x0, x1, y, style.size, style.bold, order, style.stamp)


# --- rules --------------------------------------------------------------------------------------------------------


def _path_rules(handle: int, place: Matrix) -> list[Box]:
    """A thin path as the line it draws; a larger one as the level and upright lines that it strokes."""
    box = _bounds(handle, place)
    if box[2] - box[0] <= _THIN or box[3] - box[1] <= _THIN:
        return [box]
    library = _library()
    count = library.call["FPDFPath_CountSegments"](handle)
    library.call["FPDFPath_GetDrawMode"](handle, *library.at_ints)
    if not library.ints[1] or count > _MAX_SEGMENTS:
        return []
    library.call["FPDFPageObj_GetMatrix"](handle, library.at[0])
    matrix = combine(_floats6(library), place)
    return list(_stroked(handle, count, matrix))


def _stroked(handle: int, count: int, matrix: Matrix) -> Iterator[Box]:
    library = _library()
    points: list[tuple[bool, tuple[float, float]]] = []
    for n in range(count):
        segment = library.call["FPDFPath_GetPathSegment"](handle, n)
        library.call["FPDFPathSegment_GetPoint"](segment, library.at[0], library.at[1])
        is_move = library.call["FPDFPathSegment_GetType"](segment) == 2
        points.append((is_move, place_point(matrix, library.floats[0], library.floats[1])))
    for (_, (ax, ay)), (is_move, (bx, by)) in pairwise(points):
        if not is_move and (abs(ax - bx) <= _THIN or abs(ay - by) <= _THIN):
            yield (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


# --- letter by letter -------------------------------------------------------------------------------------------------


def _read_glyphs(text_page: int, runs: Sequence[_Run], turn: Turn) -> Iterator[Glyph]:
    """The words of all runs, cut also where a run leaves room for a letter of another."""
    library = _library()
    box_of, at, floats = library.call["FPDFText_GetLooseCharBox"], library.at[0], library.floats
    upright, origin = turn.quarters == 0, turn.frame[0]
    for number, ((_, matrix, size, bold, stamp), start, end, text) in enumerate(runs):
        _, y = turn.place(matrix[4], matrix[5])
        for match in _LETTERS.finditer(text, 0, end - start):
            first, last = match.start() + start, match.end() + start - 1
            box_of(text_page, first, at)
            if upright:  # nearly every page: only the sides of its ends are needed
                x0 = floats[0] - origin
                if last > first:
                    box_of(text_page, last, at)
                x1 = floats[2] - origin
            else:
                x0, _, x1, _ = _turned(turn, floats)
                if last > first:
                    box_of(text_page, last, at)
                    x1 = _turned(turn, floats)[2]
            yield Glyph(match[0], x0, x1, y, size, bold, first, last, number, stamp)


def _turned(turn: Turn, floats: ctypes.Array[ctypes.c_float]) -> Box:
    left, top, right, bottom = floats[:4]  # in this order
    return place_box(turn, (left, bottom, right, top))
