"""One-click people of the demonstration; outside it there is no such page."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.frame.access import Role
from lms.signin.personas.queries import REFS
from tests.lms.signin.conftest import Post, who
from tests.make import Make


@pytest.fixture
def personas(make: Make) -> None:
    for role, ref in REFS.items():
        make.person(f"Robin {role.value}", ref=ref, roles=() if role is Role.DELEGATE else (role,))
    make.commit()


@pytest.fixture
def demo(demo_app: Flask) -> Iterator[FlaskClient]:
    demo_app.config.update(WTF_CSRF_ENABLED=False)
    demo_app.extensions["lms.wake_mail"] = lambda: None
    yield demo_app.test_client()
    with demo_app.app_context():
        demo_app.extensions["sqlalchemy"].engine.dispose()


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
