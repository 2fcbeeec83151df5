"""Forms of Vietnamese text that the stages compare and look up by."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORDS = re.compile(r"\w+")
_MARKS = re.compile("[\u0300-\u036f]")  # the combining marks that Vietnamese letters are made with
_HEAD = 48  # characters
_NAME_WORDS = range(2, 7)


@lru_cache(maxsize=4096)  # every stage folds the same texts, and lower case is slow beyond ASCII
def fold(text: str) -> str:
    """Lower case of the same length, so that a match in it is a match in the text.

    Patterns are written in lower case and matched against this.

    >>> fold("SỞ NỘI VỤ")
    'sở nội vụ'
    >>> len(fold("İ")) == len("İ")  # the one letter whose lower case is longer is left alone
    True
    """
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def squash(text: str) -> str:
    """The words alone, in lower case and parted by one space: what two texts share if they say the same.

    >>> squash("1. Các Sở,  ban; ngành!")
    '1 các sở ban ngành'
    """
    return " ".join(_WORDS.findall(text.lower()))


def strip_marks(text: str) -> str:
    """Without tone and vowel marks.

    >>> strip_marks("Đắk Lắk")
    'Dak Lak'
    """
    parted = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    plain = parted.encode("ascii", "ignore")  # five times as fast as the regex
    return plain.decode() if len(plain) == len(text) else _MARKS.sub("", parted)  # as long: only marks are gone


@lru_cache(maxsize=4096)
def slug(name: str) -> str:
    """The id of a body that the registry does not know: its name without marks, words joined by '-'.

    >>> slug("Phòng Tài chính - Kế hoạch")
    'phong-tai-chinh-ke-hoach'
    """
    return "-".join(re.findall(r"[a-z0-9]+", strip_marks(name).lower()))


@lru_cache(maxsize=4096)  # asked of each line by most stages
def is_caps(text: str) -> bool:
    """Set in capitals, but for a foreign name here and there; a number or a single letter is not.

    >>> is_caps("DANH MỤC"), is_caps("Sở Nội vụ"), is_caps("2022"), is_caps("A."), is_caps("HẠ TẦNG 5G, IoT NĂM 2030")
    (True, False, False, False, True)
    """
    if _is_mostly_upper(text[:_HEAD]):  # the head settles it for nearly every text that is not
        return len(text) <= _HEAD or _is_mostly_upper(text)
    return False


def _is_mostly_upper(text: str) -> bool:
    upper = sum(map(str.isupper, text))
    return upper >= 2 and upper >= 9 * sum(map(str.islower, text))


def is_name(text: str) -> bool:
    """Whether a line may be a person's name: two to six words of letters, each with a capital.

    >>> is_name("Nguyễn Hà Giang"), is_name("Sở Nội vụ"), is_name("Giang")
    (True, False, False)
    """
    words = text.split()
    return len(words) in _NAME_WORDS and all(word[0].isupper() and word.isalpha() for word in words)


def join_spaces(text: str) -> str:
    """One line: every run of white space a single space."""
    return " ".join(text.split())
