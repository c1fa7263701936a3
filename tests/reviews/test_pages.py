"""Pages about reviews: they open for those who may, refuse in words, and keep what was typed."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.frame.access import Role
from lms.people.models import Person
from reviews.actions.models import Action
from reviews.actions.rules import ActionState
from reviews.cases.models import Review
from reviews.cases.rules import Publication, ReviewStage, ReviewType
from reviews.learning.models import Evidence, LearningPoint
from reviews.learning.rules import EvidenceKind, Verdict
from tests.databases import ON_SQLITE
from tests.make import Make
from tests.moments import NOW

UNSAID = {"decision": "", "age_band": "", "ethnicity": ""}
"""What a browser sends of selects that nobody touched."""

SignIn = Callable[[Person], FlaskClient]


@ON_SQLITE
def test_an_officer_notes_a_review_and_publishes_it(sign_in: SignIn, officer: Person, session: Session) -> None:
    browser = sign_in(officer)
    typed = {**UNSAID, "ref": "2026/01", "title": "The man in the home", "types": ["dhr", "scr"], "stage": "under_way"}
    answer = browser.post("/reviews/new", data=typed)
    assert answer.status_code == 303, answer.text
    session.rollback()
    review = session.scalars(sa.select(Review)).one()
    assert review.types == [ReviewType.SCR, ReviewType.DHR]
    typed = {"publication": "part", "published_on": "2026-03-10"}
    assert browser.post(f"/reviews/{review.id}/publication", data=typed).status_code == 303
    session.rollback()
    assert (review.publication, review.stage) == (Publication.PART, ReviewStage.PUBLISHED)
    page = browser.get(f"/reviews/{review.id}").text
    assert "Published in part" in page
    assert "Tuesday 10 March 2026" in page


@ON_SQLITE
def test_a_refused_review_comes_back_with_what_was_typed(sign_in: SignIn, officer: Person) -> None:
    typed = {**UNSAID, "ref": "2026/01", "title": "Born on 3 May", "types": ["lcspr"], "stage": "noted"}
    answer = sign_in(officer).post("/reviews/new", data=typed)
    assert answer.status_code == 422
    assert "Leave out names, dates of birth" in answer.text
    assert 'value="2026/01"' in answer.text


@ON_SQLITE
def test_a_rapid_review_that_took_longer_needs_its_reason(sign_in: SignIn, officer: Person) -> None:
    typed = {
        **UNSAID,
        "ref": "2026/02",
        "title": "A quiet child",
        "types": ["rapid_review"],
        "stage": "rapid_review",
        "known_on": "2026-01-05",
        "notified_on": "2026-01-08",
        "rapid_review_on": "2026-02-20",
    }
    answer = sign_in(officer).post("/reviews/new", data=typed)
    assert answer.status_code == 422
    assert "Explain why this took longer: it was due on 29/1/2026." in answer.text
    again = sign_in(officer).post("/reviews/new", data={**typed, "rapid_review_reason": "Waiting for the police"})
    assert again.status_code == 303


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CHAIR, Role.MEMBER, Role.SCRUTINEER, Role.REVIEW_OFFICER])
def test_readers_see_the_lists_and_the_thread(sign_in: SignIn, make: Make, role: Role) -> None:
    review = make.review(themes=("Under 1s",), headline="No one had met the man in the home")
    point = make.learning_point(review=review, themes=("Under 1s",))
    make.action(make.recommendation(review, learning_point=point))
    browser = sign_in(make.person(roles=(role,)))
    for address in ("/reviews", f"/reviews/{review.id}", "/reviews/themes", "/learning-points", "/learning/actions"):
        assert browser.get(address).status_code == 200, address
    page = browser.get(f"/learning-points/{point.ref}").text
    assert "No one had met the man in the home" in page
    assert "Under 1s (1 of 1 reviews)" in page
    assert "No evidence dated after the change" in page


def test_a_chair_reads_the_plan_without_names(sign_in: SignIn, make: Make) -> None:
    make.action()
    page = sign_in(make.person(roles=(Role.CHAIR,))).get("/learning/actions").text
    assert "Add the question to the form." in page
    assert "Odalys Brackenbury" not in page


def test_a_delegate_is_refused(sign_in: SignIn, make: Make) -> None:
    browser = sign_in(make.person())
    assert [browser.get(each).status_code for each in ("/reviews", "/learning-points", "/learning/actions.pdf")] == [
        403
    ] * 3


def test_the_thread_shows_evidence_that_counts_and_that_does_not(
    sign_in: SignIn, make: Make, officer: Person, session: Session
) -> None:
    point = make.learning_point(addressed_since=(date(2025, 1, 13),))
    for day, met in ((date(2024, 9, 1), 14), (date(2025, 10, 1), 31)):
        session.add(
            Evidence(
                learning_point_id=point.id,
                kind=EvidenceKind.AUDIT,
                title=f"Audit of {day.year}",
                dated_on=day,
                finding="Files named every adult.",
                met=met,
                of_all=40,
                verdict=Verdict.PARTLY,
                recorded_at=NOW,
            )
        )
    page = sign_in(officer).get(f"/learning-points/{point.ref}").text
    assert "Tested, not yet embedded" in page
    assert "31 of 40" in page
    assert "77.5%" in page
    assert "so it does not count and is only shown for comparison" in page


def test_an_owner_without_a_role_answers_and_the_officer_closes(
    sign_in: SignIn, make: Make, officer: Person, session: Session
) -> None:
    action: Action = make.action()
    owner = sign_in(action.owner)
    assert "Add the question to the form." in owner.get("/actions").text
    assert owner.post(f"/actions/{action.id}", data={"evidence": ""}).status_code == 422
    assert owner.post(f"/actions/{action.id}", data={"evidence": "The form has it since March."}).status_code == 303
    reviewing = sign_in(officer)
    assert reviewing.post(f"/actions/{action.id}/return", data={"reason": "Send the form."}).status_code == 303
    assert "Send the form." in owner.get(f"/actions/{action.id}").text
    assert owner.post(f"/actions/{action.id}", data={"evidence": "Here it is."}).status_code == 303
    assert reviewing.post(f"/actions/{action.id}/close").status_code == 303
    session.rollback()
    assert action.state is ActionState.CLOSED


def test_somebody_elses_action_is_not_found(sign_in: SignIn, make: Make) -> None:
    action = make.action()
    other = sign_in(make.person(roles=(Role.AGENCY_LEAD,)))
    assert other.get(f"/actions/{action.id}").status_code == 404
    assert other.get("/actions").status_code == 200


@ON_SQLITE
def test_an_officer_writes_agrees_and_changes_a_learning_point(
    sign_in: SignIn, make: Make, officer: Person, session: Session
) -> None:
    review = make.review()
    browser = sign_in(officer)
    typed = {"text": "Ask who lives in the home", "ref": "24-07/b"}
    assert browser.post(f"/reviews/{review.id}/learning-points/new", data=typed).status_code == 303
    session.rollback()
    point = session.scalars(sa.select(LearningPoint)).one()
    assert browser.get("/learning-points/24-07/b").status_code == 200
    refused = browser.post(f"/learning/points/{point.id}/agree", data={"agreed_on": "2026-03-01", "minute": ""})
    assert refused.status_code == 422
    typed = {"agreed_on": "2026-03-01", "agreed_by": "sub-group", "minute": "7.2"}
    assert browser.post(f"/learning/points/{point.id}/agree", data=typed).status_code == 303
    changed = {"text": "Ask who visits too", "ref": "24-07/b", "is_new_meaning": "y"}
    assert browser.post(f"/learning/points/{point.id}/edit", data=changed).status_code == 303
    session.rollback()
    assert point.meaning_changed_on == NOW.date()


@ON_SQLITE
def test_the_plan_is_a_workbook_and_a_pdf(sign_in: SignIn, make: Make, officer: Person) -> None:
    make.action(text="=2+3 is no formula here")
    browser = sign_in(officer)
    assert browser.get("/learning/actions.pdf").data.startswith(b"%PDF")
    assert browser.get("/learning/actions.xlsx").data.startswith(b"PK")
