"""Forms for holds."""

from wtforms.validators import InputRequired, Length

from lms.frame.fields import DayField, SelectField, StringField, TextAreaField, choices_of
from lms.frame.plugins import Retention
from lms.frame.web import Form

ALL = ("", "Everything about the person; they cannot be erased either")


class HoldRecordsForm(Form):
    """Whom or what to keep, why, and when to look again."""

    ref = StringField(
        "The person’s reference",
        description="Leave it empty to hold one kind of record for everyone.",
        validators=[Length(max=40)],
    )
    kept = SelectField("What to keep")
    reason = TextAreaField(
        "Why",
        description="Like a complaint, a claim, or an inquiry. Do not name a child or describe a case.",
        validators=[InputRequired("Explain why this must be kept."), Length(max=1000)],
    )
    look_again_on = DayField("Review on", validators=[InputRequired("Enter the date to review it.")])

    def offer(self, retention: tuple[Retention, ...]) -> "HoldRecordsForm":
        """All of it, or what one retention removes."""
        self.kept.choices = choices_of([(each.name, each.words) for each in retention], ALL)
        return self


class LiftHoldForm(Form):
    """Why something need not be kept any more."""

    reason = TextAreaField(
        "Why it no longer needs to be kept", validators=[InputRequired("Enter a reason."), Length(max=1000)]
    )
