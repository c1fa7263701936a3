"""Who gives up the place, as the office writes it down."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms.validators import InputRequired, Length, Optional

from courses.booking.bookings.forms import CancelBookingForm
from lms.frame.fields import DayField, RadioField, SelectChoice, StringField, TextAreaField

ASKED, RELEASE, MOVE = "asked", "release", "move"


class GiveUpForm(CancelBookingForm):
    """The delegate asked; we take it back; or another date."""

    who = RadioField(
        "Who is giving up the place?",
        choices=[
            SelectChoice(ASKED, "The delegate asked", {"hint": "The terms on the day they told us count."}),
            SelectChoice(
                RELEASE,
                "We are taking it back",
                {"hint": "Overbooked, or our mistake. Nothing is charged. They’ll get an apology and your reason."},
            ),
            SelectChoice(
                MOVE,
                "Move to another date",
                {"hint": "You choose the date, and say why, on the next page. They keep this place until then."},
            ),
        ],
        validators=[InputRequired("Choose who gives up the place.")],
    )
    told_on = DayField(
        "When did they tell us?",
        description="Leave it empty if it was today.",
        validators=[Optional()],
    )
    told_how = StringField(
        "How did they tell us?",
        description="For example, by phone to Priyanka.",
        validators=[Optional(), Length(max=200, message="Use at most 200 characters.")],
    )
    reason = TextAreaField(
        "Why is the place given up?",
        description="Needed if we take it back. The delegate will read this. Do not name a child or family.",
        validators=[Length(max=1000, message="Use at most 1,000 characters.")],
    )

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """What belongs to another choice than the one that was made stands in nobody's way."""
        super().validate(extra_validators)
        if self.who.data in (RELEASE, MOVE):
            self.told_on.errors = self.told_how.errors = ()
        return not self.errors
