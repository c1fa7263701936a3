"""Who the line manager is now."""

from wtforms import BooleanField

from courses.booking.bookings.forms import ManagerForm
from courses.booking.bookings.rules import ManagerSaid
from lms.frame.fields import SelectChoice

COPIED = "We’ll copy them in from now on. They do not need an account."
ASKED = "We ask them by email to agree. They can answer with one click and do not need an account."
NONE_WHEN_ASKED = "Then the agency’s lead is asked, or the training team decides."


class AnotherManagerForm(ManagerForm):
    """Another person, or nobody."""

    is_declared = BooleanField("They have agreed to this training")

    def ask(self, *, is_asked: bool) -> "AnotherManagerForm":
        """Word it for a booking that waits for a line manager to agree, or for any other."""
        none = {"hint": NONE_WHEN_ASKED} if is_asked else {}
        self.manager.label.text = "Who is the line manager now?"
        self.manager.choices = [
            SelectChoice(ManagerSaid.NEW.value, "This person", {"hint": ASKED if is_asked else COPIED}),
            SelectChoice(ManagerSaid.NONE.value, "There is no line manager", none),
        ]
        if not self.manager.data:
            self.manager.data = ManagerSaid.NEW.value
        if is_asked:
            del self.is_declared
        return self

    @property
    def named(self) -> tuple[str, str]:
        """Name and address; nothing where there is none."""
        if not self.names_manager:
            return "", ""
        return self.manager_name.data.strip(), self.manager_email.data.strip().lower()

    @property
    def says_agreed(self) -> bool:
        """Whether they say that the line manager has agreed."""
        return self.names_manager and "is_declared" in self and bool(self.is_declared.data)
