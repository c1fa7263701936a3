"""What the office writes down about a charge."""

from wtforms.validators import InputRequired, Optional

from charges.claims.rules import EXEMPTION_WORDS
from lms.frame.fields import ClockField, DayField, RadioField, choices_of
from lms.frame.web import Form


class SicknessForm(Form):
    """When it was told, and when it was confirmed."""

    told_at = ClockField(
        "When the manager told us on the day",
        description="A time like 09:15. Leave it empty if they did not.",
        validators=[Optional()],
    )
    confirmed_on = DayField(
        "When they confirmed it in writing",
        description="The date of their letter or message. Leave it empty if they did not.",
        validators=[Optional()],
    )


class ExemptForm(Form):
    """Why nobody is charged."""

    kind = RadioField(
        "Who is exempt?",
        choices=choices_of([(kind.value, words) for kind, words in EXEMPTION_WORDS.items()]),
        validators=[InputRequired("Choose who is exempt.")],
    )
