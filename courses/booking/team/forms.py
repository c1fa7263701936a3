"""Whom an agency lead books."""

from collections.abc import Sequence

from wtforms import BooleanField
from wtforms.validators import InputRequired, Length, Optional

from lms.frame.fields import SelectChoice, StringField, TicksField
from lms.frame.web import Form


class TeamForm(Form):
    """Several people, and one declaration for them."""

    people = TicksField(
        "Who comes?",
        coerce=int,
        validators=[InputRequired("Choose at least one person.")],
    )
    clash_reason = StringField(
        "Why both bookings are needed",
        description="Only when one of them is booked on something else at that time, or on this course already.",
        validators=[Optional(), Length(max=300, message="Use at most 300 characters.")],
    )
    is_declared = BooleanField(
        "Their line managers have agreed",
        validators=[InputRequired("Confirm that their line managers have agreed.")],
    )

    def offer(self, people: Sequence[tuple[int, str]], *, with_charges: bool) -> "TeamForm":
        """The agency's people who are not booked yet. Where places that nobody uses are charged, it is declared."""
        if with_charges:
            self.is_declared.label.text += ", and the agency knows about the charge if somebody does not come"
        self.people.choices = [SelectChoice(value, label) for value, label in people]
        return self
