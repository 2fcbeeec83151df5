"""Which kinds of input this machine can read, and what the others lack."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TextIO

from cchc_extract.errors import DONE, MissingToolError


@dataclass(frozen=True, slots=True)
class KindCheck:
    """A kind of input: whether it works here, through what, and what to install where it does not."""

    kind: str
    works: bool
    through: str
    install: str | None = None


_PACKAGES = (
    ("text, Markdown", ()),
    ("PDF", ("pdfplumber", "pypdfium2")),
    ("DOCX", ("lxml",)),
    ("HTML, MHTML", ("lxml",)),
)  # fmt: skip
_REINSTALL = "install the program again with its packages (pip install --force-reinstall cchc-extract)"


def check_kinds() -> list[KindCheck]:
    """Every kind of input. Nothing is run but `tesseract --list-langs` and `--version`."""
    return [*(_check_packages(kind, packages) for kind, packages in _PACKAGES), _check_office(), _check_scans()]


def print_checks(checks: Iterable[KindCheck], out: TextIO | None = None) -> int:
    """Writes a plain table; the exit code: 0 where every kind works, else that of a missing tool."""
    checks = list(checks)
    out = out or sys.stdout
    rows = [(check.kind, "yes" if check.works else "no", check.through) for check in checks]
    header = ("kind", "works", "through")
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(2)]
    for row in (header, *rows):
        out.write("  ".join((row[0].ljust(widths[0]), row[1].ljust(widths[1]), row[2])).rstrip() + "\n")
    missing = [check for check in checks if not check.works]
    for check in missing:
        out.write(f"\n{check.kind}: {check.install}\n")
    return MissingToolError.exit_code if missing else DONE


def _check_packages(kind: str, packages: tuple[str, ...]) -> KindCheck:
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        return KindCheck(kind, False, f"missing: {', '.join(missing)}", _REINSTALL)
    return KindCheck(kind, True, ", ".join(packages) or "built in")


def _check_office() -> KindCheck:
    from cchc_extract.readers.office import INSTALL, find_office

    office = find_office()
    return KindCheck("DOC, RTF, ODT", office is not None, office or "LibreOffice is not installed", INSTALL)


def _check_scans() -> KindCheck:
    from cchc_extract.readers.scan.tesseract import INSTALL, missing_tool, version

    kind = "scanned PDF, images"
    missing = "the package PIL is missing" if find_spec("PIL") is None else missing_tool()
    return KindCheck(kind, False, missing, INSTALL) if missing else KindCheck(kind, True, f"{version()} (vie)", INSTALL)
