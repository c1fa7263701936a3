"""A workforce survey from opening to results, and training needs against the programme."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.frame.access import Actor, Role
from lms.frame.work import Work
from lms.jobs.services import carry_out
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from reviews.cases.rules import Publication
from surveys.answers.models import AnswerSheet
from surveys.concerns.models import Concern
from surveys.questions.models import Question, QuestionOption, Survey, SurveyVersion
from surveys.questions.rules import QuestionKind, SurveyKind
from surveys.workforce.models import AskedFor, RoundAnswers, RoundLink, SurveyRound
from surveys.workforce.queries import find_round
from surveys.workforce.results.figures import results_of
from surveys.workforce.services import let_rounds_out
from tests.conftest import Clock
from tests.make import Make
from tests.moments import NOW

QUOTES = "Do records quote the child?"
HARM = "I am worried about a child I see"


def _survey(make: Make, session: Session, course_code: str) -> SurveyVersion:
    """A choice tied to two audits, one of them embargoed; places of a course; own words."""
    options = [QuestionOption(position=1, value="yes", words="Yes"), QuestionOption(position=2, value="no", words="No")]
    open_ = make.recommendation(make.review("Neglect audit"))
    closed = make.recommendation(make.review("Secret audit", publication=Publication.EMBARGOED))
    choice = Question(position=1, code="audit.1", kind=QuestionKind.CHOICE, words=QUOTES, options=options)
    choice.recommendation_id = open_.id
    questions = [
        choice,
        Question(position=2, code=f"places.{course_code.lower()}", kind=QuestionKind.NUMBER, words="How many places?"),
        Question(position=3, code="way", kind=QuestionKind.TEXT, words="What gets in the way?"),
    ]
    version = SurveyVersion(number=1, created_at=NOW, published_at=NOW, questions=questions)
    kind = SurveyKind.WORKFORCE
    session.add(Survey(kind=kind, title="Audits", is_standing=False, created_at=NOW, versions=[version]))
    session.flush()
    session.add(AskedFor(question_id=questions[0].id, recommendation_id=closed.id))
    session.flush()
    return version


def test_a_survey_from_opening_to_results(  # noqa: PLR0915
    make: Make,
    session: Session,
    app: Flask,
    clock: Clock,
    work: Work,
    client: FlaskClient,
    sign_in: Callable[[Person], FlaskClient],
) -> None:
    health, police = make.agency("Community Health"), make.agency("Rowan Police", sector=make.sector("Police"))
    make.person("Ottoline Quarrie", roles=(Role.AGENCY_LEAD,), agency=health)
    course = make.course("Neglect: seeing it", code="NEG")
    make.event(course, starts=NOW + timedelta(days=60), capacity=24)
    version = _survey(make, session, "NEG")
    choice, places, way = version.questions
    office = sign_in(make.coordinator())
    typed = {"survey_id": version.survey_id, "title": "Spring", "opens_on": "2026-03-16", "closes_on": "2026-03-20"}
    assert office.post("/workforce/open", data={**typed, "opens_on": "2026-03-01"}).status_code == 422
    assert office.post("/workforce/open", data=typed).status_code == 303
    make.commit()
    letter = session.scalars(sa.select(OutboxLetter)).one()
    assert (letter.kind, letter.context["agency"]) == ("surveys.workforce_link", "Community Health")
    secrets = {link.agency_id: link.secret for link in session.scalars(sa.select(RoundLink))}
    theirs, others = (f"/workforce/answer/{secrets[each.id]}" for each in (health, police))

    page = client.get(theirs).get_data(as_text=True)
    assert "Do records quote the child?" in page
    assert "Secret audit" not in page
    assert client.get("/workforce/answer/guessed").status_code == 404
    refused = client.post(theirs, data={f"q{places.id}": "many", f"q{way.id}": "Time between visits"})
    assert refused.status_code == 422
    assert "Time between visits" in refused.get_data(as_text=True)
    assert client.post(theirs, data={}).status_code == 422
    for number in range(8):
        client.post(
            theirs,
            data={
                f"q{choice.id}": "yes" if number < 6 else "no",
                f"q{places.id}": "4",
                f"q{way.id}": "I am worried about a child I see" if number == 0 else "",
            },
        )
    for _ in range(5):
        client.post(others, data={f"q{choice.id}": "yes"})
    make.commit()
    assert session.scalar(sa.select(sa.func.count()).select_from(RoundAnswers)) == 13
    assert session.scalar(sa.select(sa.func.count()).select_from(AnswerSheet)) == 0
    assert "All the results come out the night after" in office.get("/workforce/1").get_data(as_text=True)
    clock.now = NOW + timedelta(days=5)
    assert client.get(theirs).status_code == client.post(theirs, data={f"q{choice.id}": "no"}).status_code == 404

    late = Work(session=session, actor=Actor("job", is_program=True), now=clock.now, site=app.extensions["lms"])
    carry_out(late, let_rounds_out)
    carry_out(late, let_rounds_out)
    make.commit()
    assert session.scalar(sa.select(sa.func.count()).select_from(RoundAnswers)) == 0
    assert "worried" in session.scalars(sa.select(Concern)).one().words
    chair = make.person("Odette Marlingford", roles=(Role.CHAIR,))
    reader = Work(session=session, actor=Actor("chair", person_id=chair.id), now=clock.now, site=late.site)
    results = results_of(reader, find_round(session, session.scalars(sa.select(SurveyRound.id)).one()))
    question = results.questions[0]
    assert question.table is not None
    assert (results.answers, question.table.of) == (13, 13)
    told = [(row.words, row.shown) for row in question.table.rows]
    assert told == [("Yes", "most of 13"), ("No or no answer", "fewer than 5")]  # 11 and 2
    assert [(row.name.name, row.of, row.shown) for row in question.lines] == [
        ("All agencies, together", 13, "most of 13")
    ]
    assert [audit.title for audit in question.audits] == ["Neglect audit"]
    need = results.needs[0]
    assert (need.demand, need.events, need.places, need.left, need.gap) == (32, 1, 24, 24, 8)
    shown = sign_in(chair).get("/workforce/1").get_data(as_text=True)
    assert "Neglect audit" in shown
    assert "Secret audit" not in shown
    assert "/workforce/answer/" not in shown


def test_a_round_with_fewer_than_five_answers_is_never_told(make: Make, session: Session, work: Work) -> None:
    version = _survey(make, session, "NONE")
    found = SurveyRound(
        version=version,
        title="Few",
        opens_on=NOW.date() - timedelta(days=9),
        closes_on=NOW.date() - timedelta(days=1),
        created_at=NOW,
    )
    session.add(found)
    session.flush()
    session.add_all(RoundAnswers(id=f"r{number}", round_id=found.id, sealed="x") for number in range(4))
    session.flush()
    carry_out(work, let_rounds_out)
    assert found.let_out_at == NOW
    assert results_of(work, found).answers is None
    assert session.scalar(sa.select(sa.func.count()).select_from(RoundAnswers)) == 0
