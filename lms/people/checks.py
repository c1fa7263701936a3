"""What must be true of people, for `lms check`."""

from collections.abc import Iterator

import sqlalchemy as sa

from lms.frame.access import Role
from lms.frame.work import Work
from lms.kit.names import shown_with_why
from lms.kit.telephones import is_telephone
from lms.people.models import Person, RoleGrant


def names_that_nobody_has(work: Work) -> Iterator[str]:
    """Names from before there was a rule, of people and of their managers. They are sent cleaned; correct them."""
    columns = (Person.ref, Person.name, Person.manager_name, Person.job_title)
    for row in work.session.execute(sa.select(*columns).order_by(Person.ref)):
        for what, kept in (("name", row.name), ("manager’s name", row.manager_name), ("job title", row.job_title)):
            if said := shown_with_why(kept):
                yield f"Person {row.ref}, {what} {said}"


def telephones_that_are_none(work: Work) -> Iterator[str]:
    """Words that were kept as somebody's telephone before they were refused. Correct them on the person's page."""
    kept = sa.select(Person.ref, Person.phone).where(Person.phone != "").order_by(Person.ref)
    for ref, phone in work.session.execute(kept):
        if not is_telephone(phone):
            yield f"Person {ref}, telephone: {phone!r} is no number."


def nobody_manages(work: Work) -> Iterator[str]:
    """Somebody is a business manager and still here, once there ever was one."""
    roles = sa.select(Person.left_on, Person.merged_into_id, Person.erased_at).join(
        RoleGrant, RoleGrant.person_id == Person.id
    )
    held = work.session.execute(roles.where(RoleGrant.role == Role.BUSINESS_MANAGER)).all()
    if held and all(any(gone is not None for gone in row) for row in held):
        yield "No one who is here is a business manager any more. Give the role to someone: lms people."
