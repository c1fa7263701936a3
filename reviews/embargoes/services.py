"""Setting and lifting embargoes, and sharing learning from under one. No other code changes who sees a review."""

from datetime import date

import sqlalchemy as sa

from lms.frame.access import PUBLIC
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.kit.working_days import london_date
from reviews.cases.models import Review, review_theme
from reviews.cases.queries import find_review
from reviews.cases.rules import Publication, check_identifies_nobody, is_reportable
from reviews.cases.visibility.models import Embargo
from reviews.cases.visibility.queries import standing_embargo, visible_review_ids
from reviews.embargoes.models import Release
from reviews.embargoes.queries import find_release
from reviews.embargoes.rules import (
    check_embargo,
    check_leads_nowhere,
    check_second_person,
    check_themes_are_common,
)
from reviews.facts import EmbargoLifted, EmbargoSet
from reviews.learning.models import LearningPoint
from reviews.learning.services import write_point
from reviews.learning.written import PointWritten


def set_embargo(work: Work, review: Review, *, reason: str, look_again_on: date) -> Embargo:
    """From here on the review exists only for review officers and business managers. Raises Conflict for a second."""
    if review.is_embargoed:
        raise Conflict("There is already an embargo on this review.")
    check_embargo(reason, look_again_on, today=london_date(work.now))
    embargo = Embargo(
        review_id=review.id,
        reason=reason.strip(),
        look_again_on=look_again_on,
        publication_before=review.publication,
        set_at=work.now,
        set_by_id=work.actor.person_id,
        set_by_name=work.actor.name,
    )
    work.session.add(embargo)
    review.publication = Publication.EMBARGOED
    work.record("embargo set", review, is_confidential=True, look_again_on=look_again_on)
    work.tell(EmbargoSet(review.id, _point_ids(work, review)))
    return embargo


def keep_embargo(work: Work, review_id: int, *, reason: str, look_again_on: date) -> Embargo:
    """The day to look again has come and it stays: until another day, for this reason."""
    review, embargo = _standing(work, review_id)
    check_embargo(reason, look_again_on, today=london_date(work.now))
    embargo.reason, embargo.look_again_on = reason.strip(), look_again_on
    work.record("embargo kept", review, is_confidential=True, look_again_on=look_again_on)
    return embargo


def lift_embargo(work: Work, review: Review, *, reason: str) -> Embargo:
    """The review is again what it was before: in progress, or published. Raises Invalid without a reason."""
    embargo = standing_embargo(work.session, review.id)
    if embargo is None:
        raise Conflict("There is no embargo on this review.")
    if not reason.strip():
        raise Invalid("Explain why it can be lifted.", field="reason")
    embargo.lifted_at, embargo.lifted_by_id, embargo.lifted_reason = work.now, work.actor.person_id, reason.strip()
    before = embargo.publication_before
    review.publication = before if is_reportable(review.stage, before) else Publication.IN_PROGRESS
    work.record("embargo lifted", review, is_confidential=True)
    work.tell(EmbargoLifted(review.id, _point_ids(work, review)))
    return embargo


def propose_release(
    work: Work, review_id: int, *, text: str, practice: str = "", theme_ids: tuple[int, ...] = ()
) -> Release:
    """Propose general words that may be shared although the review may not. Somebody else decides.

    Raises Invalid for words that repeat the review's or its learning points', and for themes only it carries.
    """
    review, _ = _standing(work, review_id)
    if work.actor.person_id is None:
        raise Conflict("Sign in as a person to propose this.")
    for field, words in (("text", text), ("practice", practice)):
        check_identifies_nobody(words, field=field)
        check_leads_nowhere(words, hidden=_hidden_words(work, review), field=field)
    if not text.strip():
        raise Invalid("Enter what should change, in general words.", field="text")
    check_themes_are_common(theme_ids, common_theme_ids(work))
    release = Release(
        review_id=review.id,
        text=text.strip(),
        practice=practice.strip(),
        theme_ids=[str(each) for each in theme_ids],
        proposed_at=work.now,
        proposed_by_id=work.actor.person_id,
        proposed_by_name=work.actor.name,
    )
    work.session.add(release)
    work.record("release of learning proposed", release, is_confidential=True)
    return release


def approve_release(work: Work, release_id: int) -> LearningPoint:
    """Share it: a draft learning point of no review, with a drawn reference, to be agreed like any other.

    Raises Conflict for whoever proposed it.
    """
    release = _open_release(work, release_id)
    check_themes_are_common([int(each) for each in release.theme_ids], common_theme_ids(work))
    theme_ids = tuple(int(each) for each in release.theme_ids)
    point = write_point(work, PointWritten(text=release.text, practice=release.practice, theme_ids=theme_ids))
    release.released_id = point.id
    _decide(work, release)
    work.record("release of learning approved", release, is_confidential=True)
    return point


def decline_release(work: Work, release_id: int, *, reason: str) -> Release:
    """Keep it private, and say why."""
    release = _open_release(work, release_id)
    if not reason.strip():
        raise Invalid("Explain why it cannot be shared.", field="reason")
    release.declined_reason = reason.strip()
    _decide(work, release)
    work.record("release of learning declined", release, is_confidential=True)
    return release


def common_theme_ids(work: Work) -> set[int]:
    """The themes that some open review carries."""
    open_reviews = visible_review_ids(PUBLIC)
    return set(
        work.session.scalars(
            sa.select(review_theme.c.theme_id).where(review_theme.c.review_id.in_(open_reviews)).distinct()
        )
    )


def _open_release(work: Work, release_id: int) -> Release:
    release = find_release(work.session, work.actor, release_id)
    work.session.refresh(release, with_for_update={"key_share": True})
    if release.decided_by_id is not None:
        raise Conflict("Someone has already decided on this.")
    check_second_person(release.proposed_by_id, work.actor.person_id)
    return release


def _decide(work: Work, release: Release) -> None:
    release.decided_at, release.decided_by_id = work.now, work.actor.person_id


def _standing(work: Work, review_id: int) -> tuple[Review, Embargo]:
    review = find_review(work.session, work.actor, review_id)
    embargo = standing_embargo(work.session, review.id)
    if embargo is None:
        raise Conflict("There is no embargo on this review.")
    return review, embargo


def _point_ids(work: Work, review: Review) -> tuple[int, ...]:
    ids = sa.select(LearningPoint.id).where(LearningPoint.review_id == review.id).order_by(LearningPoint.id)
    return tuple(work.session.scalars(ids))


def _hidden_words(work: Work, review: Review) -> list[str]:
    points = work.session.scalars(sa.select(LearningPoint.text).where(LearningPoint.review_id == review.id))
    return [review.ref, review.title, review.headline, review.summary, *points]
