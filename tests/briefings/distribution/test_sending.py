"""Who gets a briefing, once; what an embargo, a recall and a correction do; and standing orders."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from briefings.cascade.models import Cascade
from briefings.cascade.services import mark_read
from briefings.distribution import jobs
from briefings.distribution.checks import not_withheld, without_letter
from briefings.distribution.drawing.queries import draw
from briefings.distribution.models import Recipient, Sending
from briefings.distribution.queries import who_got
from briefings.distribution.rules import LIST_NAME, Audience, SendingState, Trigger
from briefings.distribution.services import OrderWritten, cancel_sending, end_order, make_order, plan_sending
from briefings.writing.models import BriefingVersion
from briefings.writing.recalling.services import recall_briefing
from briefings.writing.services import begin_version
from courses.booking.bookings.rules import BookingRequest, Outcome
from courses.booking.bookings.services import book_place
from courses.coverage.models import Coverage
from courses.coverage.rules import How
from lms.audit.models import AuditEntry
from lms.frame.access import Role, program
from lms.frame.work import Work
from lms.jobs.services import carry_out
from lms.kit.errors import Invalid, NotFound
from lms.lists.models import MailChoice, OwnCopy
from lms.lists.rules import Wish
from lms.mail.models import OutboxLetter, SharedLetter
from lms.mail.rules import LetterState
from reviews.cases.rules import Publication, ReviewStage
from reviews.embargoes.services import set_embargo
from reviews.facts import ReviewPublished
from tests.briefings.conftest import Office
from tests.make import Make
from tests.moments import NOW


class Town:
    """Two sectors, three agencies with leads, and people in them."""

    def __init__(self, make: Make, office: Office) -> None:
        self.office = office
        self.health, self.police = make.agency("Health"), make.agency("Police", sector=make.sector("Police"))
        self.nurse = make.person("Nia Ashgrove", agency=self.health, role_group=make.role_group("Nursing"))
        self.clerk = make.person("Cleo Marsh", agency=self.health, role_group=make.role_group("Office"))
        self.officer = make.person("Olu Larkspur", agency=self.police, role_group=make.role_group("Police"))
        self.lead = make.person("Lena Fairweather", agency=self.police, roles=(Role.AGENCY_LEAD,))
        make.person("Lost Address", agency=self.police, email="")
        make.person("Left Longago", agency=self.police, left_on=NOW.date())
        make.commit()

    def work(self, now_plus: timedelta = timedelta()) -> Work:
        acting = self.office.acting(self.office.writer)
        return replace(acting, now=acting.now + now_plus)

    def send(self, version: BriefingVersion, audience: Audience, **when: object) -> Sending:
        seen = draw(self.work().session, version, audience).recipients
        return plan_sending(self.work(), version.briefing_id, audience, confirmed=seen, **when)  # type: ignore[arg-type]


@pytest.fixture
def town(make: Make, office: Office) -> Town:
    return Town(make, office)


def names(people: Sequence[object]) -> list[str]:
    return [each.name for each in people]  # type: ignore[attr-defined]


def letters(work: Work, kind: str = "briefings.briefing") -> list[OutboxLetter]:
    query = sa.select(OutboxLetter).where(OutboxLetter.kind == kind).order_by(OutboxLetter.id)
    return list(work.session.scalars(query))


def let_go(work: Work) -> None:
    """What waits arrives."""
    waiting = sa.update(OutboxLetter).where(OutboxLetter.state == LetterState.WAITING)
    work.session.execute(waiting.values(state=LetterState.SENT, sent_at=NOW, sent_to="x@y.example"))
    work.session.expire_all()


def test_an_audience_is_narrowed_by_each_kind_of_choice_and_says_who_is_left_out(town: Town, make: Make) -> None:
    version = town.office.published()
    session, police = town.work().session, Audience(agency_ids=(town.police.id,), has_subscribers=False)
    found = draw(session, version, police)
    assert names(found.people) == ["Olu Larkspur"]
    assert [(lead.person.name, lead.agency_ids) for lead in found.leads] == [("Lena Fairweather", (town.police.id,))]
    assert (found.without_address, found.had_before, found.recipients) == (1, 0, 2)
    assert found.audience == {town.police.id: 3}
    group = town.nurse.role_group_id or 0
    by_work = Audience(sector_ids=(town.health.sector_id,), role_group_ids=(group,))
    assert names(draw(session, version, by_work).people) == ["Nia Ashgrove"]
    leads = draw(session, version, Audience(is_leads_only=True))
    assert (names(leads.people), [lead.person.name for lead in leads.leads]) == ([], ["Lena Fairweather"])
    for person, wish in ((town.officer, Wish.NONE), (town.clerk, Wish.ALL)):
        session.add(MailChoice(list_name=LIST_NAME, person_id=person.id, wish=wish, chosen_at=NOW))
    session.flush()
    found = draw(session, version, replace(police, has_subscribers=True))
    assert names(found.people) == ["Cleo Marsh"]
    assert found.left_list == 1


def test_those_who_attended_a_course_that_covers_it_or_of_a_level(town: Town, make: Make) -> None:
    work = town.work()
    point = make.learning_point("Ask who lives there")
    event = make.event(make.course(level="2"), starts=NOW - timedelta(days=30))
    past = replace(work, now=NOW - timedelta(days=60), actor=program("test"))
    work.session.add(
        Coverage(
            course_version_id=event.course_version_id,
            learning_point_id=point.id,
            how=How.TAUGHT,
            since_on=NOW.date(),
            created_at=NOW,
        )
    )
    for person, outcome in ((town.nurse, Outcome.ATTENDED), (town.clerk, Outcome.DID_NOT_ATTEND)):
        book_place(past, event.id, person, BookingRequest(is_declared=True)).outcome = outcome
    work.session.flush()
    version = town.office.published(point_ids=(point.id,))
    for audience in (Audience(has_attended=True), Audience(levels=("2",))):
        assert names(draw(work.session, version, audience).people) == ["Nia Ashgrove"]
    assert draw(work.session, version, Audience(levels=("3",))).recipients == 0


def test_a_person_gets_it_once_however_often_it_is_sent_and_the_database_says_so_too(town: Town) -> None:
    version, work = town.office.published(), town.work()
    first = town.send(version, Audience(sector_ids=(town.health.sector_id,), has_subscribers=False))
    assert (first.state, first.people) == (SendingState.SENT, 2 + 5)  # the office's five belong to agencies of health
    second = town.send(version, Audience(has_subscribers=False))
    assert second.people == 2
    got = work.session.scalars(sa.select(Recipient.person_id).order_by(Recipient.id)).all()
    assert len(got) == len(set(got)) == 9
    assert len(letters(work)) == 8
    [asked] = letters(work, "briefings.cascade")
    assert (asked.person_id, asked.context["agencies"]) == (town.lead.id, "Police")
    with pytest.raises(Invalid, match="There is no one left"):
        town.send(version, Audience(has_subscribers=False))
    again = Recipient(briefing_id=version.briefing_id, person_id=got[0], sending_id=1, version_id=version.id)
    again.letter_key, again.queued_at = "another", NOW
    work.session.add(again)
    with pytest.raises(IntegrityError):
        work.session.flush()


def test_what_is_confirmed_is_what_was_shown(town: Town) -> None:
    version = town.office.published()
    with pytest.raises(Invalid, match="has changed from 1 to"):
        plan_sending(town.work(), version.briefing_id, Audience(), confirmed=1)
    assert letters(town.work()) == []
    draft = town.office.draft(title="Not out yet")
    with pytest.raises(NotFound):
        plan_sending(town.work(), draft.briefing_id, Audience(), confirmed=9)


def test_a_shared_mailbox_gets_one_copy_unless_somebody_wants_their_own(town: Town, make: Make) -> None:
    for number in range(3):
        make.person(f"Sharer {number}", agency=town.police, email="team@police.example")
    own = make.person("Own Copy", agency=town.police, email="team@police.example")
    make.session.add(OwnCopy(person_id=own.id, chosen_at=NOW))
    make.commit()
    version = town.office.published()
    town.send(version, Audience(agency_ids=(town.police.id,), has_subscribers=False))
    shared = [each for each in letters(town.work()) if each.to_address]
    assert [(each.to_address, each.to_name) for each in shared] == [
        ("team@police.example", "Sharer 0, Sharer 1 and Sharer 2")
    ]
    assert own.id in [each.person_id for each in letters(town.work())]
    of_mailbox = sa.select(sa.func.count(Recipient.id)).where(Recipient.letter_key == shared[0].key)
    assert town.work().session.scalar(of_mailbox) == 3


def test_a_set_time_waits_can_be_cancelled_and_is_carried_out_once(town: Town) -> None:
    version, due = town.office.published(), NOW + timedelta(days=2)
    with pytest.raises(Invalid, match="passed"):
        town.send(version, Audience(), due_at=NOW)
    cancelled = town.send(version, Audience(), due_at=due)
    cancel_sending(town.work(), cancelled.id)
    planned = town.send(version, Audience(agency_ids=(town.police.id,)), due_at=due)
    carry_out(replace(town.work(), actor=program("worker")), jobs.send_due)
    assert letters(town.work()) == []
    later = replace(town.work(timedelta(days=2)), actor=program("worker"))
    for _ in range(2):
        carry_out(later, jobs.send_due)
    assert (planned.state, cancelled.state) == (SendingState.SENT, SendingState.CANCELLED)
    assert len(letters(town.work())) == 1


def test_a_correction_tells_only_those_who_got_the_old_version(town: Town, make: Make) -> None:
    version, work = town.office.published(), town.work()
    town.send(version, Audience(agency_ids=(town.health.id,), has_subscribers=False))
    let_go(work)
    town.send(version, Audience(agency_ids=(town.police.id,), has_subscribers=False))
    draft = begin_version(town.work(), version.briefing_id)
    draft.correction = "Part 5 says by when to begin."
    new = town.office.published(draft)
    corrected = letters(work, "briefings.correction")
    assert {each.person_id for each in corrected} == {town.nurse.id, town.clerk.id}
    states = {(each.person_id, each.state) for each in letters(work)}
    assert (town.officer.id, LetterState.WITHDRAWN) in states
    assert (town.officer.id, LetterState.WAITING) in states, "who had not got the old one gets the new one"
    assert sorted(each.state for each in letters(work, "briefings.cascade")) == ["waiting", "withdrawn"]
    assert set(work.session.scalars(sa.select(Recipient.version_id))) == {new.id}
    assert len(who_got(work.session, version.briefing_id).waiting) == 2


def test_a_recall_stops_what_waits_tells_those_who_were_sent_it_and_logs_who_had_read_it(
    town: Town, make: Make
) -> None:
    version, work = town.office.published(), town.work()
    town.send(version, Audience(agency_ids=(town.health.id,), has_subscribers=False))
    let_go(work)
    mark_read(town.office.acting(town.nurse), version.briefing_id)
    town.send(version, Audience(agency_ids=(town.police.id,), has_subscribers=False))
    planned = town.send(version, Audience(), due_at=NOW + timedelta(days=1))
    recall_briefing(town.work(), version.briefing_id, reason="A figure was wrong.")
    told = letters(work, "briefings.recalled")
    assert {each.person_id for each in told} == {town.nurse.id, town.clerk.id}
    words = work.session.scalars(sa.select(SharedLetter.context).where(SharedLetter.kind == "briefings.recalled")).one()
    assert (words["title"], words["reason"]) == (version.title, "A figure was wrong.")
    assert (planned.state, planned.why) == (SendingState.STOPPED, "Not sent: the briefing was recalled.")
    assert {each.state for each in letters(work, "briefings.cascade")} == {LetterState.WITHDRAWN}
    log = work.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "readers of a recalled briefing")).one()
    assert log.is_confidential
    assert (log.details["people"], log.details["told"]) == ([town.nurse.id], 2)


def test_under_an_embargo_nothing_is_sent_and_nothing_that_was_said_stays(town: Town, make: Make) -> None:
    review = make.review()
    point = make.learning_point("Ask who lives there", review=review)
    version, work = town.office.published(title="Never to be named", point_ids=(point.id,)), town.work()
    town.send(version, Audience(agency_ids=(town.health.id,), has_subscribers=False))
    let_go(work)
    named = sa.update(OutboxLetter).where(OutboxLetter.kind == "briefings.briefing")
    work.session.execute(named.values(subject="Never to be named: a 7-minute briefing"))
    town.send(version, Audience(agency_ids=(town.police.id,), has_subscribers=False))
    planned = town.send(version, Audience(), due_at=NOW + timedelta(days=1))
    set_embargo(
        town.office.acting(town.office.officer), review, reason="Trial", look_again_on=NOW.date() + timedelta(days=30)
    )
    work.session.expire_all()
    assert planned.state is SendingState.STOPPED
    waiting = [each for each in letters(work) + letters(work, "briefings.cascade") if each.state == LetterState.WAITING]
    assert waiting == []
    told = letters(work, "briefings.recalled")
    assert {each.person_id for each in told} == {town.nurse.id, town.clerk.id}
    assert {each.state for each in told} == {LetterState.WAITING}
    everything = [
        *work.session.scalars(sa.select(sa.cast(SharedLetter.context, sa.Text))),
        *work.session.scalars(sa.select(OutboxLetter.subject)),
        *work.session.scalars(sa.select(OutboxLetter.last_error)),
        *work.session.scalars(sa.select(Sending.why)),
    ]
    assert not [words for words in everything if "named" in words or "embargo" in words.lower()]
    with pytest.raises(NotFound):
        plan_sending(town.work(), version.briefing_id, Audience(), confirmed=1)
    assert [*not_withheld(work), *without_letter(work)] == []
    work.session.execute(sa.update(SharedLetter).values(context={"title": "Never to be named"}))
    one = sa.select(sa.func.min(Recipient.id)).scalar_subquery()
    work.session.execute(sa.update(Recipient).where(Recipient.id == one).values(letter_key="lost"))
    work.session.expire_all()
    assert "withholds" in next(not_withheld(work))
    assert "no copy" in next(without_letter(work))


def test_standing_orders_send_by_themselves_and_once(town: Town, make: Make) -> None:
    leads = Audience(is_leads_only=True)
    on_publication = make_order(town.work(), OrderWritten("At once", leads, Trigger.PUBLISHED), confirmed=1)
    weekly = make_order(town.work(), OrderWritten("Mondays", leads, Trigger.WEEKLY, 0, time(8)), confirmed=1)
    ended = make_order(town.work(), OrderWritten("Not any more", leads, Trigger.PUBLISHED), confirmed=1)
    end_order(town.work(), ended.id)
    review = make.review(publication=Publication.IN_PROGRESS)
    point = make.learning_point("Ask who lives there", review=review)
    version = town.office.published(point_ids=(point.id,))
    orders = sa.select(Sending.order_id).order_by(Sending.id)
    session = town.work().session
    assert session.scalars(orders).all() == [], "the review behind it is not published yet"
    review.publication, review.stage, review.published_on = Publication.FULL, ReviewStage.PUBLISHED, NOW.date()
    for _ in range(2):
        town.work().tell(ReviewPublished(review.id, in_full=True))
    assert session.scalars(orders).all() == [on_publication.id]
    monday = replace(town.work(), actor=program("worker"), now=weekly.next_at or NOW)
    for _ in range(2):
        carry_out(monday, jobs.follow_orders)
        carry_out(monday, jobs.send_due)
    assert sorted(session.scalars(orders).all()) == sorted([on_publication.id, weekly.id])  # type: ignore[type-var]
    assert len(letters(town.work(), "briefings.cascade")) == 1, "the second order finds no one left"
    assert weekly.next_at is not None
    assert weekly.next_at > monday.now
    asked = session.execute(sa.select(Cascade.briefing_id, Cascade.agency_id)).all()
    assert [tuple(each) for each in asked] == [(version.briefing_id, town.police.id)]


def test_a_lead_who_had_it_before_is_only_asked(town: Town) -> None:
    version = town.office.published()
    people = Audience(agency_ids=(town.police.id,), has_subscribers=False, asks_agencies=False)
    town.send(version, people)
    assert letters(town.work(), "briefings.cascade") == []
    later = draw(town.work().session, version, replace(people, asks_agencies=True))
    assert (later.recipients, [lead.has_it for lead in later.leads]) == (0, [True])
    plan_sending(town.work(), version.briefing_id, replace(people, asks_agencies=True), confirmed=0)
    assert [each.person_id for each in letters(town.work(), "briefings.cascade_reminder")] == [town.lead.id]
    assert draw(town.work().session, version, people).leads == ()
