"""What people type about invoices."""

from collections.abc import Sequence
from datetime import date

from wtforms.validators import InputRequired, Length

from charges.invoices.rules import month_words
from lms.frame.fields import DayField, PoundsField, SelectField, StringField, TextAreaField, choices_of
from lms.frame.web import Form


class IssueForm(Form):
    """Which month to invoice."""

    month = SelectField("Month", validators=[InputRequired("Choose a month.")])

    def offer(self, months: Sequence[date]) -> "IssueForm":
        """The months that are over."""
        self.month.choices = choices_of([(f"{month:%Y-%m}", month_words(month)) for month in months])
        return self


class PaymentForm(Form):
    """When an invoice was paid."""

    amount = PoundsField("Amount received", description="In pounds and pence.")
    paid_on = DayField("Paid on", validators=[InputRequired("Say on which day it was paid.")])
    reference = StringField(
        "Reference",
        description="As the finance system calls it.",
        validators=[Length(max=60, message="Use 60 characters.")],
    )


class WhyForm(Form):
    """Why a charge is credited or written off."""

    why = TextAreaField(
        "Why",
        description="Do not name a child or describe a case.",
        validators=[InputRequired("Enter a reason."), Length(max=1000, message="Shorten this to 1,000 characters.")],
    )
