"""Texts: searched, coded with suggestions by two people who do not see each other's, quoted once, and taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.audit.models import AuditEntry
from lms.frame.access import Actor, Role
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.people.models import Person
from surveys.coding.queries import TextsWanted, WhichTexts, coded_twice, texts_found
from surveys.coding.rules import agreement, kappa, strength
from surveys.coding.services import add_theme, code_text, settle_text, withdraw_text
from surveys.free_text.models import AnswerText
from surveys.free_text.queries import text_to_code
from surveys.free_text.rules import TextState
from surveys.impact.content.figures import examples_of
from surveys.impact.content.queries import texts_of
from surveys.questions.rules import SurveyKind
from surveys.themes.rules import suggested
from tests.make import Make
from tests.surveys.people import Asked


def test_a_list_of_words_suggests_themes_by_the_beginnings_of_words() -> None:
    lists = {1: "supervis, our manager", 2: "form", 3: "", 4: "café"}
    assert suggested("My SUPERVISOR asks. We met in the cafe, to perform.", lists) == {1: "supervis", 4: "café"}
    assert suggested("", lists) == {}


@pytest.mark.parametrize(
    ("both", "only_first", "only_second", "neither", "expected"),
    [(20, 5, 10, 15, 0.40), (25, 0, 0, 25, 1.0), (10, 10, 10, 10, 0.0), (0, 25, 25, 0, -1.0)],
)
def test_kappa_is_agreement_beyond_chance(
    both: int, only_first: int, only_second: int, neither: int, expected: float
) -> None:
    """The first is Cohen's own kind of table: 0.7 observed, 0.5 by chance."""
    pairs = [(True, True)] * both + [(True, False)] * only_first + [(False, True)] * only_second
    found = kappa([*pairs, *[(False, False)] * neither])
    assert found is not None
    assert round(found, 2) == expected


def test_agreement_is_said_in_words_and_not_of_a_few_texts() -> None:
    assert [strength(each) for each in (0.85, 0.61, 0.5, 0.3, 0.1, -0.2)] == [
        "almost perfect", "substantial", "moderate", "fair", "slight", "no better than chance",
    ]  # fmt: skip
    assert kappa([(True, True)] * 9) is None
    alike, unlike = (frozenset({1}), frozenset({1})), (frozenset({1}), frozenset({2}))
    few = agreement([alike] * 4, {1: "Time", 2: "Forms"})
    assert few.words.endswith("From 20 texts on, that tells how far their coding can be relied on.")
    made = agreement([alike] * 10 + [(frozenset({2}), frozenset({2}))] * 10 + [unlike] * 4, {1: "Time", 2: "Forms"})
    assert (made.texts, made.same, made.themes[0].shown) == (24, 20, "0.68, substantial")
    assert made.words == (
        "Two people coded 24 texts apart, and gave the same themes to 20 of them. Beyond chance, agreement on single "
        "themes is substantial (Cohen’s kappa 0.67)."
    )


WORDS = (
    "I ask who sleeps here.",
    "I ask who sleeps here.",
    "No time.",
    "We rang the school.",
    "",
    "Supervision helps.",
)


@pytest.fixture
def texts(session: Session, make: Make) -> list[str]:
    """The texts of six people of one event, by their ids."""
    asked = Asked(session, make)
    event = asked.held(make.course("Neglect"), date(2025, 5, 6))
    for place, words in enumerate(WORDS):
        asked.sheet(SurveyKind.IMPACT, event, f"n{place}", words=words)
    return list(session.scalars(sa.select(AnswerText.id).order_by(AnswerText.id)))


