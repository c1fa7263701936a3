"""scim2-tester, a public checker of the RFCs, asks the whole application."""

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from flask import Flask
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import CheckResult, Status, check_server

from tests.lms.api.scim.conftest import EMPLOYMENT, NewProvider
from tests.make import Make

GROUPS = 40
DEPARTURES = {
    ("User", "search_with_attributes", ""): "people and groups are not searched together",
    ("Group", "search_with_attributes", ""): "people and groups are not searched together",
    ("Group", "object_deletion", ""): "the office keeps groups",
    ("User", "check_remove_attribute", "displayName"): "everyone has a name",
    ("User", "check_remove_attribute", "active"): "everyone is here or has left",
    ("User", "check_add_attribute", "emails"): "the one address is the primary one",
    ("User", "check_replace_attribute", "emails"): "the one address is the primary one",
    ("User", "check_add_attribute", EMPLOYMENT): "a reference once given stays",
    ("User", "check_add_attribute", f"{EMPLOYMENT}:employeeNumber"): "a reference once given stays",
    ("User", "check_remove_attribute", EMPLOYMENT): "a reference once given stays",
    ("User", "check_replace_attribute", EMPLOYMENT): "a reference once given stays",
}
"""What the checker would have otherwise, and why it is as it is here (`docs/scim.md`)."""


@pytest.fixture
def database_url(_kinds: Callable[[str], object]) -> object:
    """One kind of database is enough for how the protocol is spoken; the other tests care for both."""
    with _kinds("sqlite").fresh() as url:  # type: ignore[attr-defined]
        yield url


class WithGroups(WSGISCIMClient):
    """Groups are the office's to add: where the checker would, it is given the next that is there, and changes it."""

    given = 0
    deleted: ClassVar[set[str]] = set()

    def create(self, resource: Any = None, *args: Any, **more: Any) -> Any:
        if type(resource).__name__ != "Group":
            return super().create(resource, *args, **more)
        self.given += 1
        resource.id, resource.display_name = f"work-{self.given}", f"Kind of work {self.given}"
        return self.replace(resource)

    def delete(self, target: Any = None, *args: Any, **more: Any) -> Any:
        """The checker tidies up after each check all that it ever made: each is asked for once."""
        asked = str((target, args))
        if asked in self.deleted:
            return None
        self.deleted.add(asked)
        return super().delete(target, *args, **more)


@pytest.mark.slow
def test_a_public_checker_finds_what_the_rfcs_ask_for(app: Flask, provider: NewProvider, make: Make) -> None:
    for number in range(1, GROUPS + 1):
        make.role_group(f"Kind of work {number}")
    headers = {"Authorization": f"Bearer {provider().system.secret}"}
    results = check_server(WithGroups(app, base_url="http://localhost/scim/v2", headers=headers))
    wrong = [each for each in results if each.status is not Status.SUCCESS and _place(each) not in DEPARTURES]
    assert not wrong, "\n".join(f"{_place(each)}: {each.reason}" for each in wrong)
    assert sum(each.status is Status.SUCCESS for each in results) >= 55


def _place(result: CheckResult) -> tuple[str, str, str]:
    data = result.data if isinstance(result.data, dict) else {}
    return result.resource_type or "", result.title, str(data.get("urn", ""))
