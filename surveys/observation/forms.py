"""What is typed about an observation: who watches whom, what they saw, and the trainer's answer."""

from collections.abc import Iterable, Mapping

from wtforms.validators import InputRequired, Length, Optional

from lms.frame.fields import RadioField, SelectChoice, StringField, TextAreaField
from lms.frame.web import Form
from surveys.observation.rules import ITEMS, RATINGS

LONGEST = Length(max=4000, message="Use at most 4,000 characters.")


class AskForm(Form):
    """Who observes which trainer."""

    trainer_id = RadioField("Whose training", coerce=int, validators=[InputRequired("Choose a trainer.")])
    observer_ref = StringField(
        "The colleague who observes, by reference or email address",
        description="Someone who is not a trainer at this event. They cannot see anything about the delegates here.",
        validators=[InputRequired("Enter a person’s reference or email address.")],
    )

    def offer(self, trainers: Iterable[tuple[int, str]]) -> "AskForm":
        """The trainers of the event."""
        self.trainer_id.choices = [SelectChoice(*each) for each in trainers]
        return self


def _rating(words: str) -> RadioField:
    return RadioField(
        words,
        coerce=int,
        choices=[SelectChoice(*each) for each in RATINGS.items()],
        validators=[InputRequired("Choose one.")],
    )


class ObservationForm(Form):
    """What the observer saw."""

    outcomes = _rating(ITEMS["outcomes"])
    reviews = _rating(ITEMS["reviews"])
    child = _rating(ITEMS["child"])
    inclusion = _rating(ITEMS["inclusion"])
    safety = _rating(ITEMS["safety"])
    practice = _rating(ITEMS["practice"])
    went_well = TextAreaField("What went well", validators=[InputRequired("Enter what went well."), LONGEST])
    to_develop = TextAreaField(
        "What could be tried next time",
        description="Write about the training, not about delegates. Do not name delegates, families or children.",
        validators=[Optional(), LONGEST],
    )

    @property
    def ratings(self) -> Mapping[str, int]:
        return {item: self[item].data for item in ITEMS}


class RespondForm(Form):
    """The trainer's answer."""

    response = TextAreaField("Your answer", validators=[InputRequired("Enter your answer."), LONGEST])
