"""Reads Vietnamese administrative-reform plans and writes their tasks and targets as data.

`extract`, `extract_many`, `to_dict` and `from_dict` are the library's functions (see `api`); they are loaded when they
are first asked for, so that the command line starts without them.
"""

from __future__ import annotations

TYPE_CHECKING = False  # what typing calls so, without its import: `--version` is to be answered at once
if TYPE_CHECKING:
    from cchc_extract.api import Outcome as Outcome
    from cchc_extract.api import extract as extract
    from cchc_extract.api import extract_many as extract_many
    from cchc_extract.api import from_dict as from_dict
    from cchc_extract.api import to_dict as to_dict
    from cchc_extract.errors import CchcError as CchcError
    from cchc_extract.model import Plan as Plan

__version__ = "0.1.0"

__all__ = ["CchcError", "Outcome", "Plan", "__version__", "extract", "extract_many", "from_dict", "to_dict"]

_HOMES = {"CchcError": "cchc_extract.errors", "Plan": "cchc_extract.model"}


def __getattr__(name: str) -> object:
    """A public name, from the module that defines it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES.get(name, "cchc_extract.api")), name)
