"""Every answer of the API in a partnership with everything in it: none breaks or writes, and none says too much."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import AccessNeeds
from lms.api.openapi import PATH_NAME
from lms.api.tokens.rules import ROLES, TokenWanted
from lms.api.tokens.services import make_token
from lms.frame.access import Role, program
from lms.frame.work import Work
from lms.people.models import Person
from tests.house.world import World
from tests.moments import NOW

pytestmark = pytest.mark.slow


def test_answers_without_powers_name_nobody_and_nobodys_needs(own_world: World) -> None:
    """A token that was given no power knows people by their references alone; what somebody needs is told to none."""
    with Session(own_world.engine) as session:
        work = Work(session, program("test"), NOW, own_world.site)
        person = session.scalars(sa.select(Person).where(Person.agency_id.is_not(None)).order_by(Person.id)).first()
        assert person is not None
        names = [*session.scalars(sa.select(Person.name)), *session.scalars(sa.select(Person.email))]
        needs = [each for row in session.execute(sa.select(AccessNeeds.needs, AccessNeeds.food)) for each in row]
        hidden = [each for each in (*names, *needs) if len(each) > 4]
        ids = {role: person.agency_id if role is Role.AGENCY_LEAD else None for role in ROLES}
        secrets = [make_token(work, TokenWanted(role.value, role, agency_id))[1] for role, agency_id in ids.items()]
        asked = {"ref": person.ref, "person_ref": person.ref}
        session.commit()
    assert len(hidden) > 20
    client, answered = own_world.app.test_client(), 0
    for secret in secrets:
        for operation in own_world.site.operations:
            if operation.method != "GET":
                continue
            days = "?from=2025-04-01&to=2026-03-31" if operation.path == "/figures/annual" else ""
            path = PATH_NAME.sub(lambda name: asked.get(name[1], "1"), operation.path)
            answer = client.get(f"/api/v1{path}{days}", headers={"Authorization": f"Bearer {secret}"})
            assert answer.status_code in (200, 403, 404), path
            answered += answer.status_code == 200
            assert [each for each in hidden if each in answer.text] == [], path
    assert answered > 40
