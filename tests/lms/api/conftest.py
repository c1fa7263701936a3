"""Another system with a token, and what it asks."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.api.tokens.rules import Power, TokenWanted
from lms.api.tokens.services import make_token
from lms.frame.access import Role
from lms.frame.work import Work
from tests.make import Make

Caller = Callable[..., TestResponse]


class System:
    """Another system: asks with its token."""

    def __init__(self, client: FlaskClient, secret: str) -> None:
        self.client, self.secret = client, secret

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        told = {"Authorization": f"Bearer {self.secret}", **named}
        return self.client.open(f"/api/v1{path}", method=method, headers=told, **sent)

    def get(self, path: str) -> TestResponse:
        return self.ask("GET", path)


@pytest.fixture
def system(app: Flask, work: Work, make: Make) -> Callable[..., System]:
    """A system with a token of this role. Commits what `make` has made so far."""
    with_site = replace(work, site=app.extensions["lms"])

    def made(
        role: Role = Role.COORDINATOR,
        *,
        agency_id: int | None = None,
        may_write: bool = True,
        powers: tuple[Power, ...] = (),
        further_codes: tuple[str, ...] = (),
    ) -> System:
        wanted = TokenWanted(
            f"HR of the {role.value}",
            role,
            agency_id,
            may_write=may_write,
            powers=powers,
            further_codes=further_codes,
        )
        _, secret = make_token(with_site, wanted)
        make.commit()
        return System(app.test_client(), secret)

    return made
