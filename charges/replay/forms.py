"""Which draft to replay, and over which days."""

from wtforms.validators import Optional

from lms.frame.fields import DayField, SelectField, choices_of
from lms.frame.web import Form


class ReplayForm(Form):
    """It is sent by a GET, so that a replay has an address."""

    class Meta:
        csrf = False

    draft = SelectField("Draft", default="", validate_choice=False, choices=[])
    from_day = DayField("From", validators=[Optional()])
    to_day = DayField("To", validators=[Optional()])

    def offer(self, drafts: list[tuple[int, str]]) -> "ReplayForm":
        """The drafts that there are."""
        self.draft.choices = choices_of([(str(each), name) for each, name in drafts])
        return self
