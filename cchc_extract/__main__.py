"""Where the program starts and ends: answers `--version` at once, and turns what happens into an exit code."""

from __future__ import annotations

import sys

from cchc_extract import __version__


def main() -> None:
    """Runs the command line and ends the process with its exit code (see `errors`)."""
    arguments = sys.argv[1:]
    if arguments == ["--version"] and _print_version():  # before anything is imported that takes time
        sys.exit(0)
    try:
        from cchc_extract.cli import run

        exit_code = run(arguments)
    except KeyboardInterrupt:
        from cchc_extract.errors import INTERRUPTED

        exit_code = INTERRUPTED
    sys.exit(exit_code)


def _print_version() -> bool:
    """Whether it could be printed; where not, the command line finds out and says why."""
    try:
        print(f"cchc-extract {__version__}", flush=True)
    except OSError:
        return False
    return sys.stdout is not None


if __name__ == "__main__":
    main()
