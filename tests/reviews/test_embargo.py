"""An embargo holds: nobody but review officers and business managers finds a trace, wherever they look."""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from itertools import islice
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from briefings.writing.models import Briefing, BriefingPart, BriefingVersion
from briefings.writing.rules import ApprovedAs, BriefingKind, VersionState
from lms.api.openapi import PATH_NAME
from lms.api.tokens.rules import PERMISSIONS_OF_POWERS, ROLES, TokenWanted
from lms.api.tokens.services import make_token
from lms.audit.models import AuditEntry
from lms.frame.access import PUBLIC, Role, program
from lms.frame.db import begin_reading
from lms.frame.site import Site
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotFound
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from reviews.cases.models import Review
from reviews.cases.queries import find_review
from reviews.cases.readings.services import note_reading
from reviews.cases.rules import Publication
from reviews.embargoes.models import Release
from reviews.embargoes.services import approve_release, decline_release, lift_embargo, propose_release, set_embargo
from reviews.files.tables import IMPORT as REVIEWS
from reviews.learning.queries import point_rows
from reviews.learning.tables import IMPORT as LEARNING_POINTS
from tests.house.gathering import gathered_once
from tests.house.world import examples, let_in, readable_rules
from tests.make import Make
from tests.moments import NOW

Acting = Callable[[Person], Work]
SEES = {Role.REVIEW_OFFICER, Role.BUSINESS_MANAGER}
WORDS = ("Quillonby", "ZX-77", "Wrenfold", "Marrowstone", "Tollgate", "24-91")
"""Words that stand only in what is hidden: title, reference, headline, learning and its reference, action."""


class Hidden:
    """A review that was open, had letters and audit lines, and then came under an embargo."""

    def __init__(self, make: Make, officer: Person) -> None:
        self.review: Review = make.review(
            "The Quillonby house",
            ref="ZX-77",
            headline="No one went to Wrenfold",
            summary="What happened at Wrenfold.",
            themes=("Marrowstone theme",),
            publication=Publication.IN_PROGRESS,
        )
        self.point = make.learning_point("Ask about Marrowstone", ref="24-91", review=self.review, themes=("Under 1s",))
        recommendation = make.recommendation(self.review, learning_point=self.point, text="Tollgate recommendation")
        self.owner = make.person("Hettie Calderbrook", roles=(Role.AGENCY_LEAD,))
        self.action = make.action(recommendation, text="Open the Tollgate", owner=self.owner, due_on=date(2026, 3, 20))
        make.review("An open one", themes=("Under 1s",))
        self.briefing = self._briefing(make)
        make.commit()

    def _briefing(self, make: Make) -> Briefing:
        """One that was out before the embargo, and still would be if nobody had heard of it."""
        version = BriefingVersion(
            number=1,
            title="Quillonby: a briefing",
            summary="On Wrenfold",
            state=VersionState.PUBLISHED,
            approved_as=ApprovedAs.SUB_GROUP,
            parts=[BriefingPart(number=1, title="In brief", body="Ask about Marrowstone")],
            points=[self.point],
            **dict.fromkeys(("written_at", "checked_at", "approved_at", "published_at"), NOW),
        )
        briefing = Briefing(kind=BriefingKind.NEWSLETTER_ITEM, created_at=NOW, versions=[version])
        make.session.add(briefing)
        return briefing


@pytest.fixture
def hidden(make: Make, officer: Person, acting: Acting) -> Hidden:
    from reviews.actions.jobs import write_to_owners  # noqa: PLC0415

    made = Hidden(make, officer)
    work = acting(officer)
    write_to_owners(work)  # a letter went out before the embargo
    set_embargo(work, made.review, reason="A trial at Tollgate", look_again_on=NOW.date() + timedelta(days=30))
    proposed = propose_release(work, made.review.id, text="Record whom you met in the home")
    made.released = approve_release(  # type: ignore[attr-defined]
        replace(work, actor=acting(make.person(roles=(Role.BUSINESS_MANAGER,))).actor), proposed.id
    )
    make.commit()
    return made


def addresses(app: Flask, session: Session, hidden: Hidden) -> Iterator[tuple[str, str]]:
    """Every page's endpoint, and its address with the hidden records' numbers wherever a number can stand.

    Searches for its words, too.
    """
    ids = {
        "review_id": hidden.review.id,
        "learning_point_id": hidden.point.id,
        "recommendation_id": hidden.action.recommendation_id,
        "action_id": hidden.action.id,
        "release_id": session.scalar(sa.select(Release.id)),
        "ref": hidden.point.ref,
        "briefing_id": hidden.briefing.id,
    }
    with app.test_request_context():
        for rule in readable_rules(app):
            for values in islice(examples(session, rule), 1):
                known = {name: ids[name] for name in rule.arguments if name in ids}
                if set(rule.arguments) <= {*values, *known}:
                    yield rule.endpoint, app.url_for(rule.endpoint, **{**values, **known})
                    if not rule.arguments:  # a list, which can be searched
                        yield rule.endpoint, app.url_for(rule.endpoint, q="ask about", theme="1")
        for record_type in ("Review", "LearningPoint", "Action", "Release", "Embargo", "Briefing"):
            for number in (1, 2):
                yield "audit.record", app.url_for("audit.record", record_type=record_type, record_id=number)


