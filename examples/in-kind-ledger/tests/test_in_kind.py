"""The ledger: noted once, with thanks; weighed against what was used; an agency's lead sees their own.

`LMS_WITHOUT=charges pytest` runs the same where nobody is charged.
"""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from golden_thread_in_kind.models import InKindContribution
from golden_thread_in_kind.queries import balances
from golden_thread_in_kind.rules import Balance, Kind
from golden_thread_in_kind.sections import gather
from golden_thread_in_kind.services import record_contribution
from sqlalchemy.orm import Session

from lms.agencies.models import Agency
from lms.frame.access import Role
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.figures import ReportQuestion
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from lms.reports.rules import financial_year

Rows = Callable[..., None]
Browser = Callable[[Role | None], FlaskClient]
YEAR = financial_year(2025)
DAY = date(2026, 3, 2)


@pytest.fixture
def own(session: Session) -> int:
    """The agency of everybody in these tests."""
    return session.scalars(sa.select(Agency.id).where(Agency.code == "TRYOUT")).one()


@pytest.fixture
def other(rows: Rows, session: Session) -> int:
    rows("agencies", {"code": "OTHER", "name": "Ashbeck Trust", "sector": "Health"})
    return session.scalars(sa.select(Agency.id).where(Agency.code == "OTHER")).one()


@pytest.fixture
def held(rows: Rows) -> None:
    """A day that is over: one came, and one did not."""
    rows("courses", {"code": "NEG", "title": "Neglect", "type": "course", "capacity": "20", "status": "live"})
    times = {"day": "1", "starts_at": "2026-02-09T09:30", "ends_at": "2026-02-09T16:00", "venue": "Ashbeck Centre"}
    rows("events", {"ref": "NEG-1", "course_code": "NEG", "capacity": "20", "status": "delivered", **times})
    booked = {"event_ref": "NEG-1", "booked_at": "2026-01-05T10:00", "status": "confirmed"}
    rows(
        "bookings",
        {**booked, "person_ref": "TRYOUT-delegate", "outcome": "attended"},
        {**booked, "person_ref": "TRYOUT-chair", "outcome": "did_not_attend"},
    )


def balance(work: Work, agency: str = "Agency of the tryout") -> Balance:
    work.session.flush()
    return next(each for each in balances(work, YEAR) if each.agency == agency)


def test_what_was_given_is_weighed_against_what_was_used(work: Work, own: int, held: None) -> None:
    record_contribution(work, own, Kind.TRAINER, DAY, 3, "Neglect")
    record_contribution(work, own, Kind.ROOM, DAY, 1, "The hall")
    record_contribution(work, own, Kind.PLACES, date(2025, 3, 31), 100, "The year before")
    found = balance(work)
    assert (found.trainer_days, found.given[Kind.ROOM], found.given[Kind.PLACES], found.places_used) == (1.5, 1, 0, 1)
    assert found.pence == 3 * 175_00 + 120_00 - 60_00


def test_charges_that_stand_count_where_there_are_any(work: Work, own: int, held: None, rows: Rows) -> None:
    if not work.site.hosts("charges"):
        assert (balance(work).charged_pence, balance(work).pence) == (None, -60_00)
        return
    assert (balance(work).charged_pence, balance(work).pence) == (0, -60_00)
    charge = {"event_ref": "NEG-1", "person_ref": "TRYOUT-chair", "day": "1", "reason": "did_not_attend"}
    for status, pence in (("proposed", 0), ("invoiced", 50_00), ("waived", 0), ("paid", 50_00)):
        rows("charges", {**charge, "amount": "50.00", "status": status, "raised_on": "2026-02-10"})
        assert (balance(work).charged_pence, balance(work).pence) == (pence, -60_00 - pence)


def test_an_agency_that_was_merged_counts_under_the_one_it_became(work: Work, own: int, other: int) -> None:
    record_contribution(work, other, Kind.ROOM, DAY, 1, "The hall")
    assert balance(work, "Ashbeck Trust").given_pence == 120_00
    work.session.execute(sa.update(Agency).where(Agency.id == other).values(successor_id=own, closed_on=DAY))
    assert balance(work).given_pence == 120_00


def test_whoever_trained_is_thanked_once(work: Work, own: int, person: Callable[[Role], Person]) -> None:
    trainer = person(Role.TRAINER).id
    record_contribution(work, own, Kind.TRAINER, DAY, 2, "Neglect", trainer)
    record_contribution(work, own, Kind.ROOM, DAY, 1, "The hall")
    letters = sa.select(OutboxLetter.kind, OutboxLetter.person_id)
    assert work.session.execute(letters).all() == [("in_kind.thanked", trainer)]


