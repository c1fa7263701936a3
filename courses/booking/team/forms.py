"""Whom an agency lead books."""

from collections.abc import Sequence

from wtforms import BooleanField
from wtforms.validators import InputRequired, Length, Optional

from courses.booking.team.rules import LinePlanned
from lms.frame.fields import HiddenField, SeveralField, StringField, TextAreaField, choices_of
from lms.frame.web import Form

MOST_CHARACTERS = 60_000


class PasteForm(Form):
    """A list as it was copied from a spreadsheet."""

    list = TextAreaField(
        "One person on each line",
        description="Work address, reference or name, as you copied them from a spreadsheet. More columns do no harm.",
        validators=[
            InputRequired("Paste at least one line."),
            Length(max=MOST_CHARACTERS, message="This is too long. Check it in parts."),
        ],
    )


class BookForm(Form):
    """Those who were checked, and one declaration for them: `ticked` or `list` say who they are, and are read anew."""

    ticked = HiddenField()
    list = HiddenField(validators=[Length(max=MOST_CHARACTERS)])
    accepted = SeveralField("Tick who you mean", coerce=int, validators=[Optional()])
    clash_reason = StringField(
        "Why both bookings are needed",
        description="For anyone who is booked on something else at that time, or on this course already.",
        validators=[Optional(), Length(max=300, message="Use at most 300 characters.")],
    )
    is_declared = BooleanField(
        "Their line managers have agreed",
        validators=[InputRequired("Confirm that their line managers have agreed.")],
    )

    def offer(self, lines: Sequence[LinePlanned], *, with_charges: bool) -> "BookForm":
        """Whom a line may mean. Where places that nobody uses are charged, it is declared."""
        if with_charges:
            self.is_declared.label.text += ", and the agency knows about the charge if someone does not come"
        meant = [each.line.guess for each in lines if each.line.guess is not None]
        self.accepted.choices = choices_of([(each.id, each.name) for each in meant])
        if not any(each.clashes for each in lines):
            del self.clash_reason
        return self

    @property
    def reason(self) -> str:
        """Why both bookings are needed; nothing where it was not asked."""
        return self.clash_reason.data if self.clash_reason else ""
