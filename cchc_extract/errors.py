"""The exceptions of the program and the exit code each of them ends it with.

Exit codes: 0 done; 1 a fault of the program; 2 wrong use of the command line; 3 input cannot be read (missing,
not permitted, a folder); 4 input is not a kind this program reads, or is damaged; 5 output cannot be written;
6 a pattern file is wrong.
"""

from __future__ import annotations


class CchcError(Exception):
    """An expected failure: `what` is wrong with `where`, and what to `do` about it."""

    exit_code = 1

    def __init__(self, where: str, what: str, do: str) -> None:
        super().__init__(f"{where}: {what}; {do}")
        self.where, self.what, self.do = where, what, do


class UsageError(CchcError):
    exit_code = 2


class UnreadableInputError(CchcError):
    exit_code = 3


class UnsupportedInputError(CchcError):
    exit_code = 4


class UnwritableOutputError(CchcError):
    exit_code = 5


class PatternError(CchcError):
    exit_code = 6
