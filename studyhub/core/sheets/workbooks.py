"""Workbooks (.xlsx) as the library reads them, row by row and whatever they say of their size.

Imported where a file is read: the library takes 7 MB.
"""

import io
from typing import Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet


class _Sheet(ReadOnlyWorksheet):
    def _get_size(self) -> None:
        """Not asked: it may be a lie, and to miss it the library reads all rows."""


class _Reader(ExcelReader):
    wb: Any

    def read_worksheets(self) -> None:
        for sheet, part in self.parser.find_sheets():
            if part.target in self.valid_files and "chart" not in part.Type:
                one = _Sheet(self.wb, sheet.name, part.target, self.shared_strings)
                self.wb._sheets.append(one)


def open_workbook(data: bytes) -> Any:
    """The workbook; raises whatever the library does with a broken file."""
    reader = _Reader(io.BytesIO(data), read_only=True, data_only=True)
    reader.read()
    return reader.wb
