"""Writing learning points, agreeing them, and linking what addresses them."""

import secrets
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.kit.names import read_name
from lms.kit.working_days import london_date
from reviews.cases.queries import find_review
from reviews.cases.rules import check_identifies_nobody
from reviews.facts import LearningPointAgreed, LearningPointChanged, LearningPointSuperseded
from reviews.learning.models import LearningPoint, LearningPointLink
from reviews.learning.queries import find_point
from reviews.learning.rules import checked_ref, drawn_ref
from reviews.learning.written import PointWritten
from reviews.themes.queries import themes_by_id

REF_LENGTH = 5
NOT_NOTED = "not noted"
"""Stands for a minute that a file does not give."""


@dataclass(frozen=True)
class Addressed:
    """Something that addresses a learning point since a day.

    `source` is the writer's own key, `courses.coverage:12`: the same source again changes the link that it made.
    """

    source: str
    kind: str
    words: str
    since_on: date


def write_point(work: Work, written: PointWritten) -> LearningPoint:
    """Write down what should change; a draft until the sub-group has agreed it."""
    if written.review_id is not None:
        find_review(work.session, work.actor, written.review_id)
    point = LearningPoint(created_at=work.now, review_id=written.review_id, ref=_ref_for(work, written.ref, None))
    _apply(work, point, written)
    work.session.add(point)
    work.record("learning point written", point, is_confidential=True)
    return point


def change_point(work: Work, point_id: int, written: PointWritten, *, is_new_meaning: bool) -> LearningPoint:
    """Change its words. When an agreed point means something else now, those who teach it are told.

    Evidence from before then tested the former words, and does not count for the new ones.
    """
    point = find_point(work.session, work.actor, point_id)
    if point.superseded_on is not None:
        raise Conflict("This learning point is superseded. Change the one that replaced it.")
    point.ref = _ref_for(work, written.ref or point.ref, point)
    _apply(work, point, written)
    if is_new_meaning and point.agreed_on is not None:
        point.meaning_changed_on = london_date(work.now)
        work.tell(LearningPointChanged(point.id, point.meaning_changed_on))
    work.record("learning point changed", point, is_confidential=True, is_new_meaning=is_new_meaning)
    return point


def agree_point(work: Work, point_id: int, *, agreed_on: date, agreed_by: str, minute: str) -> LearningPoint:
    """Write down that the sub-group agreed it, and where that is minuted. Raises Conflict when it was agreed before."""
    point = find_point(work.session, work.actor, point_id)
    if point.agreed_on is not None:
        raise Conflict("This learning point is already agreed.")
    if not minute.strip():
        raise Invalid("Enter the minute that records the agreement.", field="minute")
    if agreed_on > london_date(work.now):
        raise Invalid("This date is in the future.", field="agreed_on")
    point.agreed_on, point.agreed_by = agreed_on, read_name(agreed_by, field="agreed_by")
    point.agreed_minute = minute.strip()
    work.record("learning point agreed", point, is_confidential=True)
    work.tell(LearningPointAgreed(point.id, agreed_on))
    return point


def supersede_point(work: Work, point_id: int, *, by_ref: str) -> LearningPoint:
    """Say that it is no longer asked for, and which point took its place, if one did."""
    point = find_point(work.session, work.actor, point_id)
    by = None
    if by_ref.strip():
        by = work.session.scalar(sa.select(LearningPoint).where(LearningPoint.ref == by_ref.strip()))
        if by is None or by is point:
            raise Invalid("We cannot find that other learning point. Check its reference.", field="by_ref")
        by = find_point(work.session, work.actor, by.id)
    point.superseded_on = london_date(work.now)
    point.superseded_by_id = by.id if by else None
    work.record("learning point superseded", point, is_confidential=True)
    work.tell(LearningPointSuperseded(point.id, by.id if by else None))
    return point


def link_learning_point(work: Work, point_id: int, addressed: Addressed) -> LearningPointLink:
    """Say that something addresses a learning point. Once a source: a repeat changes what it said.

    For plugins above (a course that covers it, a briefing that spread it) and for officers (a policy).
    Raises NotFound for a point that does not exist for whoever asks.
    """
    point = find_point(work.session, work.actor, point_id)
    link = next((each for each in point.links if each.source == addressed.source), None)
    if link is None:
        link = LearningPointLink(source=addressed.source)
        point.links.append(link)
    link.kind, link.words, link.since_on = addressed.kind, addressed.words, addressed.since_on
    work.record("learning point addressed", point, is_confidential=True, by=addressed.source)
    return link


def address_by_hand(work: Work, point_id: int, *, kind: str, words: str, since_on: date) -> LearningPointLink:
    """Link something that no plugin links by itself, such as a policy."""
    if since_on > london_date(work.now):
        raise Invalid("This date is in the future. Link it when it applies.", field="since_on")
    source = f"reviews.by_hand:{secrets.token_hex(6)}"
    return link_learning_point(work, point_id, Addressed(source, kind, words.strip(), since_on))


def unlink_learning_point(work: Work, source: str) -> int:
    """Take back what a source said of any learning point; how many links that were."""
    links = work.session.scalars(sa.select(LearningPointLink).where(LearningPointLink.source == source)).all()
    for link in links:
        point = work.session.get_one(LearningPoint, link.learning_point_id)
        point.links.remove(link)
        work.record("learning point no longer addressed", point, is_confidential=True, by=source)
    work.session.flush()
    return len(links)


def _apply(work: Work, point: LearningPoint, written: PointWritten) -> None:
    for name in ("text", "heading", "practice"):
        setattr(point, name, check_identifies_nobody(getattr(written, name), field=name))
    if not point.text:
        raise Invalid("Enter what should change.", field="text")
    point.themes = themes_by_id(work.session, written.theme_ids)


def _ref_for(work: Work, typed: str, point: LearningPoint | None) -> str:
    ref = checked_ref(typed) if typed.strip() else drawn_ref(secrets.token_bytes(REF_LENGTH))
    with work.session.no_autoflush:
        other = work.session.scalar(sa.select(LearningPoint.id).where(LearningPoint.ref == ref))
    if other is not None and (point is None or other != point.id):
        raise Invalid("There is a learning point with this reference already.", field="ref")
    return ref
