"""What is asked when somebody cancels or says what they need."""

from typing import Any

from wtforms.validators import Email, Length, Optional, ValidationError

from courses.booking.bookings.rules import ManagerSaid
from lms.frame.fields import EmailField, NameField, RadioField, StringField, TelField, TextAreaField
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


class CancelBookingForm(Form):
    """Why somebody cancels; optional, because a cancelled place helps somebody else either way."""

    reason = TextAreaField(
        "Why you are cancelling (optional)",
        description="Do not name a child or family.",
        validators=[Length(max=LONG_ENOUGH, message="Use at most 1,000 characters.")],
    )


class ManagerForm(Form):
    """Who the line manager is. Whoever shows it says what can be chosen."""

    manager = RadioField("Your line manager")
    manager_name = NameField("Manager’s name")
    manager_email = EmailField("Manager’s work email address", description="Not your own.")

    @property
    def names_manager(self) -> bool:
        """Whether a name and an address belong to what was chosen."""
        return bool(self.manager.data == ManagerSaid.NEW)

    def validate_manager_name(self, field: Any) -> None:
        if not field.data and self.names_manager:
            raise ValidationError("Enter your line manager’s name, or say that you do not have one.")

    def validate_manager_email(self, field: Any) -> None:
        if not self.names_manager:
            return
        if not field.data:
            raise ValidationError("Enter your line manager’s email address, or say that you do not have one.")
        Email(message="Enter an email address like name@agency.example.")(self, field)
