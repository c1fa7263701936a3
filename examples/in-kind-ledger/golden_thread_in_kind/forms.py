"""What the office types."""

from wtforms.validators import DataRequired, InputRequired, Optional

from golden_thread_in_kind.rules import WORDS
from lms.frame.fields import DayField, RadioField, SelectField, StringField, WholeNumberField, choices_of
from lms.frame.web import Form


class ContributionForm(Form):
    """Something that an agency gave."""

    agency_id = SelectField("Agency", coerce=int)
    kind = RadioField("What it gave", choices=choices_of(list(WORDS.items())), validators=[DataRequired("Choose one.")])
    quantity = WholeNumberField("How many", validators=[InputRequired("Write how many.")])
    given_on = DayField("When", validators=[InputRequired("Enter the day on which it was given.")])
    what = StringField("For what", validators=[DataRequired("Say what it was given for, like “Neglect, 12 May”.")])
    person_ref = SelectField("Trainer", coerce=int, validators=[Optional()], description="We thank them by email.")
