"""What the program says in Vietnamese: every message has its words there, and what nobody knows stays as it is."""

from __future__ import annotations

import ast
import importlib
import io
import json
import os
import re
import subprocess
import sys
import tomllib
import unicodedata
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cchc_extract
from cchc_extract import extract
from cchc_extract.batch.outcome import STATUSES, Outcome
from cchc_extract.batch.telling import Teller
from cchc_extract.errors import CchcError, describe_fault
from cchc_extract.messages import LANGUAGES, translate
from cchc_extract.patterns import builtin_folder
from cchc_extract.readers.encodings import decode_text
from cchc_extract.readers.kinds import UNREAD
from cchc_extract.writers.jsonout import plan_to_json
from cchc_extract.writers.summary import print_summary

PACKAGE = Path(cchc_extract.__file__).parent
SAMPLES = Path(__file__).parent.parent / "samples"
FILE = builtin_folder() / "output" / "messages.toml"
TABLES: dict[str, dict[str, str]] = tomllib.loads(FILE.read_text("utf-8"))["vi"]
ENTRIES = [(english, said) for table in TABLES.values() for english, said in table.items()]
GAP = re.compile(r"\{(?:n|s|said)?\}")


def said(line: str) -> str:
    return translate(line, "vi")


# --- the catalogue ------------------------------------------------------------------------------------------------


def test_the_catalogue_has_what_the_languages_ask_for() -> None:
    assert set(tomllib.loads(FILE.read_text("utf-8"))) == set(LANGUAGES) - {"en"}
    assert set(TABLES) == {"line", "phrase", "place"}


@pytest.mark.parametrize(("english", "vietnamese"), ENTRIES, ids=[english for english, _ in ENTRIES])
def test_an_entry_says_the_same_on_both_sides(english: str, vietnamese: str) -> None:
    """As far as can be told: its gaps, and numbers, options and names in capitals that are not translated."""
    assert GAP.findall(vietnamese) == ["{}"] * len(GAP.findall(english.replace("{s}", "")))
    assert unicodedata.is_normalized("NFC", vietnamese)
    assert english.isascii() or "\ufffd" in english
    kept = re.compile(r"--\w+|\b(?:[A-Z]{3,}[\w-]*|\d+(?:-\d+)*)\b")
    english = english.replace("ZIP container", "ZIP").replace("DOCX file to the DOCX reader", "DOCX file")
    assert set(kept.findall(english)) <= set(kept.findall(vietnamese))


def test_the_entries_of_a_group_are_sorted() -> None:
    groups = re.split(r"^(?:#.*|\[.*)$", FILE.read_text("utf-8"), flags=re.MULTILINE)
    lines = [[line for line in group.split("\n") if line] for group in groups]
    assert lines == [sorted(group, key=str.casefold) for group in lines]


def test_the_file_is_in_order() -> None:
    text = FILE.read_text("utf-8")
    assert text.startswith("# ")
    assert text.endswith('"\n')
    assert "\t" not in text
    assert [line for line in text.split("\n") if line != line.rstrip()] == []


# --- every message of the code is in it ---------------------------------------------------------------------------

# Which arguments of a call are said to the user: `what` and `do` of an error, the sentence of a warning.
ERRORS = {kind.__name__ for kind in CchcError.__subclasses__()}
SAYS = dict.fromkeys([*ERRORS, "kind"], (1, 2)) | {"Warn": (1,), "_lost": (1,), "_limit_record": (0, 1)}
# What is passed on from where it was made, and words of the document that are shown as they are.
PASSED_ON = {"what", "do", "error.what", "error.do", "text", "' '.join((line.text for line in note))"}
TYPERS = {"what[:1].lower() + what[1:]"}  # tried below, as they come

Scope = dict[str, list[ast.expr]]


def assigned(tree: ast.AST) -> Scope:
    """What each name is set to, in a function or a module."""
    found: Scope = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            both_tuples = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
            pairs = zip(target.elts, value.elts, strict=True) if both_tuples else [(target, value)]  # type: ignore[attr-defined]
            for name, given_value in pairs:
                if isinstance(name, ast.Name):
                    found.setdefault(name.id, []).append(given_value)
    return found


