"""Certificates: issued when attended and evaluated, issued again, withdrawn."""

from typing import Any

import pytest
import sqlalchemy as sa

from courses.attendance.register.models import Mark
from courses.attendance.register.rules import MarkKind
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import Outcome
from courses.facts import CertificateAwaitsEvaluation, OutcomeCorrected, RegisterFinalised
from courses.programme.events.models import Event, EventDay
from courses.records.certificates import listeners
from courses.records.certificates.checks import missing_certificates, undeserved_certificates
from courses.records.certificates.models import Certificate
from courses.records.certificates.rules import CertificateState, is_in_order
from courses.records.certificates.services import (
    evaluation_answered,
    issue_for_event,
    make_certificate,
    override_evaluation,
    reissue,
)
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.mail.models import OutboxLetter
from tests.courses.facts_told import Heard
from tests.courses.records.conftest import Attend
from tests.make import Make
from tests.moments import NOW


class Evaluating(Heard):
    """A site with a plugin that asks for evaluations."""

    def listeners_to(self, fact: object) -> tuple[Any, ...]:
        return super().listeners_to(fact) if isinstance(fact, CertificateAwaitsEvaluation) else ()


def letters(work: Work) -> list[str]:
    return list(work.session.scalars(sa.select(OutboxLetter.kind).order_by(OutboxLetter.id)))


def corrected(booking: Booking, outcome: Outcome) -> OutcomeCorrected:
    booking.outcome = outcome
    return OutcomeCorrected(booking.id, booking.event_id, booking.person_id, "", outcome.value, "Wrong sheet")


def test_a_finalised_register_gives_a_certificate_to_everybody_who_attended(
    work: Work, make: Make, held: Event, attend: Attend
) -> None:
    for name in ("Amara", "Tobiah"):
        attend(held, make.person(name))
    attend(held, make.person("Wren"), Outcome.PART_ATTENDED)
    listeners.issue_certificates(work, RegisterFinalised(held.id))
    made = work.session.scalars(sa.select(Certificate).order_by(Certificate.id)).all()
    assert len({each.serial for each in made}) == 2
    assert not [each.serial for each in made if is_in_order(each.serial)]
    assert [each.name for each in made] == ["Amara", "Tobiah"]
    assert made[0].cpd_minutes == 2 * 330
    assert made[0].dates == "Thu 9 and Fri 10 Apr 2026, 09:30 to 16:00"
    assert made[0].outcomes == ["name the signs", "say who to call"]
    assert letters(work) == ["courses.certificate_issued"] * 2
    assert issue_for_event(work, held.id) == []
    assert list(missing_certificates(work)) == []


def test_only_the_days_attended_are_credited(work: Work, make: Make, held: Event, attend: Attend) -> None:
    attend(held, make.person("As history says"), days_attended="2")
    marked = attend(held, make.person("As marked"))
    for day, kind in zip(held.days, (MarkKind.PRESENT, MarkKind.ABSENT), strict=True):
        work.session.add(Mark(booking_id=marked.id, event_day_id=day.id, kind=kind, marked_at=NOW))
    second, first = issue_for_event(work, held.id)
    assert (second.cpd_minutes, first.cpd_minutes) == (330, 330)
    assert second.dates.startswith("Friday 10 April")
    assert first.dates.startswith("Thursday 9 April")


def test_what_was_issued_stays_as_it_was(work: Work, make: Make, held: Event, attend: Attend) -> None:
    attend(held, make.person("Amara"))
    (certificate,) = issue_for_event(work, held.id)
    held.version.title, certificate.person.name = "Another title", "Another name"
    work.session.execute(sa.update(EventDay).values(break_minutes=0))
    work.session.expire_all()
    assert (certificate.name, certificate.cpd_minutes) == ("Amara", 660)
    assert certificate.title.startswith("Safer babies")


def test_with_an_evaluation_asked_for_the_certificate_waits_for_the_answer(
    work: Work, make: Make, held: Event, attend: Attend
) -> None:
    work.site = heard = Evaluating()
    booking = attend(held, make.person())
    assert issue_for_event(work, held.id) == []
    assert heard.facts == [CertificateAwaitsEvaluation(booking.id, held.id, booking.person_id)]
    assert issue_for_event(work, held.id) == []
    assert len(heard.facts) == 1
    assert list(missing_certificates(work)) == []
    with pytest.raises(Conflict, match="Answer the evaluation first"):
        make_certificate(work, booking.id)
    assert evaluation_answered(work, booking.id) is not None
    assert evaluation_answered(work, booking.id) is None
    assert letters(work) == ["courses.certificate_issued"]


