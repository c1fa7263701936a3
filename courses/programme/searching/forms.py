"""What the office types about words that find the same."""

from wtforms.validators import InputRequired, Optional

from lms.frame.fields import StringField, TextAreaField
from lms.frame.web import Form


class MeaningForm(Form):
    """Words that find the same."""

    words = StringField(
        "What courses call it",
        description="For example: domestic abuse. Pages say it for whatever else was typed.",
        validators=[InputRequired("Write what courses call it.")],
    )
    others = TextAreaField(
        "What people search for",
        description="One on each line: DV, DA, domestic violence. Empty: nothing else finds it.",
        validators=[Optional()],
    )
