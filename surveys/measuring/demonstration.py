"""The demonstration's surveys of the workforce, training needs, observations, and what changed thanks to answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from courses.programme.courses.models import Course
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.agencies.models import Agency, RoleGroup
from lms.frame.demonstration import chance, read_words
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.people.models import Person
from reviews.actions.models import Recommendation
from reviews.actions.rules import Response
from reviews.cases.models import Review, ReviewKind
from reviews.cases.rules import Publication, ReviewStage, ReviewType
from reviews.learning.models import LearningPoint
from reviews.learning.rules import Verdict
from surveys.answers.sealing.rules import new_id, seal
from surveys.focus_groups.services import record_group
from surveys.focus_groups.written import GroupHeld
from surveys.observation.models import Observation
from surveys.observation.rules import ITEMS, due_on
from surveys.questions.models import Question, QuestionOption, Survey, SurveyVersion
from surveys.questions.rules import QuestionKind, SurveyKind
from surveys.response.models import ChangeMade
from surveys.themes.models import TextTheme
from surveys.workforce.models import AskedFor, RoundAnswers, RoundLink, SurveyRound
from surveys.workforce.services import let_round_out

WORDS = read_words(__file__, "demonstration.toml")
OBSERVED = 3
ANSWERS = ("yes", "partly", "no")
NOT_SAID = 5
"""The place of the agency that did not say how many people a survey is for."""


@dataclass(frozen=True)
class InventedRound:
    """A round of the demonstration: when it was, and how many answered of each agency."""

    title: str
    opened: int
    closes: int
    answers: int


def load(work: Work) -> None:
    """Add them. The same every time, but for the random names of answer sheets."""
    luck = chance("workforce surveys")
    _workforce(work, luck)
    _needs(work, luck)
    _observations(work)
    courses = {each.code: each.id for each in work.session.scalars(sa.select(Course).order_by(Course.id))}
    today = london_date(work.now)
    for each in WORDS["changes"]:
        day = today - timedelta(days=each["days"])
        work.session.add(
            ChangeMade(
                course_id=courses.get(each["course"]),
                said=each["said"],
                did=each["did"],
                changed_on=day,
                written_at=work.now,
            )
        )
    work.session.flush()
    _focus_groups(work, courses)


def _focus_groups(work: Work, courses: Mapping[str, int]) -> None:
    """Two that have met: one as evidence of a learning point."""
    points = dict(work.session.execute(sa.select(LearningPoint.ref, LearningPoint.id)).all())
    roles = dict(work.session.execute(sa.select(RoleGroup.name, RoleGroup.id).order_by(RoleGroup.id)).all())
    themes = dict(work.session.execute(sa.select(TextTheme.name, TextTheme.id)).all())
    for each in WORDS["groups"]:
        record_group(
            work,
            GroupHeld(
                course_id=courses[each["course"]],
                held_on=london_date(work.now) - timedelta(days=each["days"]),
                people=each["people"],
                questions=each["questions"],
                finding=each["finding"],
                notes=each["notes"],
                role_ids=tuple(list(roles.values())[: each["roles"]]),
                theme_ids=tuple(themes[name] for name in each["themes"]),
                learning_point_id=points.get(each.get("point", "")),
                verdict=Verdict(each["verdict"]) if "verdict" in each else None,
            ),
            names_nobody=True,
        )
    work.session.flush()


def _workforce(work: Work, luck: Random) -> None:
    """The questions that a partnership tied to its audits, asked a month ago and answered, and asked again now."""
    audits = enumerate(WORDS["audits"].items(), start=1)
    recommendations = {title: _audit(work, number, title, text) for number, (title, text) in audits}
    options = ("yes", "Yes"), ("partly", "Partly"), ("no", "No")
    questions = [_choice(place, each["question"], options) for place, each in enumerate(WORDS["workforce"], start=1)]
    questions.append(
        Question(position=9, code="workforce.way", kind=QuestionKind.TEXT, words="What gets in the way of it?")
    )
    version = _survey(work, SurveyKind.WORKFORCE, "What our audits changed", WORDS["intro"], questions)
    for question, each in zip(questions, WORDS["workforce"], strict=False):
        question.recommendation_id = recommendations[each["audits"][0]].id
        work.session.add_all(
            AskedFor(question_id=question.id, recommendation_id=recommendations[audit].id) for audit in each["audits"]
        )
    asked = list(zip(questions, WORDS["workforce"], strict=False))
    for run, shares in (
        (InventedRound("Workforce survey: a year before", 440, -405, 150), "before"),
        (InventedRound("Workforce survey: what our audits changed", 75, -40, 170), "shares"),
    ):
        said: list[dict[str, Any]] = []
        for number in range(run.answers):
            answers = {
                question.code: luck.choices(("yes", "partly", "no"), each[shares])[0] for question, each in asked
            }
            if number < len(WORDS["ways"]) and shares == "shares":
                answers["workforce.way"] = WORDS["ways"][number]
            said.append(answers)
        _told(work, version, run, said, luck)
    _round(work, version, InventedRound("Workforce survey: six months later", 5, 16, 0))


def _needs(work: Work, luck: Random) -> None:
    """How many places teams need of some courses, against what is coming."""
    codes: dict[str, str] = WORDS["needs"]
    questions = [
        Question(
            position=place,
            code=f"places.{code}",
            kind=QuestionKind.NUMBER,
            words=f"How many places does your team need on {title} in the next 12 months?",
        )
        for place, (code, title) in enumerate(codes.items(), start=1)
    ]
    version = _survey(work, SurveyKind.TRAINING_NEEDS, "Places that teams need", WORDS["needs_intro"], questions)
    said = [{f"places.{code}": luck.randint(0, 2) for code in codes} for _ in range(48)]
    _told(work, version, InventedRound("Training needs for the coming year", 50, -12, 48), said, luck)


def _audit(work: Work, number: int, title: str, text: str) -> Recommendation:
    """A multi-agency audit of two years ago, and what it recommended."""
    day = london_date(work.now) - timedelta(days=700 + 30 * number)
    review = Review(
        ref=f"AUDIT-{number}",
        title=f"Multi-agency audit: {title}",
        kinds=[ReviewKind(type=ReviewType.MULTI_AGENCY_AUDIT)],
        stage=ReviewStage.PUBLISHED,
        publication=Publication.FULL,
        decided_on=day,
        published_on=day,
        created_at=work.now,
    )
    made = Recommendation(review=review, number=1, text=text, response=Response.ACCEPTED)
    work.session.add(made)
    work.session.flush()
    return made


def _choice(place: int, words: str, options: Sequence[tuple[str, str]]) -> Question:
    made = [QuestionOption(position=at, value=value, words=said) for at, (value, said) in enumerate(options, start=1)]
    return Question(
        position=place,
        code=f"audit.{place}",
        kind=QuestionKind.CHOICE,
        words=words,
        heading="Your work",
        kirkpatrick=3,
        options=made,
    )


def _survey(work: Work, kind: SurveyKind, title: str, intro: str, questions: list[Question]) -> SurveyVersion:
    version = SurveyVersion(
        number=1,
        intro=intro,
        created_at=work.now,
        published_at=work.now,
        first_asked_at=work.now,
        questions=questions,
    )
    work.session.add(Survey(kind=kind, title=title, is_standing=False, created_at=work.now, versions=[version]))
    work.session.flush()
    return version


def _round(work: Work, version: SurveyVersion, run: InventedRound) -> SurveyRound:
    today = london_date(work.now)
    agencies = work.session.scalars(sa.select(Agency).where(Agency.closed_on.is_(None)).order_by(Agency.code)).all()
    made = SurveyRound(
        version=version,
        title=run.title,
        opens_on=today - timedelta(days=run.opened),
        closes_on=today + timedelta(days=run.closes),
        created_at=work.now - timedelta(days=run.opened),
    )
    made.links = [
        RoundLink(
            agency=agency,
            secret=f"demonstration-{new_id()}",
            staff=None if place == NOT_SAID else 12 + 240 // place,
            staff_on=None if place == NOT_SAID else made.opens_on,
        )
        for place, agency in enumerate(agencies, start=1)
    ]
    work.session.add(made)
    work.session.flush()
    return made


def _told(
    work: Work, version: SurveyVersion, run: InventedRound, said: Sequence[Mapping[str, Any]], luck: Random
) -> SurveyRound:
    """A round that has closed, its answers let out by the same rules as real ones."""
    made = _round(work, version, run)
    agencies = [link.agency_id for link in made.links]
    weights = [1 / place for place in range(1, len(agencies) + 1)]
    keys = work.site.settings.keys
    for answers in said:
        agency = luck.choices(agencies, weights)[0]
        sealed = seal(keys, {"agency": agency, "answers": dict(answers)})
        work.session.add(RoundAnswers(id=new_id(), round_id=made.id, sealed=sealed))
    work.session.flush()
    let_round_out(work, round_id=made.id)
    return made


def _observations(work: Work) -> None:
    """The last events of three trainers were observed: one is answered, one written, one still to be written."""
    events = work.session.scalars(
        sa.select(Event)
        .where(Event.state == EventState.DELIVERED, Event.ends_at < work.now)
        .order_by(Event.ends_at.desc())
        .limit(OBSERVED)
    ).all()
    observers = work.session.scalars(
        sa.select(Person).where(Person.ref.in_(WORDS["observers"])).order_by(Person.ref)
    ).all()
    for number, (event, observer) in enumerate(zip(reversed(events), observers, strict=False)):
        trainer = next((each for each in event.trainers if each.id != observer.id), None)
        if trainer is None:
            continue
        words = WORDS["observations"][number] if number < len(WORDS["observations"]) else {}
        held: date = london_date(event.ends_at)
        written = event.ends_at + timedelta(days=1) if words else None
        work.session.add(
            Observation(
                event=event,
                trainer=trainer,
                observer=observer,
                asked_at=event.ends_at - timedelta(days=10),
                due_on=due_on(held),
                ratings=dict(zip(ITEMS, words["ratings"], strict=True)) if words else {},
                went_well=words.get("well", ""),
                to_develop=words.get("next", ""),
                written_at=written,
                response=words.get("response", ""),
                responded_at=event.ends_at + timedelta(days=3) if words.get("response") else None,
            )
        )
    work.session.flush()
