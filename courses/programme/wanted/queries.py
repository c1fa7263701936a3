"""What people ask for and what they searched for in vain, for the office; and what somebody asks for themselves."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.programme.wanted.models import SearchInVain, TopicAsked
from courses.programme.wanted.rules import DAYS_KEPT, FEWEST_DAYS
from lms.agencies.models import Agency
from lms.kit.errors import NotFound
from lms.kit.working_days import london_date
from lms.people.models import Person


@dataclass(frozen=True)
class InVain:
    """Words that found nothing on several days."""

    words: str
    times: int
    days: int
    last_on: date


@dataclass(frozen=True)
class Topic:
    """A topic that people ask for. `topic_id` is that of who asked first."""

    topic_id: int
    topic: str
    people: int
    since: datetime


@dataclass(frozen=True)
class AsksFor:
    """Somebody who asks for a topic."""

    name: str
    agency: str
    topic: str
    note: str
    asked_at: datetime


def first_day_kept(now: datetime) -> date:
    """What was searched for before this day is forgotten."""
    return london_date(now) - timedelta(days=DAYS_KEPT)


def searched_in_vain(session: Session, now: datetime) -> list[InVain]:
    """What found nothing on two days or more, most often first."""
    times, days = sa.func.sum(SearchInVain.times), sa.func.count()
    rows = session.execute(
        sa.select(SearchInVain.words, times, days, sa.func.max(SearchInVain.on_day))
        .where(SearchInVain.on_day > first_day_kept(now))
        .group_by(SearchInVain.words)
        .having(days >= FEWEST_DAYS)
        .order_by(times.desc(), SearchInVain.words)
    )
    return [InVain(words, int(number), on, last) for words, number, on, last in rows]


def topics_asked(session: Session) -> list[Topic]:
    """The topics asked for, those that most people ask for first."""
    first, people = sa.func.min(TopicAsked.id), sa.func.count()
    grouped = (
        sa.select(first.label("first"), people.label("people"), sa.func.min(TopicAsked.asked_at).label("since"))
        .where(is_open())
        .group_by(TopicAsked.topic_folded)
        .subquery()
    )
    rows = session.execute(
        sa.select(TopicAsked.id, TopicAsked.topic, grouped.c.people, grouped.c.since)
        .join(grouped, grouped.c.first == TopicAsked.id)
        .order_by(grouped.c.people.desc(), TopicAsked.topic_folded)
    )
    return [Topic(*row) for row in rows]


def topic_by_id(session: Session, topic_id: int) -> TopicAsked:
    """One that is still asked for. Raises NotFound."""
    found = session.get(TopicAsked, topic_id)
    if found is None or found.closed_at is not None:
        raise NotFound("No one asks for this topic any more. Look at what else people ask for.")
    return found


def asking_for(session: Session, topic: TopicAsked) -> list[AsksFor]:
    """Who asks for a topic, longest first."""
    rows = session.execute(
        sa.select(
            Person.name, sa.func.coalesce(Agency.name, ""), TopicAsked.topic, TopicAsked.note, TopicAsked.asked_at
        )
        .join(Person, Person.id == TopicAsked.person_id)
        .outerjoin(Agency, Agency.id == Person.agency_id)
        .where(is_open(), TopicAsked.topic_folded == topic.topic_folded)
        .order_by(TopicAsked.asked_at, TopicAsked.id)
    )
    return [AsksFor(*row) for row in rows]


def own_topics(session: Session, person_id: int) -> list[TopicAsked]:
    """What somebody asks for."""
    mine = sa.select(TopicAsked).where(TopicAsked.person_id == person_id, TopicAsked.closed_at.is_(None))
    return list(session.scalars(mine.order_by(TopicAsked.id)))


def is_open() -> sa.ColumnElement[bool]:
    """Still asked for, by somebody who is here."""
    return sa.and_(TopicAsked.closed_at.is_(None), TopicAsked.person.has(Person.is_here))


def words_of_names(session: Session, words: list[str]) -> set[str]:
    """Which of these words, folded, are part of the name of somebody in our records."""
    within = " " + Person.name_folded + " "
    return {each for each in words if session.scalar(sa.select(sa.exists().where(within.contains(f" {each} "))))}
