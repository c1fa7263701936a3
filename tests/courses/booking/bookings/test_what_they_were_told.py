"""After any sequence of what people and the office do, the last word that each has had is what is so.

A state machine plays every actor; it reads the outbox as people read their mail. Add an actor as a rule.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from courses.booking.approvals.services import agree_booking, refuse_booking
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.places.services import promote
from courses.booking.bookings.rules import BookingRequest, BookingState
from courses.booking.bookings.services import book_place, cancel_booking
from courses.booking.bookings.undoing.services import undo
from courses.booking.ending.services import release_booking
from courses.booking.managers.services import name_colleague, say_cannot_come
from courses.booking.offers.services import accept_offer, decline_offer
from courses.booking.substitutions.services import give_place
from courses.booking.transfers.services import move_booking
from courses.programme.events.models import Venue
from courses.programme.events.rules import EventDetails, PlannedDay
from courses.programme.events.services import cancel_event, change_capacity, change_event, move_event, postpone_event
from courses.programme.events.tables import as_row, read_events
from lms.frame import cells
from lms.frame.plugins import LeavingChoice
from lms.frame.work import Work
from lms.kit.errors import Refused
from lms.kit.working_days import london_date
from lms.people.leaving.queries import Chosen, each_thing, left_behind
from lms.people.leaving.services import leave
from lms.people.models import Person
from lms.people.services import come_back
from tests.courses.booking.bookings.told import Partnership

MANAGER = BookingRequest(
    manager_name="Bo Ashgrove", manager_email="bo@ashgrove.example", is_declared=True, clash_reason="Both"
)
WHO = st.integers(0, 3)
BY = st.sampled_from(["own", "office", "lead"])
LINKS = st.sampled_from(["", "https://a.example", "https://b.example"])
HOW_MANY_EXAMPLES = int(os.environ.get("EXAMPLES", "12"))

Begin = Callable[[], Partnership]


class Told(RuleBasedStateMachine):
    """Whatever can be refused is refused in words, and changes nothing."""

    begin: Begin

    @initialize(how_many=st.integers(0, 4), have_read_it=st.booleans())
    def begins(self, how_many: int, have_read_it: bool) -> None:
        self.all = type(self).begin()
        for who in range(how_many):
            self.somebody_books(who)
        if have_read_it:
            self.all.deliver()

    @rule(who=WHO)
    def somebody_books(self, who: int) -> None:
        person = self.all.people[who]
        self._try(lambda: book_place(self.all.work(person), self.all.event.id, person, MANAGER))

    def _by(self, whom: str, person: Person) -> Work:
        return self.all.work({"office": None, "lead": self.all.lead}.get(whom, person))

    @rule(who=WHO)
    def somebody_asks_for_what_their_manager_has_to_agree(self, who: int) -> None:
        person = self.all.people[who]
        self._try(lambda: book_place(self.all.work(person), self.all.elsewhere.id, person, MANAGER))

    @rule(yes=st.booleans())
    def a_manager_answers_by_link(self, yes: bool) -> None:
        waits = sa.select(Booking).where(Booking.state == BookingState.AWAITING_MANAGER).order_by(Booking.id)
        booking = self.all.session.scalars(waits).first()
        if booking is not None:
            work = self.all.work()
            self._try(lambda: agree_booking(work, booking.id) if yes else refuse_booking(work, booking.id, "Not now"))

    @rule(who=WHO, by=BY)
    def somebody_cancels(self, who: int, by: str) -> None:
        person = self.all.people[who]
        booking = self.all.booking_of(person)
        if booking is not None:
            self._try(lambda: cancel_booking(self._by(by, person), booking))

    @rule(who=WHO, colleague=WHO, by=st.sampled_from(["own", "lead"]))
    def somebody_gives_the_place_on(self, who: int, colleague: int, by: str) -> None:
        person = self.all.people[who]
        booking = self.all.booking_of(person, BookingState.CONFIRMED)
        if booking is not None:
            self._try(lambda: give_place(self._by(by, person), booking, self.all.people[colleague].ref))

    @rule(who=WHO, by=BY)
    def somebody_moves_to_the_other_date(self, who: int, by: str) -> None:
        person = self.all.people[who]
        booking = self.all.booking_of(person, BookingState.CONFIRMED)
        if booking is not None:
            work = self._by(by, person)
            other = self.all.other_date.id
            self._try(lambda: move_booking(work, booking, other, reason="A smaller room", clash_reason="Both"))

    @rule(who=WHO)
    def the_office_takes_a_place_back(self, who: int) -> None:
        booking = self.all.booking_of(self.all.people[who], BookingState.CONFIRMED)
        if booking is not None:
            self._try(lambda: release_booking(self.all.work(), booking, "One too many"))

    @rule(who=WHO, colleague=st.one_of(st.none(), WHO))
    def their_line_manager_gives_the_place_up_by_link(self, who: int, colleague: int | None) -> None:
        booking = self.all.booking_of(self.all.people[who], BookingState.CONFIRMED)
        if booking is not None:
            work, named = self.all.by_link(), self.all.people[colleague] if colleague is not None else None
            give_up = partial(say_cannot_come, work, booking, "They are on nights")
            self._try(partial(name_colleague, work, booking, named.email, "") if named else give_up)

    @rule(who=WHO, what=st.sampled_from(LeavingChoice), colleague=WHO)
    def somebody_leaves(self, who: int, what: LeavingChoice, colleague: int) -> None:
        person, to = self.all.people[who], self.all.people[colleague].ref
        behind = [thing for _, thing in each_thing(left_behind(self.all.work(), person.id))]
        chosen = {thing.key: Chosen(what if what in thing.choices else thing.usual, to) for thing in behind}
        self._try(lambda: leave(self.all.work(), person, on=london_date(self.all.now), chosen=chosen))

    @rule(who=WHO)
    def somebody_is_back(self, who: int) -> None:
        person = self.all.people[who]
        if not person.is_here:
            self._try(lambda: come_back(self.all.work(), person))

    @rule(who=WHO, has_accepted=st.booleans())
    def the_office_gives_a_place_by_hand(self, who: int, has_accepted: bool) -> None:
        booking = self.all.booking_of(self.all.people[who], BookingState.WAITING, BookingState.OFFERED)
        if booking is not None:
            self._try(lambda: promote(self.all.work(), booking, has_accepted=has_accepted))

    @rule(who=WHO)
    def somebody_undoes_it(self, who: int) -> None:
        booking = self.all.ended(self.all.people[who])
        if booking is not None:
            self._try(lambda: undo(self.all.work(booking.cancelled_by), booking))

    @rule(yes=st.booleans())
    def an_offer_is_answered(self, yes: bool) -> None:
        offer = self.all.session.scalars(sa.select(Offer).where(Offer.ended_at.is_(None)).order_by(Offer.id)).first()
        if offer is not None:
            work = self.all.work(offer.booking.person)
            self._try(lambda: accept_offer(work, offer.id) if yes else decline_offer(work, offer.id))

    @rule(
        days=st.integers(-12, 12),
        venue=st.integers(0, 3),
        link=LINKS,
    )
    def the_office_moves_it(self, days: int, venue: int, link: str) -> None:
        ahead = timedelta(days=days if abs(days) > 6 else 0)
        self._change_days(ahead, [0, *self.all.venues][venue] or None, link)

    @rule(days=st.sampled_from([-14, -7, 0, 7, 14]), venue=st.integers(0, 3), link=LINKS)
    def a_file_changes_it(self, days: int, venue: int, link: str) -> None:
        """As by hand: whoever imports events tells the same people the same."""
        event = self.all.event
        rows = [dict(as_row(event, day)) for day in event.days]
        place = self.all.session.get(Venue, [0, *self.all.venues][venue]) if venue else None
        for row, day in zip(rows, event.days, strict=True):
            row["starts_at"], row["ends_at"] = (
                cells.said_wall(each + timedelta(days=days)) for each in (day.starts_at, day.ends_at)
            )
            row["venue"], row["online_url"] = place.name if place else "", link

        def read() -> None:
            reader = read_events(self.all.work(), rows)
            for row in rows:
                reader(row)

        self._try(read)

    @rule(link=LINKS)
    def the_office_changes_the_link(self, link: str) -> None:
        self._change_days(timedelta(0), self.all.event.days[0].venue_id, link)

    @rule(note=st.sampled_from(["", "Ring the bell", "Bring a pen"]), quietly=st.booleans(), trains=st.booleans())
    def the_office_changes_the_details(self, note: str, quietly: bool, trains: bool) -> None:
        trainers = (self.all.trainer.id,) if trains else ()
        details = EventDetails(trainer_ids=trainers, joining_note=note)
        self._try(lambda: change_event(self.all.work(), self.all.event.id, details, is_correction=quietly))

    @rule()
    def the_office_postpones_it(self) -> None:
        self._try(lambda: postpone_event(self.all.work(), self.all.event.id))

    @rule(places=st.integers(1, 3))
    def the_office_changes_the_places(self, places: int) -> None:
        self._try(lambda: change_capacity(self.all.work(), self.all.event.id, places))

    @rule(chance=st.integers(0, 4))
    def the_office_cancels_it(self, chance: int) -> None:
        if chance == 0:
            self._try(lambda: cancel_event(self.all.work(), self.all.event.id, "The trainer is ill"))

    @rule(hours=st.one_of(st.integers(1, 60), st.integers(100, 220)))
    def time_passes_without_mail(self, hours: int) -> None:
        self.all.pass_time(hours)

    @rule()
    def the_mail_goes(self) -> None:
        self.all.deliver()

    def teardown(self) -> None:
        if hasattr(self, "all"):
            self.all.settle()
            found = self.all.faults()
            self.all.session.rollback()
            assert found == []

    def _change_days(self, ahead: timedelta, venue_id: int | None, link: str) -> None:
        days = [
            PlannedDay(day.starts_at + ahead, day.ends_at + ahead, day.break_minutes, venue_id, link)
            for day in self.all.event.days
        ]
        self._try(lambda: move_event(self.all.work(), self.all.event.id, days, why="The room is taken"))

    def _try(self, act: Callable[[], Any]) -> None:
        with suppress(Refused), self.all.session.begin_nested():
            act()
        self.all.session.flush()


@pytest.mark.slow
def test_the_last_word_that_everybody_had_is_what_is_so(app: Flask, session: Session) -> None:
    site = app.extensions["lms"]

    class Here(Told):
        begin = staticmethod(lambda: Partnership(session, site))

    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=HOW_MANY_EXAMPLES,
            stateful_step_count=14,
            phases=[Phase.generate],
            database=None,
            derandomize="EXAMPLES" not in os.environ,  # the same here and everywhere; by hand, ever new ones
            deadline=None,
            suppress_health_check=checks,
        ),
    )
