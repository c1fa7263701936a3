"""Sectors and role groups: add, rename, order, remove."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from lms.agencies.models import RoleGroup, Sector
from lms.frame.work import Work
from lms.groups.queries import Group, groups_of
from lms.kit.errors import Invalid
from lms.kit.names import read_name


def add_group(work: Work, model: type[Sector] | type[RoleGroup], name: str) -> Group:
    """Add one at the end of its list."""
    name = read_name(name)
    _check_name_is_free(work, model, name)
    last = work.session.scalar(sa.select(sa.func.max(model.position))) or 0
    group = model(name=name, position=last + 1)
    work.session.add(group)
    work.record("list changed", group, added=name)
    return group


def rename_group(work: Work, group: Group, name: str) -> None:
    """Give it another name. Everything that has it shows the new one."""
    if group.name == name:
        return
    name = read_name(name)
    _check_name_is_free(work, type(group), name)
    was, group.name = group.name, name
    work.record("list changed", group, was=was, now=name)


def move_up(work: Work, group: Group) -> None:
    """Change places with the one above; the first stays first."""
    ordered = groups_of(work.session, type(group))
    place = ordered.index(group)
    if place:
        ordered[place - 1], ordered[place] = ordered[place], ordered[place - 1]
        for position, each in enumerate(ordered, 1):
            each.position = position
        work.record("list ordered", group, place=place)


def remove_group(work: Work, group: Group) -> None:
    """Take it off the list. Refused while anything has it: then rename it."""
    name = group.name
    work.record("list changed", group, removed=name)
    try:
        with work.session.begin_nested():
            work.session.delete(group)
    except IntegrityError:
        raise Invalid(f"{name} is in use, including by past bookings. Rename it instead of removing it.") from None


def _check_name_is_free(work: Work, model: type[Sector] | type[RoleGroup], name: str) -> None:
    if work.session.scalar(sa.select(model.id).where(sa.func.lower(model.name) == name.lower())):
        raise Invalid(f"{name} is already on the list.", field="name")
