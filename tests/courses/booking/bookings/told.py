"""A partnership that a state machine plays with, and what its people know: only what letters that arrived told them."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from icalendar import Calendar
from sqlalchemy.orm import Session

from charges.charge.models import Charge
from charges.charge.rules import LIVE
from courses.booking.bookings.jobs import move_people_up, renew_late_letters, send_reminders
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import LIVE_STATES, BookingState
from courses.programme import words
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.access import Actor
from lms.frame.site import Site
from lms.frame.work import Work
from lms.jobs.services import carry_out
from lms.kit.words import clock, long_date, pounds
from lms.mail.models import OutboxLetter
from lms.mail.queries import recipient_of
from lms.mail.rules import HAS_LEFT, LetterState
from lms.people.models import Person
from tests.everything import everything
from tests.make import Make
from tests.moments import NOW

HOLDS = frozenset(
    ("booking_confirmed", "place_found", "place_taken", "event_joining", "booking_restored", "booking_moved")
)
REMINDS = frozenset(("reminder", "joining_instructions", "last_reminder"))
SAYS_HOW_TO_JOIN = frozenset(("joining_instructions", "last_reminder", "event_joining"))
CHANGES = frozenset(("event_moved", "event_place"))
SAYS_FREE_UNTIL = frozenset(
    ("booking_confirmed", "place_found", "place_taken", "event_moved", "reminder", "booking_restored", "booking_moved")
)
ENDS = frozenset(("booking_cancelled", "place_given", "event_cancelled", "booking_released", "not_agreed"))
SAYS_LATE = frozenset(("booking_cancelled", "booking_moved"))
TELLS_A_MANAGER_OF_A_PLACE = (HOLDS | CHANGES | {"reminder"}) - {"event_joining"}
JOBS = (move_people_up, renew_late_letters, send_reminders)


@dataclass
class Knows:
    """What somebody knows of one booking."""

    is_live: bool = False
    holds: bool = False
    when: str = ""
    where: list[str] = field(default_factory=list)
    link: str = ""
    free_until: str = ""
    is_postponed: bool = False
    is_late: bool | None = None
    charge: str = ""


@dataclass
class Partnership:
    """One event with a trainer, a few people, and the mail between them, in one transaction that is undone."""

    session: Session
    site: Site
    now: datetime = NOW
    sent: list[OutboxLetter] = field(default_factory=list)
    knows: dict[int, Knows] = field(default_factory=dict)
    trainer_knows: dict[str, str] = field(default_factory=dict)
    manager_knows: dict[int, Knows] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)
    untrue: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    last: dict[tuple[Any, ...], tuple[Any, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.make = make = Make(self.session)
        self.trainer = make.person("Denzil Marrowby")
        course = make.course()
        self.other_date = make.event(course, starts=NOW + timedelta(days=44, hours=-1), capacity=1)
        self.event = make.event(course, starts=NOW + timedelta(days=16, hours=-1), capacity=2, trainers=[self.trainer])
        with_approval = make.course("Neglect", needs_approval=True)
        self.elsewhere = make.event(with_approval, starts=NOW + timedelta(days=23, hours=-1))
        agency = make.agency()
        self.lead = make.person("Odile Marsh", agency=agency)
        names = ("Amara", "Tobiah", "Kezia", "Bronagh")
        self.people = [make.person(name, agency=agency) for name in names]
        self.venues = [
            make.venue(name).id
            for name in ("Ashbeck Centre, Larkham", "Ashbeck Centre, Room 2, Larkham", "Thornmere Library, Larkham")
        ]

    def work(self, person: Person | None = None) -> Work:
        """Work by somebody, or by the office. No two things are done at the same moment."""
        self.now += timedelta(microseconds=1)
        actor = Actor(person.name, person.id) if person is not None else everything(self.site)
        return Work(self.session, actor, self.now, self.site)

    def by_link(self) -> Work:
        """Work by whoever opened the link of a letter, without an account."""
        return replace(self.work(), actor=Actor("Nobody"))

    def ended(self, person: Person) -> Booking | None:
        """Somebody's newest claim that is over, if a person ended it."""
        found = sa.select(Booking).where(Booking.person_id == person.id, Booking.state.not_in(LIVE_STATES))
        return self.session.scalars(
            found.where(Booking.cancelled_by_id.is_not(None)).order_by(Booking.cancelled_at.desc(), Booking.id.desc())
        ).first()

    def booking_of(self, person: Person, *states: BookingState) -> Booking | None:
        """Somebody's newest live claim on the event."""
        found = sa.select(Booking).where(Booking.person_id == person.id, Booking.state.in_(states or LIVE_STATES))
        return self.session.scalars(found.where(Booking.event_id == self.event.id).order_by(Booking.id.desc())).first()

    def pass_time(self, hours: int, *, by_day: bool = True) -> None:
        self.now += timedelta(hours=hours)
        if by_day:
            for job in JOBS:
                carry_out(self.work(), job)

    def deliver(self) -> None:
        """All that is due arrives, as far as it is still so; what each letter says is compared with what is."""
        due = sa.select(OutboxLetter).where(OutboxLetter.state == LetterState.WAITING, OutboxLetter.due_at <= self.now)
        self.session.flush()
        for row in self.session.scalars(due.order_by(OutboxLetter.due_at, OutboxLetter.id)).all():
            is_past = row.good_until is not None and self.now > row.good_until
            if recipient_of(self.session, row).has_left:
                row.state, row.last_error = LetterState.WITHDRAWN, HAS_LEFT
                continue
            if is_past or self.site.why_not_send(replace(self.work()), row):
                row.state = LetterState.WITHDRAWN
                continue
            row.state, row.sent_at = LetterState.SENT, self.now
            self.session.flush()
            self._arrives(row)

    def _arrives(self, row: OutboxLetter) -> None:
        kind, context = row.kind.removeprefix("courses."), row.context
        self.sent.append(row)
        self._not_twice(row)
        if kind == "event_for_trainer":
            self.trainer_knows |= {label: now for _, label, _, now in context["parts"]}
            return
        booking = self.session.get(Booking, row.booking_id) if row.booking_id else None
        if booking is None or kind.startswith("charge_"):
            return
        if row.person_id != booking.person_id:
            self._arrives_at_manager(kind, row, booking)
            return
        self._check_true(kind, row, booking)
        if kind == "calendar_day" and context["is_cancelled"] and booking.state not in LIVE_STATES:
            self.knows.setdefault(booking.id, Knows()).is_live = False
        if "was_booking_id" in context:  # moved, or moved back
            self.knows.setdefault(context["was_booking_id"], Knows()).is_live = False
        if kind in SAYS_LATE:
            ended = context["was_booking_id"] if kind == "booking_moved" else booking.id
            amount = context["old_charge"] if kind == "booking_moved" else context["charge"]
            about = self.knows.setdefault(ended, Knows())
            about.is_late, about.charge = context["is_late"], amount if context["is_late"] else ""
        if kind != "calendar_day":
            self._learns(self.knows.setdefault(booking.id, Knows()), kind, row)

    def _arrives_at_manager(self, kind: str, row: OutboxLetter, booking: Booking) -> None:
        """What the line manager, who has no account, learns of one booking: a request, or how things stand."""
        context = row.context
        if kind == "approval_asked":
            self._same(row, "awaited", booking.state, BookingState.AWAITING_MANAGER)
            self.asked.add(booking.id)
            return
        about, knows = context["about"], self.manager_knows.setdefault(booking.id, Knows())
        knows.holds = about in TELLS_A_MANAGER_OF_A_PLACE or (about == "event_postponed" and context["holds_a_place"])
        if knows.holds:
            knows.when = context["when"]
            self._same(row, "place held", booking.state, BookingState.CONFIRMED)
        if about in HOLDS and not context["is_postponed"]:
            self._same(row, "free until", context["free_until"], free_until(booking))
        if "was_booking_id" in context:
            self.manager_knows.setdefault(context["was_booking_id"], Knows()).holds = False

    def _not_twice(self, row: OutboxLetter) -> None:
        who = (row.person_id, row.to_address, row.booking_id, row.kind if row.kind.endswith("calendar_day") else "")
        said = (row.kind, repr(sorted(row.context.items())))
        if self.last.get(who) == said:
            self.twice.append(f"{row.kind} to {who}")
        self.last[who] = said

    def _check_true(self, kind: str, row: OutboxLetter, booking: Booking) -> None:
        context, event = row.context, booking.event
        if kind in HOLDS | REMINDS | CHANGES | {"waiting", "place_offered"}:
            is_postponed = context.get("is_postponed", False)
            if not is_postponed:  # that one says on which date it will not be
                self._same(row, "when", context["when"], words.when(event))
                self._same(row, "where", context["where"], words.where_in_full(event))
            self._same(row, "state", event.state, EventState.POSTPONED if is_postponed else EventState.PUBLISHED)
        if kind in HOLDS | REMINDS or (context.get("holds_a_place") and kind in CHANGES):
            self._same(row, "place held", booking.state, BookingState.CONFIRMED)
        if kind in SAYS_FREE_UNTIL and booking.state is BookingState.CONFIRMED:
            self._same(row, "free until", context["free_until"], free_until(booking))
        if kind in SAYS_HOW_TO_JOIN:
            self._same(row, "links", context["online_urls"], links(event))
            self._same(row, "note", context["joining_note"], event.joining_note)
        if row.calendar_method == "REQUEST":
            self._same(row, "calendar link", link_in(row), first_link(event))
        if kind in ENDS:
            self._same(row, "ended", booking.state in LIVE_STATES, False)

    def _same(self, row: OutboxLetter, what: str, said: object, so: object) -> None:
        if said != so:
            self.untrue.append(f"{row.kind} says {what} {said!r}, and it is {so!r}")

    def _learns(self, knows: Knows, kind: str, row: OutboxLetter) -> None:
        context = row.context
        if kind in ENDS or (kind == "offer_lapsed" and context["is_last"]):
            knows.is_live = knows.holds = False
            return
        if kind == "place_returned":
            knows.is_live, knows.holds = bool(context["now"]), False
            knows.when, knows.where = context["when"], context["where"]
            return
        knows.is_live = True
        if kind == "event_postponed":
            knows.is_postponed, knows.holds = True, context["holds_a_place"]
            return
        knows.is_postponed = context.get("is_postponed", False)
        knows.when, knows.where = context["when"], context["where"]
        if kind in HOLDS | REMINDS or (kind in CHANGES and context["holds_a_place"]):
            knows.holds = True
        if kind in SAYS_FREE_UNTIL:
            knows.free_until = context["free_until"]
        if row.calendar_method == "REQUEST":
            knows.link = link_in(row)
        elif kind in SAYS_HOW_TO_JOIN:
            knows.link = context["online_urls"][0] if context["online_urls"] else ""

    def settle(self) -> None:
        """Mail and jobs run until nothing waits: the next working morning at the latest."""
        for _ in range(3):
            self.deliver()
            for _ in range(5):
                waits = sa.select(sa.func.min(OutboxLetter.due_at)).where(OutboxLetter.state == LetterState.WAITING)
                due = self.session.scalar(waits)
                if due is None:
                    break
                self.now = max(self.now, due)
                self.deliver()
            self.pass_time(0)
        self.deliver()

    def faults(self) -> list[str]:
        """Where what somebody knows is not what is."""
        found = [*self.untrue, *(f"twice: {each}" for each in self.twice)]
        for booking in self.session.scalars(sa.select(Booking).order_by(Booking.id)):
            if booking.event.starts_at > self.now:
                if booking.person.is_here:  # nothing goes to an old address
                    found += self._unlike(booking, self.knows.get(booking.id, Knows()))
                found += self._managers_faults(booking, self.manager_knows.get(booking.id, Knows()))
        return found + self._charges_faults() + self._trainers_faults()

    def _managers_faults(self, booking: Booking, knows: Knows) -> list[str]:
        """Whoever is named as line manager knows who has a place, and was asked where they have to agree."""
        name, holds = f"the manager of booking {booking.id} ({booking.state})", booking.state is BookingState.CONFIRMED
        if not booking.manager_email:
            return []
        if booking.state is BookingState.AWAITING_MANAGER and booking.id not in self.asked:
            return [f"{name} was not asked"]
        if knows.holds != holds:
            return [f"{name} knows that there is a place: {knows.holds}"]
        is_told = holds and booking.event.state is EventState.PUBLISHED
        return [f"{name} knows {knows.when!r}"] if is_told and knows.when != words.when(booking.event) else []

    def _charges_faults(self) -> list[str]:
        """Whoever's agency is charged read that it may be, and how much; nobody else's is."""
        found = []
        live = sa.select(Charge).where(Charge.state.in_(LIVE)).order_by(Charge.id)
        for charge in self.session.scalars(live):
            knows = self.knows.get(charge.booking_id, Knows())
            if not knows.is_late or knows.charge != pounds(charge.pence):
                found.append(f"booking {charge.booking_id} is charged {charge.pence}, and they read {knows.charge!r}")
        return found

    def _unlike(self, booking: Booking, knows: Knows) -> list[str]:
        event, is_live = booking.event, booking.state in LIVE_STATES
        pairs: list[tuple[str, object, object]] = [("live", knows.is_live, is_live)]
        if is_live:
            holds = booking.state is BookingState.CONFIRMED
            pairs += [
                ("holds", knows.holds, holds),
                ("postponed", knows.is_postponed, event.state is EventState.POSTPONED),
            ]
            if event.state is EventState.PUBLISHED:
                where = words.where_in_full(event)
                as_told = (lambda places: places) if holds else buildings  # another room is for those who come
                pairs += [("when", knows.when, words.when(event)), ("where", as_told(knows.where), as_told(where))]
            if holds and event.state is EventState.PUBLISHED:
                pairs += [
                    ("free until", knows.free_until, free_until(booking)),
                    ("link", knows.link, first_link(event)),
                ]
        name = f"booking {booking.id} ({booking.state})"
        return [f"{name}: knows {what} {known!r}, and it is {so!r}" for what, known, so in pairs if known != so]

    def _trainers_faults(self) -> list[str]:
        if self.event.state is not EventState.PUBLISHED or self.event.starts_at <= self.now:
            return []
        if self.trainer not in self.event.trainers:
            told = self.trainer_knows.get("Trainers")
            return [] if told == "no one named yet" else [f"who trains no more knows {told!r}"]
        known = self.trainer_knows.get("When")
        return [f"the trainer knows {known!r}"] if known not in (None, words.when(self.event)) else []


def buildings(places: list[str]) -> list[str]:
    """Without the room."""
    return [f"{each.split(',')[0]}, {each.split(',')[-1].strip()}" for each in places]


def free_until(booking: Booking) -> str:
    return f"{clock(booking.free_until)} on {long_date(booking.free_until)}"


def links(event: Event) -> list[str]:
    return list(dict.fromkeys(day.online_url for day in event.days if day.online_url))


def first_link(event: Event) -> str:
    return event.days[0].online_url


def link_in(row: OutboxLetter) -> str:
    """The link in a letter's calendar entry."""
    (entry,) = Calendar.from_ical(row.calendar_text or "").walk("VEVENT")
    first = str(entry.get("DESCRIPTION", "")).splitlines()[0]
    return first.removeprefix("Join online: ") if first.startswith("Join online: ") else ""
