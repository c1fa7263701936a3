"""Recurring work: letters before and after the date of an action, and the days on which embargoes are looked at."""

import sqlalchemy as sa

from lms.frame.access import Role
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.people.models import Person, RoleGrant
from reviews.actions import letters
from reviews.actions.queries import actions_to_write_about
from reviews.actions.rules import is_to_be_reminded
from reviews.cases.visibility.models import Embargo


def write_to_owners(work: Work) -> None:
    """Remind owners 10 working days before, and once after the date. Each letter's key lets it go once."""
    today = london_date(work.now)
    for action in actions_to_write_about(work.session):
        if is_to_be_reminded(action.state, action.due_on, today=today):
            work.send(letters.action_due(action))
        elif today > action.due_on:
            work.send(letters.action_overdue(action))


def ask_to_look_again(work: Work) -> None:
    """On the day on which an embargo is looked at again, tell the review officers that the register has a date."""
    due = sa.select(Embargo.id).where(Embargo.lifted_at.is_(None), Embargo.look_again_on == london_date(work.now))
    if work.session.scalar(due.limit(1)) is None:
        return
    officers = (
        sa.select(Person)
        .where(Person.id.in_(sa.select(RoleGrant.person_id).where(RoleGrant.role == Role.REVIEW_OFFICER)))
        .where(Person.is_here)
        .order_by(Person.id)
    )
    for officer in work.session.scalars(officers):
        work.send(letters.dates_to_look_at(work, officer))
