"""The one page on which somebody books: who they are, their manager, what they need, and the declaration."""

from collections.abc import Iterator, Sequence
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import Email, Length, ValidationError

from courses.booking.bookings.forms import ManagerForm, NeedsForm
from courses.booking.bookings.rules import BookingRequest, BookingSource, ManagerSaid
from courses.booking.wishes.rules import Asks, LastTime, PlaceWanted
from lms.frame.fields import (
    EmailField,
    NameField,
    SelectChoice,
    SelectField,
    StringField,
    choices_of,
)
from lms.signin.registrations.rules import Newcomer

COPIED = "We copy them in when you book, get a reminder, cancel or do not come. They do not need an account."
ASKED = (
    "We ask them by email to agree. They can answer with one click and do not need an account. You cannot "
    "name yourself."
)
NONE_WHEN_ASKED = "Then your agency’s lead is asked, or the training team decides, and we’ll email you."
LAST_HIDDEN = (
    "If you have booked before. We show you the name after you enter your code, not here: anyone could enter your "
    "address."
)
AGREED = "My line manager has agreed that I can attend"
CHARGED = {Asks.PLACE: ", and knows about the charge if I do not come"}
CHARGED[Asks.LIST] = ", and knows about the charge if I accept a place and do not come"
ONLY_ASKED = "I know that my request is not a booking until it is agreed"
TICK = {
    Asks.PLACE: "Confirm that your line manager has agreed before you book.",
    Asks.LIST: "Confirm that your line manager has agreed before you join the list.",
    Asks.AGREEMENT: "Tick to say that you know it is a request.",
}
ON_THE_PAGE = (
    "name", "email", "agency_words", "role_group_id", "clash_reason", "manager", "manager_name", "manager_email",
    "needs", "food", "phone_on_day", "keep_needs", "is_declared",
)  # fmt: skip
"""The questions from the top to the end, as problems are listed."""


class PlaceForm(NeedsForm, ManagerForm):
    """Somebody who is signed in: we know who they are."""

    keep_needs = BooleanField(
        "Keep my needs for next time",
        description="On your record, until you delete them. Otherwise we delete them after the event.",
    )
    clash_reason = StringField(
        "Why you would still like to come",
        validators=[Length(max=300, message="Use at most 300 characters.")],
    )
    is_declared = BooleanField(AGREED)

    def ask(self, asks: Asks, *, last: LastTime | None, with_charges: bool) -> "PlaceForm":
        """Word the questions as the event has it. `last`: what they said last time; None for somebody signed out."""
        self.asks, self.is_known = asks, last is not None
        is_asked = asks is Asks.AGREEMENT
        self.manager.description = ASKED if is_asked else COPIED
        self.manager.choices = list(_managers(last, NONE_WHEN_ASKED if is_asked else ""))
        knows_last = last is None or bool(last.manager_email)
        if self.manager.data not in {each.value for each in ManagerSaid if knows_last or each is not ManagerSaid.LAST}:
            names_one = self.manager_email.data or self.manager_name.data or last is None or not knows_last
            self.manager.data = (ManagerSaid.NEW if names_one else ManagerSaid.LAST).value
        if is_asked:
            self.is_declared.label.text = ONLY_ASKED
        elif with_charges:
            self.is_declared.label.text = AGREED + CHARGED[asks]
        return self

    def __iter__(self) -> Iterator[Field]:
        return iter(sorted(super().__iter__(), key=lambda each: (each.short_name in ON_THE_PAGE, _place(each))))

    def is_answered(self, cautions: Sequence[str], each_is_right: bool) -> bool:
        """Also what depends on more than one field: the reason where there is a caution, and the declaration."""
        if cautions and not self.clash_reason.data:
            self.clash_reason.errors = ["Explain why you would still like to come."]
        has_no_manager = self.manager.data == ManagerSaid.NONE
        if not self.is_declared.data and (self.asks is Asks.AGREEMENT or not has_no_manager):
            self.is_declared.errors = [TICK[self.asks]]
        return each_is_right and not self.errors

    def wanted(self) -> PlaceWanted:
        """The answers as the service takes them. A tick of somebody signed out takes nothing away."""
        request = BookingRequest(
            source=BookingSource.DELEGATE,
            manager_name=self.manager_name.data if self.names_manager else "",
            manager_email=self.manager_email.data.strip().lower() if self.names_manager else "",
            phone_on_day=self.phone_on_day.data.strip(),
            needs=self.needs.data.strip(),
            food=self.food.data.strip(),
            is_declared=bool(self.is_declared.data),
            clash_reason=self.clash_reason.data.strip(),
        )
        keeps = bool(self.keep_needs.data) if self.is_known or self.keep_needs.data else None
        return PlaceWanted(ManagerSaid(self.manager.data), request, keeps, saw_place=self.asks is Asks.PLACE)


class StrangersForm(PlaceForm):
    """Somebody signed out, whom we may know or not: it is asked the same."""

    name = NameField("Your name", description="As it should appear on the register and on your certificate.")
    email = EmailField(
        "Your work email address",
        description="We’ll send a code to it. If you have booked before, use the same address, to keep everything in "
        "one record.",
    )
    agency_words = NameField(
        "Where you work",
        description="Only if your address does not say so: your organisation, school or service, in full.",
    )
    role_group_id = SelectField("Your kind of work", coerce=int)

    def offer(self, groups: list[tuple[int, str]]) -> "StrangersForm":
        """The kinds of work to choose from; not asked where the office has none."""
        if groups:
            self.role_group_id.choices = choices_of(groups, (0, "Choose one"))
        else:
            del self.role_group_id
        return self

    def validate_name(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Enter your name.")

    def validate_email(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Enter your work email address.")
        Email(message="Enter an email address like name@agency.example.")(self, field)

    def validate_role_group_id(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Choose your kind of work.")

    @property
    def newcomer(self) -> Newcomer:
        """Who they say that they are."""
        return Newcomer(
            name=self.name.data,
            email=self.email.data,
            agency_words=self.agency_words.data,
            role_group_id=self.role_group_id.data if self.role_group_id else None,
        )


def _place(field: Field) -> int:
    return ON_THE_PAGE.index(field.short_name) if field.short_name in ON_THE_PAGE else 0


def _managers(last: LastTime | None, none_hint: str) -> Sequence[SelectChoice]:
    """Whom they can name. Whose manager it was last time is told only to whoever has proved who they are."""
    none_about = {"hint": none_hint} if none_hint else {}
    none = SelectChoice(ManagerSaid.NONE.value, "I do not have a line manager", none_about)
    if last is None:
        first = [SelectChoice(ManagerSaid.LAST.value, "The one from my last booking", {"hint": LAST_HIDDEN})]
        return [*first, SelectChoice(ManagerSaid.NEW.value, "This person"), none]
    if not last.manager_email:
        return [SelectChoice(ManagerSaid.NEW.value, "This person"), none]
    known = f"{last.manager_name}, {last.manager_email}" if last.manager_name else last.manager_email
    return [
        SelectChoice(ManagerSaid.LAST.value, known, {"hint": "As on your last booking."}),
        SelectChoice(ManagerSaid.NEW.value, "Another person"),
        none,
    ]
