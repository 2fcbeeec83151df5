"""What plans can be written as."""

from __future__ import annotations

FOLDER_FORMATS = ("csv", "parquet")  # tables, a file each
FILE_FORMATS = ("xlsx", "duckdb", "sqlite")  # tables, all of them in one file
TABLE_FORMATS = (*FOLDER_FORMATS, *FILE_FORMATS)
FORMATS = ("json", "jsonl", *TABLE_FORMATS)
