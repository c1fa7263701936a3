"""What must be true of agencies, for `lms check`."""

from collections.abc import Iterator

import sqlalchemy as sa

from lms.frame.work import Work
from lms.people.affiliations.models import SAID, Affiliation
from lms.people.models import Person


def agencies_that_differ(work: Work) -> Iterator[str]:
    """Records of people who are here that say something else than their open main agency, or that have none."""
    is_main = sa.and_(Affiliation.person_id == Person.id, Affiliation.is_main, Affiliation.until_on.is_(None))
    differs = (getattr(Affiliation, name).is_distinct_from(getattr(Person, name)) for name in SAID)
    wrong = sa.select(Person.ref).outerjoin(Affiliation, is_main).where(Person.left_on.is_(None))
    for ref in work.session.scalars(wrong.where(sa.or_(Affiliation.id.is_(None), *differs)).order_by(Person.ref)):
        yield f"Person {ref}: their agency over time does not say what their record says"