def test_an_answer_before_the_register_is_finalised_counts(work: Work, make: Make, held: Event, attend: Attend) -> None:
    work.site = Evaluating()
    booking = attend(held, make.person(), None)
    assert evaluation_answered(work, booking.id) is None
    booking.outcome = Outcome.ATTENDED
    assert len(issue_for_event(work, held.id)) == 1


def test_a_plugin_that_asks_nothing_of_this_event_says_so_at_once(
    work: Work, make: Make, held: Event, attend: Attend
) -> None:
    class Content(Evaluating):
        def listeners_to(self, fact: object) -> tuple[Any, ...]:
            asks = isinstance(fact, CertificateAwaitsEvaluation)
            return (lambda work, fact: evaluation_answered(work, fact.booking_id),) if asks else ()

    work.site = Content()
    attend(held, make.person())
    issue_for_event(work, held.id)
    assert work.session.scalar(sa.select(sa.func.count()).select_from(Certificate)) == 1


def test_the_coordinator_overrides_the_evaluation_with_a_reason(
    work: Work, make: Make, held: Event, attend: Attend
) -> None:
    work.site = Evaluating()
    booking = attend(held, make.person())
    issue_for_event(work, held.id)
    with pytest.raises(Invalid, match="Explain why"):
        override_evaluation(work, booking.id, reason=" ")
    assert override_evaluation(work, booking.id, reason="On long leave").reason == "On long leave"
    work.actor = Actor("A delegate", person_id=booking.person_id)
    with pytest.raises(NotAllowed):
        override_evaluation(work, booking.id, reason="Please")


def test_issuing_again_replaces_the_old_number(work: Work, make: Make, held: Event, attend: Attend) -> None:
    attend(held, make.person("Amara Fenwick"))
    (old,) = issue_for_event(work, held.id)
    old.person.name = "Amara Fenwick-Osei"
    new = reissue(work, old, reason="Name was wrong")
    assert (old.state, old.superseded_by, old.superseded_at) == (CertificateState.SUPERSEDED, new, NOW)
    assert (new.name, new.state) == ("Amara Fenwick-Osei", CertificateState.VALID)
    with pytest.raises(Conflict, match="not valid any more"):
        reissue(work, old, reason="Again")


def test_a_correction_withdraws_and_back_again_issues_anew(work: Work, make: Make, held: Event, attend: Attend) -> None:
    booking = attend(held, make.person())
    (first,) = issue_for_event(work, held.id)
    booking.outcome = Outcome.DID_NOT_ATTEND
    work.session.flush()
    assert list(undeserved_certificates(work)) != []
    listeners.follow_correction(work, corrected(booking, Outcome.DID_NOT_ATTEND))
    assert first.state is CertificateState.WITHDRAWN
    assert list(undeserved_certificates(work)) == []
    listeners.follow_correction(work, corrected(booking, Outcome.ATTENDED))
    states = work.session.scalars(sa.select(Certificate.state).order_by(Certificate.id)).all()
    assert states == [CertificateState.WITHDRAWN, CertificateState.VALID]
    assert letters(work) == [f"courses.certificate_{each}" for each in ("issued", "withdrawn", "issued")]


def test_history_is_made_on_demand_without_a_letter(work: Work, make: Make, held: Event, attend: Attend) -> None:
    held.is_history = True
    booking = attend(held, make.person())
    assert list(missing_certificates(work)) == []
    work.actor = Actor("Someone else", person_id=make.person("Else").id)
    with pytest.raises(NotFound):
        make_certificate(work, booking.id)
    work.actor = Actor("Amara", person_id=booking.person_id)
    make_certificate(work, booking.id)
    assert letters(work) == []
    with pytest.raises(Conflict, match="already a valid certificate"):
        make_certificate(work, booking.id)


def test_who_did_not_attend_gets_none(work: Work, make: Make, held: Event, attend: Attend) -> None:
    booking = attend(held, make.person(), Outcome.PART_ATTENDED)
    with pytest.raises(Conflict, match="Only someone who attended"):
        override_evaluation(work, booking.id, reason="They asked")
    assert listeners.follow_correction(work, corrected(booking, Outcome.DID_NOT_ATTEND)) is None


def test_attended_without_a_certificate_is_found(work: Work, make: Make, held: Event, attend: Attend) -> None:
    attend(held, make.person())
    assert list(missing_certificates(work)) == [
        f"Event {held.ref}: booking {work.session.scalar(sa.select(Booking.id))} was attended and has no certificate."
    ]
