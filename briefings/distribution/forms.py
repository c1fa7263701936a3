"""Whom a briefing goes to and when: chosen first, looked at, then confirmed with the very same choices."""

from datetime import datetime
from typing import Any

from wtforms.fields import BooleanField
from wtforms.validators import InputRequired, Length, Optional

from briefings.distribution.drawing.queries import AudienceChoices
from briefings.distribution.rules import Audience, Trigger
from lms.frame.fields import (
    ClockField,
    DayField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SeveralField,
    StringField,
    TicksField,
    choices_of,
)
from lms.frame.web import Form
from lms.kit.errors import Invalid
from lms.kit.working_days import wall_time

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def ticks(label: str, *, coerce: type = int, description: str = "") -> Any:
    """Several choices as checkboxes."""
    return TicksField(label, coerce=coerce, description=description)


class AudienceForm(Form):
    """The choices of an audience. As part of a form that only asks it needs no token."""

    class Meta:
        csrf = False

    sectors = ticks("Sectors", description="If you tick none, it goes to all of them.")
    agencies = SeveralField("Agencies", coerce=int, description="Some of them, instead of whole sectors.")
    role_groups = ticks("Kinds of work", description="If you tick none, it goes to all of them.")
    levels = ticks("Attended a course of level", coerce=str)
    has_attended = BooleanField("Attended a course that covers what the briefing is about")
    is_leads_only = BooleanField("Agency leads only", description="They share it and tell us what their teams did.")
    no_subscribers = BooleanField("Leave out those who asked for every briefing")
    no_asking = BooleanField("Do not ask agency leads what their teams did")

    def offer(self, choices: AudienceChoices) -> "AudienceForm":
        """What there is to choose from."""
        self.sectors.choices = choices_of(choices.sectors)
        self.agencies.choices = choices_of(choices.agencies)
        self.role_groups.choices = choices_of(choices.role_groups)
        self.levels.choices = choices_of([(each, f"Level {each}") for each in choices.levels])
        return self

    @property
    def audience(self) -> Audience:
        """What was chosen. What makes no sense is left out by the choices."""

        def chosen(field: Any) -> tuple[Any, ...]:
            known = {value for value, *_ in field.iter_choices()}
            return tuple(each for each in field.data or () if each in known)

        return Audience(
            sector_ids=chosen(self.sectors),
            agency_ids=chosen(self.agencies),
            role_group_ids=chosen(self.role_groups),
            levels=chosen(self.levels),
            has_attended=bool(self.has_attended.data),
            is_leads_only=bool(self.is_leads_only.data),
            has_subscribers=not self.no_subscribers.data,
            asks_agencies=not self.no_asking.data,
        )


class SendForm(Form):
    """When it goes, and how many people somebody has just seen."""

    confirmed = HiddenField()
    when = RadioField(
        "When",
        default="now",
        choices=[
            SelectChoice(
                "now",
                "Now",
                {"hint": "Emails leave from 08:00 to 18:00 on working days. Outside those hours they wait until then."},
            ),
            SelectChoice("at", "At a set time", {"hint": "You can cancel it until then. The same hours apply."}),
        ],
        validators=[InputRequired("Choose when it goes.")],
    )
    day = DayField("Day", [Optional()])
    time = ClockField("Time", [Optional()])

    @property
    def due_at(self) -> datetime | None:
        """The set time; None is now. Raises Invalid when it is not whole."""
        if self.when.data == "now":
            return None
        if self.day.data is None:
            raise Invalid("Choose the day on which it goes.", field="day")
        if self.time.data is None:
            raise Invalid("Choose the time at which it goes.", field="time")
        return wall_time(self.day.data, self.time.data, field="time")


class OrderForm(Form):
    """A standing order: its name, and when it sends."""

    confirmed = HiddenField()
    name = StringField(
        "Name of the standing order",
        description="For example: Schools, every Monday.",
        validators=[InputRequired("Give it a name."), Length(max=120, message="Shorten this to 120 characters.")],
    )
    trigger = RadioField(
        "When it sends",
        default=Trigger.PUBLISHED.value,
        choices=[
            SelectChoice(
                Trigger.PUBLISHED.value,
                "As soon as a briefing and the reviews behind it are published",
                {"hint": "Within minutes."},
            ),
            SelectChoice(Trigger.WEEKLY.value, "Once a week, what is new", {"hint": "On this day and at this time."}),
        ],
    )
    weekday = SelectField("Day of the week", coerce=int, default=0, choices=choices_of(list(enumerate(WEEKDAYS))))
    at = ClockField("Time", [Optional()])


def seen(form: SendForm | OrderForm) -> int:
    """How many people the page showed. What somebody made of it is no number, and then never the right one."""
    typed = str(form.confirmed.data)
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1
