"""What identity providers send beside the RFCs, and what nobody should: an answer in SCIM's shape, never a fault."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.people.models import Person
from tests.lms.api.scim.conftest import EMPLOYMENT, PATCH, USER, NewProvider
from tests.make import Make
from tests.moments import NOW

WORK = 'emails[type eq "work"].value'


def change(**operation: Any) -> dict[str, Any]:
    return {"schemas": [PATCH], "Operations": [operation]}


def named(session: Session) -> Person:
    session.rollback()
    return session.scalars(sa.select(Person)).one()


def test_the_shapes_of_entra_and_okta_are_understood(provider: NewProvider, session: Session) -> None:
    entra = provider()
    user = f"/Users/{entra.add('Amara Osei')['id']}"
    for operation, column, value in (
        ({"op": "Add", "path": WORK, "value": "Amara.Osei@own.example"}, "email", "amara.osei@own.example"),
        ({"op": "Replace", "path": WORK, "value": "ao@own.example"}, "email", "ao@own.example"),
        ({"op": "Replace", "value": {"name.familyName": "Bo", "displayName": "Amara Bo"}}, "name", "Amara Bo"),
        ({"op": "Replace", "path": "name.familyName", "value": "Vane"}, "name", "Amara Vane"),
        ({"op": "Add", "path": f"{EMPLOYMENT}:manager", "value": "17"}, "manager_name", ""),
        ({"op": "Replace", "path": f"{EMPLOYMENT}:employeeNumber", "value": "HR-99"}, "ref", "P00001"),
        ({"op": "Add", "path": "title", "value": "Head"}, "job_title", ""),
        ({"op": "replace", "path": "active", "value": "False"}, "left_on", NOW.date()),
        ({"op": "replace", "value": {"active": "True"}}, "left_on", None),
    ):  # fmt: skip
        answer = entra.patch(user, operation)
        assert (answer.status_code, answer.text) == (204, ""), operation
        assert getattr(named(session), column) == value, operation
    okta = {
        "schemas": [USER], "id": user.rpartition("/")[2], "userName": "amara@own.example", "active": False,
        "groups": [],
        "name": {"givenName": "Amara", "familyName": "Vane"}, "emails": [{"primary": True, "value": "ao@own.example"}],
        "password": "never kept", "locale": "en-GB", "meta": {"resourceType": "User"},
        EMPLOYMENT: {"employeeNumber": "HR-99"},
    }  # fmt: skip
    answer = entra.ask("PUT", user, okta).get_json()
    assert (answer["active"], answer[EMPLOYMENT], answer["displayName"]) == (
        False,
        {"employeeNumber": "P00001"},
        "Amara Vane",
    )
    assert named(session).left_on is not None


def test_pages_and_attributes_are_as_asked(provider: NewProvider, make: Make) -> None:
    for number in range(5):
        make.person(f"Person {number}")
    entra = provider()
    page = entra.get("/Users?startIndex=2&count=2&attributes=userName")
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"], len(page["Resources"])) == (5, 2, 2, 2)
    assert page["Resources"][0].keys() == {"schemas", "id", "userName"}
    assert entra.get("/Users?count=0")["totalResults"] == 5
    assert len(entra.get("/Users?startIndex=6").get("Resources", [])) == 0
    for asked, number in (
        ("active eq true", 5), ("active eq false", 0), ('displayName sw "person"', 5), ('displayName co "3"', 1),
        ('displayName co "%25"', 0), ('not (displayName ew "3") and emails pr', 4), ('id eq "1" or id eq "2"', 2),
        ('externalId pr', 0), ('emails.value co "rvch"', 5), ('userName ne "person1@rvch.example"', 4),
    ):  # fmt: skip
        assert entra.get(f"/Users?filter={asked}")["totalResults"] == number, asked
    found = entra.ask("POST", "/Users/.search", {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": 'displayName ew "4"',
    })  # fmt: skip
    assert found.get_json()["totalResults"] == 1


HOSTILE: list[tuple[str, str, Any, set[int]]] = [
    ("GET", "/Nothing", None, {404}),
    ("GET", "/Users/0", None, {404}),
    ("GET", "/Users/99999999999999999999", None, {404}),
    ("GET", "/Users/²", None, {404}),
    ("GET", "/Users/a%00b", None, {404}),
    ("GET", "/Users/1/more", None, {404}),
    ("GET", "/Groups/agency-", None, {404}),
    ("GET", "/Me", None, {501}),
    ("GET", "/", None, {501}),
    ("POST", "/Bulk", {}, {501}),
    ("GET", "/Users?sortBy=userName", None, {501}),
    ("GET", "/Users?cursor=", None, {501}),
    ("GET", "/Users?filter=userName", None, {400}),
    ("GET", "/Users?filter=password eq \"x\"", None, {400}),
    ("GET", "/Users?filter=userName gt \"x\"", None, {400}),
    ("GET", "/Users?filter=emails[type eq \"work\"]", None, {400}),
    ("GET", "/Users?filter=active co \"x\"", None, {400}),
    ("GET", "/Users?filter=" + "not (" * 300 + "userName pr" + ")" * 300, None, {200, 400}),
    ("GET", "/Users?filter=userName eq \"a%00b\"", None, {200, 400}),
    ("GET", "/Users?startIndex=many", None, {400}),
    ("GET", "/Users?startIndex=99999999999999999999&count=-5", None, {200, 400}),
    ("GET", "/Users?startIndex=-3&count=99999999999", None, {200, 400}),
    ("GET", "/Schemas?filter=x", None, {403}),
    ("POST", "/Users", b"", {400}),
    ("POST", "/Users", b"{", {400}),
    ("POST", "/Users", b"[" * 20000, {400}),
    ("POST", "/Users", [], {400}),
    ("POST", "/Users", {}, {400}),
    ("POST", "/Users", {"userName": None}, {400}),
    ("POST", "/Users", {"userName": "   "}, {400}),
    ("POST", "/Users", {"userName": ["a"]}, {400}),
    ("POST", "/Users", {"userName": "a\x00b"}, {400}),
    ("POST", "/Users", {"userName": "x" * 100_000}, {400}),
    ("POST", "/Users", b'{"userName": "\\ud800"}', {400}),
    ("POST", "/Users", {"userName": "a", "displayName": "<a>\n\nBcc: x"}, {400}),
    ("POST", "/Users", {"userName": "a", "displayName": "http://evil.example"}, {400}),
    ("POST", "/Users", {"userName": "a", "emails": [{"value": "no address"}]}, {400}),
    ("POST", "/Users", {"userName": "a", "emails": "a@b.example"}, {400}),
    ("POST", "/Users", {"userName": "a", "active": "perhaps"}, {400}),
    ("POST", "/Users", {"userName": "a", "externalId": "\x00"}, {400}),
    ("POST", "/Users", {"userName": "a", EMPLOYMENT: {"employeeNumber": "x" * 300}}, {400}),
    ("POST", "/Users", {"userName": "a", "name": {"givenName": "\x1b[0m"}}, {400}),
    ("PATCH", "/Users/{id}", {}, {400}),
    ("PATCH", "/Users/{id}", {"schemas": [PATCH], "Operations": []}, {400}),
    ("PATCH", "/Users/{id}", change(op="explode"), {400}),
    ("PATCH", "/Users/{id}", change(op="replace", path="userName"), {400}),
    ("PATCH", "/Users/{id}", change(op="remove", path="userName"), {400}),
    ("PATCH", "/Users/{id}", change(op="replace", path="active", value=[{"value": "False"}]), {400}),
    ("PATCH", "/Users/{id}", change(op="replace", path="id", value="7"), {400}),
    ("PATCH", "/Users/{id}", change(op="add", path="emails[", value="7"), {400}),
    ("PUT", "/Users/{id}", {"userName": ""}, {400}),
    ("PUT", "/Users/{id}", {"userName": "other", "emails": [{"value": "a@b.example"}, {"value": "bad"}]}, {200}),
    ("PUT", "/Groups/work-1", {"displayName": "Teaching staff", "members": [{"value": "work-1"}]}, {400}),
    ("PUT", "/Groups/work-1", {"displayName": "Teaching staff", "members": [{}]}, {200}),
    ("PATCH", "/Groups/work-1", change(op="add", path="members", value="x"), {400}),
    ("OPTIONS", "/Users", None, {200}),
    ("TRACE", "/Users", None, {405}),
]  # fmt: skip


def test_what_nobody_should_send_is_refused_in_scims_shape(provider: NewProvider, make: Make, session: Session) -> None:
    person = make.person("Amara Osei")
    group = make.role_group("Teaching staff")
    entra = provider()
    assert group.id == 1
    for method, path, body, expected in HOSTILE:
        answer = entra.ask(method, path.replace("{id}", str(person.id)), body)
        assert answer.status_code in expected, (
            method,
            path[:80],
            str(body)[:80],
            answer.status_code,
            answer.text[:300],
        )
        if answer.status_code >= 400:
            told = answer.get_json()
            assert answer.mimetype == "application/scim+json", (method, path[:80])
            assert told["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"], (method, path)
            assert (told["status"], bool(told["detail"])) == (str(answer.status_code), True)
            assert "pydantic" not in told["detail"]
            assert "\n" not in told["detail"]
    assert named(session).name == "Amara Osei"


@pytest.mark.parametrize("sent", ["application/xml", "text/plain"])
def test_another_kind_of_body_is_refused(provider: NewProvider, sent: str) -> None:
    entra = provider()
    headers = {"Authorization": f"Bearer {entra.system.secret}", "Content-Type": sent}
    answer = entra.system.client.post("/scim/v2/Users", headers=headers, data="{}")
    assert (answer.status_code, answer.mimetype) == (415, "application/scim+json")
