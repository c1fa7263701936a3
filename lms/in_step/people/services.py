"""Joiners, movers and leavers from another system, within what its token may."""

from collections.abc import Sequence

from lms.frame.work import Work
from lms.in_step.people.queries import MANAGE, addresses_with_roles, agencies_by_ref, codes_led
from lms.in_step.rules import HAS_A_ROLE, NOT_YOURS, RowDone
from lms.in_step.services import Row, problem, take, take_one
from lms.tables.rules import RowProblem

KIND = "people"


def take_people(work: Work, rows: Sequence[Row], *, save: bool) -> tuple[RowDone, ...]:
    """Add or change many, a result for each."""
    return take(work, KIND, rows, save=save, refused=beyond_token(work, rows))


def take_person(work: Work, row: Row, *, save: bool) -> RowDone:
    """Add or change one. Raises what it is refused for."""
    return take_one(work, KIND, row, save=save, refused=beyond_token(work, [row]))


def beyond_token(work: Work, rows: Sequence[Row]) -> dict[int, RowProblem]:
    """Rows about people of other agencies than the token's, for one that is limited to some.

    Nor does such a token change the address of somebody with a role: it could sign in as them, for other agencies too.
    """
    if work.actor.may(MANAGE):
        return {}
    refs = [row["ref"] for row in rows]
    agencies, addresses = agencies_by_ref(work.session, refs), addresses_with_roles(work.session, refs)
    codes, found = codes_led(work.session, work.actor), dict[int, RowProblem]()
    for number, row in enumerate(rows):
        ref, code = row["ref"], row.get("agency_code")
        is_ours = agencies[ref] in work.actor.leads_agency_ids if ref in agencies else code is not None
        if not is_ours:
            found[number] = problem(number, "ref" if ref in agencies else "agency_code", NOT_YOURS)
        elif code is not None and code not in codes:
            found[number] = problem(number, "agency_code", NOT_YOURS)
        elif ref in addresses and row.get("email", addresses[ref]).strip().lower() != addresses[ref]:
            found[number] = problem(number, "email", HAS_A_ROLE)
    return found
