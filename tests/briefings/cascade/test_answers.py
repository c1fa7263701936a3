"""What agencies and delegates tell: by a link without an account, on the page, once; and who is reminded."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from briefings.answering.jobs import remind_agencies
from briefings.cascade.models import BriefingMark, Cascade, CascadeChange, CascadeReturn
from briefings.cascade.rules import REMIND_AFTER, CascadeRag, Stand, rag_of, reminder_due
from briefings.distribution.drawing.queries import draw
from briefings.distribution.letters import answer_token
from briefings.distribution.personal_data import erase
from briefings.distribution.rules import Audience
from briefings.distribution.services import plan_sending
from briefings.returns.queries import CascadeScope, figures_of
from briefings.returns.rules import AgencyFigures, add_up
from briefings.returns.sections import gather
from briefings.returns.telling.rules import EVERYBODY, agency, numbers_told, others, sector
from briefings.writing.recalling.services import recall_briefing
from lms.agencies.models import FormerAgencyName
from lms.frame.access import Role, program
from lms.frame.work import Work
from lms.jobs.services import carry_out
from lms.kit.figures import Period, ReportQuestion
from lms.kit.working_days import working_days_after
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.people.models import Person, RoleGrant
from tests.briefings.conftest import Office
from tests.make import Make
from tests.moments import NOW

SENT_ON = date(2026, 3, 2)
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("stand", "rag"),
    [
        (Stand(SENT_ON, False, 0), CascadeRag.WAITING),
        (Stand(date(2026, 2, 2), False, 0), CascadeRag.RED),
        (Stand(SENT_ON, True, 0), CascadeRag.AMBER),
        (Stand(None, True, 1), CascadeRag.GREEN),
        (Stand(None, False, 0), CascadeRag.WAITING),
    ],
)
def test_red_amber_and_green_follow_from_what_came_back(stand: Stand, rag: CascadeRag) -> None:
    assert rag_of(stand, date(2026, 3, 16)) is rag


@given(sent=st.dates(date(2024, 1, 1), date(2026, 6, 1)), wait=st.integers(0, 120))
def test_reminders_are_three_at_most_and_never_early(sent: date, wait: int) -> None:
    day = sent + timedelta(days=wait)
    due = [number for number in range(5) if reminder_due(sent, number, day)]
    assert all(day > working_days_after(sent, REMIND_AFTER[number]) for number in due)
    assert max(due, default=0) < 3


class Sent:
    """A briefing that was sent to two agencies, as the test's application sees it."""

    def __init__(self, office: Office, make: Make) -> None:
        self.office, self.make = office, make
        self.police, self.trust = make.agency("Police", sector=make.sector("Police")), make.agency("Trust")
        self.lead = make.person("Lena Fairweather", agency=self.police, roles=(Role.AGENCY_LEAD,))
        make.person("Tess Trustworthy", agency=self.trust, roles=(Role.AGENCY_LEAD,))
        self.officer = make.person("Olu Larkspur", agency=self.police)
        make.commit()
        self.version = office.published()
        self.briefing_id, self.title, work = self.version.briefing_id, self.version.title, office.acting(office.writer)
        audience = Audience(agency_ids=(self.police.id, self.trust.id), has_subscribers=False)
        seen = draw(work.session, self.version, audience).recipients
        plan_sending(work, self.briefing_id, audience, confirmed=seen)
        self.link = f"/briefings/answer/{answer_token(work, self.briefing_id, self.lead.id)}"
        self.police_id = self.police.id
        make.commit()


@pytest.fixture
def sent(office: Office, make: Make) -> Sent:
    return Sent(office, make)


def told(session: Session) -> list[tuple[str, date, int]]:
    session.rollback()
    rows = session.execute(sa.select(CascadeReturn.team, CascadeReturn.discussed_on, CascadeReturn.people))
    return sorted(tuple(row) for row in rows)


