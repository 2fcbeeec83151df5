"""PDFium's functions through prototypes of our own, whose handles are plain integers.

The objects that ctypes builds for typed handles would take most of the time. The calls keep the interpreter's lock,
which is cheaper for calls this short, and PDFium must not be called from two threads anyway.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

NAME_BYTES = 256  # of a font's name that are looked at
_FLOATS = 11  # a box, a matrix and a size

_P, _I, _U, _L = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint, ctypes.c_ulong
_PROTOTYPES: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
    ("FPDFPage_CountObjects", _I, (_P,)), ("FPDFPage_GetObject", _P, (_P, _I)),
    ("FPDFFormObj_CountObjects", _I, (_P,)), ("FPDFFormObj_GetObject", _P, (_P, _L)),
    ("FPDFPageObj_GetType", _I, (_P,)), ("FPDFPageObj_GetBounds", _I, (_P, _P, _P, _P, _P)),
    ("FPDFPageObj_GetMatrix", _I, (_P, _P)), ("FPDFText_GetText", _I, (_P, _I, _I, _P)),
    ("FPDFTextObj_GetFontSize", _I, (_P, _P)), ("FPDFTextObj_GetFont", _P, (_P,)),
    ("FPDFFont_GetWeight", _I, (_P,)), ("FPDFFont_GetBaseFontName", _L, (_P, _P, _L)),
    ("FPDFPath_CountSegments", _I, (_P,)), ("FPDFPath_GetPathSegment", _P, (_P, _I)),
    ("FPDFPath_GetDrawMode", _I, (_P, _P, _P)),
    ("FPDFPathSegment_GetPoint", _I, (_P, _P, _P)), ("FPDFPathSegment_GetType", _I, (_P,)),
    ("FPDFText_CountChars", _I, (_P,)), ("FPDFText_GetUnicode", _U, (_P, _I)),
    ("FPDFText_GetLooseCharBox", _I, (_P, _I, _P)), ("FPDFText_GetTextObject", _P, (_P, _I)),
)  # fmt: skip


@dataclass(slots=True)
class Library:
    """PDFium's functions by their names, and memory that they write their answers to."""

    call: Mapping[str, Callable[..., int]]
    text: ctypes.Array[ctypes.c_char]
    floats: ctypes.Array[ctypes.c_float]
    ints: ctypes.Array[ctypes.c_int]
    at_text: int
    at: tuple[int, ...]
    at_ints: tuple[int, int]


def load_library(raw: Any) -> Library:
    """The functions out of the module that has them as ctypes loaded them."""
    calls: dict[str, Callable[..., int]] = {}
    for name, result, arguments in _PROTOTYPES:
        address = ctypes.cast(getattr(raw, name), _P).value
        assert address is not None
        calls[name] = ctypes.PYFUNCTYPE(result, *arguments)(address)
    text = ctypes.create_string_buffer(NAME_BYTES)
    floats, ints = (ctypes.c_float * _FLOATS)(), (ctypes.c_int * 2)()
    start, start_ints = ctypes.addressof(floats), ctypes.addressof(ints)
    at = tuple(start + 4 * n for n in range(_FLOATS))
    return Library(calls, text, floats, ints, ctypes.addressof(text), at, (start_ints, start_ints + 4))