def texts(node: ast.expr, scope: Scope, module: str) -> list[str]:
    """The texts that an expression may give, with a 7 for what differs; none where it is not written there."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=other):
            return texts(body, scope, module) + texts(other, scope, module)
        case ast.JoinedStr(values=values):
            return ["".join(parts) for parts in product(*(texts(value, scope, module) for value in values))]
        case ast.FormattedValue(value=value, conversion=conversion):
            inner = [text for text in texts(value, scope, module) if text] or ["7"]
            return [repr(text) for text in inner] if conversion == ord("r") else inner
        case ast.Name(id=name) if name in scope:
            return [text for value in scope[name] for text in texts(value, {**scope, name: []}, module)]
        case ast.Name(id=name):
            constant = getattr(importlib.import_module(module), name, None)
            return [constant] if isinstance(constant, str) else []
    return []


def messages_in(file: Path) -> Iterator[tuple[str, list[str]]]:
    """The arguments of the calls in a file that are said to the user, each with the texts that it may be."""
    module = ".".join(("cchc_extract", *file.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    functions = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        scope = assigned(function)
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            name = ast.unparse(call.func)
            arguments = [call.args[at] for at in SAYS.get(name, ()) if at < len(call.args)]
            if name == "Record":
                arguments = [keyword.value for keyword in call.keywords if keyword.arg in ("what", "do")]
            for argument in arguments:
                yield ast.unparse(argument), texts(argument, scope, module)


MESSAGES = [
    (str(file.relative_to(PACKAGE)), *found) for file in sorted(PACKAGE.rglob("*.py")) for found in messages_in(file)
]


def is_known(text: str) -> bool:
    """Whether it is said in Vietnamese where it may stand: in an error, or in the summary of a plan."""
    as_what, as_do = f"x: {text}; check the name", f"x: does not exist; {text}"
    return said(as_what) != as_what or said(as_do) != as_do or said(f"warning: {text}") != f"lưu ý: {text}"


@pytest.mark.parametrize(
    "text",
    [
        "does not exist",
        "is an archive of 7 files, more than 7",
        "the document holds no text",
        "install the same everywhere",
        "pip install 'cchc-extract[dask]'",
        "the enumeration goes from 7 to '7': 7 heading(s) lost",
    ],
)
def test_messages_are_found_in_the_code(text: str) -> None:
    assert text in {text for _, _, found in MESSAGES for text in found}


def test_every_message_in_the_code_has_its_words_in_vietnamese() -> None:
    unknown = [
        (file, text) for file, _, found in MESSAGES for text in found if re.search("[a-z]", text) and not is_known(text)
    ]
    assert unknown == []


def test_no_message_is_made_where_this_test_cannot_see_it() -> None:
    """Else give its text at the place where the error is raised, or in a constant or a variable beside it."""
    unseen = {(file, argument) for file, argument, found in MESSAGES if not found}
    assert {(file, argument) for file, argument in unseen if argument not in PASSED_ON | TYPERS} <= {
        ("readers/__init__.py", "*UNREAD[kind]")  # tried below
    }


@pytest.mark.parametrize("what_and_do", sorted(set(UNREAD.values())))
def test_a_kind_of_file_that_is_not_read(what_and_do: tuple[str, str]) -> None:
    assert all(map(is_known, what_and_do))


@pytest.mark.parametrize("start", [b"%PDF", b"PK\3\4", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff",
                                   b"II*\0", b"GIF8"])  # fmt: skip
def test_bytes_that_are_no_text(start: bytes) -> None:
    with pytest.raises(CchcError) as caught:
        decode_text(start + b"rest", "a")
    assert said(str(caught.value)) != str(caught.value)


def test_a_fault_of_the_program() -> None:
    what, do = describe_fault(ValueError("a; b: c"))
    assert said(f"a.txt: {what}; {do}") == "a.txt: lỗi của chương trình (ValueError: a; b: c); xin báo lỗi kèm theo tệp"


# --- lines --------------------------------------------------------------------------------------------------------

LINES = {
    "plan.txt: does not exist; check the name": "plan.txt: không tồn tại; hãy kiểm tra tên",
    "a: b; c.txt: is empty; give a file that holds the plan":
        "a: b; c.txt: không có nội dung; hãy dùng tệp có kế hoạch",
    "standard input: is empty; give a file that holds the plan":
        "đầu vào chuẩn: không có nội dung; hãy dùng tệp có kế hoạch",
    "a.pdf, pages 1-3, 7: must be recognised from the picture, and Tesseract is not installed; give fewer pages":
        "a.pdf, trang 1-3, 7: phải nhận dạng từ ảnh, nhưng máy chưa cài Tesseract; hãy chọn ít trang hơn",
    "a.pdf: page 2 must be recognised from the picture, and Tesseract has no Vietnamese data; give fewer pages":
        "a.pdf: trang 2 phải nhận dạng từ ảnh, nhưng Tesseract chưa có dữ liệu tiếng Việt; hãy chọn ít trang hơn",
    "own.toml: unknown or circular fragment {x}; define it under [fragments]":
        "own.toml: fragment chưa biết hoặc lặp vòng {x}; hãy khai báo dưới [fragments]",
    "warning: t1 and t2 say the same work with lead A, B and C, deadline D and E (lines 3-5)":
        "lưu ý: t1 và t2 là cùng một nhiệm vụ nhưng khác nhau về chủ trì A, B và C, thời hạn D và E (dòng 3-5)",
    "warning: a file embedded in the document is damaged (x); open the document in Word and save it again (page 2)":
        "lưu ý: một tệp nhúng trong văn bản bị hỏng (x); hãy mở văn bản bằng Word rồi lưu lại (trang 2)",
    "/out/a.json: cannot be written (No space left on device); name another place with -o":
        "/out/a.json: không ghi được (ổ đĩa đã đầy); hãy nêu nơi khác bằng -o",
    "1 document: none": "1 văn bản: không có",
    "12 documents: 9 read, 2 refused, 1 failed; 1 file of other kinds passed by":
        "12 văn bản: 9 đọc được, 2 bị từ chối, 1 bị lỗi; bỏ qua 1 tệp loại khác",
    "  refused: kế hoạch is empty.txt is encrypted": "  bị từ chối: kế hoạch is empty.txt đã bị mã hóa",
}  # fmt: skip
UNKNOWN = (
    "", "what nobody says", "plan.txt: is blue; check the name", "plan.txt: does not exist; paint it", "use this",
    "a: b", "a; b", "Kế hoạch: 12 nhiệm vụ", '{"event":"note","text":"is empty"}', "{} {n} {said}",
)  # fmt: skip


@pytest.mark.parametrize(("english", "vietnamese"), LINES.items())
def test_a_line_is_put_together_of_what_is_known(english: str, vietnamese: str) -> None:
    assert said(english) == vietnamese


@pytest.mark.parametrize("line", UNKNOWN)
def test_what_nobody_knows_stays_as_it_is(line: str) -> None:
    assert said(line) == line


@pytest.mark.parametrize("language", ["en", "", "fr"])
@pytest.mark.parametrize("line", LINES)
def test_other_languages_are_none(line: str, language: str) -> None:
    assert translate(line, language) == line


NAMES = st.text(st.characters(exclude_characters=":;", exclude_categories=["Cs"]), min_size=1)


@given(NAMES.filter(lambda name: not re.search(r", pages? \d", name) and name not in TABLES["place"]))
def test_a_name_is_never_changed(name: str) -> None:
    assert said(f"{name}: is a folder; name the files in it") == f"{name}: là thư mục; hãy nêu tên các tệp trong đó"
    assert said(f"  failed: {name} took more than 60 seconds") == f"  bị lỗi: {name} xử lý quá 60 giây"


@pytest.mark.parametrize("name", ["is a folder", "read", "Task", "by", "use x"])
def test_a_file_may_be_called_what_is_said_elsewhere(name: str) -> None:
    assert said(f"{name}: does not exist; check the name") == f"{name}: không tồn tại; hãy kiểm tra tên"


# --- a batch and a summary ----------------------------------------------------------------------------------------


def outcomes(count: int) -> Iterator[Outcome]:
    """Of each status `count` times, with every reason of its own and with one that all have."""
    for number in range(count):
        yield Outcome(number, f"a{number}.txt", "read", tasks=2, targets=1, near_duplicate_of="b.txt", similarity=0.95)
        yield Outcome(number, f"e{number}.txt", "empty")
        yield Outcome(number, f"d{number}.txt", "duplicate", duplicate_of="a0.txt")
        for status, what in (("refused", "is encrypted"), ("failed", f"took more than {number} seconds")):
            yield Outcome(number, "x y.pdf", status, error=f"x y.pdf: {what}; get the file again", exit_code=4)
    yield Outcome(99, "part.pdf", "read", error="part.pdf: page 2 is empty; get the file again", exit_code=7)


@pytest.mark.parametrize("count", [1, 2, 9])
@pytest.mark.parametrize("skipped", [0, 1, 5])
def test_every_line_of_a_batch_is_said_in_vietnamese(count: int, skipped: int) -> None:
    lines: list[str] = []
    teller = Teller("verbose", lines.append)
    for outcome in outcomes(count):
        teller.tell(outcome)
    teller.summarise(skipped)
    assert len(lines) > len(STATUSES)
    english = re.compile(r"\b(?:read|empty|refused|failed|duplicate|document|near|other|reasons|tasks|first|is|took)\b")
    assert [line for line in map(said, lines) if english.search(line) and "part.pdf" not in line] == []


def test_a_table_tells_in_vietnamese_what_it_could_not_hold(tmp_path: Path) -> None:
    from cchc_extract.writers.tabular import write_tables

    plan = json.loads(plan_to_json(extract(SAMPLES / "clean-plan" / "plan.txt")))
    plan["document"]["title"] = "a\x01b"
    notes = write_tables("xlsx", tmp_path / "a.xlsx", [plan, plan, plan])
    assert len(notes) == 2
    assert [note for note in notes if said(note) == note] == []


def test_a_summary_in_vietnamese() -> None:
    plan = extract(SAMPLES / "web-copy" / "plan.txt")
    pages: dict[str, str] = {}
    for language in LANGUAGES:
        out = io.StringIO()
        print_summary(plan, out, language)
        pages[language] = " ".join(out.getvalue().split())
    for words in (
        f"Nhiệm vụ: {len(plan.tasks)}",
        "Cơ quan chủ trì",
        "2022-01-01 đến 2022-12-31",
        "chậm nhất",
        "lưu ý:",
    ):
        assert words in pages["vi"]
    ours = re.compile(
        r"\b(?:Tasks?|Lead|Deadline|Targets|Indicator|title|number|issued|by|to|warning|lines?|removed)\b"
    )
    assert ours.search(pages["en"])
    assert ours.findall(pages["vi"]) == []


# --- the command line ---------------------------------------------------------------------------------------------


def run(folder: Path, *arguments: str, **environment: str) -> tuple[int, list[str]]:
    """The exit code and the lines on standard error."""
    ended = subprocess.run(
        [sys.executable, "-m", "cchc_extract", *arguments],
        cwd=folder, capture_output=True, env={**os.environ, **environment}, timeout=60,
    )  # fmt: skip
    return ended.returncode, ended.stderr.decode().splitlines()


MISSING = "missing.txt: không tồn tại; hãy kiểm tra tên"


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (("missing.txt", "--lang", "vi"), 3, MISSING),
        (("--lang=vi", "missing.txt"), 3, MISSING),
        (("missing.txt", "--lang", "en"), 3, "missing.txt: does not exist; check the name"),
        (("--lang", "vi", "a.txt", "--as-of", "x"), 2,
         "--as-of: 'x' không phải là ngày; hãy viết như 2026-01-31, hoặc 'today'"),
        (("a.txt", "--lang", "vi", "--patterns", "none"), 6,
         "none: không có tệp mẫu nào; hãy nêu thư mục có các tệp *.toml"),
    ],
)  # fmt: skip
def test_errors_are_told_in_vietnamese(tmp_path: Path, arguments: tuple[str, ...], code: int, line: str) -> None:
    (tmp_path / "a.txt").write_text("x", "utf-8")
    assert run(tmp_path, *arguments) == (code, [line])


def test_a_variable_settles_the_language(tmp_path: Path) -> None:
    assert run(tmp_path, "missing.txt", CCHC_EXTRACT_LANG="vi") == (3, [MISSING])


@pytest.mark.parametrize("option", [("--no-such",), ("--jobs",), ("--jobs", "x"), ("--force=1",)])
def test_wrong_options_are_told_in_vietnamese(tmp_path: Path, option: tuple[str, ...]) -> None:
    """As far as the parser's words are those that it says today."""
    code, (line,) = run(tmp_path, "--lang", "vi", "a.txt", *option)
    assert code == 2
    assert line.startswith("cchc-extract: ")
    assert line.endswith("; hãy xem cchc-extract --help")


