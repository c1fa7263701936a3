"""What is typed when a survey is written."""

from collections.abc import Sequence

from wtforms import BooleanField
from wtforms.validators import InputRequired, Length, Optional

from lms.frame.fields import RadioField, SelectField, StringField, TextAreaField, choices_of
from lms.frame.web import Form
from surveys.questions.measures.rules import SENSE_WORDS, Sense
from surveys.questions.models import BankQuestion, Question, SurveyVersion
from surveys.questions.queries import options_written
from surveys.questions.rules import KIND_WORDS, KIRKPATRICK_WORDS, QUESTION_KIND_WORDS, QuestionKind, SurveyKind
from surveys.questions.written import QuestionWritten


class SurveyForm(Form):
    """A new survey."""

    kind = SelectField("What it is for", choices=choices_of([(kind.value, KIND_WORDS[kind]) for kind in SurveyKind]))
    course_id = SelectField("For", coerce=int)
    title = StringField("Title", [InputRequired("Give it a title."), Length(max=120)], description="People read it.")
    intro = TextAreaField("Introduction", [Optional(), Length(max=600)])

    def offer(self, courses: Sequence[tuple[int, str]]) -> "SurveyForm":
        self.course_id.choices = choices_of(courses, (0, "All courses"))
        return self


class CourseSetForm(Form):
    """The course that gets the default set of its type."""

    course_id = SelectField("Course", [InputRequired("Choose a course.")], coerce=int)

    def offer(self, courses: Sequence[tuple[int, str]]) -> "CourseSetForm":
        self.course_id.choices = choices_of(courses)
        return self


class IntroForm(Form):
    """Introduction of the first page."""

    intro = TextAreaField("Introduction of the first page", [Optional(), Length(max=600)])


class QuestionForm(Form):
    """One question."""

    words = TextAreaField("The question", [InputRequired("Enter the question."), Length(max=400)])
    kind = RadioField(
        "How it is answered",
        [InputRequired("Choose how it is answered.")],
        choices=choices_of([(kind.value, QUESTION_KIND_WORDS[kind]) for kind in QuestionKind]),
        default=QuestionKind.SCALE.value,
    )
    heading = StringField(
        "Page", [Optional(), Length(max=100)], description="Questions in a row with the same heading are one page."
    )
    hint = StringField("Hint", [Optional(), Length(max=200)])
    low_words = StringField("What 1 means on a scale", [Optional(), Length(max=40)], description="For example: never")
    high_words = StringField("What 10 means on a scale", [Optional(), Length(max=40)])
    options = TextAreaField(
        "Options, one on each line",
        [Optional()],
        description="For one or any of several. Write often=Yes, often where another question depends on it, and a "
        "star before what is right: * Call today. For a scale in words instead of numbers, write its four steps from "
        "the least to the most: Never, Sometimes, Mostly, Always. They stand at 1, 4, 7 and 10.",
    )
    vignette = TextAreaField(
        "Case to read before it",
        [Optional(), Length(max=1500)],
        description="Make it up, with no one who could be recognised. Use one for each survey, with the right answer "
        "marked.",
    )
    sense = SelectField(
        "What a scale asks of a practice",
        choices=choices_of([(each.value, words) for each, words in SENSE_WORDS.items()]),
    )
    practice_code = StringField(
        "Of which practice, when it looks back or asks what people mean to do",
        [Optional(), Length(max=60)],
        description="The code of the question that asks the same of now: practice.every-adult.",
    )
    source = StringField(
        "Where the question comes from",
        [Optional(), Length(max=300)],
        description="A study, a published scale, a review; or your own.",
    )
    is_required = BooleanField("It must be answered")
    kirkpatrick = SelectField("What it measures (Kirkpatrick level)", coerce=int)
    learning_point_id = SelectField("Learning point that it tests", coerce=int)
    recommendation_id = SelectField("Recommendation that it follows up", coerce=int)
    show_if_code = SelectField("Ask it only if, on a page before")
    show_if_values = StringField(
        "was answered", [Optional()], description="Values divided by commas: often, once. On a scale: 1, 2, 3."
    )
    code = StringField(
        "Code",
        [InputRequired("Enter a code."), Length(max=60)],
        description="Use the same code in two surveys for the same question, so that answers can be compared.",
    )

    def offer(
        self,
        version: SurveyVersion,
        points: Sequence[tuple[int, str]],
        recommendations: Sequence[tuple[int, str]],
        question: Question | None = None,
    ) -> "QuestionForm":
        others = [(each.code, each.words) for each in version.questions if each is not question]
        self.show_if_code.choices = choices_of(others, ("", "Always"))
        levels = [(level, f"{level}: {words}") for level, words in KIRKPATRICK_WORDS.items()]
        self.kirkpatrick.choices = choices_of(levels, (0, "None"))
        self.learning_point_id.choices = choices_of(points, (0, "None"))
        self.recommendation_id.choices = choices_of(recommendations, (0, "None"))
        return self

    @property
    def written(self) -> QuestionWritten:
        """What was typed, as the service takes it."""
        return QuestionWritten(
            code=(self.code.data).strip(),
            kind=QuestionKind(self.kind.data),
            words=self.words.data,
            heading=self.heading.data,
            hint=self.hint.data,
            low_words=self.low_words.data,
            high_words=self.high_words.data,
            is_required=bool(self.is_required.data),
            kirkpatrick=self.kirkpatrick.data or None,
            learning_point_id=self.learning_point_id.data or None,
            recommendation_id=self.recommendation_id.data or None,
            options=tuple(line.strip() for line in (self.options.data).splitlines() if line.strip()),
            show_if_code=self.show_if_code.data,
            show_if_values=tuple(each.strip() for each in (self.show_if_values.data).split(",") if each.strip()),
            sense=Sense(self.sense.data),
            practice_code=(self.practice_code.data).strip(),
            vignette=self.vignette.data,
            source=self.source.data,
        )


def as_typed(question: Question) -> dict[str, object]:
    """A question as its form shows it first."""
    names = (
        "words", "heading", "hint", "low_words", "high_words", "is_required", "show_if_code", "code",
        "practice_code", "vignette", "source",
    )  # fmt: skip
    numbers = ("kirkpatrick", "learning_point_id", "recommendation_id")
    return {
        **{name: getattr(question, name) for name in names},
        **{name: getattr(question, name) or 0 for name in numbers},
        "kind": question.kind.value,
        "sense": question.sense.value,
        "options": "\n".join(options_written(question)),
        "show_if_values": ", ".join(question.show_if_values),
    }


class TakeForm(Form):
    """A question of the bank, and the page it goes on."""

    bank_id = RadioField("Question", [InputRequired("Choose a question.")], coerce=int)
    heading = StringField("Page", [Optional(), Length(max=100)], description="The heading of the page it goes on.")

    def offer(self, questions: Sequence[BankQuestion]) -> "TakeForm":
        self.bank_id.choices = choices_of([(each.id, each.words) for each in questions])
        return self
