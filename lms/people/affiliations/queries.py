"""Who worked for whom on a day."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from lms.kit.errors import NotFound
from lms.people.affiliations.models import Affiliation
from lms.people.models import Person


def employed_on(day: date) -> sa.Subquery:
    """Everybody who was here on a day: `person_id`, and the main agency's `agency_id` and `role_group_id` of then.

    A record that was merged into another counts as that person, for the days before the record kept began.
    """
    kept = aliased(Affiliation)
    began = sa.exists().where(kept.person_id == Person.merged_into_id, kept.from_on <= day)
    return (
        sa.select(
            sa.func.coalesce(Person.merged_into_id, Person.id).label("person_id"),
            Affiliation.agency_id,
            Affiliation.role_group_id,
        )
        .join(Person, Person.id == Affiliation.person_id)
        .where(*_was_so_on(day), Affiliation.is_main, sa.or_(Person.merged_into_id.is_(None), ~began))
        .distinct()
        .subquery("employed")
    )


def _was_so_on(day: date) -> tuple[sa.ColumnElement[bool], ...]:
    return Affiliation.from_on <= day, sa.or_(Affiliation.until_on.is_(None), Affiliation.until_on > day)


def affiliations_of(session: Session, person_id: int) -> list[Affiliation]:
    """All agencies of a person, the latest first."""
    found = sa.select(Affiliation).where(Affiliation.person_id == person_id)
    names = joinedload(Affiliation.agency), joinedload(Affiliation.role_group)
    order = Affiliation.from_on.desc(), Affiliation.is_main.desc(), Affiliation.id.desc()
    return list(session.scalars(found.options(*names).order_by(*order)))


def further_agency(session: Session, person_id: int, affiliation_id: int) -> Affiliation:
    """One further agency that somebody has still. Raises NotFound."""
    found = session.get(Affiliation, affiliation_id)
    if found is None or found.person_id != person_id or found.is_main or found.until_on is not None:
        raise NotFound("This is no further agency of this person any more.")
    return found