@pytest.mark.parametrize(
    ("kind", "on", "quantity", "what", "trained", "field"),
    [
        (Kind.ROOM, date(2026, 3, 17), 1, "The hall", False, "given_on"),
        (Kind.ROOM, DAY, 0, "The hall", False, "quantity"),
        (Kind.ROOM, DAY, 501, "The hall", False, "quantity"),
        (Kind.ROOM, DAY, 1, " ", False, "what"),
        (Kind.ROOM, DAY, 1, "The hall", True, "person_ref"),
    ],
)
def test_what_cannot_have_been_given_is_refused(
    work: Work, own: int, kind: Kind, on: date, quantity: int, what: str, trained: bool, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        record_contribution(work, own, kind, on, quantity, what, 1 if trained else None)
    assert refused.value.field == field


def test_the_office_notes_and_takes_back(browser: Browser, session: Session, own: int) -> None:
    office, typed = browser(Role.COORDINATOR), {"agency_id": str(own), "kind": "room", "given_on": "2026-03-02"}
    refused = office.post("/in-kind/new", data={**typed, "quantity": "2", "what": ""})
    assert refused.status_code == 422
    assert "Say what it was given for" in refused.text
    assert office.post("/in-kind/new", data={**typed, "quantity": "2", "what": "The hall"}).location == "/in-kind"
    assert "The hall" in office.get("/in-kind").text
    assert "£240" in office.get("/in-kind").text
    given = session.scalars(sa.select(InKindContribution.id)).one()
    assert office.post(f"/in-kind/{given}").status_code == 303
    assert "The hall" not in office.get("/in-kind").text


def test_each_year_has_its_own_page(browser: Browser, work: Work, own: int) -> None:
    record_contribution(work, own, Kind.ROOM, date(2025, 3, 31), 1, "The old hall")
    office = browser(Role.COORDINATOR)
    assert "The old hall" not in office.get("/in-kind").text
    assert "The old hall" in office.get("/in-kind?year=2024").text
    for nonsense in ("2031", "-1", "x", "99999999999999999999"):
        assert office.get(f"/in-kind?year={nonsense}").status_code == 200


def test_a_lead_sees_their_own_agency_and_a_delegate_nothing(
    browser: Browser, work: Work, own: int, other: int
) -> None:
    record_contribution(work, own, Kind.ROOM, DAY, 1, "Our hall")
    record_contribution(work, other, Kind.ROOM, DAY, 1, "Their hall")
    lead = browser(Role.AGENCY_LEAD)
    page = lead.get("/in-kind").text
    assert "Our hall" in page
    assert "Their hall" not in page
    assert "Ashbeck Trust" not in page
    assert "/in-kind/new" not in page
    assert lead.get("/in-kind/new").status_code == 403
    assert browser(Role.DELEGATE).get("/in-kind").status_code == 403


def test_the_panel_on_a_person_says_how_many_days(
    browser: Browser, work: Work, own: int, person: Callable[[Role], Person]
) -> None:
    trainer = person(Role.TRAINER).id
    record_contribution(work, own, Kind.TRAINER, DAY, 3, "Neglect", trainer)
    page = browser(Role.COORDINATOR).get(f"/people/{trainer}").text
    assert "Trained on 1.5 days that their agency gave, last on Monday 2 March 2026." in page


def test_earlier_years_come_in_by_a_file(work: Work, rows: Rows, own: int) -> None:
    row = {"ref": "2019-1", "agency_code": "TRYOUT", "kind": "trainer half days", "given_on": "2025-05-01"}
    row |= {"quantity": "2", "what": "Neglect", "worth": "300", "person_ref": "TRYOUT-trainer"}
    rows("in-kind", row)
    rows("in-kind", row | {"quantity": "4", "worth": "600.00"})
    assert balance(work).given_pence == 600_00
    with pytest.raises(AssertionError, match="column quantity: Write how many"):
        rows("in-kind", row | {"quantity": "0"})


def test_the_report_counts_gifts_of_the_period(work: Work, own: int, other: int) -> None:
    record_contribution(work, own, Kind.TRAINER, DAY, 3, "Neglect")
    record_contribution(work, other, Kind.ROOM, DAY, 1, "The hall")
    record_contribution(work, own, Kind.ROOM, date(2025, 3, 31), 1, "The year before")
    told = {each.name: each.shown for each in gather(work, ReportQuestion(YEAR)).figures}
    assert told == {
        "in_kind_trainer_half_days": "3",
        "in_kind_room": "1",
        "in_kind_places": "0",
        "in_kind_worth_pence": "£645",
    }
    assert [each.value for each in gather(work, ReportQuestion(YEAR, agency_id=own)).figures] == [3, 0, 0, 525_00]
