"""Events, their days, venues and trainers."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from courses.programme.courses.models import Course, CourseVersion
from courses.programme.courses.rules import EventType
from courses.programme.events.rules import EventState
from lms.frame.db import Base, Changing
from lms.frame.keeping import MustBe, kept
from lms.frame.together import Together
from lms.people.models import Person


class Venue(Base):
    """A room or building. `name` is how lists show it ("Ashbeck Centre, Larkham")."""

    __tablename__ = "venue"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    town: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    directions: Mapped[str] = mapped_column(default="")  # for those who hold a place
    parking: Mapped[str] = mapped_column(default="", server_default="")  # for everybody who thinks of booking
    access: Mapped[str] = mapped_column(default="", server_default="")


ROOM_FOR_ALL = MustBe(
    name="room",
    holds="new.is_history OR NOT EXISTS (SELECT 1 FROM booking WHERE booking.event_id = new.id"
    " AND booking.place_number > new.largest_capacity)",
    columns=("largest_capacity", "is_history"),
    words="someone holds a place of a higher number.",
)


class Event(Changing, Base):
    """One delivery of a course. The row that is locked before anybody counts its places."""

    __tablename__ = "event"
    __table_args__ = (
        sa.CheckConstraint("capacity > 0", name="capacity_above_zero"),
        sa.CheckConstraint("capacity <= largest_capacity", name="largest_capacity_is_largest"),
        sa.CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_when_cancelled"),
        sa.CheckConstraint("state <> 'delivered' OR finalised_at IS NOT NULL", name="delivered_when_finalised"),
        sa.CheckConstraint("finalised_at IS NULL OR state = 'delivered'", name="finalised_when_delivered"),
        sa.CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_when_published"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.CheckConstraint("booking_opens_at <= booking_closes_at", name="booking_opens_before_it_closes"),
        Together("course_id, course_version_id", "course_version(course_id, id)"),
        sa.CheckConstraint("places_offered IS NULL OR places_offered >= 0", name="places_offered_counted"),
        sa.CheckConstraint("told_version > 0", name="told_versions_count_from_one"),
        sa.CheckConstraint("joining_version > 0", name="joining_versions_count_from_one"),
        sa.Index("ix_event_state_starts_at", "state", "starts_at"),
        {"info": kept(ROOM_FOR_ALL)},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id"), index=True)
    course_version_id: Mapped[int] = mapped_column(sa.ForeignKey("course_version.id"), index=True)
    event_type: Mapped[EventType]  # of the course, stamped when planned and when delivered: then it stays
    state: Mapped[EventState] = mapped_column(default=EventState.PLANNED)
    capacity: Mapped[int]
    largest_capacity: Mapped[int]  # it has ever had: more bookings than that were never allowed
    places_offered: Mapped[int | None]
    starts_at: Mapped[datetime]  # of the first day, kept in step with the days
    ends_at: Mapped[datetime]  # of the last day
    booking_opens_at: Mapped[datetime | None]
    asked_from: Mapped[datetime | None]  # those who had asked for a date may book before others
    booking_closes_at: Mapped[datetime]
    free_until: Mapped[datetime]  # free cancellation by the terms of the day of planning; a booking has its own
    joining_note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    told_version: Mapped[int] = mapped_column(
        default=1, server_default="1"
    )  # counts what those who booked were told of days and places
    joining_version: Mapped[int] = mapped_column(
        default=1, server_default="1"
    )  # counts what those who hold a place were told of how to join
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(default="")
    finalised_at: Mapped[datetime | None]
    is_history: Mapped[bool] = mapped_column(default=False)  # imported after the fact: no mail, surveys or charges

    course: Mapped[Course] = relationship()
    version: Mapped[CourseVersion] = relationship()
    days: Mapped[list["EventDay"]] = relationship(
        back_populates="event", order_by="EventDay.number", cascade="all, delete-orphan"
    )
    trainers: Mapped[list[Person]] = relationship(secondary="event_trainer", order_by=Person.name)

    @validates("course")
    def _stamp_the_type(self, _name: str, course: Course) -> Course:
        self.event_type = course.event_type or EventType.COURSE
        return course

    @validates("capacity")
    def _remember_the_largest(self, _name: str, capacity: int) -> int:
        self.largest_capacity = max(capacity, self.largest_capacity or 0)
        return capacity


class EventDay(Changing, Base):
    """A dated block of an event. Its id is part of calendar entries, so a moved day keeps its row."""

    __tablename__ = "event_day"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "number"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.CheckConstraint("break_minutes >= 0", name="breaks_not_negative"),
        sa.CheckConstraint("number > 0", name="numbers_from_one"),
        sa.Index("ix_event_day_starts_at", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    number: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    break_minutes: Mapped[int] = mapped_column(default=0)
    venue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("venue.id"), index=True)
    online_url: Mapped[str] = mapped_column(default="")

    event: Mapped[Event] = relationship(back_populates="days")
    venue: Mapped[Venue | None] = relationship()


IS_OVER = "event_id IN (SELECT event.id FROM event WHERE event.state IN ('delivered', 'cancelled'))"
"""In SQL, of a row that belongs to an event: nobody changes it any more, so both records of one person stay in it."""


class EventTrainer(Base):
    """Who trains at an event. A trainer is not an attender and takes no place."""

    __tablename__ = "event_trainer"
    __table_args__ = ({"info": {"stays_on_clash": IS_OVER}},)

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
