"""Whether a page's text layer can be read: pictures of text have none, and bad fonts give no words."""

from __future__ import annotations

import re

from cchc_extract.patterns import Patterns
from cchc_extract.readers.pdf.pieces import RawPage
from cchc_extract.vietnamese import strip_marks

_FEW = 60  # letters: a page that a picture covers and that has no more is a scan
_COVERED = 0.4  # of the page
_MARKED = re.compile("[\u1ea0-\u1ef9ăâđêôơưĂÂĐÊÔƠƯ]")  # letters that no other language has so many of
_VIETNAMESE = 0.06  # share of such letters in a text that is surely sound; the usual share is three times that
_ODD = re.compile("[\ue000-\uf8ff\ufffd\x00-\x01\x03-\x08]")
_MUCH = 0.2  # share of signs without a meaning
_ENOUGH = 40  # words to judge a text layer by
_SOUND = 0.35  # share of words that are Vietnamese syllables
_WORDS = re.compile(r"[^\W\d_]+")


def is_unreadable(page: RawPage, patterns: Patterns) -> bool:
    """Whether a page holds text that can only be had by recognising its picture."""
    text = " ".join([piece.text for piece in page.pieces if not piece.stamp])
    if sum(map(str.isalnum, text[: 4 * _FEW])) < _FEW:
        return page.picture >= _COVERED
    return _is_garbled(text, patterns)


def _is_garbled(text: str, patterns: Patterns) -> bool:
    if (not text.isprintable() or "\ufffd" in text) and len(_ODD.findall(text)) > _MUCH * len(text):
        return True
    if len(_MARKED.findall(text)) > _VIETNAMESE * len(text):
        return False
    words = _WORDS.findall(text)[:400]
    if len(words) < _ENOUGH:
        return False
    syllable = patterns.rule("syllable.plain")
    return sum(syllable.match(strip_marks(word.lower())) is not None for word in words) < _SOUND * len(words)