def test_a_batch_is_told_in_vietnamese(tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    plans.mkdir()
    (plans / "a.txt").write_text((SAMPLES / "clean-plan" / "plan.txt").read_text("utf-8"), "utf-8")
    (plans / "b.txt").write_text((SAMPLES / "clean-plan" / "plan.txt").read_text("utf-8"), "utf-8")
    (plans / "kế hoạch.txt").write_bytes(b"")
    (plans / "x.css").write_bytes(b"x")
    code, lines = run(tmp_path, "plans", "--lang", "vi", "-o", "out/", "--jobs", "1")
    assert code == 4
    assert lines == [
        "plans/kế hoạch.txt: không có nội dung; hãy dùng tệp có kế hoạch",
        "3 văn bản: 1 đọc được, 1 bị từ chối, 1 trùng lặp; bỏ qua 1 tệp loại khác",
        "  bị từ chối: plans/kế hoạch.txt không có nội dung",
    ]


def test_english_loads_nothing_of_it() -> None:
    code = "import sys; sys.addaudithook(lambda e, a: e == 'open' and str(a[0]).endswith('.toml') and print(a[0]))"
    code += "\nfrom cchc_extract.request import Problems; Problems('en').say('a: is empty; check the name')"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (ended.stdout, ended.stderr) == ("", "a: is empty; check the name\n")
