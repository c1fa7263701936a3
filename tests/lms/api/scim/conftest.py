"""An identity provider with a token, and what it asks."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from lms.api.tokens.rules import Power
from lms.frame.access import Role
from tests.lms.api.conftest import System

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
EMPLOYMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Provider:
    """Asks as identity providers do."""

    def __init__(self, system: System) -> None:
        self.system = system

    def ask(self, method: str, path: str, body: Any = None) -> TestResponse:
        sent = {"data": body if isinstance(body, bytes) else json.dumps(body)} if body is not None else {}
        headers = {"Authorization": f"Bearer {self.system.secret}", "Content-Type": "application/scim+json"}
        return self.system.client.open(f"/scim/v2{path}", method=method, headers=headers, **sent)

    def get(self, path: str) -> Any:
        return self.ask("GET", path).get_json()

    def patch(self, path: str, *operations: dict[str, Any]) -> TestResponse:
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})

    def add(self, name: str, **more: Any) -> Any:
        """As Microsoft Entra ID does it: what it has of somebody, and what nobody asked for."""
        given, _, family = name.partition(" ")
        address = f"{given.lower()}@own.example"
        body = {
            "schemas": [USER, EMPLOYMENT],
            "userName": address,
            "displayName": name,
            "name": {"givenName": given, "familyName": family, "formatted": name},
            "emails": [{"type": "work", "value": address, "primary": True}],
            "active": True,
            "title": "Class teacher",
            **more,
        }
        answer = self.ask("POST", "/Users", body)
        assert answer.status_code == 201, answer.text
        return answer.get_json()


NewProvider = Callable[..., Provider]


@pytest.fixture
def provider(system: Callable[..., System]) -> NewProvider:
    def made(role: Role = Role.COORDINATOR, **more: Any) -> Provider:
        return Provider(system(role, powers=(Power.SCIM,), **more))

    return made
