"""Taking rows from another system: what is right is kept, and each row is answered."""

from collections.abc import Mapping, Sequence
from typing import NoReturn, cast

from lms.frame.plugins import Import
from lms.frame.site import Site
from lms.frame.work import Work
from lms.in_step.rules import GIVEN_TWICE, RowDone, RowResult
from lms.kit.errors import Conflict, Invalid, NotAllowed, Reason
from lms.people.rules import DECIDED_BY_MANAGER, ENTRUSTED
from lms.tables.rules import RowProblem
from lms.tables.services import take_rows

Row = Mapping[str, str]
INVALID = "invalid"


def kind_of(work: Work, name: str) -> Import:
    """A kind of file, by whose rules rows are read."""
    return next(each for each in cast(Site, work.site).imports if each.kind == name)


def take(
    work: Work, name: str, rows: Sequence[Row], *, save: bool, refused: Mapping[int, RowProblem] | None = None
) -> tuple[RowDone, ...]:
    """What becomes of rows of a kind of file, each answered. `refused` are those that its bringer may not bring."""
    kind = kind_of(work, name)
    key = next(column.name for column in kind.columns if column.is_key)
    beyond = {**_twice(rows, key), **(refused or {})}
    taken = take_rows(work, kind, {n: row for n, row in enumerate(rows) if n not in beyond}, save=save)
    problems = {**beyond, **taken.problems}
    return tuple(
        _refused(row[key], problems[number])
        if number in problems
        else RowDone(
            row[key],
            RowResult(taken.changes[number].what),
            tuple(taken.changes[number].columns),
            tuple(taken.changes[number].warnings),
            None,
            None,
            None,
        )
        for number, row in enumerate(rows)
    )


def take_one(work: Work, name: str, row: Row, *, save: bool, refused: Mapping[int, RowProblem]) -> RowDone:
    """One row. Raises what it is refused for (`refuse`)."""
    done = take(work, name, [row], save=save, refused=refused)[0]
    if done.result is RowResult.REFUSED:
        refuse(done)
    return done


def refuse(done: RowDone) -> NoReturn:
    """Raises what a row was refused for: Invalid at its field, NotAllowed for an entrusted record, Conflict."""
    reason = Reason(done.code or INVALID, done.words or "")
    if reason.code == ENTRUSTED.code:
        raise NotAllowed(reason.words, reason=reason)
    if reason.code != INVALID:
        raise Conflict(reason.words, reason=reason)
    raise Invalid(reason.words, field=done.field)


def problem(number: int, column: str, reason: Reason) -> RowProblem:
    """A row that is refused for a reason of ours."""
    return RowProblem(number, column, reason.words, reason.code)


def _twice(rows: Sequence[Row], key: str) -> dict[int, RowProblem]:
    seen: set[str] = set()
    found: dict[int, RowProblem] = {}
    for number, row in enumerate(rows):
        if row[key].strip() in seen:
            found[number] = problem(number, key, GIVEN_TWICE)
        seen.add(row[key].strip())
    return found


def _refused(ref: str, why: RowProblem) -> RowDone:
    code = why.code or (ENTRUSTED.code if why.words.startswith(DECIDED_BY_MANAGER) else INVALID)
    words = DECIDED_BY_MANAGER if code == ENTRUSTED.code else why.words
    return RowDone(ref, RowResult.REFUSED, (), (), code, why.column, words)
