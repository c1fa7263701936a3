"""Surveys on one's own pages: the one before the event at once, each until it is answered, and nobody else's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place, cancel_booking
from lms.frame.access import Actor
from lms.jobs.services import carry_out
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from surveys.invitations.checks import answered_unasked
from surveys.invitations.models import Answered, Invitation
from surveys.invitations.services import refuse
from surveys.sending.jobs import ask_people, remind_people
from surveys.stages.rules import OF_WAITING, Stage
from surveys.to_answer.queries import own_surveys
from surveys.to_answer.services import begin_here
from tests.make import Make
from tests.moments import NOW
from tests.surveys.conftest import Asking

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def booked(asking: Asking, make: Make) -> tuple[Booking, Invitation]:
    """Amara has just booked: the letter before the event would be written an hour later."""
    amara = make.person("Amara Fenwick-Osei")
    own = replace(asking.work, actor=Actor(amara.name, amara.id))
    booking = book_place(own, make.event().id, amara, BookingRequest())
    return booking, asking.work.session.scalars(sa.select(Invitation)).one()


def survey_letters(asking: Asking) -> list[str]:
    asking.work.session.rollback()
    return list(
        asking.work.session.scalars(sa.select(OutboxLetter.kind).where(OutboxLetter.kind.startswith("surveys.")))
    )


def test_the_booked_page_asks_at_once_and_no_letter_asks_again(
    asking: Asking, booked: tuple[Booking, Invitation], sign_in: SignIn, client: FlaskClient
) -> None:
    booking, invitation = booked
    number, page = invitation.id, f"/bookings/{booking.id}"
    browser = sign_in(booking.person)
    for address in (page, "/my"):
        assert f'action="/my/surveys/{number}"' in browser.get(address).text, address
    asking.work.session.rollback()
    assert invitation.sent_at is None, "looking asks nothing"
    begun = browser.post(f"/my/surveys/{number}")
    assert begun.status_code == 303
    assert client.get(begun.location).status_code == 200
    asking.work.session.rollback()
    assert invitation.closes_at == booking.event.starts_at
    for later in (timedelta(hours=2), timedelta(days=5)):
        carry_out(asking.at(NOW + later), ask_people)
        carry_out(asking.at(NOW + later), remind_people)
        asking.work.session.commit()
    assert survey_letters(asking) == []
    assert f'href="{begun.location}"' in browser.get(page).text, "begun and not sent: it can be gone on with"
    assert browser.post(f"/my/surveys/{number}").location == begun.location
    asking.work.session.rollback()
    asking.work.session.add(Answered(invitation_id=number))
    asking.work.session.commit()
    assert "/answer/" not in browser.get(page).text + browser.get("/my").text
    assert browser.post(f"/my/surveys/{number}").status_code == 404
    assert list(answered_unasked(asking.work)) == []


def test_it_is_offered_to_whoever_it_is_for_and_while_it_can_be_answered(
    asking: Asking, booked: tuple[Booking, Invitation], make: Make, sign_in: SignIn, clock: Callable[[], object]
) -> None:
    booking, invitation = booked
    number, page, starts_at = invitation.id, f"/bookings/{booking.id}", booking.event.starts_at
    other, office = sign_in(make.person("Tobiah")), sign_in(make.coordinator())
    assert other.post(f"/my/surveys/{number}").status_code == 404
    assert office.post(f"/my/surveys/{number}").status_code == 404
    assert "/my/surveys/" not in office.get(page).text
    browser = sign_in(booking.person)
    clock.now = starts_at  # type: ignore[attr-defined]
    assert "/my/surveys/" not in browser.get(page).text
    assert browser.post(f"/my/surveys/{number}").status_code == 404
    clock.now = NOW  # type: ignore[attr-defined]
    refuse(asking.work, booking.person_id)
    make.commit()
    assert "/my/surveys/" not in browser.get(page).text


def test_a_place_that_was_given_up_asks_nothing(
    asking: Asking, booked: tuple[Booking, Invitation], make: Make, sign_in: SignIn
) -> None:
    booking, invitation = booked
    cancel_booking(asking.work, booking)
    number, page = invitation.id, f"/bookings/{booking.id}"
    browser = sign_in(booking.person)
    assert "/my/surveys/" not in browser.get(page).text
    assert browser.post(f"/my/surveys/{number}").status_code == 404


def test_whoever_waits_is_asked_by_letter_alone_which_asks_first_whether_they_agree(
    asking: Asking, booked: tuple[Booking, Invitation], make: Make, sign_in: SignIn
) -> None:
    booking, invitation = booked
    own = replace(asking.work, actor=Actor(booking.person.name, booking.person_id))
    begin_here(own, invitation)
    assert [each.stage for each in own_surveys(own)] == [Stage.BASELINE]
    for stage in OF_WAITING:
        invitation.stage = stage
        asking.work.session.flush()
        assert own_surveys(own) == []
