"""What the safeguarding lead decides, and who that is."""

from wtforms.validators import InputRequired, Length

from lms.frame.fields import RadioField, StringField, TextAreaField, choices_of
from lms.frame.web import Form
from surveys.concerns.rules import CONCERN_WORDS, ConcernState


class ConcernForm(Form):
    """What was done."""

    state = RadioField(
        "What happened",
        [InputRequired("Choose what happened.")],
        choices=choices_of(
            [(state.value, CONCERN_WORDS[state]) for state in (ConcernState.ACTED, ConcernState.NO_ACTION)]
        ),
    )
    note = TextAreaField(
        "What you did, or why you did nothing",
        [Length(max=1000)],
        description="Do not repeat anything that identifies someone.",
    )


class HeldForm(Form):
    """Words that reports may show."""

    words = TextAreaField(
        "Words that reports may show", description="Remove words, or replace them with [removed]. Do not add anything."
    )


class LeadForm(Form):
    """By the person's reference."""

    ref = StringField(
        "Reference of the person",
        [InputRequired("Enter the reference of the person.")],
        description="It is on their page under People.",
    )
