"""The form that erases somebody."""

from wtforms.validators import InputRequired, Length

from lms.frame.fields import StringField, TextAreaField
from lms.frame.web import Form


class EraseForm(Form):
    """Why, and the reference once more, so that it is the right person."""

    reason = TextAreaField(
        "Why",
        description="Who asked, and when. Kept in the audit, without the name.",
        validators=[InputRequired("Say why this person is erased."), Length(max=1000)],
    )
    ref = StringField("Type the person’s reference", validators=[InputRequired("Type the reference to confirm.")])