def test_two_people_code_apart_and_somebody_settles(work: Work, make: Make, session: Session, texts: list[str]) -> None:
    first, second, third = (as_(work, make.person(name)) for name in ("Ada Fern", "Ben Moss", "Cleo Reed"))
    time, forms = (add_theme(first, name, "time").id for name in ("Time", "Forms"))
    text = text_to_code(session, texts[0])
    code_text(first, text, {time}, is_example=False)
    assert [each.id for each in found(second, WhichTexts.SECOND)] == [text.id]
    assert found(first, WhichTexts.SECOND) == []
    code_text(second, text, {forms}, is_example=False)
    assert [each.name for each in text.themes] == ["Time"]  # what the first one gave counts
    [twice] = coded_twice(session)
    assert (list(twice.first.values()), list(twice.second.values()), twice.differs) == (["Time"], ["Forms"], True)
    with pytest.raises(Conflict, match="Two people"):
        code_text(third, text, {time}, is_example=False)
    with pytest.raises(Conflict, match="Only one"):
        settle_text(third, text_to_code(session, texts[1]), {time})
    settle_text(third, text, {time, forms})
    code_text(first, text, {time}, is_example=False)
    assert [each.name for each in text.themes] == ["Forms", "Time"]  # what was settled stays


def test_texts_are_found_by_words_and_a_quotation_is_shown_once_and_logged(
    work: Work, make: Make, session: Session, texts: list[str]
) -> None:
    coder = as_(work, make.person("Ada Fern"))
    theme = add_theme(coder, "Home").id
    assert [each.words for each in found(coder, WhichTexts.ALL, words="SCHOOL rang")] == ["We rang the school."]
    assert found(coder, WhichTexts.ALL, kind=SurveyKind.MANAGERS_VIEW) == []
    alike = [text for text in found(coder, WhichTexts.TO_CODE) if text.words == WORDS[0]]
    for each in alike:
        code_text(coder, each, {theme}, is_example=True)
    assert len(found(coder, WhichTexts.QUOTED)) == len(found(coder, WhichTexts.ALL, theme_id=theme)) == 2
    assert [each.words for each in examples_of(texts_of(session, [SurveyKind.IMPACT]))] == [WORDS[0]]
    code_text(coder, alike[0], {theme}, is_example=False)
    with pytest.raises(Invalid, match="why"):
        withdraw_text(coder, alike[1], " ")
    withdraw_text(coder, alike[1], "Someone may be recognised")
    assert (alike[1].words, alike[1].state) == ("", TextState.WITHHELD)
    session.flush()
    of_texts = sa.select(AuditEntry.event).where(AuditEntry.record_type == "AnswerText").order_by(AuditEntry.id)
    assert list(session.scalars(of_texts)) == [
        "quotation released", "quotation released", "quotation withdrawn", "quotation withdrawn",
        "text withdrawn from reports",
    ]  # fmt: skip


def test_the_second_person_does_not_see_what_the_first_one_gave(
    make: Make, texts: list[str], sign_in: Callable[[Person], FlaskClient], work: Work
) -> None:
    theme = add_theme(work, "Home", "sleeps")
    make.commit()
    text_id = next(each for each in texts if text_to_code(work.session, each).words == WORDS[0])
    first, second = (sign_in(make.person(name, roles=(Role.COORDINATOR,))) for name in ("Ada Fern", "Ben Moss"))
    page = f"/surveys/texts/{text_id}"
    assert "Words in it suggest: Home (“sleeps”)" in first.get(page).text
    assert first.post(page, data={"theme_ids": [theme.id]}).status_code == 303
    assert ("checked" in first.get(page).text, "checked" in second.get(page).text) == (True, False)
    assert second.post(page, data={}).status_code == 303
    assert "gave the same themes to 0 of them" in first.get("/surveys/texts/agreement").text
    assert first.post(f"{page}/settle", data={"theme_ids": [theme.id]}).status_code == 303
    assert first.post(f"{page}/withdraw", data={"reason": ""}).status_code == 422
    assert first.post(f"{page}/withdraw", data={"reason": "May name someone"}).status_code == 303
    assert first.get(page).status_code == 404


def as_(work: Work, person: Person) -> Work:
    return replace(work, actor=Actor(name=person.name, person_id=person.id, roles=frozenset({Role.COORDINATOR})))


def found(work: Work, what: WhichTexts, **more: object) -> list[AnswerText]:
    return texts_found(work.session, TextsWanted(what, **more), work.actor.person_id)[0]  # type: ignore[arg-type]
