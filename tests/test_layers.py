"""What the code may import, name and hold: the layers, the foreign libraries, the words, the sizes."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import cchc_extract
from cchc_extract.errors import CchcError

PACKAGE = Path(cchc_extract.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

# Each row may import from the rows above it, and from its own part of the package. The stages share a row: they do
# not know each other.
LAYERS = (
    ("",),  # cchc_extract/__init__.py: the version, and the names of `api`, which it loads when they are asked for
    ("model", "vietnamese", "errors"),
    ("patterns", "settings", "results"),
    ("messages",),
    ("request",),
    ("normalise",),
    ("readers", "clean", "outline", "tables", "findings", "writers"),
    ("links",),
    ("assemble", "successors"),
    ("pipeline",),
    ("batch", "doctor", "agencies"),
    ("api", "actions"),
    ("arguments",),
    ("cli",),
    ("__main__",),
)
RANK = {part: rank for rank, row in enumerate(LAYERS) for part in row}

# Libraries that are not in the standard library. Those that take long to load are imported when they are needed.
FOREIGN = {
    "PIL", "distributed", "docx", "duckdb", "fsspec", "lxml", "openpyxl", "orjson", "pdfplumber", "pyarrow",
    "pypdfium2", "rapidfuzz", "regex", "rich", "tomli", "typer", "xlsxwriter",
}  # fmt: skip
HEAVY = (*(FOREIGN - {"tomli"}), "pdfminer", "numpy")

MAX_FILE, MAX_FUNCTION, MAX_USUAL, MOST = 400, 60, 40, 0.9
VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯ]|[aeiouyăâêôơưAEIOUYĂÂÊÔƠƯ][\u0300\u0301\u0303\u0309\u0323]")

by_file = pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"), str(file))


def _part(file: Path) -> str:
    """The part of the package that a file belongs to: its folder, or its own name."""
    first = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out in full"
            module = node.module or ""
            yield from ([f"{module}.{alias.name}" for alias in node.names] if module == "cchc_extract" else [module])


# --- layers -------------------------------------------------------------------------------------------------------


@by_file
def test_imports_go_downwards(file: Path) -> None:
    part = _part(file)
    tree = _without_annotations(_tree(file)) if file == PACKAGE / "__init__.py" else _tree(file)
    ours = [name.split(".")[1] for name in _imports(tree) if name.startswith("cchc_extract.")]
    used = {"" if name.startswith("__") else name for name in ours} - {part}
    assert part in RANK, f"{part} has no layer yet: give it one here"
    assert {name for name in used if RANK[name] >= RANK[part]} == set()


def test_stages_share_a_layer() -> None:
    stages = {"readers", "clean", "outline", "tables", "findings"}
    assert len({RANK[stage] for stage in stages}) == 1
    assert stages <= {_part(file) for file in FILES}


def test_model_and_errors_import_nothing_of_ours() -> None:
    for file in [*(PACKAGE / "model").glob("*.py"), PACKAGE / "errors.py", PACKAGE / "vietnamese.py"]:
        ours = [name for name in _imports(_tree(file)) if name.startswith("cchc_extract")]
        assert [name for name in ours if not name.startswith("cchc_extract.model")] == []


def test_every_error_is_in_the_one_tree_and_has_an_exit_code() -> None:
    kinds = [CchcError, *CchcError.__subclasses__()]
    assert len({kind.exit_code for kind in kinds}) == len(kinds)
    raised = {
        node.exc.func.id
        for file in FILES
        for node in ast.walk(_tree(file))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)
    }
    classes = {name for name in raised if name[0].isupper()}
    assert classes - {kind.__name__ for kind in kinds} <= {
        "AttributeError",
        "TypeError",
        "ValueError",
        "BrokenPipeError",
        "SystemExit",
    }


# --- foreign libraries --------------------------------------------------------------------------------------------


def _without_annotations(tree: ast.Module) -> ast.Module:
    """Without what is imported for the type checker alone."""
    body = [n for n in tree.body if not (isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING")]
    return ast.Module(body, [])


def _users() -> dict[str, set[str]]:
    users: dict[str, set[str]] = defaultdict(set)
    for file in FILES:
        for name in {name.split(".")[0] for name in _imports(_without_annotations(_tree(file)))} - {
            "cchc_extract",
            "__future__",
        }:
            if name not in sys.stdlib_module_names:
                users[name].add(str(file.relative_to(PACKAGE)))
    return users


def test_only_known_foreign_libraries_are_used() -> None:
    assert set(_users()) <= FOREIGN


@pytest.mark.parametrize("name", sorted(FOREIGN))
def test_a_foreign_library_is_met_in_one_place(name: str) -> None:
    """One file, or the files of one folder."""
    files = _users().get(name, set())
    assert len(files) <= 1 or len({file.rpartition("/")[0] for file in files}) == 1


@by_file
def test_heavy_libraries_are_imported_when_needed(file: Path) -> None:
    """typer is the one exception, in the folder that the command line begins with."""
    top = [node for node in _tree(file).body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {name.split(".")[0] for node in top for name in _imports(node)} & set(HEAVY)
    assert names <= ({"typer"} if _part(file) == "arguments" else set())


@pytest.mark.parametrize("module", ["cchc_extract", "cchc_extract.pipeline", "cchc_extract.__main__"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert sorted(set(loaded) & set(HEAVY)) == []


def test_importing_reads_no_pattern_file() -> None:
    code = "import sys; sys.addaudithook(lambda e, a: e == 'open' and str(a[0]).endswith('.toml') and print(a[0]))"
    code += "\nimport cchc_extract.pipeline"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == ""


# --- words --------------------------------------------------------------------------------------------------------


def _docstrings(tree: ast.Module) -> set[int]:
    holders = [
        n for n in ast.walk(tree) if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    firsts = [holder.body[0] for holder in holders if holder.body]
    return {id(node.value) for node in firsts if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}


@by_file
def test_no_vietnamese_words_in_code(file: Path) -> None:
    """They live in patterns/*.toml. Single letters and letter ranges of a regex are no words."""
    tree = _tree(file)
    documents = _docstrings(tree)
    texts = [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents
    ]
    words = [(line, word) for line, text in texts for word in re.findall(r"\w{2,}", re.sub(r"\[[^\]]*\]", " ", text))
             if VIETNAMESE.search(unicodedata.normalize("NFC", word)) or VIETNAMESE.search(word)]  # fmt: skip
    assert words == []


# --- sizes --------------------------------------------------------------------------------------------------------


def _lengths(file: Path) -> list[tuple[int, str]]:
    found = [node for node in ast.walk(_tree(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [((node.end_lineno or node.lineno) - node.lineno + 1, node.name) for node in found]


@by_file
def test_files_are_under_400_lines(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) < MAX_FILE


@by_file
def test_functions_are_under_60_lines(file: Path) -> None:
    assert [(size, name) for size, name in _lengths(file) if size >= MAX_FUNCTION] == []


def test_nearly_all_functions_are_under_40_lines() -> None:
    sizes = [size for file in FILES for size, _ in _lengths(file)]
    assert sum(size < MAX_USUAL for size in sizes) >= MOST * len(sizes)


@by_file
def test_a_file_says_what_it_is(file: Path) -> None:
    assert file.stat().st_size == 0 or ast.get_docstring(_tree(file))


def test_records_are_frozen_and_slotted() -> None:
    kinds = [n for f in FILES if _part(f) == "model" for n in _tree(f).body if isinstance(n, ast.ClassDef)]
    assert kinds
    for kind in kinds:
        assert [ast.unparse(decorator) for decorator in kind.decorator_list] == ["dataclass(frozen=True, slots=True)"]
