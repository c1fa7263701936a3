"""What is typed to set or lift an embargo, and to share learning from under one."""

from wtforms.validators import InputRequired, Optional

from lms.frame.fields import DayField, StringField, TextAreaField, TicksField, choices_of
from lms.frame.web import Form


class EmbargoForm(Form):
    """Set an embargo, or keep it until another day."""

    reason = TextAreaField("Why nothing may be shared yet", description="For example: a criminal trial is coming.")
    look_again_on = DayField("Review this on", [InputRequired("Enter the date to review this.")])


class LiftEmbargoForm(Form):
    """Lift it."""

    reason = StringField("Why it can be lifted")


class ReleaseForm(Form):
    """Learning in general words."""

    text = TextAreaField("What should change, in general words", description="Nothing that leads back to the review.")
    practice = TextAreaField("What people should do differently", [Optional()])
    theme_ids = TicksField("Themes", coerce=int, description="Only themes that other reviews have too.")

    def offer(self, themes: list[tuple[int, str]]) -> "ReleaseForm":
        self.theme_ids.choices = choices_of(themes)
        return self


class DeclineForm(Form):
    """Keep it private."""

    reason = StringField("Why it cannot be shared")
