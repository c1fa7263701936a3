"""Two rounds of one survey, told: each figure against one counted by plain loops over what people said."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy.orm import Session

from lms.frame.access import Role
from lms.frame.work import Work
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from surveys.answers.models import AnswerSheet
from surveys.answers.sealing.rules import new_id, seal
from surveys.questions.models import Question, QuestionOption, Survey, SurveyVersion
from surveys.questions.rules import QuestionKind, SurveyKind
from surveys.workforce.models import RoundAnswers, RoundLink, SurveyRound
from surveys.workforce.queries import find_round
from surveys.workforce.results.figures import RoundResults, results_of
from surveys.workforce.services import let_round_out, open_round
from surveys.workforce.staffing.queries import STAFF
from tests.make import Make
from tests.moments import NOW
from tests.queries import counted_queries

TODAY = NOW.date()
QUOTES, KNOWS, NOTICES, PLACES = "quotes", "knows", "notices", "places.neg"
SCHOOL, POLICE, HEALTH, TRUST, CHARITY = "Alder School", "Rowan Police", "Community Health", "Rowan Trust", "Hearth"
STAFF_SAID = {SCHOOL: 6, POLICE: 200, HEALTH: 120, TRUST: 40, CHARITY: None}
SECTORS = {SCHOOL: "Education", POLICE: "Police", HEALTH: "Health", TRUST: "Health", CHARITY: "Voluntary"}
NOW_SAID = {SCHOOL: (0, 6), POLICE: (21, 30), HEALTH: (14, 24), TRUST: (5, 8), CHARITY: (6, 11)}
"""How many said yes to the first question, of how many who answered."""
THEN_SAID = {SCHOOL: (1, 5), POLICE: (9, 31), HEALTH: (7, 22), TRUST: (4, 9), CHARITY: (5, 9)}


@dataclass
class Rounds:
    """An earlier round and one now, with what each person said."""

    then: SurveyRound
    now: SurveyRound
    said: list[tuple[str, dict[str, Any]]]


def _version(session: Session) -> SurveyVersion:
    words = ("yes", "Yes"), ("no", "No")
    options = [QuestionOption(position=at, value=value, words=said) for at, (value, said) in enumerate(words, start=1)]
    questions = [
        Question(position=1, code=QUOTES, kind=QuestionKind.CHOICE, words="Do you quote the child?", options=options),
        Question(position=2, code=KNOWS, kind=QuestionKind.AGREEMENT, words="I know what reviews found"),
        Question(position=3, code=NOTICES, kind=QuestionKind.SCALE, words="I notice"),
        Question(position=4, code=PLACES, kind=QuestionKind.NUMBER, words="How many places?"),
    ]
    version = SurveyVersion(number=1, created_at=NOW, published_at=NOW, questions=questions)
    session.add(
        Survey(kind=SurveyKind.WORKFORCE, title="Front line", is_standing=False, created_at=NOW, versions=[version])
    )
    session.flush()
    return version


def _people(said: dict[str, tuple[int, int]]) -> list[tuple[str, dict[str, Any]]]:
    made = []
    for agency, (yes, of) in said.items():
        for number in range(of):
            answers: dict[str, Any] = {QUOTES: "yes" if number < yes else "no", KNOWS: 1 + number % 5}
            if number % 3:
                answers |= {NOTICES: 1 + number % 10, PLACES: number % 4}
            made.append((agency, answers))
    return made


def _answered(
    work: Work, version: SurveyVersion, days: int, said: list[tuple[str, dict[str, Any]]], agencies: dict[str, int]
) -> SurveyRound:
    found = SurveyRound(
        version=version,
        title=f"Front line, {days} days ago",
        opens_on=TODAY - timedelta(days=days),
        closes_on=TODAY - timedelta(days=days - 20),
        created_at=NOW,
    )
    work.session.add(found)
    for name, agency_id in agencies.items():
        staff = STAFF_SAID[name]
        on = None if staff is None else found.opens_on
        found.links.append(RoundLink(agency_id=agency_id, secret=new_id(), staff=staff, staff_on=on))
    work.session.flush()
    for agency, answers in said:
        sealed = seal(work.site.settings.keys, {"agency": agencies[agency], "answers": answers})
        work.session.add(RoundAnswers(id=new_id(), round_id=found.id, sealed=sealed))
    work.session.flush()
    let_round_out(work, round_id=found.id)
    return found


@pytest.fixture
def rounds(make: Make, session: Session, work: Work) -> Rounds:
    sectors = {name: make.sector(name) for name in sorted(set(SECTORS.values()))}
    agencies = {name: make.agency(name, sector=sectors[sector]).id for name, sector in SECTORS.items()}
    make.event(make.course("Neglect: seeing it", code="NEG"), starts=NOW + timedelta(days=60), capacity=24)
    version = _version(session)
    said = _people(NOW_SAID)
    then = _answered(work, version, 400, _people(THEN_SAID), agencies)
    return Rounds(then, _answered(work, version, 40, said, agencies), said)


def test_two_rounds_are_told_and_compared(
    rounds: Rounds, make: Make, session: Session, work: Work, sign_in: Callable[[Person], FlaskClient]
) -> None:
    """Made once, looked at from every side: making it costs more than looking."""
    with counted_queries(session.get_bind()) as queries:
        results = results_of(work, find_round(session, rounds.now.id))
    assert len(queries) <= 25
    _who_answered_of_how_many(results)
    _each_question_as_plain_loops_count_it(results, rounds.said)
    _compared_with_the_round_before(results)
    _nothing_of_six_of_one_school(results, session, rounds)
    chair = sign_in(make.person("Odette Marlingford", roles=(Role.CHAIR,)))
    _page_pdf_and_workbook_say_the_same(results, rounds, chair)
    _a_lead_reads_the_lines_of_their_own_agency(rounds, make, session, sign_in)


def _who_answered_of_how_many(results: RoundResults) -> None:
    response = results.response
    assert response is not None
    assert [(row.name.name, row.name.sector_words, row.answered, row.of, row.rate) for row in response.rows] == [
        ("Community Health", "Health", 24, "120", "20.0%"),
        ("Rowan Trust", "Health", 8, "40", "20.0%"),
        ("Rowan Police", "Police", 30, "200", "15.0%"),
        ("Other sectors, together", "", 17, "not known", ""),  # six of six at the school, and who has not said
    ]
    known = [
        (answered, STAFF_SAID[each]) for each, (_, answered) in NOW_SAID.items() if each in (HEALTH, TRUST, POLICE)
    ]
    assert (response.of_known, response.staff) == tuple(map(sum, zip(*known, strict=True)))
    assert response.words == "79 people answered. Where the workforce is known, 62 of 360 did (17.2%)."
    assert response.said_words == "4 of 5 agencies said how many people it was for."


def _each_question_as_plain_loops_count_it(results: RoundResults, said: list[tuple[str, dict[str, Any]]]) -> None:
    quotes, knows, notices, places = results.questions
    yes = sum(answers[QUOTES] == "yes" for _, answers in said)
    assert quotes.table is not None
    assert [(row.words, row.people) for row in quotes.table.rows] == [("Yes", yes), ("No", len(said) - yes)]
    assert knows.table is not None
    for row, step in zip(knows.table.rows, (5, 4, 3, 2, 1), strict=True):
        assert row.people == sum(answers[KNOWS] == step for _, answers in said)
    assert notices.table is not None
    bands = {"9 or 10": (9, 10), "7 or 8": (7, 8), "4 to 6": (4, 6), "1 to 3": (1, 3)}
    given = [answers[NOTICES] for _, answers in said if NOTICES in answers]
    for row in notices.table.rows:
        lowest, highest = bands.get(row.words, (0, 0))
        expected = sum(lowest <= number <= highest for number in given) if highest else len(said) - len(given)
        assert row.people == expected, row.words
    assert notices.summary == f"Mean {sum(given) / len(given):.1f} of 10, of {len(given)} answers"
    wanted = [answers[PLACES] for _, answers in said if PLACES in answers]
    assert places.summary == f"{sum(wanted)} in all, from {len(wanted)} answers"
    [need] = results.needs
    assert (need.demand, need.left, need.gap) == (sum(wanted), 24, sum(wanted) - 24)
    assert sum(line.of for line in quotes.lines) == len(said)


def _compared_with_the_round_before(results: RoundResults) -> None:
    compared = results.compared
    assert compared is not None
    quotes = compared.rows[0]
    assert (quotes.now, quotes.before) == ("58.2% of 79", "34.2% of 76")  # 46 and 26
    assert (quotes.shown, quotes.verdict) == ("+24.0", "Higher")
    assert [row.verdict for row in compared.rows[1:]] == ["No clear change", "No clear change"]
    assert compared.answer == (
        "Of three answers compared with “Front line, 400 days ago”, one is higher and two show no clear change."
    )


def _nothing_of_six_of_one_school(results: RoundResults, session: Session, rounds: Rounds) -> None:
    """Neither on the page nor in the database: its answers stand with others of other sectors."""
    names = {line.name.name for question in results.questions for line in question.lines}
    assert names == {HEALTH, POLICE, "1 other agency of this sector", "Other sectors, together"} or SCHOOL not in names
    sheets = session.scalars(sa.select(AnswerSheet).where(AnswerSheet.period_on == rounds.now.closes_on.replace(day=1)))
    sizes: dict[Any, int] = {}
    for sheet in sheets:
        sizes[sheet.agency_id, sheet.sector_id] = sizes.get((sheet.agency_id, sheet.sector_id), 0) + 1
    assert sum(sizes.values()) == 79
    assert min(sizes.values()) >= 10


def _page_pdf_and_workbook_say_the_same(results: RoundResults, rounds: Rounds, chair: FlaskClient) -> None:
    page = chair.get(f"/workforce/{rounds.now.id}").get_data(as_text=True)
    pdf = "\n".join(
        each.extract_text() for each in PdfReader(BytesIO(chair.get(f"/workforce/{rounds.now.id}.pdf").data)).pages
    )
    book = load_workbook(BytesIO(chair.get(f"/workforce/{rounds.now.id}.xlsx").data))
    said = {str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert results.response is not None
    assert results.compared is not None
    folded = " ".join(pdf.split())
    for words in (results.response.words, results.compared.answer, results.response.said_words):
        assert words in page
        assert words in folded
        assert words in said
    for row in results.compared.rows:
        assert f">{row.shown}<" in page
        assert {row.now, row.before, row.shown, row.interval} <= said
    assert SCHOOL not in page
    assert SCHOOL not in said
    assert chair.get(f"/workforce/{rounds.now.id}/people").status_code == 403


def _staff(found: SurveyRound, agency_id: int) -> tuple[int | None, date | None]:
    return next((link.staff, link.staff_on) for link in found.links if link.agency_id == agency_id)


def _a_lead_reads_the_lines_of_their_own_agency(
    rounds: Rounds, make: Make, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    """An agency too small for a line of its own is read with those it is told together with, as on the report."""
    links = {each.agency.name: each for each in rounds.now.links}

    def read(agency: str, of: str = "") -> tuple[int, str]:
        make.commit()
        lead = make.person(f"Lead of {agency}", roles=(Role.AGENCY_LEAD,), agency=links[agency].agency)
        answer = sign_in(lead).get(f"/our-surveys/{links[of or agency].id}")
        return answer.status_code, " ".join(answer.get_data(as_text=True).split())

    status, police = read(POLICE)
    assert status == 200
    assert "30 answered of 200 (15.0%)" in police
    assert "21 of 30 (70.0%)" in police  # and 9 of 31 in the round before
    assert re.findall(r"Round before.>([^<]*)", police)[0] == "only together"  # as the report has it
    assert "told together" not in police.partition("What they said")[0]
    _, school = read(SCHOOL)
    assert "Other sectors, together:</strong> 17 answered; of how many is not known." in school
    assert "6 of 6" not in school
    assert "0 of 6" not in school
    assert read(SCHOOL, POLICE)[0] == 404
    make.commit()
    lead = sign_in(make.person("Lead of two", roles=(Role.AGENCY_LEAD,), agency=links[POLICE].agency))
    listed = lead.get("/our-surveys").get_data(as_text=True)
    assert listed.count("Rowan Police") >= 2
    assert HEALTH not in listed
    assert lead.get(f"/workforce/{rounds.now.id}").status_code == 403
    make.commit()
    rounds.now.let_out_at = None
    rounds.now.closes_on = TODAY
    make.commit()
    _, going_on = read(POLICE)
    assert f"/workforce/answer/{links[POLICE].secret}" in going_on
    assert "You said 200" in going_on
    assert "30 answered" not in going_on


def test_an_agency_says_once_how_many_people_it_is_for(
    make: Make, session: Session, work: Work, client: FlaskClient, sign_in: Callable[[Person], FlaskClient]
) -> None:
    health, police = make.agency(HEALTH), make.agency(POLICE)
    make.person("Ottoline Quarrie", roles=(Role.AGENCY_LEAD,), agency=health)
    version = _version(session)
    office = sign_in(make.coordinator())
    days = {"opens_on": TODAY, "closes_on": TODAY + timedelta(days=20)}
    first = open_round(work, version.survey_id, title="Spring", **days)
    make.commit()
    token = session.scalars(sa.select(OutboxLetter)).one().context["token"]
    make.commit()
    theirs = f"/workforce/people-of/{token}"
    assert "How many people of Community Health?" in client.get(theirs).get_data(as_text=True)
    assert client.post(theirs, data={"staff": "many"}).status_code == 422
    assert "many" in client.post(theirs, data={"staff": "many"}).get_data(as_text=True)
    assert "120 people" in client.post(theirs, data={"staff": "120"}).get_data(as_text=True)
    assert client.get("/workforce/people-of/guessed").status_code == 404
    typed = {f"staff_{health.id}": "120", f"staff_{police.id}": "0"}
    assert office.post(f"/workforce/{first.id}/people", data=typed).status_code == 422
    typed[f"staff_{police.id}"] = "200"
    assert office.post(f"/workforce/{first.id}/people", data=typed).status_code == 303
    make.commit()
    assert [_staff(first, each.id) for each in (health, police)] == [(120, TODAY), (200, TODAY)]

    second = open_round(work, version.survey_id, title="Autumn", **days)
    session.flush()
    assert [_staff(second, each.id) for each in (health, police)] == [(120, TODAY), (200, TODAY)]
    letter = session.scalars(sa.select(OutboxLetter).order_by(OutboxLetter.id.desc())).first()
    assert letter is not None
    assert (letter.context["staff"], letter.context["staff_on"]) == ("120 people", "Monday 16 March 2026")
    make.commit()

    let_round_out(work, round_id=first.id)
    make.commit()
    assert client.get(theirs).status_code == client.post(theirs, data={"staff": "7"}).status_code == 404
    late = office.post(f"/workforce/{first.id}/people", data=typed | {f"staff_{health.id}": "7"})
    assert late.status_code == 409
    assert STAFF.sign(work.site.settings, first.links[0].id) != STAFF.sign(work.site.settings, second.links[0].id)