def asked_for(app: Flask, session: Session, hidden: Hidden, role: Role | None) -> list[str]:
    """What their guard lets somebody of this role see; on SQLite a delegate and nobody ask for all that is there.

    A guard says no before the view is called, so that its refusal knows of no record. What is open to somebody and
    then refused by the view is asked for by everybody.
    """
    found = set(addresses(app, session, hidden))
    assert len(found) > 50
    if session.get_bind().dialect.name == "sqlite" and role in (None, Role.DELEGATE):
        return sorted(url for _, url in found)
    site: Site = app.extensions["lms"]
    open_to = let_in(app, None if role is None else site.permissions_of(frozenset({Role.DELEGATE, role})))
    return sorted(url for endpoint, url in found if endpoint in open_to)


def text_of(data: bytes) -> str:
    """What a page, a workbook or a PDF says."""
    if data.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    if data.startswith(b"PK"):
        with ZipFile(BytesIO(data)) as archive:
            return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    return data.decode(errors="replace")


@pytest.mark.slow
@pytest.mark.parametrize("role", [None, *(role for role in Role if role not in SEES)])
def test_nobody_else_finds_a_trace_on_any_page(
    app: Flask,
    sign_in: Callable[[Person], FlaskClient],
    make: Make,
    session: Session,
    hidden: Hidden,
    role: Role | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = app.test_client() if role is None else sign_in(make.person(roles=(role,)))
    with gathered_once():
        for url in asked_for(app, session, hidden, role):
            with browser.get(url) as answer:
                said = text_of(answer.data)
                found = [word for word in WORDS if word in said and word not in url]
                assert found == [], f"{role} reads {found} at {url}"
    logged = [record for record in caplog.records if record.name not in {"faker", "asyncio"}]
    said = "\n".join(record.getMessage() for record in logged if "sqlalchemy" not in record.name)
    assert [word for word in WORDS[:5] if word in said] == []


def test_no_token_finds_a_trace_in_any_answer(app: Flask, session: Session, make: Make, hidden: Hidden) -> None:
    """Whatever its role and all that it can be given: everything that the API answers, every table included."""
    site = app.extensions["lms"]
    program_work = Work(session, program("test"), NOW, site)
    agency = make.agency()
    person = make.person(agency=agency)
    asked = dict.fromkeys(("ref", "person_ref"), person.ref) | {"code": agency.code}
    secrets = {}
    for role in ROLES:
        agency_id = agency.id if role is Role.AGENCY_LEAD else None
        may = site.permissions_of_token(role)
        powers = tuple(power for power, needed in PERMISSIONS_OF_POWERS.items() if needed in may)
        secrets[role] = make_token(program_work, TokenWanted(role.value, role, agency_id, powers=powers))[1]
    make.commit()
    client, answered = app.test_client(), 0
    for role, secret in secrets.items():
        headers = {"Authorization": f"Bearer {secret}"}
        kinds = client.get("/api/v1/downloads", headers=headers).get_json()["items"]
        for operation in site.operations:
            if operation.method != "GET":
                continue
            days = "?from=2025-04-01&to=2026-03-31" if operation.path == "/figures/annual" else ""
            for kind in kinds if "{kind}" in operation.path else ({"kind": ""},):
                path = PATH_NAME.sub(lambda name, of=kind: {**asked, **of}.get(name[1], "1"), operation.path)
                answer = client.get(f"/api/v1{path}{days}", headers=headers)
                assert answer.status_code in (200, 403, 404), (role, path)
                answered += answer.status_code == 200
                found = [word for word in WORDS if word in answer.text]
                assert found == [], f"a token of a {role} reads {found} at {path}"
    assert answered > 100


def test_the_owner_of_a_hidden_action_finds_no_trace(sign_in: Callable[[Person], FlaskClient], hidden: Hidden) -> None:
    browser = sign_in(hidden.owner)
    assert "Tollgate" not in browser.get("/actions").text
    assert browser.get(f"/actions/{hidden.action.id}").status_code == 404
    assert browser.post(f"/actions/{hidden.action.id}", data={"evidence": "x"}).status_code == 404


def without_token(page: str) -> str:
    """The page as everybody would have it: the form's token says the second at which it was made."""
    return re.sub(r'(name="csrf_token" value=")[^"]*', r"\1", page)


def test_a_hidden_thing_is_not_found_in_the_words_of_one_that_never_was(
    sign_in: Callable[[Person], FlaskClient], make: Make, hidden: Hidden
) -> None:
    browser = sign_in(make.coordinator())
    for there, never in (
        (f"/reviews/{hidden.review.id}", "/reviews/987654"),
        (f"/learning-points/{hidden.point.ref}", "/learning-points/never"),
        (f"/actions/{hidden.action.id}", "/actions/987654"),
    ):
        answers = [browser.get(url) for url in (there, never)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert without_token(answers[0].text) == without_token(answers[1].text)


@pytest.mark.parametrize("role", sorted(SEES))
def test_those_who_may_see_it_and_their_reading_is_logged(
    sign_in: Callable[[Person], FlaskClient], make: Make, session: Session, hidden: Hidden, role: Role
) -> None:
    reader = make.person("Quentin Aldermoor", roles=(role,))
    browser = sign_in(reader)
    for url in (
        f"/reviews/{hidden.review.id}",
        "/reviews",
        f"/learning-points/{hidden.point.ref}",
        "/learning/actions",
    ):
        assert "ZX-77" in browser.get(url).text, url
    session.rollback()
    lines = session.execute(
        sa.select(AuditEntry.details, AuditEntry.record_id, AuditEntry.is_confidential)
        .where(AuditEntry.event == "embargoed review read", AuditEntry.actor_id == reader.id)
        .order_by(AuditEntry.id)
    ).all()
    assert [details["where"] for details, _, _ in lines] == [
        "page of the review",
        "list of reviews",
        "page of the learning point",
        "action plan",
    ]
    assert {(number, secret) for _, number, secret in lines} == {(str(hidden.review.id), True)}


def test_the_audit_shows_reading_to_the_business_manager_and_nothing_to_the_coordinator(
    sign_in: Callable[[Person], FlaskClient], make: Make, hidden: Hidden, officer: Person
) -> None:
    address = f"/audit/Review/{hidden.review.id}"
    readers = [make.coordinator(), make.person(roles=(Role.BUSINESS_MANAGER,))]
    coordinator, business_manager, reading = [sign_in(each) for each in (*readers, officer)]
    reading.get(f"/reviews/{hidden.review.id}")
    assert coordinator.get(address).status_code == 404
    assert "mbargoed review read" in business_manager.get(address).text


def test_reading_in_a_transaction_that_only_reads_is_logged_all_the_same(
    make: Make, acting: Acting, officer: Person, session: Session
) -> None:
    review = make.review(publication=Publication.EMBARGOED)
    make.commit()
    session.rollback()
    work = acting(officer)
    session.rollback()
    begin_reading(session)
    note_reading(work, [review.id], "a test")
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "embargoed review read")) == 1


