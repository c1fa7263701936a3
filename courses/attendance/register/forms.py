"""What a trainer says of one person, in a form of the whole register or as a phone sends one row of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from courses.attendance.register.queries import Register, RegisterRow
from courses.attendance.register.rules import (
    MarkKind,
    Seen,
    TaughtDay,
    kind_of,
    late_now,
    minutes_of,
    shown_fingerprint,
)
from lms.frame.web import Form
from lms.kit.errors import Invalid

OTHERS = {MarkKind.EXCUSED: "Excused", MarkKind.TURNED_AWAY: "Turned away: too late"}


class RegisterForm(Form):
    """The register's form. Its rows are as many as there are people, so they are read by `read_rows`."""


@dataclass(frozen=True)
class RowTyped:
    """The controls of one row: `mark` is present, late or absent; `was` says what the page showed."""

    mark: str = ""
    late: str = ""
    early: str = ""
    other: str = ""
    note: str = ""
    was: str = ""


@dataclass(frozen=True)
class RowShown:
    """A row as the page draws it: the person, the controls, and what is wrong with them."""

    row: RegisterRow
    typed: RowTyped
    error: str = ""


def as_typed(seen: Seen | None) -> RowTyped:
    """The controls that show a mark."""
    if seen is None:
        return RowTyped()
    return RowTyped(
        mark="" if seen.kind in OTHERS else "late" if seen.is_late else seen.kind.value,
        late=str(seen.late_minutes or ""),
        early=str(seen.left_early_minutes or ""),
        other=seen.kind.value if seen.kind in OTHERS else "",
        note=seen.note,
        was=shown_fingerprint(seen),
    )


def typed_row(said: Mapping[str, str], suffix: str = "") -> RowTyped:
    """The controls of a row, by their names: `m`, `late`, `early`, `other`, `note` and `was`, each with the suffix."""
    mark, late, early, other, note, was = (
        str(said.get(f"{name}{suffix}", "") or "").replace("\r\n", "\n").strip()
        for name in ("m", "late", "early", "other", "note", "was")
    )
    return RowTyped(mark, late, early, other, note, was)


def read_row(typed: RowTyped, block: TaughtDay, at: datetime, *, only_changes: bool = True) -> Seen | None:
    """What somebody says in a row; None when they changed nothing of what the page showed. Raises Invalid."""
    shown = as_typed(_was(typed.was))
    kind = _kind(typed, shown)
    if kind is None:
        return None
    if kind is MarkKind.PRESENT:
        late = 0 if typed.mark == "present" and shown.mark == "late" and typed.late == shown.late else _late(typed)
        if late is None:
            late = late_now(block, at) if typed.mark == "late" else 0
        seen = Seen(MarkKind.PRESENT, late, minutes_of(typed.early, field="early") or 0, typed.note)
    else:
        seen = Seen(kind, note=typed.note)
    return None if only_changes and shown_fingerprint(seen) == typed.was else seen


def _late(typed: RowTyped) -> int | None:
    return minutes_of(typed.late)


def _kind(typed: RowTyped, shown: RowTyped) -> MarkKind | None:
    """The kind of mark. Of two that contradict each other, the one that was changed."""
    if typed.other and (typed.other != shown.other or not typed.mark):
        return kind_of(typed.other)
    if typed.mark:
        return MarkKind.ABSENT if typed.mark == "absent" else MarkKind.PRESENT
    if typed.late or typed.early:
        return MarkKind.PRESENT
    if typed.note or shown.other:
        raise Invalid("Choose present, late or absent as well.", field="m")
    return None


def _was(was: str) -> Seen | None:
    kind, late, early, note = (was.split(":", 3) + [""] * 4)[:4]
    is_known = kind in set(MarkKind) and late.isdigit() and early.isdigit()
    return Seen(MarkKind(kind), int(late), int(early), note) if is_known else None


def read_rows(said: Mapping[str, str], register: Register, now: datetime) -> tuple[dict[int, Seen], list[RowShown]]:
    """What somebody changed, by booking; and the rows as typed, with what is wrong at each."""
    changes: dict[int, Seen] = {}
    shown = []
    for row in register.rows:
        typed, error = typed_row(said, f"-{row.booking_id}"), ""
        try:
            seen = read_row(typed, register.block, now)
        except Invalid as refusal:
            seen, error = None, refusal.words
        if seen is not None:
            changes[row.booking_id] = seen
        shown.append(RowShown(row, typed, error))
    return changes, shown


def others_present(said: Mapping[str, str], register: Register, changes: Mapping[int, Seen]) -> dict[int, Seen]:
    """Everybody without a mark, when the button for that was pressed."""
    if said.get("all") != "present":
        return {}
    without = [row.booking_id for row in register.rows if row.seen is None and row.booking_id not in changes]
    return {booking_id: Seen(MarkKind.PRESENT) for booking_id in without}
