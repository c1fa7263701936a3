"""What other systems are told of a row that they brought. Pure."""

from dataclasses import dataclass
from dataclasses import field as of
from enum import StrEnum

from lms.api.shapes import says
from lms.kit.errors import Reason

KEEP = "in_step.keep_people"
MOST_ROWS = 500
NOT_YOURS = Reason("not_yours", "There is no one with this reference, or in this agency, among those of the token.")
HAS_A_ROLE = Reason("has_a_role", "The person has a role here, so the office changes the address.")
GIVEN_TWICE = Reason("given_twice", "The same reference stands in an earlier row.")


class RowResult(StrEnum):
    """What became of a row."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class RowDone:
    """What became of one row. `notes` say what follows: what a leaver had open, and what became of that."""

    ref: str = of(metadata=says("The reference or code that was sent.", example="P1021"))
    result: RowResult = of(metadata=says("What happened; in a dry run, what would.", example="changed"))
    changed: tuple[str, ...] = of(metadata=says("The fields that differ.", example=["agency_code"]))
    notes: tuple[str, ...] = of(metadata=says("What this means for you, in sentences.", example=[]))
    code: str | None = of(metadata=says("Why it was refused: a reason's code."))
    field: str | None = of(metadata=says("Which field was refused."))
    words: str | None = of(metadata=says("Why it was refused, in a sentence."))


@dataclass(frozen=True)
class RowsDone:
    """What became of each row, in the order in which they came."""

    items: tuple[RowDone, ...]
    is_dry_run: bool
