"""What a coordinator asks, a business manager decides; nobody is left without somebody who can."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.entrusting.models import ChangeRequest
from lms.entrusting.rules import EntrustedKind, RequestOutcome
from lms.frame.access import Role
from lms.mail.models import OutboxLetter
from lms.people.accounts.models import Account
from lms.people.models import Person, PersonAddress, PersonMerge, RoleGrant
from lms.sessions.models import SignInSession
from tests.make import Make

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def imogen(make: Make) -> Person:
    person = make.person("Imogen Lunn", email="imogen@rvscp.example", roles=(Role.REVIEW_OFFICER,))
    person.addresses.append(PersonAddress(address="old@rvscp.example"))
    make.account(person).tf_totp_secret = "a factor"
    make.sign_in_session(person)
    return person


@pytest.fixture
def hamish(make: Make) -> Person:
    return make.person("Hamish Eldermoor", email="hamish@rvscp.example", roles=(Role.BUSINESS_MANAGER,))


@pytest.fixture
def priyanka(sign_in: SignIn, make: Make) -> FlaskClient:
    """Her browser. There is a second coordinator."""
    make.coordinator("Second Coordinator")
    return sign_in(make.coordinator())


def _posts(imogen: Person, other: Person) -> dict[EntrustedKind, tuple[str, dict[str, Any]]]:
    at = f"/people/{imogen.id}"
    typed = {"name": imogen.name, "agency": imogen.agency_id, "role_group": "0", "email": "new@rvscp.example"}
    return {
        EntrustedKind.ADDRESS: (f"{at}/change", typed),
        EntrustedKind.FURTHER_ADDRESS: (f"{at}/addresses", {"address": "more@rvscp.example"}),
        EntrustedKind.ADDRESS_AWAY: (f"{at}/addresses/{imogen.addresses[0].id}/remove", {}),
        EntrustedKind.LEAVING: (f"{at}/left", {"left_on": "2026-03-16"}),
        EntrustedKind.ROLE: (f"{at}/roles", {"role": "finance", "agency": "0"}),
        EntrustedKind.ROLE_AWAY: (f"{at}/roles/{imogen.roles[0].id}/revoke", {}),
        EntrustedKind.MERGE: (f"{at}/merge/{other.id}", {}),
        EntrustedKind.SECOND_FACTOR: (f"{at}/second-factor", {"reason": "Called her back"}),
    }


def _state(session: Session, person: Person) -> tuple[Any, ...]:
    session.rollback()
    session.expire_all()
    account = session.scalars(sa.select(Account).where(Account.person_id == person.id)).one()
    roles = sorted(session.scalars(sa.select(RoleGrant.role).where(RoleGrant.person_id == person.id)))
    merged = session.scalars(sa.select(PersonMerge.duplicate_id).where(PersonMerge.kept_id == person.id)).all()
    found = (
        person.email,
        [each.address for each in person.addresses],
        person.left_on,
        roles,
        merged,
        account.tf_totp_secret,
        session.scalars(sa.select(SignInSession.digest).where(SignInSession.person_id == person.id)).all(),
    )
    session.rollback()
    return found


def _one(session: Session) -> ChangeRequest:
    """The one request, as it is now."""
    session.rollback()
    return session.scalars(sa.select(ChangeRequest)).one()


ASKED = [
    each
    for each in EntrustedKind
    if each not in (EntrustedKind.COMING_BACK, EntrustedKind.UNMERGE, EntrustedKind.INVITATION)
]


@pytest.mark.parametrize("wanted", ASKED)
def test_what_a_coordinator_asks_waits_and_is_done_when_a_business_manager_agrees(
    sign_in: SignIn,
    make: Make,
    session: Session,
    imogen: Person,
    hamish: Person,
    priyanka: FlaskClient,
    wanted: EntrustedKind,
) -> None:
    other = make.person("Imogen Lunn-Brook", email="brook@rvscp.example")
    make.commit()
    before = _state(session, imogen)
    address, typed = _posts(imogen, other)[wanted]
    answer = priyanka.post(address, data=typed, follow_redirects=True)
    assert "Hamish Eldermoor has been asked" in answer.text
    assert priyanka.post(address, data=typed).status_code == 303
    assert _state(session, imogen) == before
    request = _one(session)
    assert (request.what, request.outcome) == (wanted, None)
    page = f"/people/requests/{request.id}"
    session.rollback()
    assert "Waits for a decision" in priyanka.get(f"/people/{imogen.id}").text
    assert "Do you agree?" not in priyanka.get(page).text
    assert priyanka.post(page, data={"answer": "agree"}).status_code == 403
    his = sign_in(hamish)
    assert "request about someone entrusted" in his.get("/today").text
    assert "Do you agree?" in his.get(page).text
    assert his.post(page, data={"answer": "agree"}).status_code == 303
    after = _state(session, imogen)
    changed = [was != now for was, now in zip(before, after, strict=True)]
    assert any(changed)
    kinds = session.scalars(sa.select(OutboxLetter.kind).order_by(OutboxLetter.id)).all()
    assert kinds.count("people.decision_wanted") == 1
    assert kinds.count("people.decision_made") == 1
    assert "people.access_changed" in kinds or wanted is EntrustedKind.SECOND_FACTOR
    session.rollback()
    assert his.post(page, data={"answer": "agree"}).status_code == 409
    assert "agreed by Hamish Eldermoor" in his.get("/people/requests").text


def test_a_refusal_changes_nothing_and_whoever_asked_reads_why(
    sign_in: SignIn, make: Make, session: Session, imogen: Person, hamish: Person, priyanka: FlaskClient
) -> None:
    make.commit()
    before = _state(session, imogen)
    priyanka.post(f"/people/{imogen.id}/left", data={"left_on": "2026-03-16"})
    number = _one(session).id
    session.rollback()
    answer = {"answer": "refuse", "words": "She is on leave."}
    assert sign_in(hamish).post(f"/people/requests/{number}", data=answer).status_code == 303
    assert _state(session, imogen) == before
    session.rollback()
    told = session.scalars(sa.select(OutboxLetter).where(OutboxLetter.kind == "people.decision_made")).one()
    assert (told.context["is_agreed"], told.context["words"]) == (False, "She is on leave.")


def test_only_whoever_asked_takes_a_request_back(
    sign_in: SignIn, make: Make, session: Session, imogen: Person, hamish: Person, priyanka: FlaskClient
) -> None:
    make.commit()
    priyanka.post(f"/people/{imogen.id}/left", data={"left_on": "2026-03-16"})
    number = _one(session).id
    session.rollback()
    address = f"/people/requests/{number}/withdraw"
    assert sign_in(hamish).post(address).status_code == 403
    assert priyanka.post(address).status_code == 303
    assert _one(session).outcome is RequestOutcome.WITHDRAWN


def test_what_could_not_be_done_is_refused_when_it_is_asked(
    make: Make, session: Session, imogen: Person, hamish: Person, priyanka: FlaskClient
) -> None:
    make.person("Someone Else", email="taken@rvscp.example")
    make.commit()
    at = f"/people/{imogen.id}"
    typed = {"name": imogen.name, "agency": imogen.agency_id, "role_group": "0"}
    taken = priyanka.post(f"{at}/change", data={**typed, "email": "taken@rvscp.example"})
    assert (taken.status_code, "have this address" in taken.text or "has this address" in taken.text) == (422, True)
    assert priyanka.post(f"{at}/change", data={**typed, "email": "no address"}).status_code == 422
    assert priyanka.post(f"{at}/roles", data={"role": "review_officer", "agency": "0"}).status_code == 422
    assert session.scalars(sa.select(ChangeRequest)).all() == []


def test_the_rest_of_the_form_is_saved_while_the_address_waits(
    make: Make, session: Session, imogen: Person, hamish: Person, priyanka: FlaskClient
) -> None:
    make.commit()
    typed = {"name": "Imogen Lunn-Brook", "agency": "0", "role_group": "0", "email": "new@rvscp.example"}
    priyanka.post(f"/people/{imogen.id}/change", data=typed)
    session.rollback()
    assert (imogen.name, imogen.email) == ("Imogen Lunn-Brook", "imogen@rvscp.example")


def test_a_business_manager_asks_another_about_themselves(
    sign_in: SignIn, make: Make, session: Session, hamish: Person
) -> None:
    second = make.person("Odile Marsh", roles=(Role.BUSINESS_MANAGER,))
    make.coordinator()
    his = sign_in(hamish)
    answer = his.post(f"/people/{hamish.id}/addresses", data={"address": "h@b.example"}, follow_redirects=True)
    assert "Odile Marsh has been asked" in answer.text
    number = _one(session).id
    session.rollback()
    assert his.post(f"/people/requests/{number}", data={"answer": "agree"}).status_code == 403
    assert sign_in(second).post(f"/people/requests/{number}", data={"answer": "agree"}).status_code == 303
    assert [each.address for each in session.get_one(Person, hamish.id, populate_existing=True).addresses] == [
        "h@b.example"
    ]


def test_where_there_is_no_second_one_the_operator_decides(
    sign_in: SignIn, make: Make, session: Session, app: Flask, hamish: Person
) -> None:
    his = sign_in(hamish)
    answer = his.post(f"/people/{hamish.id}/addresses", data={"address": "h@b.example"}, follow_redirects=True)
    number = _one(session).id
    assert f"lms person decide {number}" in answer.text
    session.rollback()
    run = app.test_cli_runner().invoke
    listed = run(args=["person", "requests"]).output
    assert "Add the further address h@b.example. Hamish Eldermoor" in listed
    assert run(args=["person", "decide", str(number), "--agree"]).exit_code == 0
    assert run(args=["person", "decide", str(number), "--agree"]).exit_code == 1
    session.expire_all()
    assert [each.address for each in session.get_one(Person, hamish.id).addresses] == ["h@b.example"]
    request = _one(session)
    assert (request.outcome, request.decided_by_id) == (RequestOutcome.AGREED, None)


def test_the_database_lets_nobody_decide_about_themselves(
    make: Make, session: Session, imogen: Person, hamish: Person
) -> None:
    request = ChangeRequest(
        what=EntrustedKind.COMING_BACK, person=hamish, particulars={}, asked_at=imogen.created_at, asked_by_id=imogen.id
    )
    session.add(request)
    session.flush()
    request.decided_at, request.outcome, request.decided_by_id = imogen.created_at, RequestOutcome.AGREED, hamish.id
    with pytest.raises(sa.exc.IntegrityError, match="nobody_decides_about_themselves"):
        session.flush()
