"""The exceptions of the program and the exit code each of them ends it with.

Exit codes: 0 done; 1 internal fault; 2 wrong usage; 3 input cannot be read; 4 input damaged or unknown;
5 output unwritable; 6 pattern file wrong; 7 program missing; 8 too slow or large; 130 Ctrl-C. The first decides.
"""

from __future__ import annotations

DONE = 0
INTERNAL_FAULT = 1
INTERRUPTED = 130
MISSING_TOOL = "missing-tool"  # the code of a plan's warning that a part of its file was not read for want of a program


class CchcError(Exception):
    """An expected failure: `what` is wrong with `where`, and what to `do` about it.

    >>> print(UnreadableInputError("plan.txt", "does not exist", "check the path"))
    plan.txt: does not exist; check the path
    """

    exit_code = INTERNAL_FAULT

    def __init__(self, where: str, what: str, do: str) -> None:
        super().__init__(f"{where}: {what}; {do}")
        self.where, self.what, self.do = where, what, do

    def __reduce__(self) -> tuple[type[CchcError], tuple[str, str, str]]:
        """That it can go from one process to another."""
        return type(self), (self.where, self.what, self.do)


class UsageError(CchcError):
    exit_code = 2


def exit_code_lines() -> str:
    """What the exit codes mean, as the help tells it."""
    return "".join((__doc__ or "").partition("Exit codes")[1:])


def describe_fault(error: BaseException) -> tuple[str, str]:
    """What to say of an exception that nobody expected, and what to do.

    >>> describe_fault(RuntimeError("two\\nlines"))
    ('internal error (RuntimeError: two lines)', 'please report it with the file')
    """
    message = " ".join(f"{type(error).__name__}: {error}".split())
    return f"internal error ({message})", "please report it with the file"


class UnreadableInputError(CchcError):
    exit_code = 3


class UnsupportedInputError(CchcError):
    exit_code = 4


class UnwritableOutputError(CchcError):
    exit_code = 5


class PatternError(CchcError):
    exit_code = 6


class MissingToolError(CchcError):
    """A kind of input that this machine cannot read for want of LibreOffice, Tesseract or a package."""

    exit_code = 7


class DocumentLimitError(CchcError):
    """A document that took too long, or too much memory, or ended the process that read it."""

    exit_code = 8
