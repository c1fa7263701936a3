"""Letters that ask people to book: to the lead's own people, not twice in a while, and true when they arrive."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place
from courses.programme.events.rules import EventState
from courses.records.reminding.services import remind_people
from courses.records.reminding.still_true import ELSEWHERE, NOT_ANY_MORE
from lms.frame.access import Actor, Role
from lms.frame.work import Work
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.people.models import Person
from tests.courses.conftest import deliver, office  # noqa: F401  (fixtures)
from tests.courses.records.conftest import Attend, attend  # noqa: F401  (a fixture)
from tests.make import Make
from tests.moments import NOW

Deliver = Callable[..., None]
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def lead(make: Make) -> Person:
    return make.person("Sunniva Harkaway", roles=(Role.AGENCY_LEAD,))


@pytest.fixture
def by_lead(office: Work, lead: Person) -> Work:  # noqa: F811
    """The site's services, by the lead."""
    actor = Actor("Sunniva Harkaway", person_id=lead.id, leads_agency_ids=frozenset({lead.agency_id or 0}))
    return replace(office, actor=actor)


def letters_of(work: Work, person: Person) -> list[OutboxLetter]:
    found = sa.select(OutboxLetter).where(OutboxLetter.person_id == person.id).order_by(OutboxLetter.id)
    return list(work.session.scalars(found.where(OutboxLetter.kind.startswith("courses.training"))))


def test_a_person_is_asked_once_in_a_fortnight_and_nobody_elses_people_are(
    by_lead: Work, make: Make, lead: Person
) -> None:
    make.course("Working together", refresher_months=36)
    make.course("Neglect")
    amara, stranger = make.person("Amara", agency=lead.agency), make.person("Stranger")
    silent = make.person("No address", agency=lead.agency, email="")
    everyone = [amara.id, stranger.id, silent.id]
    assert [row.person.name for row in remind_people(by_lead, everyone)] == ["Amara"]
    assert remind_people(by_lead, everyone) == [], "the same sent twice"
    assert [each.context["due"] for each in letters_of(by_lead, amara)] == ["You have not done it yet"] * 2
    assert letters_of(by_lead, stranger) == []
    assert remind_people(replace(by_lead, now=NOW + timedelta(days=13)), everyone) == []
    assert len(remind_people(replace(by_lead, now=NOW + timedelta(days=15)), everyone)) == 1


def test_whoever_has_booked_has_come_or_has_left_is_not_asked(
    by_lead: Work,
    office: Work,  # noqa: F811
    make: Make,
    lead: Person,
    attend: Attend,  # noqa: F811
) -> None:
    event = make.event(make.course("Working together", refresher_months=36))
    over = make.event(event.course, starts=NOW - timedelta(days=9), state=EventState.DELIVERED, finalised_at=NOW)
    booked, came, gone = (make.person(name, agency=lead.agency) for name in ("Bo", "Cy", "Dee"))
    attend(over, came)
    gone.left_on = NOW.date()
    make.commit()
    book_place(office, event.id, booked, BookingRequest())
    assert remind_people(by_lead, [booked.id, came.id, gone.id]) == []


def test_it_goes_the_next_morning_as_one_letter_and_leaves_out_what_is_no_longer_so(
    by_lead: Work,
    office: Work,  # noqa: F811
    make: Make,
    lead: Person,
    deliver: Deliver,  # noqa: F811
) -> None:
    event = make.event(make.course("Working together"))
    make.course("Neglect")
    make.course("Supervision")
    amara, mover = make.person("Amara", agency=lead.agency), make.person("Mover", agency=lead.agency)
    remind_people(by_lead, [amara.id, mover.id])
    assert len(letters_of(by_lead, amara)) == 3
    book_place(office, event.id, amara, BookingRequest())
    mover.agency = make.agency("Elsewhere")
    deliver(TOMORROW)
    states = {each.context.get("course"): each for each in letters_of(office, amara)}
    assert {title: each.state for title, each in states.items()} == {
        "Working together": LetterState.WITHDRAWN,
        "Neglect": LetterState.SENT,
        "Supervision": LetterState.SENT,
    }
    assert states["Working together"].last_error == NOT_ANY_MORE
    assert states["Neglect"].subject == states["Supervision"].subject == "Sunniva Harkaway asks you to book 2 courses"
    assert {each.last_error for each in letters_of(office, mover)} == {ELSEWHERE}


def test_the_page_says_whom_it_writes_to_and_posts_it(
    sign_in: Callable[[Person], FlaskClient], make: Make, lead: Person
) -> None:
    make.course("Working together")
    amara, silent = make.person("Amara", agency=lead.agency), make.person("Silent", agency=lead.agency, email="")
    stranger = make.person("Stranger")
    make.commit()
    browser, ids = sign_in(lead), f"{amara.id}.{silent.id}.{stranger.id}"
    asked = browser.get(f"/team/training/remind?kept={ids}").text
    assert "1 person of 2 would be written to." in asked
    assert "We have no email address for them." in asked
    assert "Stranger" not in asked
    told = browser.post("/team/training/remind", data={"ticked": ids}, follow_redirects=True).text
    assert "1 person reminded." in told
    assert "0 people of 2 would be written to." in browser.get(f"/team/training/remind?kept={ids}").text
