"""What a plugin kept, as a file: a table each as CSV, and what they are."""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from lms.strangers.rules import KeptTable
from lms.tables.rules import write_csv

ABOUT = "about.json"


def write_kept(file: Path, plugin: str, tables: list[KeptTable], *, revision: str, at: datetime) -> None:
    """Write a new file that only its owner can read. Raises FileExistsError rather than write over one."""
    file.touch(mode=0o600, exist_ok=False)
    about = {
        "plugin": plugin,
        "revision": revision,
        "exported_at": at.isoformat(),
        "tables": {table.name: {"rows": len(table.rows), "columns": dict(table.columns)} for table in tables},
    }
    with zipfile.ZipFile(file, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(ABOUT, json.dumps(about, ensure_ascii=False, indent=2) + "\n")
        for table in tables:
            text = write_csv(list(table.columns), _said_rows(table))
            archive.writestr(f"{table.name}.csv", text.encode("utf-8-sig"))


def _said_rows(table: KeptTable) -> Iterator[dict[str, str]]:
    for row in table.rows:
        yield {name: _said(row[name]) for name in table.columns}


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
