"""What coordinators type about events. Dates and times are London wall time; a day without a venue is online."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from wtforms import Form as PartForm
from wtforms.fields import BooleanField, FieldList, FormField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from courses.programme.events.models import Event
from courses.programme.events.rules import EventDetails, PlannedDay
from lms.frame.fields import (
    ClockField,
    DayField,
    RadioField,
    SearchField,
    SelectChoice,
    SelectField,
    SeveralField,
    StringField,
    TextAreaField,
    WholeNumberField,
    choices_of,
)
from lms.frame.web import Form
from lms.kit.errors import Invalid
from lms.kit.working_days import end_of_day, london, london_date, wall_time

MOST_DAYS = 20
ONLINE = (0, "Online")
Choices = Sequence[tuple[int, str]]


class DayForm(PartForm):
    """One day of an event."""

    date = DayField("Date", validators=[InputRequired("Enter the date of this day.")])
    starts = ClockField("Starts at", validators=[InputRequired("Enter when this day starts, like 09:30.")])
    ends = ClockField("Ends at", validators=[InputRequired("Enter when this day ends, like 16:00.")])
    break_minutes = WholeNumberField(
        "Minutes of breaks",
        description="Left out of CPD hours.",
        validators=[Optional(), NumberRange(0, 600, "Enter minutes from 0 to 600.")],
    )
    venue_id = SelectField("Where", coerce=int)
    online_url = StringField(
        "Link to join online",
        description="Only people with a confirmed place see it.",
        validators=[Optional(), Length(max=500, message="Shorten the link to 500 characters.")],
    )

    def validate_starts(self, field: ClockField) -> None:
        self._check_clock(field)

    def validate_ends(self, field: ClockField) -> None:
        self._check_clock(field)
        if self.starts.data and field.data and field.data <= self.starts.data:
            raise ValidationError("The day has to end after it starts.")

    def validate_online_url(self, field: StringField) -> None:
        if field.data and not field.data.strip().startswith(("https://", "http://")):
            raise ValidationError("Enter the whole link, starting with https://")

    def _check_clock(self, field: ClockField) -> None:
        if self.date.data is None or field.data is None:
            return
        try:
            wall_time(self.date.data, field.data)
        except Invalid as refusal:
            raise ValidationError(refusal.words) from None

    def planned(self) -> PlannedDay:
        """The day as the services take it."""
        return PlannedDay(
            starts_at=moment_of(self.date, self.starts),
            ends_at=moment_of(self.date, self.ends),
            break_minutes=self.break_minutes.data or 0,
            venue_id=self.venue_id.data or None,
            online_url=(self.online_url.data).strip(),
        )


WHY = Length(max=1000, message="Use at most 1,000 characters.")


class DaysForm(Form):
    """The days of an event; works without scripts: a button of its own adds a day and keeps what was typed."""

    days = FieldList(FormField(DayForm, label="Day"), label="Days", min_entries=1, max_entries=MOST_DAYS)
    anyway = BooleanField("Do it anyway")

    def offer_venues(self, venues: Choices) -> None:
        for day in self.days.entries:
            day.form.venue_id.choices = choices_of(venues, ONLINE)

    def change_number_of_days(self, wish: str, venues: Choices) -> bool:
        """Do what "Add another day" or "Take off the last day" asked for. False when neither was pressed."""
        if wish == "add" and len(self.days.entries) < MOST_DAYS:
            self.days.append_entry(self.days.entries[-1].form.data if self.days.entries else None)
            self.days.entries[-1].form.date.data = None
        elif wish == "remove" and len(self.days.entries) > 1:
            self.days.pop_entry()
        self.offer_venues(venues)
        return wish in ("add", "remove")

    def planned_days(self) -> list[PlannedDay]:
        return [day.form.planned() for day in self.days.entries]


class MoveForm(DaysForm):
    """Other days, times, places or links of an event that people know of, and why."""

    why = TextAreaField(
        "Why does it change?",
        description="The people we tell read this in their email. Do not name a child or family.",
        validators=[InputRequired("Explain why it changes. The people we tell read it in their email."), WHY],
    )


class EventDetailsForm(Form):
    """Trainers, the booking window and the joining note."""

    trainer_ids = SeveralField("Trainers", coerce=int)
    opens_on = DayField(
        "Booking opens on",
        description="Leave it empty to open booking as soon as the event is published.",
        validators=[Optional()],
    )
    closes_on = DayField(
        "Booking closes at the end of",
        description="Leave it empty to use the usual time in the booking policy.",
        validators=[Optional()],
    )
    joining_note = TextAreaField(
        "Joining instructions",
        description="What to bring, parking, how to get in. Only people with a confirmed place see them.",
        validators=[Optional(), Length(max=5000, message="Shorten the instructions to 5,000 characters.")],
    )
    anyway = BooleanField("Do it anyway")

    def offer_trainers(self, trainers: Choices) -> None:
        self.trainer_ids.choices = choices_of(trainers)

    def details(self) -> EventDetails:
        """The details as the services take them."""
        return EventDetails(
            trainer_ids=tuple(self.trainer_ids.data or ()),
            opens_at=wall_time(self.opens_on.data, time(0, 0)) if self.opens_on.data else None,
            closes_at=end_of_day(self.closes_on.data) if self.closes_on.data else None,
            joining_note=self.joining_note.data,
        )


class ChangeForm(EventDetailsForm):
    """The same of an event that people know of: why, and whether they are told."""

    why = TextAreaField(
        "Why does it change?",
        description="The people we tell read this in their email. Do not name a child or family.",
        validators=[Optional(), WHY],
    )
    tell = RadioField(
        "Tell them what has changed?",
        default="yes",
        choices=[
            SelectChoice(
                "yes", "Yes, email them", {"hint": "The email says what it was, what it is now and how to join."}
            ),
            SelectChoice(
                "no",
                "No, it only corrects the spelling",
                {"hint": "Only for joining instructions. A change of trainer is always told."},
            ),
        ],
    )


class EventForm(DaysForm, EventDetailsForm):
    """A new event."""

    course_id = SelectField("Course", coerce=int)
    capacity = WholeNumberField(
        "Places",
        description="Leave it empty to use the number for the course or the policy.",
        validators=[Optional(), NumberRange(1, 10_000, "Enter a number of places from 1 to 10,000.")],
    )


class CapacityForm(Form):
    """Places of an event."""

    capacity = WholeNumberField(
        "Places",
        validators=[
            InputRequired("Enter the number of places."),
            NumberRange(1, 10_000, "Enter a number of places from 1 to 10,000."),
        ],
    )


class CopyForm(Form):
    """When the copy of an event starts."""

    first_day = DayField("First day of the new event", validators=[InputRequired("Enter the first day.")])
    anyway = BooleanField("Do it anyway")

    def day(self) -> date:
        """The first day; it has been validated."""
        if self.first_day.data is None:
            raise Invalid("Enter the first day.", field="first_day")
        return self.first_day.data


class CancelEventForm(Form):
    """Why an event will not run."""

    reason = TextAreaField(
        "Why is it cancelled?",
        description="Everyone who booked reads this in their email.",
        validators=[InputRequired("Explain why the event is cancelled. Those who booked will read it.")],
    )


class PostponeForm(Form):
    """Why an event does not run on its dates."""

    why = TextAreaField(
        "Why is it postponed?",
        description="The people we tell read this in their email. Do not name a child or family.",
        validators=[InputRequired("Explain why it is postponed. The people we tell read it in their email."), WHY],
    )


class EventFilter(PartForm):
    """Which events a coordinator looks at; in the address, so that the view can be shared."""

    q = SearchField("Words or reference")
    course = SelectField("Course", validate_choice=False)
    state = SelectField("State", validate_choice=False)
    month = SelectField("Month", validate_choice=False)


def moment_of(day: DayField, at: ClockField) -> datetime:
    """The moment that a date and a time typed together mean in London; both have been validated."""
    if day.data is None or at.data is None:
        raise Invalid("Enter the date and the times of each day.", field="days")
    return wall_time(day.data, at.data, field="days")


def days_as_typed(event: Event) -> list[dict[str, Any]]:
    """An event's days as the form shows them."""
    return [
        {
            "date": london_date(day.starts_at),
            "starts": london(day.starts_at).time(),
            "ends": london(day.ends_at).time(),
            "break_minutes": day.break_minutes,
            "venue_id": day.venue_id or 0,
            "online_url": day.online_url,
        }
        for day in event.days
    ]


def details_as_typed(event: Event, usual_closing: datetime) -> dict[str, Any]:
    """An event's details as the form shows them; a closing time that is the usual one is left empty."""
    return {
        "trainer_ids": [each.id for each in event.trainers],
        "opens_on": _day_of(event.booking_opens_at),
        "closes_on": None if event.booking_closes_at == usual_closing else _day_of(event.booking_closes_at),
        "joining_note": event.joining_note,
    }


def _day_of(moment: datetime | None) -> date | None:
    return london_date(moment) if moment is not None else None