def test_letters_say_nothing_of_what_they_are_about(session: Session, hidden: Hidden) -> None:
    letters = session.scalars(sa.select(OutboxLetter)).all()
    assert [letter.kind for letter in letters] == ["reviews.action_due"]
    assert [word for word in WORDS if any(word in f"{each.context}{each.key}" for each in letters)] == []


def test_no_line_of_the_audit_says_a_title(session: Session, hidden: Hidden) -> None:
    lines = session.execute(sa.select(AuditEntry.event, AuditEntry.details)).all()
    assert [word for word in WORDS if any(word in f"{event}{details}" for event, details in lines)] == []


def test_a_database_error_does_not_say_what_was_written(make: Make, hidden: Hidden, session: Session) -> None:
    with pytest.raises(sa.exc.SQLAlchemyError) as error:
        session.execute(sa.text("INSERT INTO review (title) VALUES (:title)"), {"title": "The Quillonby house"})
    assert "Quillonby" not in str(error.value).replace("DETAIL", "").split("Failing row")[0]


@pytest.mark.parametrize("kind", [REVIEWS, LEARNING_POINTS], ids=lambda kind: kind.kind)
def test_a_file_has_what_its_reader_sees(
    kind: type, program_work: Work, make: Make, acting: Acting, officer: Person, hidden: Hidden
) -> None:
    def file(work: Work) -> str:
        return str([dict(row) for row in kind.export(work)])  # type: ignore[attr-defined]

    assert "ZX-77" not in file(program_work)
    assert "ZX-77" not in file(acting(make.coordinator()))
    assert "ZX-77" in file(acting(officer))
    says_all = replace(program_work.site, values={"reviews.export_embargoed": True})  # type: ignore[type-var]
    assert "ZX-77" in file(replace(program_work, site=says_all))


