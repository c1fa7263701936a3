"""Somebody who was there after all: when, in whose place, and why the register did not have them."""

from collections.abc import Mapping, Sequence

from wtforms.validators import InputRequired, Length

from courses.attendance.register.forms import RowTyped, typed_row
from courses.programme.events.models import EventDay
from lms.frame.fields import NameField, SelectChoice, SelectField, StringField, TextAreaField, choices_of
from lms.frame.web import Form
from lms.people.rules import PersonDetails


class AdditionForm(Form):
    """Why, and in whose place; the marks are read by `read_days`, because there are as many as days."""

    instead_of = SelectField("Whose place did they use?", default="", validate_choice=False, choices=[])
    reason = TextAreaField(
        "Why they were not on the register",
        description="We keep this. For example, their name is on the sign-in sheet.",
        validators=[InputRequired("Enter why you are correcting the register. We keep the reason."), Length(max=500)],
    )

    def offer(self, places: Sequence[tuple[int, str]]) -> "AdditionForm":
        """The places that nobody used."""
        self.instead_of.choices = choices_of(
            [(str(each), f"In place of {name}") for each, name in places], ("", "No one’s: they walked in")
        )
        return self

    @property
    def place(self) -> int | None:
        """The booking whose place they used, if one."""
        typed = self.instead_of.data
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


class NewAdditionForm(AdditionForm):
    """The same, for somebody who has no record here."""

    name = NameField("Full name", validators=[InputRequired("Enter their name.")])
    agency_id = SelectField("Agency", coerce=int, validators=[InputRequired("Choose the agency.")])
    email = StringField("Work email address (optional)", description="For the certificate and the evaluation.")

    def offer_agencies(self, agencies: Sequence[tuple[int, str]]) -> None:
        """The agencies to choose from."""
        none = SelectChoice(0, "No agency, or not on the list")
        self.agency_id.choices = [none, *(SelectChoice(value, label) for value, label in agencies)]

    @property
    def details(self) -> PersonDetails:
        return PersonDetails(name=self.name.data, email=self.email.data, agency_id=self.agency_id.data or None)


def days_to_mark(days: Sequence[EventDay], said: Mapping[str, str] | None) -> list[tuple[EventDay, RowTyped]]:
    """Each day with its controls: there, unless something else was typed."""
    return [(day, typed_row(said, f"-{day.id}") if said is not None else RowTyped(mark="present")) for day in days]
