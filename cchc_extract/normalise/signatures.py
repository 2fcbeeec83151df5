"""Lines of a signature -> who signed, in which office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cchc_extract.model import Signer
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold, is_caps, is_name, join_spaces

_LONGEST = 160  # characters of an office and a name on one line
_NAME_WORDS = 5  # the most that a person's name has


def parse_signature(text: str, patterns: Patterns) -> Signer | None:
    """Office and name on one line, as a copy that lost its line breaks has them; None for any other line.

    The office must end in a title that the patterns know, so that no heading in capitals passes for it.

    >>> from cchc_extract.patterns import load_patterns
    >>> parse_signature("TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH (Đã ký) Lê Thị Hà", load_patterns())
    Signer(name='Lê Thị Hà', title='Phó Chủ tịch')
    >>> parse_signature("CHỦ TỊCH", load_patterns()), parse_signature("CHỦ TỊCH giao Sở Nội vụ", load_patterns())
    (None, None)
    """
    if len(text) > _LONGEST or not text[:2].isupper() or text.endswith((".", ";", ":", ",")):
        return None
    words = without_stamps(text, patterns).split()
    at = len(words)
    while at and len(words) - at < _NAME_WORDS and _is_name_word(words[at - 1]):
        at -= 1
    name, office = " ".join(words[at:]), " ".join(words[:at])
    title = _title_at_end(office, patterns) if is_name(name) and is_caps(office) else None
    return Signer(name, title) if title else None


def find_signer(texts: Iterable[str], name: str, patterns: Patterns) -> Signer | None:
    """The signer whom the texts of a signature name: office and name each on a line, or both on one.

    A name that is known from elsewhere (or "") is put to the office where the signature has none.
    """
    title = None
    for line in _texts_to_lines(texts, patterns):
        if found := parse_signature(line, patterns):
            return found
        if is_caps(line):
            title = _title_at_end(line, patterns) or title
        elif title and is_name(line):
            return Signer(line, title)
    return Signer(name, title) if name else None


def _texts_to_lines(texts: Iterable[str], patterns: Patterns) -> Iterator[str]:
    """The lines that may name office or person; an office that hard newlines broke in two is one line."""
    for text in texts:
        whole = join_spaces(text)
        if fold(whole) in _titles(patterns):
            yield whole
            continue
        for line in text.replace("|", "\n").split("\n"):
            plain = join_spaces(without_stamps(line, patterns))
            begin = patterns.rule("signature.begin").search(fold(plain))
            yield from (plain[: begin.start()], plain[begin.start() :]) if begin else (plain,)


def without_stamps(line: str, patterns: Patterns) -> str:
    """Without the words that stand in the place of the hand-written name.

    >>> from cchc_extract.patterns import load_patterns
    >>> without_stamps("PHÓ CHỦ TỊCH [Đã ký] Trần An", load_patterns())
    'PHÓ CHỦ TỊCH  Trần An'
    """
    kept, at = [], 0
    for stamp in patterns.rule("signature.stamp").finditer(fold(line)):
        kept.append(line[at : stamp.start()])
        at = stamp.end()
    return "".join([*kept, line[at:]])


def _is_name_word(word: str) -> bool:
    return word[0].isupper() and (len(word) == 1 or not word.isupper())


def _title_at_end(office: str, patterns: Patterns) -> str | None:
    """The title that ends a line in capitals, spelled as in a sentence. One right behind "KT." is another's office."""
    words = fold(office).replace(".", ". ").split()
    titles = _titles(patterns)
    for n in range(len(words)):
        if title := titles.get(" ".join(words[n:])):
            return None if n and patterns.rule("signature.for").fullmatch(words[n - 1]) else title
    return None


def _titles(patterns: Patterns) -> dict[str, str]:
    return {fold(title): title for title in patterns.words("signer.titles")}