def test_programs_see_no_embargoed_review(program_work: Work, hidden: Hidden) -> None:
    with pytest.raises(NotFound):
        find_review(program_work.session, program_work.actor, hidden.review.id)


def test_lifting_brings_it_back_as_it_was(make: Make, acting: Acting, officer: Person) -> None:
    review = make.review(publication=Publication.PART)
    work = acting(officer)
    set_embargo(work, review, reason="A trial", look_again_on=NOW.date() + timedelta(days=30))
    with pytest.raises(Conflict, match="already"):
        set_embargo(work, review, reason="A trial", look_again_on=NOW.date() + timedelta(days=30))
    with pytest.raises(Invalid, match="Explain why it can be lifted"):
        lift_embargo(work, review, reason="")
    lift_embargo(work, review, reason="The trial is over")
    assert review.publication is Publication.PART
    assert find_review(work.session, PUBLIC, review.id) is review


@pytest.mark.parametrize(("reason", "days", "field"), [(" ", 30, "reason"), ("A trial", 0, "look_again_on")])
def test_an_embargo_needs_a_reason_and_a_day_to_come(
    make: Make, acting: Acting, officer: Person, reason: str, days: int, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        set_embargo(acting(officer), make.review(), reason=reason, look_again_on=NOW.date() + timedelta(days=days))
    assert refusal.value.field == field


def test_a_second_person_lets_learning_out(make: Make, acting: Acting, officer: Person, manager: Person) -> None:
    review = make.review("The Quillonby house", publication=Publication.EMBARGOED)
    work = acting(officer)
    proposed = propose_release(work, review.id, text="Record whom you met in the home")
    with pytest.raises(Conflict, match="You proposed this"):
        approve_release(work, proposed.id)
    with pytest.raises(Conflict, match="You proposed this"):
        decline_release(work, proposed.id, reason="x")
    point = approve_release(acting(manager), proposed.id)
    assert (point.review_id, point.agreed_on, point.themes) == (None, None, [])
    assert [row.id for row in point_rows(work.session, PUBLIC)] == [point.id]
    with pytest.raises(Conflict, match="already decided on this"):
        approve_release(acting(manager), proposed.id)


def test_the_database_refuses_one_person_in_both_parts(make: Make, acting: Acting, officer: Person) -> None:
    review = make.review(publication=Publication.EMBARGOED)
    release = propose_release(acting(officer), review.id, text="Record whom you met")
    release.decided_by_id = officer.id
    with pytest.raises(sa.exc.IntegrityError):
        make.session.flush()


def test_what_is_let_out_leads_nowhere(make: Make, acting: Acting, officer: Person) -> None:
    review = make.review("The Quillonby house", themes=("Rare theme",), publication=Publication.EMBARGOED)
    make.review(themes=("Under 1s",))
    work = acting(officer)
    with pytest.raises(Invalid) as refusal:
        propose_release(work, review.id, text="After the Quillonby house, ask more")
    assert refusal.value.field == "text"
    with pytest.raises(Invalid) as refusal:
        propose_release(work, review.id, text="Ask more", theme_ids=(make.theme("Rare theme").id,))
    assert refusal.value.field == "theme_ids"
    propose_release(work, review.id, text="Ask more", theme_ids=(make.theme("Under 1s").id,))


def test_the_page_of_what_was_let_out_says_nothing_of_where_it_came_from(
    sign_in: Callable[[Person], FlaskClient], make: Make, hidden: Hidden, officer: Person
) -> None:
    released = hidden.released  # type: ignore[attr-defined]
    pages = [sign_in(person).get(f"/learning-points/{released.ref}").text for person in (make.coordinator(), officer)]
    for page in pages:
        said = page.replace(">Embargoes<", "").replace("/reviews/embargoes", "")
        assert "Record whom you met in the home" in said
        assert [word for word in (*WORDS, "mbargo", f"/reviews/{hidden.review.id}") if word in said] == []


def test_a_copy_of_personal_data_tells_nothing_of_it_to_others(
    sign_in: Callable[[Person], FlaskClient], make: Make, hidden: Hidden
) -> None:
    copies = [
        sign_in(make.coordinator()).post(f"/people/{hidden.owner.id}/data/copy.json").text,
        sign_in(hidden.owner).post("/my/data/copy.html").text,
    ]
    for copy in copies:
        assert "Hettie Calderbrook" in copy
        assert [word for word in WORDS if word in copy] == []
    manager = sign_in(make.person(roles=(Role.BUSINESS_MANAGER,)))
    assert "Open the Tollgate" in manager.post(f"/people/{hidden.owner.id}/data/copy.json").text
