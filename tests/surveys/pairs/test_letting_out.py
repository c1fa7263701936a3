"""Pairs in a real database: matched while sealed, told five and more together, and joined to nobody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.facts import BookingConfirmed
from courses.programme.events.models import Event
from lms.jobs.services import carry_out
from lms.kit.keys import Keys
from lms.people.models import Person
from surveys.answers.models import Draft, MatchingSalt, SurveyAnswer
from surveys.answers.sealing.rules import practice_ids, pseudonyms, unseal
from surveys.invitations.rules import Route
from surveys.letting_out.ending.services import cut_links
from surveys.letting_out.services import let_out
from surveys.pairs.models import PracticeAnswer, PracticeSheet, RouteCount, SealedPractice, SealedSheet, StartFigure
from surveys.pairs.renewing.services import proves, renew, waiting
from surveys.pairs.rules import Side
from surveys.questions.measures.rules import KNOWLEDGE, RIGHT, WRONG
from surveys.questions.models import Question
from surveys.questions.queries import bank, version_asked
from surveys.questions.rules import SurveyKind
from surveys.questions.services import take_from_bank
from surveys.questions.starting.services import begin_with_starting_sets
from surveys.sending.jobs import ask_people
from surveys.stages.rules import COMPARED, Stage
from tests.make import Make
from tests.surveys.conftest import Asking
from tests.surveys.people import PRACTICE, Asked
from tests.surveys.test_anonymity import after, asked, everything
from tests.surveys.test_new_key import A, B, under

CODE = "outcomes.confidence"
Numbers = tuple[int, int, int]
"""What somebody says before, on the day, three months on; 0: they do not answer then."""


def held(asking: Asking, said: list[Numbers], *, course: Any = None, people: Sequence[Person] = ()) -> Event:
    """An event whose people answer before and on the day as told."""
    event = asked_before(asking, len(said), course=course, people=people)
    say(asking, event, Stage.BASELINE, [each[0] for each in said])
    asking.finalise(event)
    carry_out(asking.at(event.ends_at), ask_people)
    say(asking, event, Stage.ON_THE_DAY, [each[1] for each in said])
    return event


def asked_before(asking: Asking, number: int, *, course: Any = None, people: Sequence[Person] = ()) -> Event:
    event = asking.event(course=course) if course else asking.event()
    before = asking.at(event.starts_at - timedelta(days=20))
    health = asking.make.sector("Health")
    for place in range(number):
        agency = asking.make.agency(f"Health {place % 2}", sector=health)
        person = people[place] if people else asking.make.person(f"Person {place}", agency=agency)
        booking = asking.booking(event, person)
        before.tell(BookingConfirmed(booking.id, event.id, booking.person_id, was_waiting=False))
    carry_out(asking.at(event.starts_at - timedelta(days=5)), ask_people)
    return event


def later(asking: Asking, event: Event, people: list[Numbers]) -> None:
    carry_out(asking.at(after(event, 93)), ask_people)
    say(asking, event, Stage.IMPACT, [each[2] for each in people], **{"impact.used": "often"})


def say(asking: Asking, event: Event, stage: Stage, numbers: list[int], **more: Any) -> None:
    for invitation, number in zip(asked(asking.work.session, event, stage), numbers, strict=True):
        if number:
            asking.answer(invitation, {CODE: {"1": number, "2": 11 - number}, **more})


def pairs(session: Session) -> list[tuple[int | None, int | None, int | None]]:
    """The first outcome of everybody who answered before and three months on."""
    rows = session.execute(
        sa.select(PracticeAnswer.before, PracticeAnswer.on_the_day, PracticeAnswer.after)
        .join(PracticeSheet)
        .where(PracticeSheet.side == Side.BOTH, PracticeAnswer.item == 1)
    )
    return sorted((tuple(row) for row in rows), key=str)


def number(session: Session, model: Any) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


SIX: list[Numbers] = [(1, 7, 9), (2, 6, 8), (3, 7, 9), (4, 8, 10), (5, 7, 7), (6, 8, 9)]
BEFORE_ONLY: list[Numbers] = [(7, 9, 0), (8, 9, 0), (9, 10, 0), (7, 10, 0), (8, 8, 0)]


def test_pairs_come_out_by_course_and_half_year_and_stand_nowhere_else(session: Session, asking: Asking) -> None:
    people = [*SIX, *BEFORE_ONLY, (0, 5, 0)]
    event = held(asking, people)
    asking.make.commit()
    let_out(asking.at(after(event, 15)))
    assert number(session, SealedPractice) == 11 + 12  # what was said before and on the day waits, sealed
    assert number(session, PracticeSheet) == 0
    assert number(session, SurveyAnswer) == 0
    later(asking, event, people)
    asking.make.commit()
    let_out(asking.at(after(event, 130)))
    asking.make.commit()
    assert (number(session, SealedPractice), number(session, Draft)) == (0, 0)
    assert number(session, SealedSheet) == 12 + 11  # and where each of eleven stood before, for the figures by sector
    assert pairs(session) == []  # the half-year is open: these wait for more
    closing = asking.at(after(event, 300))
    let_out(closing)
    asking.make.commit()
    assert pairs(session) == sorted(SIX, key=str)
    sides = sa.select(PracticeSheet.side, sa.func.count()).group_by(PracticeSheet.side)
    assert dict(session.execute(sides).all()) == {Side.BOTH: 6, Side.BEFORE: 5}  # one alone waits for the next half
    assert session.scalars(sa.select(PracticeSheet.half_on).distinct()).all() == [date(2025, 10, 1)]
    _nobody_is_found(session, event)
    start = session.scalars(sa.select(StartFigure)).one()
    assert (start.later_people, start.later_mean, start.other_people, start.other_mean) == (6, 55, 5, 55)
    kept = session.scalars(sa.select(RouteCount).where(RouteCount.stage == Stage.IMPACT)).one()
    assert (kept.route, kept.people) == (Route.LETTER, 6)
    assert let_out(closing) == 0


def _nobody_is_found(session: Session, event: Event) -> None:
    """Whoever has all rows, in the order of the database, with its hidden columns."""
    tables = everything(session)
    sheets, answers = tables["survey_practice_sheet"], tables["survey_practice_answer"]
    for row in [*sheets, *answers]:
        assert not set(row) & {"event_id", "agency_id", "sector_id", "booking_id", "version_id", "pseudonym", "at"}
    first = {row["sheet_id"]: row["before"] for row in answers if row["item"] == 1}
    in_order = [first[row["id"]] for row in sheets if row["side"] == "both"]
    assert sorted(in_order) == [1, 2, 3, 4, 5, 6]
    # A number stands in one place only: no sheet of the event repeats what a pair says.
    asks_it = {row["id"] for row in tables["survey_question"] if row["code"] == CODE}
    assert not {row["question_id"] for row in tables["survey_answer"]} & asks_it
    assert CODE not in repr([row for name, rows in tables.items() if "sealed" in name for row in rows])
    assert len({len(row["sealed"]) for row in tables["survey_sealed_sheet"]}) <= 1
    if session.get_bind().dialect.name == "postgresql":
        changes = {row["hidden_change"] for row in [*sheets, *answers]}
        of_people = [*tables["booking"], *tables["survey_answered"], *tables["survey_invitation"], *tables["person"]]
        assert len(changes) == 1
        assert not changes & {row["hidden_change"] for row in of_people}


def test_a_few_wait_for_the_next_half_year_of_their_course(session: Session, asking: Asking) -> None:
    """And who did not answer on the day is a pair like the others."""
    first = held(asking, SIX[:3])
    later(asking, first, SIX[:3])
    let_out(asking.at(after(first, 300)))
    assert pairs(session) == []
    second = held(asking, [(0, 5, 0), *SIX[3:], (9, 0, 9)], course=first.course)
    second.starts_at += timedelta(days=60)
    second.ends_at += timedelta(days=60)
    later(asking, second, [(0, 5, 0), *SIX[3:], (9, 0, 9)])
    let_out(asking.at(after(second, 200)))
    halves = set(session.scalars(sa.select(SealedSheet.half_on).where(SealedSheet.course_id.is_not(None))))
    assert halves == {date(2026, 4, 1)}
    let_out(asking.at(after(first, 500)))
    told = pairs(session)
    assert [(before, then) for before, _, then in told] == sorted([(b, a) for b, _, a in SIX] + [(9, 9)], key=str)
    assert {day for _, day, _ in told} == {None}  # one has no day: with so few, none shows theirs


def test_who_comes_to_a_course_twice_in_a_half_year_counts_once(session: Session, asking: Asking) -> None:
    first = held(asking, SIX)
    later(asking, first, SIX)
    again = held(asking, [(9, 9, 9)] * 2, course=first.course, people=_people(session, first)[:2])
    later(asking, again, [(9, 9, 9)] * 2)
    let_out(asking.at(after(first, 130)))
    assert number(session, SealedSheet) == 6 + 8  # and where each stood before, of each event
    let_out(asking.at(after(first, 300)))
    assert len(pairs(session)) == 6


BESIDE = {"knowledge.consent": "yes", "practice.ask-again": 6}


def test_what_people_know_mean_and_look_back_at_comes_out_with_the_pairs(session: Session, asking: Asking) -> None:
    """An answer that is right or wrong is kept as that alone, and stands on no sheet of the event."""
    begin_with_starting_sets(asking.work)
    kept = {each.code: each for each in bank(session)}
    for kind, codes in (
        (SurveyKind.BASELINE, ["knowledge.consent"]),
        (SurveyKind.IMPACT, ["knowledge.consent", "then.ask-again"]),
    ):
        for code in codes:
            version = version_asked(session, kind, None)
            assert version is not None
            take_from_bank(asking.work, version, kept[code], "What you know")
    event = asked_before(asking, 6)
    say(asking, event, Stage.BASELINE, [5] * 6, **{**BESIDE, "knowledge.consent": "court"})
    asking.finalise(event)
    carry_out(asking.at(event.ends_at), ask_people)
    say(asking, event, Stage.ON_THE_DAY, [5] * 6, **{"intend.ask-again": 9, "day.relevant": 4})
    let_out(asking.at(after(event, 15)))
    carry_out(asking.at(after(event, 93)), ask_people)
    say(asking, event, Stage.IMPACT, [5] * 6, **{**BESIDE, "then.ask-again": 3, "impact.used": "no"})
    let_out(asking.at(after(event, 130)))
    let_out(asking.at(after(event, 300)))
    steps = (
        PracticeAnswer.code,
        PracticeAnswer.item,
        PracticeAnswer.before,
        PracticeAnswer.on_the_day,
        PracticeAnswer.after,
    )
    told = session.execute(sa.select(*steps).where(PracticeAnswer.code != CODE).distinct().order_by(steps[0])).all()
    assert [tuple(row) for row in told] == [
        ("intend.ask-again", 0, None, 9, None),
        ("knowledge.consent", KNOWLEDGE, WRONG, None, RIGHT),
        ("practice.ask-again", 0, 6, None, 6),
        ("then.ask-again", 0, None, None, 3),
    ]
    on_sheets = set(
        session.scalars(sa.select(Question.code).join(SurveyAnswer, SurveyAnswer.question_id == Question.id))
    )
    assert on_sheets == {"day.relevant", "impact.used"}


def _people(session: Session, event: Event) -> list[Person]:
    query = sa.select(Person).join(Booking, Booking.person_id == Person.id).where(Booking.event_id == event.id)
    return list(session.scalars(query.order_by(Person.id)))


def test_twelve_months_after_an_event_nothing_sealed_leads_from_a_booking(session: Session, asking: Asking) -> None:
    event = held(asking, SIX)
    let_out(asking.at(after(event, 15)))
    ids = set(session.scalars(sa.select(SealedPractice.id)))
    keys = asking.work.site.settings.keys
    bookings = session.scalars(sa.select(Booking.id)).all()
    made = {practice_ids(keys, each, stage)[0] for each in bookings for stage in COMPARED}
    assert ids <= made  # the site itself can match
    for guess in ("", "a key for tests"):
        assert not {practice_ids(Keys(guess), each, stage)[0] for each in bookings for stage in COMPARED} & ids
    assert cut_links(asking.at(after(event, 360))) == 0
    assert cut_links(asking.at(after(event, 366))) == 1
    assert number(session, SealedPractice) == 0


def test_what_waits_is_matched_and_told_under_a_new_key(session: Session, asking: Asking) -> None:
    event = held(asking, SIX)
    asking.make.commit()
    let_out(asking.at(after(event, 15)))
    asking.make.commit()
    old = set(session.scalars(sa.select(SealedPractice.id)))
    both = under(asking.work, B, A)
    assert proves(both, A)
    assert renew(both, waiting(both)) == 12
    asking.make.commit()
    assert not set(session.scalars(sa.select(SealedPractice.id))) & old
    assert waiting(both) == []
    new = replace(asking, work=under(asking.work, B))
    later(new, event, SIX)
    let_out(new.at(after(event, 130)))
    assert all(unseal(Keys(A), each) is None for each in session.scalars(sa.select(SealedSheet.sealed)))
    let_out(new.at(after(event, 300)))
    assert pairs(session) == sorted(SIX, key=str)


def test_what_came_out_before_there_were_pair_sheets_is_taken_up(session: Session, asking: Asking, make: Make) -> None:
    """Matched ones become practice sheets, and leave the sheets of their event; what is under way is sealed again."""
    earlier = Asked(session, make)
    done = earlier.held(make.course("Neglect"), date(2025, 5, 6))
    earlier.matched(done, *[(5, 8, 7)] * 5, (6, 8, 8))
    event = asked_before(asking, 6)
    session.add(MatchingSalt(event_id=event.id, salt="salt", cut_at=None))
    bookings = session.scalars(sa.select(Booking.id).where(Booking.event_id == event.id).order_by(Booking.id)).all()
    for place, booking_id in enumerate(bookings, start=1):
        name = pseudonyms(asking.work.site.settings.keys, "salt", booking_id)[0]
        earlier.sheet(SurveyKind.BASELINE, event, name, place)
    let_out(asking.at(after(event, 15)))
    assert number(session, PracticeSheet) == 6
    assert set(session.scalars(sa.select(PracticeSheet.half_on))) == {date(2025, 4, 1)}
    assert number(session, SealedPractice) == 6
    assert session.scalars(sa.select(MatchingSalt.salt)).all() == [None]
    scales = [each.questions[0].id for each in earlier.versions.values()]
    assert session.scalar(sa.select(sa.func.count()).where(SurveyAnswer.question_id.in_(scales))) == 0
    opened = [
        cast(Any, unseal(asking.work.site.settings.keys, each))["numbers"]
        for each in session.scalars(sa.select(SealedPractice.sealed))
    ]
    assert sorted(opened) == [[[PRACTICE, 0, place]] for place in range(1, 7)]
