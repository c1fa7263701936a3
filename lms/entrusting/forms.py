"""Whether a business manager agrees."""

from wtforms.validators import InputRequired, Length

from lms.entrusting.rules import LONGEST_WORDS
from lms.frame.fields import RadioField, SelectChoice, TextAreaField
from lms.frame.web import Form

AGREE = "agree"


class DecideRequestForm(Form):
    """Yes, and it is done at once; or no, with words for whoever asked."""

    answer = RadioField(
        "Do you agree?",
        choices=[SelectChoice(AGREE, "Yes, do it now"), SelectChoice("refuse", "No, leave it as it is")],
        validators=[InputRequired("Choose whether you agree.")],
    )
    words = TextAreaField(
        "If not, why? (optional)",
        description="The person who asked will read this.",
        validators=[Length(max=LONGEST_WORDS, message=f"Use at most {LONGEST_WORDS} characters.")],
    )
