"""One-click people of the demonstration; outside it there is no such page."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from lms.frame.access import Role
from lms.people.models import Person
from lms.signin.locks import Locks
from lms.signin.personas.queries import REFS
from tests.databases import ON_SQLITE
from tests.lms.signin.conftest import Post, who
from tests.make import Make


@pytest.fixture
def personas(make: Make) -> None:
    for role, ref in REFS.items():
        make.person(f"Robin {role.value}", ref=ref, roles=() if role is Role.DELEGATE else (role,))
    make.mark_as_demonstration()
    make.commit()


@pytest.fixture
def demo(demo_app: Flask) -> Iterator[FlaskClient]:
    demo_app.config.update(WTF_CSRF_ENABLED=False)
    demo_app.extensions["lms.wake_mail"] = lambda: None
    yield demo_app.test_client()
    with demo_app.app_context():
        demo_app.extensions["sqlalchemy"].engine.dispose()


@ON_SQLITE
@pytest.mark.usefixtures("personas")
@pytest.mark.parametrize("role", list(REFS))
def test_one_click_is_enough_in_the_demonstration(demo: FlaskClient, role: Role) -> None:
    assert f"/sign-in/as/{role.value}" in demo.get("/sign-in").text
    assert demo.post(f"/sign-in/as/{role.value}?next=/account").location == "/account"
    assert demo.get("/account").status_code == 200
    assert who(demo) == f"Robin {role.value}"


@pytest.mark.usefixtures("personas")
@pytest.mark.parametrize("role", [*REFS, "delegate' OR 1=1", "finance"])
def test_outside_the_demonstration_there_is_no_such_page(client: FlaskClient, role: str) -> None:
    assert "sign-in/as" not in client.get("/sign-in").text
    assert client.post(f"/sign-in/as/{role}").status_code == 404
    assert who(client) == ""


@pytest.mark.usefixtures("personas")
def test_a_link_is_not_enough(demo: FlaskClient) -> None:
    assert demo.get("/sign-in/as/coordinator").status_code in (404, 405)
    assert who(demo) == ""


@ON_SQLITE
def test_a_role_without_its_person_is_not_offered(demo: FlaskClient, make: Make) -> None:
    make.commit()
    assert "sign-in/as" not in demo.get("/sign-in").text
    assert demo.post("/sign-in/as/coordinator").status_code == 404


@pytest.mark.usefixtures("personas")
def test_a_demonstrations_cookie_is_worth_nothing_outside_it(
    demo: FlaskClient, client: FlaskClient, post: Post
) -> None:
    demo.post("/sign-in/as/coordinator")
    cookie = demo.get_cookie("golden_thread")
    assert cookie is not None
    client.set_cookie("golden_thread", cookie.value)
    assert who(client) == ""


@pytest.mark.usefixtures("personas")
def test_an_unmarked_database_with_people_in_it_offers_no_personas(demo: FlaskClient, make: Make) -> None:
    """Also when the process began in demonstration mode, while nobody was in it."""
    make.mark_as_demonstration(False)
    make.commit()
    assert "sign-in/as" not in demo.get("/sign-in").text
    assert demo.post("/sign-in/as/business_manager").status_code == 404
    assert demo.get("/mailbox").status_code == 404
    assert who(demo) == ""


@pytest.mark.usefixtures("personas")
def test_whoever_registers_in_a_marked_database_changes_nothing(demo: FlaskClient, make: Make) -> None:
    make.person("Someone real", email="real@council.test")
    make.commit()
    assert demo.post("/sign-in/as/coordinator").status_code == 303


@pytest.mark.usefixtures("personas")
def test_outside_demonstration_mode_a_persona_signs_in_by_no_way(
    client: FlaskClient, make: Make, post: Post, locks: Locks, sign_in: Callable[[Person], FlaskClient]
) -> None:
    """By a code, by a password that was set meanwhile, or by a session that is still there."""
    make.commit()
    persona = make.session.scalars(sa.select(Person).where(Person.ref == REFS[Role.DELEGATE])).one()
    other = make.person("Joel Tarrant", ref="J1")
    for each in (persona, other):
        make.account(each).password = locks.hash_password("a long enough password")
    assert who(sign_in(persona)) == ""
    assert who(sign_in(other)) == "Joel Tarrant"
    page = client.post("/sign-in", data={"identifier": persona.ref}).location
    client.post(page, data={"code": post.code()})
    assert who(client) == ""
    client.post("/sign-in/password", data={"identifier": persona.ref, "password": "a long enough password"})
    assert who(client) == ""
    client.post("/sign-in/password", data={"identifier": "J1", "password": "a long enough password"})
    assert who(client) == "Joel Tarrant"
