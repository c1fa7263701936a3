"""The rounds that agencies were asked in."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from lms.agencies.models import Agency
from lms.kit.errors import NotFound
from surveys.workforce.models import RoundLink, SurveyRound


def links_of_agencies(session: Session, agency_ids: Collection[int]) -> Sequence[RoundLink]:
    """Of these agencies, the latest round first: one query."""
    return session.scalars(
        _links(agency_ids).order_by(SurveyRound.opens_on.desc(), SurveyRound.id.desc(), Agency.name)
    ).all()


def own_link(session: Session, agency_ids: Collection[int], link_id: int) -> RoundLink:
    """One of them. Raises NotFound for that of another agency."""
    found = session.scalar(_links(agency_ids).where(RoundLink.id == link_id))
    if found is None:
        raise NotFound("We cannot find that survey of your agency. The list has all of them.")
    return found


def _links(agency_ids: Collection[int]) -> sa.Select[RoundLink]:
    return (
        sa.select(RoundLink)
        .join(RoundLink.round)
        .join(RoundLink.agency)
        .where(RoundLink.agency_id.in_(agency_ids))
        .options(contains_eager(RoundLink.round), contains_eager(RoundLink.agency), joinedload(RoundLink.sector))
    )
