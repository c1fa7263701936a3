"""A trainer reads the evaluation of their own events, from five answers on."""

from collections.abc import Callable
from datetime import date

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.frame.access import Role
from lms.people.models import Person
from surveys.free_text.rules import TextState
from surveys.questions.rules import SurveyKind
from tests.make import Make
from tests.surveys.people import Asked


def test_own_events_from_five_answers_on(
    make: Make, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    asked = Asked(session, make)
    trainer = make.person("Tove Larch", roles=(Role.TRAINER,))
    course = make.course("Safer babies")
    many, few, others = (
        asked.held(course, date(2025, month, 6), trainers=[trainer] if month < 7 else []) for month in (5, 6, 7)
    )
    for event, answers in ((many, 6), (few, 4), (others, 15)):
        for number in range(answers):
            state = TextState.HELD if number == 1 else TextState.SHOWN
            words = f"Words {number} of {event.id}" if number < 2 else ""
            score = 8 if number < (4 if event is many else 13) else None
            asked.sheet(SurveyKind.ON_THE_DAY, event, f"{event.id}-{number}", score, agree=5, words=words, state=state)
    asked.pairs(others, *[(4, 6, 7)] * 4, (4, 9, 7))
    theirs = sign_in(trainer)
    listed = theirs.get("/my-evaluations").get_data(as_text=True)
    assert f"/events/{many.id}/evaluation" in listed
    assert f"/events/{few.id}/evaluation" not in listed
    page = theirs.get(f"/events/{many.id}/evaluation").get_data(as_text=True)
    assert "5.0 of 5" in page
    assert "8.0 of 10" not in page  # four answered that question
    assert "6.6 of 10" in page  # of everybody at this course in the half-year
    assert "at all events of this course in April to September 2025" in page
    assert f"Words 0 of {many.id}" in page
    assert f"Words 1 of {many.id}" not in page  # held back
    few_page = theirs.get(f"/events/{few.id}/evaluation").get_data(as_text=True)
    assert "Fewer than 5 answers" in few_page
    assert "Words" not in few_page
    assert theirs.get(f"/events/{others.id}/evaluation").status_code == 404
    page = sign_in(make.coordinator()).get(f"/events/{others.id}/evaluation").get_data(as_text=True)
    assert f"Words 0 of {others.id}" in page
    assert "11 to 14 answers" in page  # thirteen of fifteen: who left it out are two
    assert "13 answers" not in page
