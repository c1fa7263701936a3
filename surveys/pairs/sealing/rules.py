"""How what waits is written before it is sealed, as plain JSON, and read again. Pure."""

from typing import Any

from surveys.pairs.rules import Item, Said, Sheet, Side, Steps
from surveys.pairs.starts.rules import Start

Kept = dict[str, Any]


def said_kept(said: Said) -> Kept:
    """What somebody said at one stage."""
    return {"asked": sorted(said.asked), "numbers": [[*item, number] for item, number in sorted(said.numbers.items())]}


def said_from(kept: Kept) -> Said:
    """The same, read again."""
    return Said(_items(kept["asked"]), {(code, item): number for code, item, number in kept["numbers"]})


def sheet_kept(sheet: Sheet) -> Kept:
    """One person's matched answers."""
    steps = [[*item, each.before, each.on_the_day, each.after] for item, each in sorted(sheet.steps.items())]
    return {"side": sheet.side.value, "steps": steps, "asked": sorted(sheet.asked), "day": sheet.has_day}


def sheet_from(kept: Kept) -> Sheet:
    """The same, read again."""
    steps = {(code, item): Steps(*numbers) for code, item, *numbers in kept["steps"]}
    return Sheet(Side(kept["side"]), steps, _items(kept["asked"]), kept["day"])


def start_kept(start: Start) -> Kept:
    """Where somebody stood before, for the figures by sector."""
    return {"sector": start.sector_id, "mean": start.mean, "later": start.is_later}


def start_from(kept: Kept) -> Start:
    """The same, read again."""
    return Start(kept["sector"], kept["mean"], is_later=kept["later"])


def _items(kept: list[list[Any]]) -> frozenset[Item]:
    return frozenset((code, item) for code, item in kept)