@pytest.mark.slow
def test_a_lead_without_an_account_says_received_discussed_and_changed(
    sent: Sent, client: FlaskClient, session: Session
) -> None:
    for _ in range(2):
        page = client.get(sent.link)
        assert sent.title in page.text
        assert "What to do differently" in page.text, "the briefing itself, also for one who has no account"
    session.rollback()
    assert session.scalars(sa.select(Cascade.acknowledged_at)).all() == [None, None], "looking answers nothing"
    assert client.post(sent.link, data={"what": "received"}).status_code == 303
    answer = {"what": "discussed", "agency": sent.police_id, "team": "Duty  team", "people": "12"}
    answer |= {"discussed_on": TODAY.isoformat(), "change": "It stands in our handover."}
    for _ in range(2):
        assert client.post(sent.link, data=answer).status_code == 303
    assert told(session) == [("Duty team", TODAY, 12)]
    changed = {"what": "changed", "agency_changed": sent.police_id, "words": "Supervision asks about it."}
    assert client.post(sent.link, data=changed).status_code == 303
    session.rollback()
    assert session.scalars(sa.select(CascadeChange.words).order_by(CascadeChange.id)).all() == [
        "It stands in our handover.",
        "Supervision asks about it.",
    ]
    cascade = session.scalars(sa.select(Cascade).where(Cascade.agency_id == sent.police_id)).one()
    assert cascade.acknowledged_by == "Lena Fairweather"
    assert "12 people" in client.get(sent.link).text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"people": "0"}, "Enter how many people took part"),
        ({"people": "many"}, "Enter a whole number"),
        ({"discussed_on": "2026-01-05"}, "before the briefing was sent"),
        ({"discussed_on": "2027-01-05"}, "today or before"),
        ({"discussed_on": ""}, "Choose the day"),
        ({"agency": "999999"}, "Choose one of the options."),
        ({"change": "He was born on 3 May 2019"}, "names, dates of birth"),
        ({"team": "x" * 200}, "Shorten the name of the team"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words_and_kept(
    sent: Sent, client: FlaskClient, session: Session, wrong: dict[str, str], words: str
) -> None:
    typed = {"what": "discussed", "agency": str(sent.police_id), "team": "Duty team", "people": "12"}
    typed |= {"discussed_on": TODAY.isoformat(), "change": "Something", **wrong}
    answer = client.post(sent.link, data=typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert typed["change"] in answer.text
    assert told(session) == []


def test_a_closed_wrong_or_guessed_link_is_one_plain_page(sent: Sent, client: FlaskClient, work: object) -> None:
    stranger = answer_token(sent.office.acting(sent.office.writer), sent.briefing_id, sent.officer.id)
    sent.make.commit()
    links = [sent.link[:-1], f"/briefings/answer/{stranger}", "/briefings/answer/x", "/briefings/answer/WzEsMV0.abc"]
    answers = {client.get(link).text for link in links} | {client.post(link, data={}).text for link in links}
    recall_briefing(sent.office.acting(sent.office.writer), sent.briefing_id, reason="A figure was wrong.")
    sent.make.commit()
    answers.add(client.get(sent.link).text)
    assert client.get(sent.link).status_code == 404
    mains = {BeautifulSoup(answer, "html.parser").main.text for answer in answers}  # type: ignore[union-attr]
    assert len(mains) == 1
    assert sent.title not in mains.pop()


@pytest.mark.slow
def test_a_delegate_marks_it_once_and_it_stands_in_the_training_record(
    sent: Sent, sign_in: Callable[[Person], FlaskClient], session: Session
) -> None:
    browser, url = sign_in(sent.officer), f"/briefings/{sent.briefing_id}"
    assert "Did your team discuss it?" in browser.get(url).text
    assert browser.post(f"{url}/mark", data={"only": "read", "people": ""}).status_code == 303
    assert "Read" in BeautifulSoup(browser.get("/my").text, "html.parser").select("table")[-1].text
    assert browser.post(f"{url}/mark", data={"people": "lots"}).status_code == 422
    assert browser.post(f"{url}/mark", data={"change": "A form"}).status_code == 422
    for _ in range(2):
        assert browser.post(f"{url}/mark", data={"people": "6", "change": ""}).status_code == 303
    record = BeautifulSoup(browser.get("/my").text, "html.parser").select("table")[-1].text
    assert sent.title in record
    assert "Discussed" in record
    assert told(session) == [("", TODAY, 6)]
    assert len(session.scalars(sa.select(BriefingMark)).all()) == 1
    assert browser.get("/my/record.pdf").data.startswith(b"%PDF")
    recall_briefing(sent.office.acting(sent.office.writer), sent.briefing_id, reason="A figure was wrong.")
    sent.make.commit()
    assert browser.post(f"{url}/mark", data={"people": "6"}).status_code == 404
    assert f'href="{url}"' not in browser.get("/my").text


def test_only_the_silent_are_reminded_three_times_at_most(sent: Sent, client: FlaskClient, session: Session) -> None:
    client.post(sent.link, data={"what": "received"})
    session.rollback()
    worker = replace(sent.office.acting(None), actor=program("worker"))
    for days in range(90):
        carry_out(replace(worker, now=NOW + timedelta(days=days)), remind_agencies)
    reminders = session.scalars(
        sa.select(OutboxLetter).where(OutboxLetter.kind == "briefings.cascade_reminder").order_by(OutboxLetter.id)
    ).all()
    assert [each.context["agencies"] for each in reminders] == ["Trust"] * 3
    silent = session.scalars(sa.select(Cascade).where(Cascade.acknowledged_at.is_(None))).one()
    assert silent.reminders == 3


def test_figures_say_what_was_sent_delivered_bounced_answered_and_hide_small_numbers(
    sent: Sent, client: FlaskClient, sign_in: Callable[[Person], FlaskClient], session: Session
) -> None:
    client.post(
        sent.link,
        data={"what": "discussed", "agency": sent.police_id, "people": "3", "discussed_on": TODAY.isoformat()},
    )
    session.rollback()
    letters = session.scalars(sa.select(OutboxLetter).where(OutboxLetter.kind.startswith("briefings.")))
    mine = [each for each in letters if each.kind in ("briefings.briefing", "briefings.cascade")]
    for each, state in zip(mine, (LetterState.SENT, LetterState.REFUSED, LetterState.WAITING), strict=True):
        each.state, each.sent_at = state, NOW if state is LetterState.SENT else None
    session.commit()
    rows = figures_of(session, program("test"), CascadeScope([sent.briefing_id]), TODAY)[sent.briefing_id]
    sums = add_up("All", rows)
    assert (sums.sent, sums.delivered, sums.bounced, sums.waiting) == (3, 1, 1, 1)
    assert (sums.asked, sums.acknowledged, sums.discussed, sums.teams, sums.people) == (2, 1, 1, 1, 2)
    assert sums.audience == 3, "two of the police and one of the trust"
    numbers = numbers_told({sent.briefing_id: rows}, is_exact=False)
    shown = [numbers.of("people", kind).shown for kind in (sector("Health"), sector("Police"), EVERYBODY)]
    assert shown == ["hidden", "hidden", "hidden"], "of two and of one nothing is told, nor of all three"
    url = f"/briefings/{sent.briefing_id}/cascade"
    chair, coordinator = sign_in(sent.office.chair), sign_in(sent.office.writer)
    assert "fewer than 5" in chair.get(url).text
    assert "3 of 2 people" in coordinator.get(url).text
    for browser in (chair, coordinator):
        assert "Discussed" in browser.get("/briefings/cascade").text
    lead = sign_in(sent.lead).get("/briefings/answers").text
    assert urlsplit(sent.link).path in lead
    assert "Trust" not in BeautifulSoup(lead, "html.parser").main.text  # type: ignore[union-attr]


def test_an_agency_that_moves_or_is_renamed_leaves_past_figures_as_they_were(sent: Sent, session: Session) -> None:
    """Of one agency sixteen people had it. Nobody was asked for the agency of a lead who works elsewhere."""
    make, work = sent.make, sent.office.acting(sent.office.writer)
    police, elsewhere = sent.police, make.agency("Elsewhere", sector=make.sector("Probation"))
    for number in range(14):
        make.person(f"Constable {number}", agency=police)
    outside = make.person("Leads From Outside", agency=elsewhere)
    outside.roles.append(RoleGrant(role=Role.AGENCY_LEAD, agency=police, granted_at=NOW))
    make.commit()
    audience = Audience(agency_ids=(police.id,), has_subscribers=False)
    plan_sending(work, sent.briefing_id, audience, confirmed=draw(session, sent.version, audience).recipients)
    question = ReportQuestion(Period(date(2025, 4, 1), date(2026, 3, 31), "2025-26"))

    def people(*, as_now: bool = False) -> dict[tuple[str, str], int]:
        scope = CascadeScope(None, None, question.period.from_on, question.period.to_on, as_now)
        (rows,) = figures_of(session, work.actor, scope, TODAY).values()
        return {(row.sector, row.agency): row.sent for row in rows}

    had = {("Health", "Trust"): 1, ("Police", "Police"): 16, ("Probation", "Elsewhere"): 1}
    report, exact = gather(work, question).tables, people()
    assert exact == had
    police.former_names = [FormerAgencyName(name="Police", until_on=date(2026, 6, 30))]
    police.name, police.sector, elsewhere.sector = "Constabulary", make.sector("Justice"), make.sector("Justice")
    session.flush()
    assert (people(), gather(work, question).tables) == (had, report)
    assert people(as_now=True) == {("Health", "Trust"): 1, ("Justice", "Constabulary"): 16, ("Justice", "Elsewhere"): 1}


def test_an_agency_of_two_sectors_in_a_year_has_a_line_in_each_that_adds_up() -> None:
    def row(agency_id: int, sector: str, sent: int) -> AgencyFigures:
        return AgencyFigures(agency_id, f"Agency {agency_id}", sector, True, CascadeRag.GREEN, sent=sent)

    health = [row(1, "Health", 20), row(2, "Health", 6), row(4, "Health", 5)]
    found = {1: health, 2: [row(1, "Police", 7), row(3, "Police", 8)]}
    numbers = numbers_told(found, is_exact=False)
    assert numbers.lines[1, "Health"] == agency((1, "Health"))
    assert numbers.lines[1, "Police"] == others("Police")
    assert [numbers.of("sent", sector(each)).number for each in ("Health", "Police")] == [31, 15]
    assert numbers.of("sent", EVERYBODY).number == 46


def test_a_coordinator_looks_at_the_number_and_then_sends(
    office: Office, make: Make, sign_in: Callable[[Person], FlaskClient], session: Session
) -> None:
    agency = make.agency("Police")
    for number in range(7):
        make.person(f"Officer {number}", agency=agency)
    version = office.published()
    url, path = f"?agencies={agency.id}&no_subscribers=y&show=1", f"/briefings/{version.briefing_id}/send"
    make.commit()
    browser = sign_in(office.writer)
    assert "would get it" not in browser.get(path).text
    page = BeautifulSoup(browser.get(path + url).text, "html.parser")
    assert "7 people would get it" in page.text
    assert "Officer 3" in page.text
    assert session.scalars(sa.select(OutboxLetter.id).where(OutboxLetter.kind == "briefings.briefing")).all() == []
    session.rollback()
    assert browser.post(path + url, data={"confirmed": "6", "when": "now"}).status_code == 422
    assert (
        browser.post(path + url, data={"confirmed": "7", "when": "at", "day": "", "time": "09:00"}).status_code == 422
    )
    assert browser.post(path + url, data={"confirmed": "7", "when": "now"}).status_code == 303
    session.rollback()
    kinds = session.scalars(sa.select(OutboxLetter.id).where(OutboxLetter.kind == "briefings.briefing")).all()
    assert len(kinds) == 7
    assert "Everyone of Police" in browser.get(f"/briefings/{version.briefing_id}/cascade").text
    order = {"confirmed": "7", "name": "Police, Mondays", "trigger": "weekly", "weekday": "0", "at": "08:00"}
    assert browser.post("/briefings/orders/new" + url, data=order).status_code == 303
    assert "Monday at 08:00" in browser.get("/briefings/orders").text


def test_who_acknowledged_is_erased_unless_a_namesake_may_have(
    sent: Sent, client: FlaskClient, session: Session, app: Flask
) -> None:
    client.post(sent.link, data={"what": "received"})
    session.rollback()
    cascade = session.scalars(sa.select(Cascade).where(Cascade.acknowledged_by != "")).one()
    work = Work(session=session, actor=program("test"), now=NOW, site=app.extensions["lms"])
    namesake = sent.make.person(cascade.acknowledged_by)
    erase(work, namesake.id)
    session.refresh(cascade)
    assert cascade.acknowledged_by == "Lena Fairweather"
    namesake.name = "Someone Else"
    session.flush()
    erase(work, sent.lead.id)
    session.refresh(cascade)
    assert cascade.acknowledged_by == "Someone who was erased"
