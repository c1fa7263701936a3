"""The reason for a certificate made by hand, and the number that somebody verifies."""

from wtforms.validators import DataRequired, Length

from lms.frame.fields import StringField, TextAreaField
from lms.frame.web import Form


class ReasonForm(Form):
    """Why, in words that the audit keeps."""

    reason = TextAreaField("Why", description="Kept with the certificate, and seen by the training team only.")


class VerifyForm(Form):
    """A form that only asks: it changes nothing, so it needs no token."""

    class Meta:
        csrf = False

    serial = StringField("Certificate number", description="For example RV-2026-7KM4-QXH9. It is on the certificate.")


class SurnameForm(Form):
    """The surname that a certificate with a number in order must carry. Posted, so that it is in no log."""

    surname = StringField(
        "Surname",
        description="As it appears on the certificate.",
        validators=[DataRequired("Enter the surname on the certificate."), Length(max=200)],
    )
