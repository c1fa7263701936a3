"""Rounds, their links, and what was answered and is still sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from lms.agencies.models import Agency
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.working_days import end_of_day
from surveys.questions.models import Survey, SurveyVersion
from surveys.workforce.models import RoundAnswers, RoundLink, SurveyRound
from surveys.workforce.rules import KINDS, RoundState, state_of


@dataclass(frozen=True)
class RoundRow:
    """One line of the list."""

    id: int
    title: str
    opens_on: date
    closes_on: date
    agencies: int
    state: RoundState


def round_rows(session: Session, today: date) -> list[RoundRow]:
    """All rounds, the latest first."""
    links = sa.select(sa.func.count(RoundLink.id)).where(RoundLink.round_id == SurveyRound.id).scalar_subquery()
    rows = session.execute(sa.select(SurveyRound, links).order_by(SurveyRound.opens_on.desc(), SurveyRound.id.desc()))
    return [
        RoundRow(
            each.id,
            each.title,
            each.opens_on,
            each.closes_on,
            agencies,
            state_of(each.opens_on, each.closes_on, is_let_out=each.let_out_at is not None, today=today),
        )
        for each, agencies in rows
    ]


def find_round(session: Session, round_id: int) -> SurveyRound:
    """A round with its links. Raises NotFound."""
    found = session.scalar(
        sa.select(SurveyRound)
        .where(SurveyRound.id == round_id)
        .options(
            joinedload(SurveyRound.version).joinedload(SurveyVersion.survey),
            selectinload(SurveyRound.links).joinedload(RoundLink.agency),
        )
    )
    if found is None:
        raise NotFound("We cannot find that survey. The list has all of them.")
    return found


def link_by_secret(session: Session, secret: str) -> RoundLink | None:
    """The link of an address, if there is one."""
    return session.scalar(
        sa.select(RoundLink)
        .where(RoundLink.secret == secret)
        .options(joinedload(RoundLink.round), joinedload(RoundLink.agency))
    )


def surveys_to_choose(session: Session) -> list[tuple[int, str]]:
    """Workforce surveys and training needs analyses with a published version."""
    published = sa.exists().where(SurveyVersion.survey_id == Survey.id, SurveyVersion.published_at.is_not(None))
    rows = session.execute(
        sa.select(Survey.id, Survey.title)
        .where(Survey.kind.in_(KINDS), Survey.retired_at.is_(None), published)
        .order_by(Survey.title, Survey.id)
    )
    return [(survey_id, title) for survey_id, title in rows]


def latest_version(session: Session, survey_id: int) -> SurveyVersion | None:
    """The published version that is asked now."""
    return session.scalar(
        sa.select(SurveyVersion)
        .where(SurveyVersion.survey_id == survey_id, SurveyVersion.published_at.is_not(None))
        .order_by(SurveyVersion.number.desc())
        .limit(1)
    )


def open_agencies(session: Session, today: date) -> Sequence[Agency]:
    """The agencies that exist on a day."""
    return session.scalars(
        sa.select(Agency)
        .where(sa.or_(Agency.closed_on.is_(None), Agency.closed_on > today))
        .order_by(Agency.name, Agency.id)
    ).all()


def rounds_to_let_out(session: Session, today: date) -> Sequence[SurveyRound]:
    """Closed rounds whose answers still wait."""
    return session.scalars(
        sa.select(SurveyRound)
        .where(SurveyRound.closes_on < today, SurveyRound.let_out_at.is_(None))
        .order_by(SurveyRound.id)
    ).all()


def sealed_answers(session: Session, round_id: int) -> Sequence[RoundAnswers]:
    """What was answered in a round, still sealed, in no order of time."""
    return session.scalars(
        sa.select(RoundAnswers).where(RoundAnswers.round_id == round_id).order_by(RoundAnswers.id)
    ).all()


def links_of(session: Session, round_id: int) -> Sequence[RoundLink]:
    """The links of a round with their agencies, as they are now."""
    return session.scalars(
        sa.select(RoundLink)
        .where(RoundLink.round_id == round_id)
        .options(joinedload(RoundLink.agency))
        .order_by(RoundLink.agency_id)
        .execution_options(populate_existing=True)
    ).all()


def staff_said(session: Session) -> dict[int, tuple[int, date]]:
    """How many work at each agency, as it said last, and when."""
    rows = session.execute(
        sa.select(RoundLink.agency_id, RoundLink.staff, RoundLink.staff_on)
        .where(RoundLink.staff.is_not(None))
        .order_by(RoundLink.staff_on, RoundLink.id)
    )
    return {agency_id: (staff, staff_on) for agency_id, staff, staff_on in rows if staff and staff_on}


def link_of(session: Session, link_id: int) -> RoundLink | None:
    """A link by its number, if there is one."""
    return session.scalar(
        sa.select(RoundLink)
        .where(RoundLink.id == link_id)
        .options(joinedload(RoundLink.round), joinedload(RoundLink.agency))
    )


def last_day_to_say(work: Work, since: datetime) -> datetime | None:
    """Until when a link that went out before can say how many work at an agency."""
    last = work.session.scalar(sa.select(sa.func.max(SurveyRound.closes_on)).where(SurveyRound.created_at < since))
    return None if last is None else end_of_day(last)
