"""Word 97, RTF and OpenDocument files to DOCX, through LibreOffice; its tables counted against the file's own.

LibreOffice has been seen to drop tables without a word, so the cells in its DOCX are held against the cell marks in the
file itself, counted without LibreOffice; where they are too few it goes another way round (over ODT, over RTF).
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cchc_extract.errors import MissingToolError, UnsupportedInputError
from cchc_extract.model import Warn
from cchc_extract.patterns import Patterns
from cchc_extract.readers.processes import Ended, find_program, run_program

_PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
INSTALL = "install LibreOffice (apt-get install libreoffice-writer), or save the file as DOCX"
_KIND_NAMES = {
    "doc": "a Word 97-2003 file",
    "rtf": "an RTF file",
    "odt": "an ODT file",
    "wordml": "a Word 2003 XML file",
}
_FILE_NAMES = {"doc": "source.doc", "rtf": "source.rtf", "odt": "source.odt", "wordml": "source.xml"}
_WAYS = ((), ("odt",), ("rtf",))  # straight to DOCX, or over another format where tables were lost
# Merged cells are fewer in the DOCX than in the file: a few may be missing, not one in four.
_LEAST_SHARE = 0.75

# Macros stay off, linked pictures and texts are not fetched, and what is fetched all the same goes to a dead proxy.
_SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Writer/Content/Update", "Link", "2"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)
_DEAD_PROXY = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")

# What ends a cell or a row in each format.
_RTF_MARKS = re.compile(rb"\\(?:nest)?(?:cell|row)(?![a-z0-9])")
_ODT_MARKS = re.compile(rb"<table:table-(?:cell|row)\b")
_DOCX_MARKS = re.compile(rb"<w:(?:tc|tr)[ >]")


@dataclass(frozen=True, slots=True)
class Converted:
    """The document as DOCX, and what was lost on the way."""

    docx: bytes
    warnings: tuple[Warn, ...] = ()


def find_office() -> str | None:
    """The LibreOffice of this machine."""
    return find_program(_PROGRAMS)


def office_to_docx(data: bytes, kind: str, name: str, patterns: Patterns) -> Converted:
    """A file of a kind in _KIND_NAMES as DOCX.

    Raises MissingToolError without LibreOffice, UnsupportedInputError for what it cannot open within the time limit.
    """
    office = find_office()
    if office is None:
        raise MissingToolError(name, f"is {_KIND_NAMES[kind]}, which LibreOffice is needed for", INSTALL)
    _refuse_bomb(data, kind, name, patterns.limit("office.megabytes"))
    seconds = patterns.limit("office.seconds")
    wanted = count_marks(data, kind)
    best, most = b"", -1
    for way in _WAYS:
        docx = _convert(office, data, kind, name, way, seconds)
        found = count_marks(docx, "docx")
        if found > most:
            best, most = docx, found
        if most >= wanted * _LEAST_SHARE:
            break
    return Converted(best, _lost_tables(wanted, most))


def _lost_tables(wanted: int, found: int) -> tuple[Warn, ...]:
    """
    >>> _lost_tables(120, 110), _lost_tables(120, 0)[0].code
    ((), 'lost-tables')
    """
    if found >= wanted * _LEAST_SHARE:
        return ()
    message = f"the file has {wanted} cell and row marks, LibreOffice gave {found}: tables were lost; save it as DOCX"
    return (Warn("lost-tables", message),)


def _convert(office: str, data: bytes, kind: str, name: str, way: tuple[str, ...], seconds: int) -> bytes:
    """One way to DOCX; empty bytes where a way round comes to nothing."""
    with TemporaryDirectory(prefix="cchc-office-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        _write_profile(folder / "profile")
        source = folder / _FILE_NAMES[kind]
        source.write_bytes(data)
        for step, wanted in enumerate((*way, "docx")):
            made = folder / str(step) / f"{source.stem}.{wanted}"
            ended = _run(office, folder, source, wanted, made.parent, seconds)
            if not made.is_file():
                if way:
                    return b""
                raise _refused(name, kind, ended, seconds)
            source = made
        return source.read_bytes()


def _run(office: str, folder: Path, source: Path, wanted: str, target: Path, seconds: int) -> Ended:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    flags = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"]
    command = [office, profile, *flags, "--convert-to", wanted, "--outdir", str(target), str(source)]
    return run_program(command, folder, seconds, {"HOME": str(folder), **_DEAD_PROXY})


def _refused(name: str, kind: str, ended: Ended, seconds: int) -> UnsupportedInputError:
    if ended.late:
        return UnsupportedInputError(name, f"kept LibreOffice busy for {seconds} seconds", "save it as DOCX or PDF")
    return UnsupportedInputError(
        name,
        f"is {_KIND_NAMES[kind]} that LibreOffice cannot open (damaged, or locked)",
        "open it in Word, save as DOCX",
    )


def _write_profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.{"" if path.startswith("Inet") else "Office."}{path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )


def _refuse_bomb(data: bytes, kind: str, name: str, megabytes: int) -> None:
    if kind == "odt" and _unpacked_size(data) > megabytes * 2**20:
        raise UnsupportedInputError(name, f"unpacks to more than {megabytes} MB", "check where it comes from")


# --- the second reading -------------------------------------------------------------------------------------------


def count_marks(data: bytes, kind: str) -> int:
    """How many cells and rows end in a file; 0 where it cannot be told.

    >>> count_marks(rb"{\\rtf1 \\trowd\\cellx9\\pard\\intbl a\\cell b\\cell\\row}", "rtf")
    3
    """
    if kind == "rtf":
        return len(_RTF_MARKS.findall(data))
    if kind == "odt":
        return len(_ODT_MARKS.findall(_member(data, "content.xml")))
    if kind == "doc":
        return _doc_text(data).count("\x07")
    return len(_DOCX_MARKS.findall(data if kind == "wordml" else _member(data, "word/document.xml")))


def _member(data: bytes, name: str) -> bytes:
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(name) as member:
            return member.read()
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, ValueError, EOFError):
        return b""


def _unpacked_size(data: bytes) -> int:
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError):
        return 0


def _doc_text(data: bytes) -> str:
    """The body of a Word 97 file, from its pieces: a cell and a row end in U+0007 there."""
    from cchc_extract.readers.ole import read_ole

    try:
        ole = read_ole(data)
        main = ole.stream("WordDocument")
        (flags,) = struct.unpack_from("<H", main, 0x0A)
        (length,) = struct.unpack_from("<I", main, 0x4C)
        start, size = struct.unpack_from("<II", main, 0x01A2)
        pieces = _pieces(ole.stream("1Table" if flags & 0x0200 else "0Table")[start : start + size])
        return "".join(_piece_text(main, *piece) for piece in pieces)[:length]
    except (ValueError, struct.error):
        return ""


def _pieces(table: bytes) -> list[tuple[int, int]]:
    """The (characters, place) of each piece, in order, from the piece table behind the property blocks."""
    at = 0
    while table[at : at + 1] == b"\x01":
        at += 3 + struct.unpack_from("<H", table, at + 1)[0]
    (size,) = struct.unpack_from("<I", table, at + 1)
    count = (min(size, len(table) - at - 5) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", table, at + 5)
    first = at + 5 + (count + 1) * 4
    places = [struct.unpack_from("<I", table, first + 8 * i + 2)[0] for i in range(count)]
    return [(max(0, ends[i + 1] - ends[i]), places[i]) for i in range(count)]


def _piece_text(main: bytes, length: int, place: int) -> str:
    """A piece is one byte a character (a flag in its place says so) or two."""
    if place & 0x40000000:
        at = (place & 0x3FFFFFFF) // 2
        return main[at : at + length].decode("cp1252", "replace")
    return main[place : place + 2 * length].decode("utf-16-le", "replace")
