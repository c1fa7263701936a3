"""Importing a file: read every row, say what each does, and keep either all of it or nothing."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError

from lms.audit.models import AuditEntry
from lms.frame.db import to_try_out
from lms.frame.plugins import Change, Import
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, Reason
from lms.tables.models import Upload
from lms.tables.rules import CsvTable, RowProblem, read_csv

UPLOADS_ARE_KEPT = timedelta(days=1)
SHOWN_PROBLEMS = 200
NOT_TOGETHER = Reason("not_together", "The rows do not agree with each other, or with what is already here.")
Rows = Mapping[int, Mapping[str, str]]


@dataclass(frozen=True)
class Imported:
    """What a file does, or did: `is_saved` tells which."""

    kind: str
    added: int
    changed: int
    unchanged: int
    problems: tuple[RowProblem, ...]
    is_saved: bool
    warnings: tuple[RowProblem, ...] = ()

    @property
    def rejected(self) -> int:
        """Rows that were refused."""
        return len({each.row for each in self.problems if each.row})

    @property
    def totals(self) -> dict[str, int]:
        return {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
        }


@dataclass
class FileRecord:
    """What the audit points at for a whole file: the first digits of its SHA-256."""

    id: str


def import_file(work: Work, kind: Import, data: bytes, *, save: bool) -> Imported:
    """Read a whole file. It is kept when `save` and nothing was refused; otherwise no trace is left.

    Raises Invalid when the file is not a table of this kind at all.
    """
    may_be_missing = [column.name for column in kind.columns if kind.may_leave_out and not column.is_key]
    table = read_csv(data, [column.name for column in kind.columns], may_be_missing=may_be_missing)
    attempt = work.session.begin_nested()
    by_row, problems = _read_all(work, kind, table)
    changes = list(by_row.values())
    is_saved = save and not problems
    if is_saved:
        _record_changes(work, changes, _record_file(work, kind, data, changes))
        attempt.commit()
    else:
        attempt.rollback()
    done = Counter(change.what for change in changes)
    return Imported(
        kind=kind.kind,
        added=done["added"],
        changed=done["changed"],
        unchanged=done["unchanged"],
        problems=tuple(sorted(problems, key=lambda each: each.row or 0)),
        is_saved=is_saved,
        warnings=tuple(RowProblem(row, None, words) for row, change in by_row.items() for words in change.warnings),
    )


def try_file(work: Work, kind: Import, data: bytes) -> Imported:
    """A dry run: what a whole file would do to what is committed. Nobody who writes waits for it, however long it is.

    Begin it in no transaction that may write: on SQLite that one would hold them up itself.
    """
    with to_try_out(work.session) as session:
        return import_file(replace(work, session=session), kind, data, save=False)


@dataclass(frozen=True)
class RowsTaken:
    """What became of rows that came one by one: the changes, and why some were refused, each by its number."""

    changes: Mapping[int, Change]
    problems: Mapping[int, RowProblem]


def take_rows(work: Work, kind: Import, rows: Rows, *, save: bool) -> RowsTaken:
    """Rows that another system brings, by the very rules of a file; but what is right is kept beside what is not.

    `save` False is the dry run. Raises Conflict when the rows do not fit together.
    """
    left, refused = dict(rows), dict[int, RowProblem]()
    while left:
        attempt = work.session.begin_nested()
        changes, problems = _read_all(work, kind, CsvTable(left, ()))
        if not problems:
            if save:
                _record_changes(work, list(changes.values()), FileRecord(work.actor.name), "by another system")
                attempt.commit()
            else:
                attempt.rollback()
            return RowsTaken(changes, refused)
        attempt.rollback()
        if any(each.row is None for each in problems):
            raise Conflict(problems[0].words, reason=NOT_TOGETHER)
        refused |= {each.row: each for each in problems if each.row is not None}
        left = {number: row for number, row in left.items() if number not in refused}
    return RowsTaken({}, refused)


def preview_upload(work: Work, kind: Import, data: bytes, *, filename: str) -> Upload:
    """Keep a file for a day, with what it would do. Raises Invalid when it is not a table of this kind."""
    upload = Upload(
        kind=kind.kind,
        filename=filename,
        content=data,
        preview=_preview(try_file(work, kind, data)),
        uploaded_at=work.now,
        uploaded_by_id=work.actor.person_id,
    )
    work.session.add(upload)
    work.session.flush()
    return upload


def save_upload(work: Work, kind: Import, upload: Upload) -> Imported:
    """Import a file that was looked at. When something is refused by now, the file stays with its new preview."""
    done = import_file(work, kind, upload.content, save=True)
    if done.is_saved:
        work.session.delete(upload)
    else:
        upload.preview = _preview(done)
    return done


def forget_upload(work: Work, upload: Upload) -> None:
    """Throw a file away that nobody wants to import."""
    work.session.delete(upload)


def forget_old_uploads(work: Work) -> None:
    """Throw away every file that was looked at a day ago and not imported."""
    work.session.execute(sa.delete(Upload).where(Upload.uploaded_at < work.now - UPLOADS_ARE_KEPT))


def _read_all(work: Work, kind: Import, table: CsvTable) -> tuple[dict[int, Change], list[RowProblem]]:
    """Read every row, and let the database check the whole: it sees when two things in the file do not fit."""
    try:
        changes, problems = _read_rows(work, kind, table)
        if not problems:
            work.session.flush()
    except (IntegrityError, DataError) as error:
        reason = str(error.orig).splitlines()[0]
        return {}, [
            RowProblem(None, None, f"The rows do not agree with each other, or with what is already here: {reason}.")
        ]
    return changes, problems


def _read_rows(work: Work, kind: Import, table: CsvTable) -> tuple[dict[int, Change], list[RowProblem]]:
    problems = [*table.problems, *_misused_keys(kind, table.rows)]
    refused = {each.row for each in problems}
    rows = {number: row for number, row in table.rows.items() if number not in refused}
    changes: dict[int, Change] = {}
    reader = kind.reader(work, list(rows.values()))
    for number, row in rows.items():
        try:
            changes[number] = reader(row)
        except Invalid as refusal:
            code = refusal.reason.code if refusal.reason else ""
            problems.append(RowProblem(number, refusal.field, refusal.words, code))
    return changes, problems


def _misused_keys(kind: Import, rows: Rows) -> Iterator[RowProblem]:
    """Rows without what they must have, and rows whose key an earlier row has."""
    keys = [column.name for column in kind.columns if column.is_key]
    needed = [column.name for column in kind.columns if column.is_key or column.is_required]
    first_row: dict[tuple[str, ...], int] = {}
    for number, row in rows.items():
        empty = next((name for name in needed if name in row and not row[name].strip()), None)
        if empty:
            yield RowProblem(number, empty, "Enter a value.")
            continue
        key = tuple(row[name].strip() for name in keys)
        if key in first_row:
            yield RowProblem(number, keys[0], f"{', '.join(key)} is already in row {first_row[key]}. Keep one of them.")
        first_row.setdefault(key, number)


def _record_file(work: Work, kind: Import, data: bytes, changes: list[Change]) -> FileRecord:
    file = FileRecord(hashlib.sha256(data).hexdigest()[:16])
    done = Counter(change.what for change in changes)
    totals: dict[str, Any] = {what: done[what] for what in ("added", "changed", "unchanged")}
    work.record(f"{kind.kind} imported", file, **totals)
    return file


def _record_changes(work: Work, changes: list[Change], file: FileRecord, how: str = "by import") -> None:
    """A line in the audit for each record that was added or changed, in one INSERT."""
    lines = [_audit_line(work, change, file, how) for change in changes if change.thing is not None]
    if lines:
        work.session.execute(sa.insert(AuditEntry), lines)


def _audit_line(work: Work, change: Change, file: FileRecord, how: str) -> dict[str, Any]:
    thing, record_type = change.thing, change.thing.__class__.__name__
    person_id = thing.id if record_type == "Person" and thing else getattr(thing, "person_id", None)
    return {
        "at": work.now,
        "actor_id": work.actor.person_id,
        "actor_name": work.actor.name,
        "event": f"{change.what} {how}",
        "record_type": record_type,
        "record_id": str(thing.id) if thing else "",
        "person_id": person_id,
        "details": {"file": file.id, "before": dict(change.before)},
    }


def _preview(imported: Imported) -> dict[str, Any]:
    return {
        **imported.totals,
        "problems": [str(each) for each in imported.problems[:SHOWN_PROBLEMS]],
        "warnings": [str(each) for each in imported.warnings[:SHOWN_PROBLEMS]],
    }
