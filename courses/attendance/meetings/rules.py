"""Reading the attendance report that Teams writes, in its old shape and its new one, and reckoning minutes from it.

A report is text with tabs, mostly UTF-16: sections with a title line each, of which one lists participants and
another every time that somebody joined and left. Dates are in the order of whoever downloaded it, so the day of the
event decides which order is meant.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from courses.attendance.register.rules import MarkKind, Seen, TaughtDay
from lms.kit.errors import Invalid
from lms.kit.working_days import LONDON, london_date

LARGEST_LINES = 20_000
NAMES = {"name", "full name"}
JOINS = {"join time", "first join", "first join time"}
LEAVES = {"leave time", "last leave", "last leave time"}
DURATIONS = {"duration", "in-meeting duration"}
ADDRESSES = {"email", "participant id (upn)", "user principal name"}
DURATION = re.compile(r"(?:(\d+)\s*h)?\s*(?:(\d+)\s*m(?:in)?)?\s*(?:(\d+)\s*s)?", re.IGNORECASE)
MOMENT = re.compile(
    r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{2,4}),?\s+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([AaPp])?\.?[Mm]?\.?"
)


@dataclass(frozen=True)
class Stay:
    """One time that somebody was in the meeting."""

    joined_at: datetime
    left_at: datetime


@dataclass
class Participant:
    """Somebody as the report names them: by address where it has one, else by name."""

    name: str
    addresses: list[str] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    seconds: int = 0
    """What the report adds up, for rows whose times cannot be read."""


def read_report(data: bytes, block: TaughtDay) -> list[Participant]:
    """The participants, each once however often they joined. Raises Invalid for what is no report of this day."""
    lines = [[cell.strip() for cell in row] for row in _rows(_text(data))]
    found: dict[str, Participant] = {}
    tables = list(_tables(lines))
    detailed = [each for each in tables if "join time" in each[0]] or tables
    if not detailed:
        raise Invalid(
            "This is not an attendance report from Teams. Download it again from the meeting.", field="report"
        )
    for head, rows in detailed:
        for row in rows:
            _take_in(found, dict(zip(head, row, strict=False)), block)
    if not found:
        raise Invalid("No one is in this report. Download it again after the meeting.", field="report")
    if any(each.stays for each in found.values()) and not any(_on_day(each, block) for each in found.values()):
        raise Invalid("No one in this report was there on this day. Is it the report of another day?", field="report")
    return sorted(found.values(), key=lambda each: each.name.casefold())


def seen_in(participant: Participant, block: TaughtDay) -> Seen | None:
    """Present, with the minutes missed: before they came, and those they were away for beyond the breaks.

    None for somebody who was not there in the day's time. Two phones at once are there once.
    """
    stays = _inside(participant.stays, block)
    if stays:
        there = int(sum((each.left_at - each.joined_at).total_seconds() for each in stays)) // 60
        late = int((stays[0].joined_at - block.starts_at).total_seconds()) // 60
    elif participant.stays or not participant.seconds:
        return None
    else:
        there, late = participant.seconds // 60, 0
    away = max(block.minutes - there - late - block.break_minutes, 0)
    if there <= 0 or late + away >= block.minutes:
        return None
    return Seen(MarkKind.PRESENT, late, away)


def minutes_there(participant: Participant, block: TaughtDay) -> int:
    """Minutes in the meeting during the day, summed over all joins."""
    stays = _inside(participant.stays, block)
    if participant.stays:
        return int(sum((each.left_at - each.joined_at).total_seconds() for each in stays)) // 60
    return participant.seconds // 60


def _inside(stays: Sequence[Stay], block: TaughtDay) -> list[Stay]:
    """The stays within the day, in order, those that overlap made one."""
    cut = sorted(
        (max(each.joined_at, block.starts_at), min(each.left_at, block.ends_at))
        for each in stays
        if each.joined_at < block.ends_at and each.left_at > block.starts_at
    )
    joined: list[Stay] = []
    for start, end in cut:
        if joined and start <= joined[-1].left_at:
            joined[-1] = Stay(joined[-1].joined_at, max(joined[-1].left_at, end))
        else:
            joined.append(Stay(start, end))
    return joined


def _on_day(participant: Participant, block: TaughtDay) -> bool:
    return bool(_inside(participant.stays, block))


def _text(data: bytes) -> str:
    """UTF-16 as Teams writes it, or UTF-8 when somebody has saved it again."""
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "utf-16-le"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid("This file cannot be read. Send the report as Teams writes it, a .csv file.", field="report")


def _rows(text: str) -> Iterable[list[str]]:
    lines = text.splitlines()
    if len(lines) > LARGEST_LINES:
        raise Invalid("This file is too long for an attendance report.", field="report")
    delimiter = "\t" if "\t" in text else ","
    try:
        return list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    except csv.Error:
        raise Invalid("This file cannot be read. Send the report as Teams writes it.", field="report") from None


def _tables(lines: Sequence[list[str]]) -> Iterator[tuple[list[str], list[list[str]]]]:
    """The tables in the report: from a line that names the columns to the next empty line or section."""
    heads = [number for number, row in enumerate(lines) if _is_head(row)]
    for start, end in pairwise([*heads, len(lines)]):
        rows = []
        for row in lines[start + 1 : end]:
            if len([cell for cell in row if cell]) < 2:
                break
            rows.append(row)
        yield [cell.casefold() for cell in lines[start]], rows


def _is_head(row: list[str]) -> bool:
    cells = {cell.casefold() for cell in row}
    return bool(cells & NAMES) and bool(cells & (DURATIONS | JOINS))


def _take_in(found: dict[str, Participant], cells: dict[str, str], block: TaughtDay) -> None:
    name = _first(cells, NAMES)
    addresses = [value.casefold() for key, value in cells.items() if key in ADDRESSES and "@" in value]
    if not name and not addresses:
        return
    participant = found.setdefault(addresses[0] if addresses else name.casefold(), Participant(name or addresses[0]))
    participant.addresses += [each for each in addresses if each not in participant.addresses]
    participant.seconds += _seconds(_first(cells, DURATIONS))
    joined, left = (_moment(_first(cells, names), block) for names in (JOINS, LEAVES))
    if joined is not None and left is not None and left > joined:
        participant.stays.append(Stay(joined, left))


def _first(cells: dict[str, str], names: Iterable[str]) -> str:
    return next((cells[name] for name in sorted(names) if cells.get(name)), "")


def _seconds(text: str) -> int:
    match = DURATION.fullmatch(text.strip())
    hours, minutes, seconds = (int(each or 0) for each in match.groups()) if match else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds


def _moment(text: str, block: TaughtDay) -> datetime | None:
    """A moment in London, read so that it falls on the day of the event if it can; None when it cannot be read."""
    match = MOMENT.fullmatch(text.strip())
    if match is None:
        return None
    a, b, c, hour, minute = (int(each) for each in match.groups()[:5])
    second, half = int(match[6] or 0), (match[7] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    year = c + 2000 if c < 100 else c
    dates = [(a, b, c)] if a > 31 else [(year, b, a), (year, a, b)]
    read = [each for date in dates if (each := _wall(*date, hour, minute, second)) is not None]
    day = london_date(block.starts_at)
    return min(read, key=lambda each: abs(london_date(each) - day), default=None)


def _wall(year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=LONDON).astimezone(UTC)
    except ValueError:
        return None
