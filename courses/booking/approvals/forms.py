"""Whether a manager agrees."""

from wtforms.validators import InputRequired, Length

from courses.booking.approvals.rules import LONGEST_REASON
from lms.frame.fields import RadioField, SelectChoice, TextAreaField
from lms.frame.web import Form

AGREE = "agree"


class ApprovalForm(Form):
    """Yes, or no with a reason that the delegate reads."""

    answer = RadioField(
        "Do you agree?",
        choices=[SelectChoice(AGREE, "Yes, I agree"), SelectChoice("refuse", "No, not this date")],
        validators=[InputRequired("Choose whether you agree.")],
    )
    reason = TextAreaField(
        "If not, why? (optional)",
        description="The delegate will read this. Do not name a child or describe a case.",
        validators=[Length(max=LONGEST_REASON, message=f"Use at most {LONGEST_REASON} characters.")],
    )
