"""What the office types about words that find the same."""

from wtforms.validators import InputRequired, Optional

from lms.frame.fields import StringField, TextAreaField
from lms.frame.web import Form


class MeaningForm(Form):
    """Words that find the same."""

    words = StringField(
        "What courses call it",
        description="For example, domestic abuse. We show it whichever of these people search for.",
        validators=[InputRequired("Enter what courses call it.")],
    )
    others = TextAreaField(
        "What people search for",
        description="One on each line, like DV, DA, domestic violence. If you leave it empty, nothing else finds it.",
        validators=[Optional()],
    )
