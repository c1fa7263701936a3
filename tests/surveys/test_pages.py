"""Answering from a link, on paper, and the training team's pages."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from courses.records.certificates.models import Certificate
from lms.frame.access import Role
from lms.jobs.services import carry_out
from lms.people.models import Person
from surveys.answers.models import AnswerSheet, Draft
from surveys.answers.sealing.rules import unseal
from surveys.concerns.models import Concern, QueueStep
from surveys.invitations.models import Answered, Invitation, SurveyRefusal
from surveys.invitations.services import withdraw
from surveys.on_paper.rules import invitation_of_code, survey_code
from surveys.questions.models import Question, Survey, SurveyVersion
from surveys.sending.jobs import ask_people
from surveys.stages.rules import Stage
from tests.conftest import Clock
from tests.surveys.conftest import Asking

SignIn = Callable[[Person], FlaskClient]


def invitation(session: Session, stage: Stage = Stage.ON_THE_DAY) -> Invitation:
    return session.scalars(sa.select(Invitation).where(Invitation.stage == stage).order_by(Invitation.id)).first()  # type: ignore[return-value]


def fields(html: str) -> dict[str, str]:
    """Of every control of the page, the first value that one could choose."""
    page = BeautifulSoup(html, "html.parser")
    found: dict[str, str] = {}
    for each in page.select("input[name^=q], textarea[name^=q]"):
        found.setdefault(str(each["name"]), str(each.get("value") or "I ask again"))
    return found


def test_somebody_answers_on_a_phone_without_an_account_and_has_a_certificate(
    client: FlaskClient, session: Session, asking: Asking, clock: Clock
) -> None:
    event = asking.event()
    asking.booking(event)
    asking.finalise(event)
    carry_out(asking.at(event.ends_at), ask_people)
    clock.now = event.ends_at + timedelta(hours=1)
    asked = invitation(session)
    link = asking.link(asked)
    asking.make.commit()
    for _ in range(3):  # scanners open every link
        first = client.get(link)
        assert "Group 1 of 4" in first.text
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 0
    assert client.post(f"{link}/1", data={}).status_code == 422
    reminded = f"{link}?by=reminder"  # as the link of a reminder says
    while "Send my answers" not in (page := client.get(reminded)).text or "Group 4" not in page.text:
        action = BeautifulSoup(page.text, "html.parser").select_one("form[action*=answer]")
        assert action is not None
        assert str(action["action"]).endswith("?by=reminder")
        assert client.post(str(action["action"]), data=fields(page.text)).status_code == 303
    # Another device sees where to go on, and nothing of what was said.
    other = client.application.test_client().get(f"{link}?page=1")
    assert "Some answers are saved already" in other.text
    assert "checked" not in other.text
    assert "checked" in client.get(f"{link}?page=1").text
    assert "We do not keep your name" in page.text
    client.post(f"{link}/4?by=reminder", data=fields(page.text) | {})
    assert "have been sent" in client.get(link).text
    session.rollback()
    sent = unseal(asking.work.site.settings.keys, session.scalars(sa.select(Draft.sealed)).one())
    assert (sent or {})["_route"] == "reminder"  # sealed with the answers, and nowhere else
    assert session.get(Answered, asked.id) is not None
    assert session.scalar(sa.select(sa.func.count()).select_from(Certificate)) == 1
    clock.now = event.ends_at + timedelta(days=15)
    assert client.get(link).status_code == 404


def test_a_closed_withdrawn_wrong_or_guessed_link_is_one_plain_page(
    client: FlaskClient, session: Session, asking: Asking, clock: Clock
) -> None:
    event = asking.event()
    for _ in range(3):
        asking.booking(event)
    asking.finalise(event)
    carry_out(asking.at(event.ends_at), ask_people)
    first, second, third = session.scalars(
        sa.select(Invitation).where(Invitation.stage == Stage.ON_THE_DAY).order_by(Invitation.id)
    )
    later = invitation(session, Stage.IMPACT)  # not sent yet
    withdraw(asking.at(event.ends_at), Invitation.id == second.id, reason="The register was corrected")
    third.closes_at = event.ends_at + timedelta(minutes=30)
    links = [asking.link(second), asking.link(third), asking.link(later), asking.link(first) + "x", "/answer/guessed"]
    good = asking.link(first)
    asking.make.commit()
    clock.now = event.ends_at + timedelta(hours=1)
    pages = [client.get(link) for link in links]
    pages += [client.post(f"{link}/1", data={}) for link in links] + [client.get(f"{link}/stop") for link in links]
    assert {answer.status_code for answer in pages} == {404}
    assert len({answer.text for answer in pages}) == 1
    assert client.get(good).status_code == 200
    assert client.get(f"{good}/stop").status_code == 200
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(SurveyRefusal)) == 0
    client.post(f"{good}/stop")
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(SurveyRefusal)) == 1


def test_a_paper_sheet_is_printed_with_a_code_and_typed_in(
    sign_in: SignIn, session: Session, asking: Asking, clock: Clock
) -> None:
    event = asking.event()
    asking.booking(event, asking.make.person(email=""))
    asking.finalise(event)
    carry_out(asking.at(event.ends_at), ask_people)
    clock.now = event.ends_at + timedelta(hours=1)
    asked = invitation(session).id
    browser = sign_in(asking.make.coordinator())
    assert "no email address" in browser.get("/surveys/invitations?which=no_address").text
    assert browser.get(f"/invitations/{asked}/sheet.pdf").status_code == 404
    browser.post(f"/invitations/{asked}/paper")
    text = PdfReader(BytesIO(browser.get(f"/events/{event.id}/survey-sheets.pdf").data)).pages[0].extract_text()
    assert f"Code {survey_code(asked)}" in text
    assert "name the signs" in text
    assert browser.post("/surveys/type-in", data={"code": "ZZZZ"}).status_code == 422
    opened = browser.post("/surveys/type-in", data={"code": survey_code(asked).lower()}, follow_redirects=True)
    assert browser.post(f"/invitations/{asked}/type-in", data={}).status_code == 422
    assert browser.post(f"/invitations/{asked}/type-in", data=fields(opened.text)).status_code == 303
    session.rollback()
    assert session.get(Answered, asked) is not None
    again = browser.post("/surveys/type-in", data={"code": survey_code(asked)})
    assert "already been entered" in again.text


def test_a_code_finds_a_wrong_sign() -> None:
    code = survey_code(2041)
    assert invitation_of_code(code) == 2041
    wrong = {code[:place] + "2" + code[place + 1 :] for place in range(len(code))} - {code}
    assert all(invitation_of_code(each) is None for each in wrong)


def test_a_version_that_was_asked_stays_and_the_next_one_is_changed(
    sign_in: SignIn, session: Session, asking: Asking
) -> None:
    browser = sign_in(asking.make.coordinator())
    assert "starting set" in browser.get("/surveys").text
    browser.post("/surveys/start")
    session.rollback()
    survey = session.scalars(sa.select(Survey).where(Survey.kind == "impact")).one()
    version = survey.versions[0]
    assert browser.get(f"/survey-versions/{version.id}/preview").text.count("gt-phone") >= 5
    version.first_asked_at = asking.work.now
    question_id, survey_id = version.questions[0].id, survey.id
    asking.make.commit()
    assert browser.post(f"/questions/{question_id}/remove").status_code == 409
    browser.post(f"/surveys/{survey_id}/next-version")
    session.rollback()
    new = session.scalars(sa.select(SurveyVersion).order_by(SurveyVersion.id.desc())).first()
    assert new is not None
    assert [each.code for each in new.questions] == [each.code for each in version.questions]
    typed = {"words": "Have you told others?", "kind": "choice", "code": "impact.told", "heading": "What you did",
             "options": "yes=Yes\nno=No", "kirkpatrick": "3", "learning_point_id": "0", "recommendation_id": "0",
             "show_if_code": "impact.used", "show_if_values": "often, once", "sense": "now"}  # fmt: skip
    refused = browser.post(f"/survey-versions/{new.id}/questions/add", data=typed | {"code": "Not a code"})
    assert refused.status_code == 422
    assert "Have you told others?" in refused.text
    assert browser.post(f"/survey-versions/{new.id}/questions/add", data=typed).status_code == 303
    assert browser.post(f"/survey-versions/{new.id}/publish").status_code == 303
    session.rollback()
    told = session.scalars(sa.select(Question).where(Question.code == "impact.told")).one()
    assert [each.value for each in told.options] == ["yes", "no"]
    assert told.position > next(each.position for each in new.questions if each.code == "impact.need")
    assert "2" in BeautifulSoup(browser.get("/surveys").text, "html.parser").select("td.gt-right")[4].text


def test_the_safeguarding_queue_is_for_the_named_lead_alone_and_keeps_a_log(
    sign_in: SignIn, session: Session, asking: Asking
) -> None:
    event = asking.event()
    asking.booking(event)
    asking.finalise(event)
    carry_out(asking.at(event.ends_at), ask_people)
    lead = asking.make.person("Lindiwe Marsh")
    manager, coordinator = asking.make.person(roles=(Role.BUSINESS_MANAGER,)), asking.make.coordinator()
    by_manager, by_lead, by_coordinator = sign_in(manager), sign_in(lead), sign_in(coordinator)
    asking.answer(
        invitation(session), {"outcomes.confidence": {"1": 5, "2": 5}, "day.will-do": "I am worried about a boy"}
    )
    ref = lead.ref
    asking.make.commit()
    assert by_manager.get("/safeguarding-queue").status_code == 200
    assert by_manager.post("/surveys/safeguarding-lead", data={"ref": "nobody"}).status_code == 422
    assert by_manager.post("/surveys/safeguarding-lead", data={"ref": ref}).status_code == 303
    assert [each.get("/safeguarding-queue").status_code for each in (by_manager, by_coordinator)] == [403, 403]
    assert "I am worried about a boy" in by_lead.get("/safeguarding-queue").text
    session.rollback()
    concern = session.scalars(sa.select(Concern)).one()
    url = f"/safeguarding-queue/concerns/{concern.id}"
    assert by_lead.post(url, data={"state": "acted", "note": " "}).status_code == 422
    assert by_lead.post(url, data={"state": "acted", "note": "Told the front door"}).status_code == 303
    session.rollback()
    step = session.scalars(sa.select(QueueStep)).one()
    assert (step.by_name, step.did, step.note) == ("Lindiwe Marsh", "acted", "Told the front door")
    assert session.scalar(sa.select(sa.func.count()).select_from(AnswerSheet)) == 0
