"""An identity provider keeps people in step: joiners, movers, leavers, by the rules of all other systems."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState
from lms.api.tokens.rules import Power
from lms.audit.models import AuditEntry
from lms.frame.access import Role
from lms.in_step.leavers.models import UnseenLeaver
from lms.in_step.scim.models import ProvisionedPerson
from lms.people.models import Person
from lms.people.rules import DECIDED_BY_MANAGER
from tests.lms.api.conftest import System
from tests.lms.api.scim.conftest import EMPLOYMENT, NewProvider
from tests.make import Make


def people(session: Session) -> dict[str, Person]:
    session.rollback()
    return {each.name: each for each in session.scalars(sa.select(Person))}


def test_a_joiner_moves_and_leaves_and_the_office_sees_what_was_open(
    provider: NewProvider, system: type[System], make: Make, session: Session
) -> None:
    own, other = make.agency("Larkham Primary", code="OWN"), make.agency("Ashbeck College", code="ELSE")
    event, teaching = make.event(ref="E-1"), make.role_group("Teaching staff")
    ids = [f"agency-{own.id}", f"agency-{other.id}", f"work-{teaching.id}"]
    entra, booking = provider(), system(powers=(Power.PEOPLE,))
    assert entra.get('/Users?filter=userName eq "amara@own.example"')["totalResults"] == 0
    added = entra.add("Amara Osei", externalId="8f3a", **{EMPLOYMENT: {"employeeNumber": "HR-1", "department": "Y3"}})
    assert added["name"] == {"givenName": "Amara", "familyName": "Osei"}
    assert (added["displayName"], added["active"], added["externalId"]) == ("Amara Osei", True, "8f3a")
    assert added["meta"]["location"].endswith(f"/scim/v2/Users/{added['id']}")
    user = f"/Users/{added['id']}"
    for asked in ('userName eq "AMARA@own.example"', 'externalId eq "8f3a"', f'{EMPLOYMENT}:employeeNumber eq "HR-1"'):
        assert [each["id"] for each in entra.get(f"/Users?filter={asked}")["Resources"]] == [added["id"]], asked
    for group in (ids[0], ids[2]):
        member = {"op": "Add", "path": "members", "value": [{"value": added["id"]}]}
        assert entra.patch(f"/Groups/{group}", member).status_code == 204
    kept = people(session)["Amara Osei"]
    assert (kept.ref, kept.agency.code, kept.role_group.name) == ("HR-1", "OWN", "Teaching staff")
    assert [each["display"] for each in entra.get(user)["groups"]] == ["Larkham Primary", "Teaching staff"]
    entra.patch(f"/Groups/{ids[1]}", {"op": "add", "path": "members", "value": [{"value": added["id"]}]})
    away = {"op": "Remove", "path": "members", "value": [{"value": added["id"]}]}
    assert entra.patch(f"/Groups/{ids[0]}", away).status_code == 204, "they are elsewhere already"
    assert people(session)["Amara Osei"].agency.code == "ELSE"
    booking.ask("POST", f"/events/{event.id}/bookings", {"person_ref": "HR-1"})
    assert entra.patch(user, {"op": "Replace", "path": "active", "value": "False"}).status_code == 204
    left = people(session)["Amara Osei"]
    assert (str(left.left_on), left.agency.code) == ("2026-03-16", "ELSE")
    assert session.scalars(sa.select(Booking.state)).one() is BookingState.RELEASED
    noted = session.scalars(sa.select(UnseenLeaver)).one()
    assert (noted.person_id, noted.said_by) == (left.id, "HR of the coordinator (token)")
    assert [
        each.endswith("Release the place. Nothing is charged and it goes to the waiting list.") for each in noted.said
    ]
    told = entra.get(user)
    assert (told["active"], told.get("groups")) == (False, None)
    session.rollback()
    back = entra.patch(user, {"op": "Replace", "value": {"active": True}})
    assert (back.status_code, people(session)["Amara Osei"].left_on) == (204, None)


def test_whoever_is_deleted_has_left_and_comes_back_as_the_same_person(provider: NewProvider, session: Session) -> None:
    entra = provider()
    user = f"/Users/{entra.add('Bo Ashgrove')['id']}"
    assert entra.ask("DELETE", user).status_code == 204
    gone = people(session)["Bo Ashgrove"]
    assert gone.left_on is not None
    for method, body in (("GET", None), ("DELETE", None), ("PUT", {"userName": "bo@own.example"})):
        refused = entra.ask(method, user, body)
        assert (refused.status_code, refused.get_json()["detail"]) == (
            404, "There is no user with this id among those of the token.",
        ), method  # fmt: skip
    assert entra.get("/Users")["totalResults"] == 0
    assert entra.add("Bo Ashgrove")["id"] == str(gone.id)
    assert people(session)["Bo Ashgrove"].left_on is None
    events = session.scalars(sa.select(AuditEntry.event).where(AuditEntry.person_id == gone.id)).all()
    assert {"deleted by an identity provider", "person left", "person came back"} <= set(events)


def test_whoever_is_there_already_is_found_and_never_added_twice(
    provider: NewProvider, make: Make, session: Session
) -> None:
    there = make.person("Cerys Fenwick", email="cerys@own.example", ref="HR-7")
    make.person("Dilwyn", email="team@own.example", ref="HR-8")
    make.person("Esme", email="team@own.example", ref="HR-9")
    entra, person_id = provider(), str(there.id)
    (found,) = entra.get('/Users?filter=userName eq "Cerys@own.example"')["Resources"]
    assert (found["id"], found[EMPLOYMENT]) == (person_id, {"employeeNumber": "HR-7"})
    shared = entra.get('/Users?filter=userName eq "team@own.example"')
    assert shared["totalResults"] == 0, "an address that two share names neither"
    assert [each["userName"] for each in entra.get("/Users")["Resources"]] == ["cerys@own.example", "HR-8", "HR-9"]
    twice = entra.ask("POST", "/Users", {"userName": "CERYS@own.example", "displayName": "Cerys"})
    assert (twice.status_code, twice.get_json()["scimType"]) == (409, "uniqueness")
    numbered = entra.ask("POST", "/Users", {"userName": "new", EMPLOYMENT: {"employeeNumber": "HR-9"}})
    assert (numbered.status_code, numbered.get_json()["detail"]) == (
        409, "Someone has this employeeNumber already. Find them by a filter, and change them.",
    )  # fmt: skip
    entra.patch(f"/Users/{person_id}", {"op": "replace", "value": {"externalId": "77", "userName": "cfenwick"}})
    assert entra.get(f"/Users/{person_id}")["userName"] == "cfenwick"
    assert len(people(session)) == 3


def test_an_entrusted_record_is_refused_with_the_sentence_that_the_office_reads(
    provider: NewProvider, make: Make, session: Session
) -> None:
    officer = make.person("Officer", roles=(Role.REVIEW_OFFICER,), email="ro@own.example")
    entra, user = provider(Role.BUSINESS_MANAGER), f"/Users/{officer.id}"
    for refused in (
        entra.patch(user, {"op": "Replace", "path": "active", "value": "False"}),
        entra.patch(user, {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "taken@over.example"}),
        entra.ask("DELETE", user),
    ):
        told = refused.get_json()
        assert (refused.status_code, told["status"], told["detail"]) == (403, "403", DECIDED_BY_MANAGER)
        assert told["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    kept = people(session)["Officer"]
    assert (kept.left_on, kept.email) == (None, "ro@own.example")
    assert session.scalars(sa.select(ProvisionedPerson)).all() == [], "nothing of what was refused stays"
    assert entra.patch(user, {"op": "replace", "path": "externalId", "value": "9"}).status_code == 204


def test_a_token_of_agencies_keeps_their_people_alone(provider: NewProvider, make: Make, session: Session) -> None:
    own, other = make.agency("Own", code="OWN"), make.agency("Other", code="ELSE")
    theirs = make.person("Theirs", agency=other, email="theirs@own.example")
    make.person("Lead", agency=own, roles=(Role.AGENCY_LEAD,), email="lead@own.example", ref="LEAD")
    okta = provider(Role.AGENCY_LEAD, agency_id=own.id)
    two = provider(Role.AGENCY_LEAD, agency_id=own.id, further_codes=("ELSE",))
    added = okta.add("Amara Osei")
    assert people(session)["Amara Osei"].agency.code == "OWN", "a token of one agency brings its people"
    assert [each["displayName"] for each in okta.get("/Groups")["Resources"]] == ["Own"]
    assert okta.ask("GET", f"/Users/{theirs.id}").status_code == 404
    assert okta.ask("GET", f"/Groups/agency-{other.id}").status_code == 404
    strangers = okta.patch(
        f"/Groups/agency-{own.id}", {"op": "add", "path": "members", "value": [{"value": str(theirs.id)}]}
    )
    assert (strangers.status_code, strangers.get_json()["scimType"]) == (400, "invalidValue")
    away = okta.patch(f"/Groups/agency-{own.id}", {"op": "remove", "path": f'members[value eq "{added["id"]}"]'})
    assert (away.status_code, "among those of the token" in away.get_json()["detail"]) == (409, True)
    lead = okta.get('/Users?filter=userName eq "lead@own.example"')["Resources"][0]
    taken = okta.patch(
        f"/Users/{lead['id']}", {"op": "replace", "path": "emails", "value": [{"value": "x@own.example"}]}
    )
    assert (taken.status_code, "the office changes the address" in taken.get_json()["detail"]) == (409, True)
    unclear = two.ask("POST", "/Users", {"userName": "new", "displayName": "New"})
    assert (unclear.status_code, "several agencies" in unclear.get_json()["detail"]) == (400, True)
    assert people(session)["Theirs"].agency.code == "ELSE"


def test_groups_are_agencies_and_kinds_of_work_that_the_office_keeps(
    provider: NewProvider, make: Make, session: Session
) -> None:
    own, closed = (
        make.agency("Larkham Primary", code="OWN"),
        make.agency("Closed", closed_on=make.event().starts_at.date()),
    )
    ids = [make.person(name, agency=own).id for name in ("A", "B")]
    entra, group = provider(), f"/Groups/agency-{own.id}"
    (found,) = entra.get('/Groups?filter=displayName eq "larkham primary"&excludedAttributes=members')["Resources"]
    assert (found["id"], "members" in found) == (f"agency-{own.id}", False)
    assert entra.ask("GET", f"/Groups/agency-{closed.id}").status_code == 404
    for refused, status in (
        (entra.ask("POST", "/Groups", {"displayName": "All staff"}), 403),
        (entra.ask("DELETE", group), 403),
        (entra.patch(group, {"op": "replace", "value": {"displayName": "Renamed"}}), 400),
        (entra.ask("PUT", group, {"displayName": "Renamed"}), 400),
    ):
        assert (refused.status_code, "the office" in refused.get_json()["detail"]) == (status, True)
    same = entra.patch(group, {"op": "replace", "value": {"id": found["id"], "displayName": "Larkham Primary"}})
    assert same.status_code == 204, same.text
    assert entra.patch(group, {"op": "replace", "path": "externalId", "value": "sg-1"}).status_code == 204
    assert entra.get('/Groups?filter=externalId eq "sg-1"')["totalResults"] == 1
    members = [{"value": str(ids[0])}, {"value": "999999"}]
    nobody = entra.patch(group, {"op": "replace", "path": "members", "value": members})
    assert (nobody.status_code, nobody.get_json()["detail"]) == (
        400,
        "There is no user 999999 among those of the token.",
    )
    assert {each["value"] for each in entra.get(group)["members"]} == {str(each) for each in ids}, "all or nothing"
    told = entra.ask("PUT", group, {"displayName": "Larkham Primary", "externalId": "sg-2", "members": members[:1]})
    assert [each["value"] for each in told.get_json()["members"]] == [str(ids[0])]
    assert people(session)["B"].agency is None
    assert entra.get(f'/Groups?filter=members eq "{ids[0]}"')["totalResults"] == 1


def test_only_a_token_that_was_given_the_power_provisions(provider: NewProvider, system: type[System]) -> None:
    plain, reader = system(powers=(Power.PEOPLE, Power.TABLES)), provider(may_write=False)
    entra = provider()
    headers = {"Authorization": f"Bearer {plain.secret}"}
    refused = plain.client.get("/scim/v2/Users", headers=headers)
    assert (refused.status_code, refused.mimetype) == (403, "application/scim+json")
    assert entra.system.get("/people").status_code == 403, "nor does it read what the API alone shows"
    assert reader.get("/Users")["totalResults"] == 0
    assert reader.ask("POST", "/Users/.search", {"schemas": []}).status_code in (200, 400)
    assert reader.ask("POST", "/Users", {"userName": "x"}).get_json()["detail"] == "The token can only read."
    without = plain.client.get("/scim/v2/Users")
    assert (without.status_code, without.headers["WWW-Authenticate"].startswith("Bearer")) == (401, True)
    assert plain.client.get("/scim/v2/ServiceProviderConfig").get_json()["patch"] == {"supported": True}
