"""Names of bodies that differ from a registered one by a slip, as recognised scans and hasty typing have them.

What follows what in the registered names tells where a text leaves them, and the few words that could stand there
tell which of them was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from cchc_extract.normalise.agency_vocabulary import Vocabulary, vocabulary_of
from cchc_extract.normalise.agency_words import Word, read_words
from cchc_extract.normalise.likeness import slip_cost
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import strip_marks

MOST_SLIPS = 1.5  # letters of a name that may be misread
_SPACE = 0.5  # for a space that was lost or put in
_UNMARKED = 0.3  # for a text without any marks
_MOST = 1.0  # for one word
_FEW = 0.7  # for one that may well be meant
_SHORT = 3  # letters: in an abbreviation of no more, another letter makes another body
_TRIES = 24  # ways to mend one stretch: more than names that are misread need

_SYLLABLE = re.compile(r"(?:[ckpt]h|g[hi]?|ng?h?|nh|qu|tr|[bcdhklmprstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?")


class Piece(NamedTuple):
    """A word as it was meant, how it is written, the same without marks, and the letters of it that were misread."""

    word: Word
    written: str
    bare: str
    slips: float = 0.0


Mended = tuple[Piece, ...]


def mend(text: str, stem: Sequence[str], patterns: Patterns) -> Iterator[Mended]:
    """What the words of a text may have been before some of them were misread; `stem`: words to be put before them.

    >>> from cchc_extract.patterns import load_patterns
    >>> ways = lambda text: [" ".join(part.word.form for part in way) for way in mend(text, (), load_patterns())]
    >>> ways("Bru điện tỉnh"), ways("SởNội vụ"), ways("Trong năm 2022")
    (['bưu điện tỉnh'], ['sở nội vụ'], [])
    """
    known, unmarked = vocabulary_of(patterns), text.isascii()
    pieces = [Piece(word, text[word.start : word.end].lower(), strip_marks(word.form)) for word in read_words(text)]
    if unmarked:
        pieces[:1] = [piece._replace(slips=_UNMARKED) for piece in pieces[:1]]
    before = [Piece(Word(form, 0, 0, " ", False), form, strip_marks(form)) for form in stem]
    return islice(_mend_on((*before, *pieces), len(before), unmarked, known), _TRIES)


@lru_cache(maxsize=4096)
def may_begin(first: str, second: str, patterns: Patterns) -> bool:
    """Whether a name may begin with two words as they are written, be they misread: nearly no text does.

    >>> from cchc_extract.patterns import load_patterns
    >>> [may_begin(*words.split(), load_patterns()) for words in ("bru điện", "sởnội vụ", "rà soát", "tham mưu")]
    [True, True, False, False]
    """
    known, begun = vocabulary_of(patterns), _may_begin(first, patterns)
    if begun and (not second or not known.joins.isdisjoint((second, *begun))):
        return True
    then = strip_marks(second)
    likely = known.like(then) | _first_of_two(second, known) if begun else frozenset[str]()
    same = {word for word in likely if known.bare[word] == then}
    for form in begun:  # one of the two words is misread, hardly ever both
        if not (likely if known.bare[form] == strip_marks(first) else same).isdisjoint(known.follow(form)):
            return True
    return not _first_of_two(first, known).isdisjoint(known.openers)


def _first_of_two(word: str, known: Vocabulary) -> Set[str]:
    """What the first of two words of names that were run together may be."""
    bare = strip_marks(word)
    cuts = [cut for cut in range(2, len(bare)) if bare[:cut] in known.alike and bare[cut:] in known.alike]
    written = {known.bare[form]: form for cut in cuts for form in known.alike[bare[cut:]]}
    cuts = [cut for cut in cuts if bare[cut:] in written]
    return {form for cut in cuts for form in known.alike[bare[:cut]] if known.bare[form] == bare[:cut]}


@lru_cache(maxsize=1024)
def _may_begin(word: str, patterns: Patterns) -> Set[str]:
    """What may stand at the beginning of a name in place of a word as it is written."""
    known, bare = vocabulary_of(patterns), strip_marks(word)
    return {form for form in known.like(bare) & known.openers if not _is_other_abbreviation(known.bare[form], bare)}


def _is_other_abbreviation(bare: str, written: str) -> bool:
    """Whether a word is a short abbreviation, and written another: that is another body, no slip."""
    return bare != written and len(bare) <= _SHORT and not _SYLLABLE.fullmatch(bare)


def _mend_on(pieces: Mended, start: int, unmarked: bool, known: Vocabulary) -> Iterator[Mended]:
    """With more words mended, none of them before `start`, as long as not too much is misread."""
    place = _find_break(pieces, known)
    if place is None:
        return
    for at in (place, place - 1):
        if at < start:
            continue
        for mended in sorted((*_mend_word(pieces, at, unmarked, known), *_mend_spaces(pieces, at, known)), key=_order):
            if sum(piece.slips for piece in mended) <= MOST_SLIPS:
                yield mended
                yield from _mend_on(mended, at + 1, unmarked, known)


def _order(mended: Mended) -> tuple[float, str]:
    """The likeliest way first, and the same order in every run."""
    return sum(piece.slips for piece in mended), " ".join(piece.word.form for piece in mended)


def _find_break(pieces: Mended, known: Vocabulary) -> int | None:
    """The first word that follows the one before it in no registered name."""
    following = known.firsts
    for at, piece in enumerate(pieces):
        form = piece.word.form
        if form in known.joins:
            continue
        if form not in following:
            return at
        following = known.follow(form)
    return None


def _mend_word(pieces: Mended, at: int, unmarked: bool, known: Vocabulary) -> Iterator[Mended]:
    """With another word at `at`, one that stands in a registered name between the neighbours."""
    piece, before, behind = pieces[at], _neighbour(pieces[:at][::-1], known), _neighbour(pieces[at + 1 :], known)
    possible = known.follow(before)
    for form in known.like(piece.bare):
        bare = known.bare[form]
        if form == piece.word.form or _is_other_abbreviation(bare, piece.bare):
            continue
        if form in known.joins:
            fits = bare == piece.bare or behind in possible
        else:
            fits = form in possible and (bare == piece.bare or known.joined(form, behind))
        slips = 0.0 if unmarked and bare == piece.bare else _slips(piece, form, known) if fits else _MOST + 1
        if fits and slips <= _most_slips(piece, bare, known):
            mended = piece._replace(word=piece.word._replace(form=form), slips=piece.slips + slips)
            yield (*pieces[:at], mended, *pieces[at + 1 :])


def _most_slips(piece: Piece, bare: str, known: Vocabulary) -> float:
    """Less where as many letters are first letters of words, or a word of other names: another one is another body."""
    meant = len(bare) == len(piece.bare) and (not _SYLLABLE.fullmatch(bare) or piece.word.form in known.bare)
    return _FEW if meant else _MOST


def _slips(piece: Piece, form: str, known: Vocabulary) -> float:
    """From the nearer of the ways to place the tone: "toá" is nearer to "toán" than "tóa" is."""
    return min(slip_cost(way, form, known.lookalikes) for way in {piece.word.form, piece.written})


def _neighbour(pieces: Sequence[Piece], known: Vocabulary) -> str:
    return next((piece.word.form for piece in pieces if piece.word.form not in known.joins), "")


def _mend_spaces(pieces: Mended, at: int, known: Vocabulary) -> Iterator[Mended]:
    """With a space put in where two words were run together, or taken out of one."""
    word, written, bare, slips = pieces[at]
    possible = known.follow(_neighbour(pieces[:at][::-1], known))
    for cut in range(1, len(word.form)):
        first, second = word.form[:cut], word.form[cut:]
        joins = first in known.joins and second in possible
        if joins or (first in possible and (second in known.follow(first) or second in known.joins)):
            middle = word.start + cut
            left = Piece(word._replace(form=first, end=middle), written[:cut], bare[:cut], slips + _SPACE)
            right = Piece(Word(second, middle, word.end, " ", word.capital), written[cut:], bare[cut:])
            yield (*pieces[:at], left, right, *pieces[at + 1 :])
    if at + 1 < len(pieces) and word.form + pieces[at + 1].word.form in possible:
        then = pieces[at + 1]
        whole = word._replace(form=word.form + then.word.form, end=then.word.end)
        yield (*pieces[:at], Piece(whole, written + then.written, bare + then.bare, slips + _SPACE), *pieces[at + 2 :])
