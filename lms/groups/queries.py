"""Sectors and role groups in the office's order."""

from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.agencies.models import RoleGroup, Sector
from lms.kit.errors import NotFound

Group = Sector | RoleGroup


def groups_of(session: Session, model: type[Sector] | type[RoleGroup]) -> list[Group]:
    """The whole list."""
    return [cast(Group, each) for each in session.scalars(sa.select(model).order_by(model.position, model.name))]


def group_of(session: Session, model: type[Sector] | type[RoleGroup], group_id: int) -> Group:
    """One of the list. Raises NotFound."""
    found = session.get(model, group_id)
    if found is None:
        raise NotFound("This is no longer on the list.")
    return cast(Group, found)
