"""What is asked when somebody books, cancels or says what they need."""

from typing import Any

from wtforms import BooleanField
from wtforms.validators import Email, Length, Optional, ValidationError

from courses.booking.bookings.rules import BookingRequest, BookingSource
from lms.frame.fields import EmailField, NameField, StringField, TelField, TextAreaField
from lms.frame.web import Form

LONG_ENOUGH = 1000


class NeedsForm(Form):
    """What somebody needs on the day."""

    phone_on_day = TelField(
        "Phone number on the day",
        description="In case the trainer has to reach you, for example if the room changes.",
        validators=[Optional(), Length(max=40, message="Use at most 40 characters.")],
    )
    needs = TextAreaField(
        "Access needs",
        description="For example a hearing loop, step-free access or a place near the front.",
        validators=[Optional(), Length(max=LONG_ENOUGH, message="Use at most 1,000 characters.")],
    )
    food = StringField(
        "Food", description="For example vegetarian, halal, no nuts.", validators=[Optional(), Length(max=200)]
    )


class BookingForm(NeedsForm):
    """The answers of a booking. The declaration is asked last, on the page that shows them all."""

    manager_name = NameField("Your line manager’s name")
    manager_email = EmailField(
        "Your line manager’s email address",
        description="We copy your manager in when you are booked, reminded, cancel or do not come. "
        "They do not need an account.",
    )
    has_no_manager = BooleanField("I do not have a line manager", description="For example, you volunteer.")
    clash_reason = StringField(
        "Why both bookings are needed", validators=[Optional(), Length(max=300, message="Use at most 300 characters.")]
    )
    is_declared = BooleanField("My line manager has agreed that I can attend")

    def with_charges(self, are_made: bool) -> "BookingForm":
        """Where places that nobody uses are charged, the declaration says so."""
        if are_made:
            self.is_declared.label.text += ", and knows about the charge if I do not come"
        return self

    def validate_manager_name(self, field: Any) -> None:
        if not field.data and not self.has_no_manager.data:
            raise ValidationError("Enter your line manager’s name, or say that you do not have one.")

    def validate_manager_email(self, field: Any) -> None:
        if not field.data and not self.has_no_manager.data:
            raise ValidationError("Enter your line manager’s email address, or say that you do not have one.")
        if field.data:
            Email(message="Enter an email address like name@agency.example.")(self, field)

    @property
    def request(self) -> BookingRequest:
        """The answers as the service takes them."""
        has_manager = not self.has_no_manager.data
        return BookingRequest(
            source=BookingSource.DELEGATE,
            manager_name=(self.manager_name.data) if has_manager else "",
            manager_email=(self.manager_email.data).strip().lower() if has_manager else "",
            phone_on_day=(self.phone_on_day.data).strip(),
            needs=(self.needs.data).strip(),
            food=(self.food.data).strip(),
            is_declared=bool(self.is_declared.data),
            clash_reason=(self.clash_reason.data).strip(),
        )


class CancelBookingForm(Form):
    """Why somebody cancels; optional, because a cancelled place helps somebody else either way."""

    reason = TextAreaField(
        "Why you are cancelling (optional)",
        description="Do not name a child or family.",
        validators=[Length(max=LONG_ENOUGH, message="Use at most 1,000 characters.")],
    )
