"""How the office knows that it is really them."""

from wtforms.validators import InputRequired, Length

from lms.frame.fields import TextAreaField
from lms.frame.web import Form


class ResetForm(Form):
    """Kept in the audit."""

    reason = TextAreaField(
        "How you know that it is really them",
        description="For example: called back on the number that the agency gave us. An email alone is not enough.",
        validators=[InputRequired("Explain how you know that it is really them."), Length(max=500)],
    )
