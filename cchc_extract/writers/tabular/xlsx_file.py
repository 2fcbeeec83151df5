"""Rows -> one Excel workbook with a sheet for each table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cchc_extract.request import TableOptions
from cchc_extract.writers.tabular.layout import Table
from cchc_extract.writers.tabular.rows import Batch
from cchc_extract.writers.tabular.xlsx_sheet import Limits, Sheet, make_formats

_CREATED = datetime(2000, 1, 1)  # always the same, for the same rows to give the same bytes
_OPENS_AT = "tasks"


class XlsxFile:
    """A Sink: one workbook with all tables. What Excel cannot hold is cut, and told of."""

    def __init__(
        self, path: Path, tables: tuple[Table, ...], options: TableOptions, limits: Limits | None = None
    ) -> None:
        from xlsxwriter import Workbook  # type: ignore[import-untyped]

        parts = path.parent / "parts"  # XlsxWriter's own temporaries: rows go there and not into memory
        parts.mkdir()
        self.workbook = Workbook(str(path), {"constant_memory": True, "tmpdir": str(parts)})
        self.workbook.set_properties({"created": _CREATED})
        formats = make_formats(self.workbook, options.lang)
        self.sheets = {
            table.name: Sheet(self.workbook.add_worksheet(table.words[options.lang].title), table, formats, limits)
            for table in tables
        }
        for table in tables:
            self.sheets[table.name].write_titles(options.lang)
        if _OPENS_AT in self.sheets:
            self.sheets[_OPENS_AT].worksheet.activate()

    def write(self, batch: Batch) -> None:
        addresses = dict(self._addresses(batch))
        for name, sheet in self.sheets.items():
            for row in batch[name]:
                sheet.write_row(row, addresses)

    def _addresses(self, batch: Batch) -> Iterator[tuple[tuple[str, str, str], str]]:
        """Where the records that others link to will stand: known before any is written, for links go both ways."""
        for name in {column.links for sheet in self.sheets.values() for column in sheet.table.columns}:
            if name in self.sheets:
                yield from self.sheets[name].addresses(batch[name])

    def finish(self) -> tuple[str, ...]:
        from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]

        for sheet in self.sheets.values():
            sheet.add_filter()
        try:
            self.workbook.close()
        except FileCreateError as error:  # its only argument is the OSError
            raise error.args[0] from None
        return tuple(note for sheet in self.sheets.values() for note in sheet.notes())

    def close(self) -> None:
        """Nothing: what is unfinished lies in the folder of unfinished files."""
