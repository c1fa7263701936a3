"""What a review officer types about a review. There is no field for a child's name, date of birth or address."""

from datetime import date
from enum import StrEnum
from typing import Any

from wtforms import BooleanField
from wtforms.validators import InputRequired, Optional, ValidationError

from lms.frame.fields import DayField, RadioField, SelectField, StringField, TextAreaField, TicksField, choices_of
from lms.frame.web import Form
from reviews.cases import life, words
from reviews.cases.models import Review
from reviews.cases.rules import AgeBand, Decision, Ethnicity, Publication, ReviewStage, ReviewType
from reviews.cases.written import ReviewWritten


class ReviewForm(Form):
    """A review, but for what becomes of its report."""

    ref = StringField(
        "Reference", [InputRequired("Enter the reference.")], description="The office’s file reference, like 2024/03."
    )
    title = StringField(
        "Title",
        [InputRequired("Enter a plain title.")],
        description="What it is about, in plain words. No name of a child, no place that points to one.",
    )
    types = TicksField("What it is", choices=choices_of([(t.value, w) for t, w in words.TYPES.items()]))
    headline = StringField(
        "In one sentence", [Optional()], description="A baby was injured. No one had met the man in the home."
    )
    summary = TextAreaField("What happened", [Optional()], description="A few sentences that identify no one.")
    theme_ids = TicksField("Themes", coerce=int)
    stage = SelectField("ReviewStage")
    known_on = DayField("The partnership knew of the incident on", [Optional()])
    notified_on = DayField("The incident was notified on", [Optional()], description="Within 5 working days.")
    notification_reason = StringField("Why the notification took longer", [Optional()])
    rapid_review_on = DayField(
        "The rapid review was finished on", [Optional()], description="Within 15 working days of the notification."
    )
    rapid_review_reason = StringField("Why the rapid review took longer", [Optional()])
    decision = SelectField(
        "Decision", choices=choices_of([(d.value, w) for d, w in words.DECISIONS.items()], ("", "Not decided yet"))
    )
    decided_on = DayField("Decided on", [Optional()], description="The report is due 6 months after this.")
    report_url = StringField("Where the report can be read", [Optional()], description="A web address, when it is out.")
    age_band = SelectField(
        "Age band", choices=choices_of([(a.value, w) for a, w in words.AGE_BANDS.items()], ("", "Not recorded"))
    )
    ethnicity = SelectField(
        "Ethnic group", choices=choices_of([(e.value, w) for e, w in words.ETHNICITIES.items()], ("", "Not recorded"))
    )
    shows_background = BooleanField(
        "Show the age band and ethnic group to readers",
        description="Leave this off unless the report itself gives them.",
    )

    def validate_report_url(self, field: Any) -> None:
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError("Enter a web address that starts with https://.")

    def offer(self, review: Review | None, themes: list[tuple[int, str]]) -> "ReviewForm":
        """The stages that can be chosen, and the themes in use."""
        is_open = review is None or life.WRITE_ON.is_open(review.stage)
        stages = life.UNDER_WAY if review is None or is_open else (review.stage,)
        self.stage.choices = choices_of([(stage.value, words.STAGES[stage]) for stage in stages])
        self.theme_ids.choices = choices_of(themes)
        return self

    @property
    def written(self) -> ReviewWritten:
        """What was typed, as the service takes it."""
        return ReviewWritten(
            ref=self.ref.data,
            title=self.title.data,
            types=tuple(ReviewType(each) for each in self.types.data or ()),
            headline=self.headline.data,
            summary=self.summary.data,
            report_url=self.report_url.data,
            stage=ReviewStage(self.stage.data),
            decision=_one(Decision, self.decision.data),
            known_on=self.known_on.data,
            notified_on=self.notified_on.data,
            rapid_review_on=self.rapid_review_on.data,
            decided_on=self.decided_on.data,
            notification_reason=self.notification_reason.data,
            rapid_review_reason=self.rapid_review_reason.data,
            age_band=_one(AgeBand, self.age_band.data),
            ethnicity=_one(Ethnicity, self.ethnicity.data),
            shows_background=bool(self.shows_background.data),
            theme_ids=tuple(self.theme_ids.data or ()),
        )


def as_typed(review: Review) -> dict[str, Any]:
    """A review as its form shows it first."""
    names = (name for name in ReviewForm.__dict__ if hasattr(review, name))
    shown = {name: getattr(review, name) for name in names}
    shown = {name: value.value if isinstance(value, StrEnum) else value for name, value in shown.items()}
    about = {"types": [each.value for each in review.types], "theme_ids": [theme.id for theme in review.themes]}
    return {
        **shown,
        **about,
        "decision": shown["decision"] or "",
        "age_band": shown["age_band"] or "",
        "ethnicity": shown["ethnicity"] or "",
    }


class PublicationForm(Form):
    """What happens to the report."""

    publication = RadioField(
        "The report",
        choices=choices_of([(p.value, words.PUBLICATIONS[p]) for p in Publication if p is not Publication.EMBARGOED]),
        validators=[InputRequired("Say what becomes of the report.")],
    )
    published_on = DayField("Published on", [Optional()], description="When it is out, in full or in part.")
    publication_reason = StringField(
        "Why publication took longer",
        [Optional()],
        description="Only when it was more than 6 months after the decision.",
    )
    not_published_reason = StringField(
        "Why it is not published", [Optional()], description="Only when it is not published."
    )

    @property
    def chosen(self) -> Publication:
        return Publication(self.publication.data)

    @property
    def day(self) -> date | None:
        day: date | None = self.published_on.data
        return day


def _one(kinds: Any, value: str | None) -> Any:
    return kinds(value) if value else None
