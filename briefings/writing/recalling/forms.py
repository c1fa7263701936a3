"""Taking a briefing back."""

from wtforms.validators import Length

from lms.frame.fields import TextAreaField
from lms.frame.web import Form


class RecallForm(Form):
    """Why."""

    reason = TextAreaField(
        "Why is it taken back?",
        [Length(max=1000, message="Shorten this to 1,000 characters.")],
        description="We tell people who were sent it. Do not name anyone.",
    )
