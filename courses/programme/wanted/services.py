"""Asking for a topic, finding a course for it, and keeping what was searched for in vain."""

from collections.abc import Collection

import sqlalchemy as sa

from courses.programme.courses.models import Course, CourseVersion, Interest
from courses.programme.courses.queries import course_by_id
from courses.programme.courses.rules import IN_CATALOGUE
from courses.programme.events.models import Event
from courses.programme.events.queries import is_coming
from courses.programme.wanted.letters import topic_found
from courses.programme.wanted.models import SearchInVain, TopicAsked
from courses.programme.wanted.queries import first_day_kept, is_open, own_topics, words_of_names
from courses.programme.wanted.rules import MOST_TOPICS, checked_topic, may_be_kept
from lms.frame.db import insert_for
from lms.frame.locks import for_update
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed
from lms.kit.folding import folded
from lms.kit.working_days import london_date


def ask_for_topic(work: Work, typed: str, note: str) -> TopicAsked:
    """Keep that a person wants to learn about something; asking twice keeps one, with the later note."""
    if work.actor.person_id is None:
        raise NotAllowed("Sign in first, so that the training team knows who to tell.")
    topic, own = checked_topic(typed), own_topics(work.session, work.actor.person_id)
    asked = next((each for each in own if each.topic_folded == folded(topic)), None)
    if asked is None:
        if len(own) >= MOST_TOPICS:
            raise Conflict(f"You have already asked for {MOST_TOPICS} topics. Remove one first.")
        asked = TopicAsked(topic=topic, person_id=work.actor.person_id, asked_at=work.now)
        work.session.add(asked)
    asked.note = note.strip()
    work.record("topic asked for", asked)
    return asked


def withdraw_topic(work: Work, topic_id: int) -> None:
    """The person no longer asks for it. Nothing happens when they do not."""
    for asked in own_topics(work.session, work.actor.person_id or 0):
        if asked.id == topic_id:
            asked.closed_at = work.now
            work.record("topic no longer asked for", asked)


def answer_topic(work: Work, topic: TopicAsked, course_id: int | None) -> int:
    """A course covers what people ask for: they are written to, and ask for its dates from when they asked for it.

    Without a course the topic is put aside, and nobody is written to. Answers how many had asked.
    """
    _check_may(work)
    course = None if course_id is None else course_by_id(work.session, course_id)
    if course is not None and course.status not in IN_CATALOGUE:
        raise Invalid("Choose a course that is in the catalogue.", field="course_id")
    same = sa.select(TopicAsked).where(is_open(), TopicAsked.topic_folded == topic.topic_folded)
    asking = work.session.scalars(for_update(same.order_by(TopicAsked.id))).all()
    for asked in asking:
        asked.closed_at, asked.course_id = work.now, course_id
        work.record("topic put aside" if course is None else "topic found", asked, course_id=course_id)
    if course is not None:
        _pass_on(work, course, asking)
    return len(asking)


def _pass_on(work: Work, course: Course, asking: Collection[TopicAsked]) -> None:
    session = work.session
    title = session.scalar(
        sa.select(CourseVersion.title).where(CourseVersion.course_id == course.id, CourseVersion.is_current)
    )
    has_dates = bool(session.scalar(sa.select(sa.exists().where(Event.course_id == course.id, is_coming(work.now)))))
    open_ones = sa.select(Interest.person_id).where(Interest.course_id == course.id, Interest.closed_at.is_(None))
    already = set(session.scalars(open_ones))
    for asked in asking:
        if asked.person_id not in already:
            session.add(
                Interest(course_id=course.id, person_id=asked.person_id, note=asked.note, asked_at=asked.asked_at)
            )
    work.send_all([topic_found(each, course, title or course.code, has_dates=has_dates) for each in asking])


def keep_search_in_vain(work: Work, typed: str, known: Collection[str]) -> bool:
    """Count words that found nothing, once more today, unless they may tell of somebody. Whether they were kept."""
    words = folded(typed)
    strange = [each for each in words.split() if each not in known]
    if not may_be_kept(typed, known, words_of_names(work.session, strange)):
        return False
    kept = insert_for(work.session, SearchInVain).values(words=words, on_day=london_date(work.now), times=1)
    again = {"times": SearchInVain.times + 1}
    work.session.execute(kept.on_conflict_do_update(index_elements=["words", "on_day"], set_=again))
    return True


def forget_searches(work: Work) -> None:
    """What was searched for in vain longer ago than it is kept."""
    work.session.execute(sa.delete(SearchInVain).where(SearchInVain.on_day <= first_day_kept(work.now)))


def _check_may(work: Work) -> None:
    if not work.actor.may("courses.manage_catalogue"):
        raise NotAllowed("Only coordinators can answer what people ask for. Ask the training team.")
