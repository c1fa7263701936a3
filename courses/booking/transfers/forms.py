"""To which date."""

from wtforms.validators import InputRequired, Length, Optional

from courses.booking.transfers.queries import OtherDate
from lms.frame.fields import RadioField, SelectChoice, StringField, TextAreaField
from lms.frame.web import Form
from lms.kit.words import count


class MoveBookingForm(Form):
    """One of the other dates that have a place."""

    event_id = RadioField("New date", coerce=int, validators=[InputRequired("Choose the new date.")])
    clash_reason = StringField(
        "Why both bookings are needed",
        description="Only needed if something else is booked at that time.",
        validators=[Optional(), Length(max=300, message="Use at most 300 characters.")],
    )
    reason = TextAreaField(
        "Why is it moved?",
        description="The delegate will read this. Do not name a child or family.",
        validators=[Optional(), Length(max=1000, message="Use at most 1,000 characters.")],
    )

    def offer(self, dates: list[OtherDate]) -> "MoveBookingForm":
        self.event_id.choices = [
            SelectChoice(
                each.event_id,
                each.when,
                {"hint": f"{each.where}. {count(each.left, 'place')} left. {_free(each)}"},
            )
            for each in dates
        ]
        return self


class OfficeMoveForm(MoveBookingForm):
    """The same by the office, which says why."""

    reason = TextAreaField(
        "Why is it moved?",
        description="The delegate will read this. Do not name a child or family.",
        validators=[
            InputRequired("Explain why the booking is moved. The delegate will read it."),
            Length(max=1000, message="Use at most 1,000 characters."),
        ],
    )


def _free(date: OtherDate) -> str:
    return (
        f"Free to cancel until {date.free_until}."
        if date.free_until
        else "It can no longer be cancelled free of charge."
    )
