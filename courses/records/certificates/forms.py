"""The reason for a certificate made by hand, and the number that somebody verifies."""

from wtforms import StringField, TextAreaField

from lms.frame.web import Form


class ReasonForm(Form):
    """Why, in words that the audit keeps."""

    reason = TextAreaField("Why", description="Kept with the certificate, and seen by the training team only.")


class VerifyForm(Form):
    """A form that only asks: it changes nothing, so it needs no token."""

    class Meta:
        csrf = False

    serial = StringField("Certificate number", description="For example RV-2026-1184. It stands on the certificate.")
