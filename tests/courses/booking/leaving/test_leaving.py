"""Somebody leaves: what they leave behind is given on, released or kept, and nothing goes to their old address."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingRequest, BookingState
from courses.booking.bookings.services import book_place, cancel_booking
from courses.programme.events.rules import PlannedDay
from courses.programme.events.services import move_event
from courses.programme.words import when
from lms.frame.access import Actor, Role
from lms.frame.plugins import LeavingChoice
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.letters import Letter
from lms.kit.working_days import london_date
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.merging.services import merge_people, unmerge_people
from lms.people.leaving.queries import Chosen, each_thing, left_behind
from lms.people.leaving.services import leave
from lms.people.models import Person
from lms.people.services import come_back
from reviews.cases.rules import Publication
from surveys.invitations.models import Invitation
from tests.make import Make
from tests.moments import NOW

ONE_DAY = timedelta(days=1)
S, GIVE, END, KEEP = BookingState, LeavingChoice.GIVE, LeavingChoice.END, LeavingChoice.KEEP
PLAIN = BookingRequest(manager_name="Bo Ashgrove", manager_email="bo@ashgrove.example", clash_reason="Needed")
TODAY = london_date(NOW)


def things(work: Work, person: Person) -> dict[str, LeavingChoice]:
    return {thing.key: thing.usual for _, thing in each_thing(left_behind(work, person.id))}


def read_at(work: Work, address: str) -> list[str]:
    query = sa.select(OutboxLetter.kind).where(OutboxLetter.sent_to == address).order_by(OutboxLetter.id)
    return list(work.session.scalars(query))


def test_places_and_turns_are_released_without_a_charge_and_go_to_whoever_waits(
    office: Work, make: Make, deliver: Callable[[datetime], None]
) -> None:
    amara, event, full = make.person("Amara"), make.event(capacity=1), make.event(capacity=1)
    place = book_place(office, event.id, amara, PLAIN)
    behind = book_place(office, event.id, make.person("Nerys"), PLAIN)
    book_place(office, full.id, make.person("Tobiah"), PLAIN)
    turn = book_place(office, full.id, amara, PLAIN)
    assert things(office, amara) == {f"booking-{place.id}": END, f"booking-{turn.id}": END}
    leave(office, amara, on=TODAY)
    assert (place.state, turn.state, behind.state) == (S.RELEASED, S.RELEASED, S.OFFERED)
    deliver(NOW + timedelta(days=1))
    assert read_at(office, amara.email) == []
    (told,) = [each for each in of_manager(office) if each.context["about"] == "booking_released"]
    assert (told.booking_id, told.context["reason"], told.state) == (place.id, "They have left", LetterState.SENT)


def of_manager(work: Work) -> list[OutboxLetter]:
    query = sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.managers_copy")
    return list(work.session.scalars(query.order_by(OutboxLetter.id)))


def test_a_place_is_given_to_a_colleague_or_kept_by_a_choice(office: Work, make: Make) -> None:
    agency = make.agency()
    amara, nerys = make.person("Amara", agency=agency), make.person("Nerys", agency=agency)
    stranger = make.person("Tobiah", agency=make.agency("Larkham Primary School"))
    given, kept = (book_place(office, make.event().id, amara, PLAIN) for _ in range(2))
    key = f"booking-{given.id}"
    attempt = office.session.begin_nested()
    with pytest.raises(Invalid) as refused:
        leave(office, amara, on=TODAY, chosen={key: Chosen(GIVE, stranger.ref)})
    attempt.rollback()
    assert refused.value.field == f"to-{key}"
    leave(office, amara, on=TODAY, chosen={key: Chosen(GIVE, nerys.ref.lower()), f"booking-{kept.id}": Chosen(KEEP)})
    assert (given.state, kept.state, amara.left_on) == (S.SUBSTITUTED, S.CONFIRMED, TODAY)
    taken = office.session.scalars(sa.select(Booking).where(Booking.person_id == nerys.id)).one()
    assert (taken.state, taken.event_id) == (S.CONFIRMED, given.event_id)


def test_a_place_that_is_offered_to_a_leaver_who_keeps_their_turn_goes_to_the_next_at_once(
    office: Work, make: Make
) -> None:
    event, quick = make.event(capacity=1), make.person("Quick")
    place = book_place(office, event.id, quick, PLAIN)
    amara, nerys = (book_place(office, event.id, make.person(each), PLAIN) for each in ("Amara", "Nerys"))
    cancel_booking(office, place)
    assert (amara.state, nerys.state) == (S.OFFERED, S.WAITING)
    leave(office, amara.person, on=TODAY, chosen={f"booking-{amara.id}": Chosen(KEEP)})
    assert (amara.state, nerys.state) == (S.WAITING, S.OFFERED)


def test_nothing_goes_to_an_old_address_whatever_was_queued_until_they_are_back(
    office: Work, make: Make, deliver: Callable[[datetime], None]
) -> None:
    amara = make.person("Amara", email="amara@rvch.example")
    office.send(Letter("test.hello", "test.hello:1:1:1", {}, person_id=amara.id))
    office.send(Letter("test.hello", "test.hello:1:1:2", {}, to_name="Amara", to_address="amara@rvch.example"))
    leave(office, amara, on=TODAY)
    deliver(NOW)
    states = office.session.execute(sa.select(OutboxLetter.state, OutboxLetter.last_error)).all()
    assert {(state, words) for state, words in states} == {
        (LetterState.WITHDRAWN, "Not sent: they have left, and nothing goes to an old address.")
    }
    come_back(office, amara)
    book_place(office, make.event().id, amara, PLAIN)
    deliver(NOW)
    assert "courses.booking_confirmed" in read_at(office, "amara@rvch.example")


def test_whoever_is_back_reads_how_what_they_kept_stands_now(
    office: Work, make: Make, deliver: Callable[[datetime], None]
) -> None:
    event, amara = make.event(trainers=[]), make.person("Amara")
    kept, untold = (book_place(office, each.id, amara, PLAIN) for each in (event, make.event(make.course("Neglect"))))
    deliver(NOW)
    leave(office, amara, on=TODAY, chosen={f"booking-{each.id}": Chosen(KEEP) for each in (kept, untold)})
    days = [PlannedDay(day.starts_at + ONE_DAY, day.ends_at + ONE_DAY, 0, day.venue_id) for day in event.days]
    move_event(office, event.id, days)
    deliver(NOW + ONE_DAY)
    come_back(office, amara)
    deliver(NOW + ONE_DAY)
    last = sa.select(OutboxLetter).where(OutboxLetter.sent_to == amara.email).order_by(OutboxLetter.id.desc())
    letter = office.session.scalars(last).first()
    assert letter is not None
    assert (letter.booking_id, letter.context["when"]) == (kept.id, when(event))
    assert read_at(office, amara.email).count("courses.booking_confirmed") == 3, "nothing was kept back of the other"


def test_whoever_is_back_reads_that_their_place_and_their_turn_went(
    office: Work, make: Make, deliver: Callable[[datetime], None]
) -> None:
    amara, full = make.person("Amara"), make.event(capacity=1)
    book_place(office, full.id, make.person("Quick"), PLAIN)
    place, turn = (book_place(office, each, amara, PLAIN) for each in (make.event().id, full.id))
    deliver(NOW)
    leave(office, amara, on=TODAY)
    deliver(NOW + ONE_DAY)
    come_back(office, amara)
    deliver(NOW + ONE_DAY)
    last = sa.select(OutboxLetter).where(OutboxLetter.sent_to == amara.email).order_by(OutboxLetter.id)
    told = {each.booking_id: each for each in office.session.scalars(last)}
    assert (told[place.id].kind, told[turn.id].kind) == ("courses.booking_released", "courses.booking_cancelled")
    assert told[place.id].context["reason"].startswith("We were told that you had left")


def test_a_mailbox_that_somebody_here_shares_goes_on(
    office: Work, make: Make, deliver: Callable[[datetime], None]
) -> None:
    amara = make.person("Amara", email="team@rvch.example")
    make.person("Nerys", email="team@rvch.example")
    leave(office, amara, on=TODAY)
    book_place(office, make.event().id, make.person(), replace(PLAIN, manager_email="team@rvch.example"))
    deliver(NOW + timedelta(days=1))
    assert read_at(office, "team@rvch.example") == ["courses.managers_copy"]


def test_who_waits_for_their_agreement_asks_somebody_else_and_no_record_names_them(office: Work, make: Make) -> None:
    boss, other = make.person("Bo", email="bo@rvch.example"), make.person("Imogen", email="imogen@rvch.example")
    lead = make.person("Kezia", agency=boss.agency, roles=(Role.AGENCY_LEAD,))
    request = BookingRequest(manager_name="Bo", manager_email="bo@rvch.example")
    asked = []
    for name in ("Amara", "Nerys"):
        person = make.person(name, agency=boss.agency, manager_name="Bo", manager_email="bo@rvch.example")
        event = make.event(make.course(name, needs_approval=True))
        asked.append(book_place(as_themselves(office, person), event.id, person, request))
    to_lead, to_other = asked
    assert set(things(office, boss)) == {"managed", *(f"managed-booking-{each.id}" for each in asked)}
    leave(office, boss, on=TODAY, chosen={f"managed-booking-{to_other.id}": Chosen(GIVE, other.ref)})
    waiting = sa.select(OutboxLetter.person_id, OutboxLetter.to_address).where(
        OutboxLetter.kind == "courses.approval_asked", OutboxLetter.state == LetterState.WAITING
    )
    assert set(office.session.execute(waiting)) == {(lead.id, ""), (None, "imogen@rvch.example")}
    assert (to_lead.manager_email, to_other.manager_name) == ("", "Imogen")
    assert not office.session.scalars(sa.select(Person).where(Person.manager_email == "bo@rvch.example")).all()


def test_bookings_that_name_a_leaver_are_one_thing_for_which_one_name_is_enough(office: Work, make: Make) -> None:
    boss, other = make.person("Bo", email="bo@rvch.example"), make.person("Imogen", email="imogen@rvch.example")
    named = BookingRequest(manager_name="Bo", manager_email="bo@rvch.example", clash_reason="Needed")
    booked = [book_place(office, make.event().id, person, named) for person in (make.person("Amara"), other)]
    ((_, thing),) = each_thing(left_behind(office, boss.id))
    assert thing.words == "2 coming bookings of Amara and Imogen: they are named as line manager"
    leave(office, boss, on=TODAY, chosen={thing.key: Chosen(GIVE, other.ref)})
    assert [each.manager_name for each in booked] == ["Imogen", ""], "no one is their own line manager"


def as_themselves(work: Work, person: Person) -> Work:
    return replace(work, actor=Actor(person.name, person.id, frozenset({Role.DELEGATE})))


def test_dates_to_train_need_another_trainer_and_actions_another_owner(office: Work, make: Make) -> None:
    denzil, imogen = (make.person(name, roles=(Role.TRAINER,)) for name in ("Denzil", "Imogen"))
    given, open_still = (make.event(trainers=[denzil]) for _ in range(2))
    action = make.action(owner=denzil)
    embargoed = make.action(make.recommendation(make.review(publication=Publication.EMBARGOED)), owner=denzil)
    keys = [f"trains-{denzil.id}-{event.id}" for event in (given, open_still)]
    coordinator = replace(office, actor=replace(office.actor, permissions=frozenset({"people.manage"})))
    assert f"action-{embargoed.id}" not in things(coordinator, denzil), "no one learns of it by a leaver"
    assert things(office, denzil)[f"action-{action.id}"] is KEEP
    chosen = {keys[0]: Chosen(GIVE, imogen.email), f"action-{action.id}": Chosen(GIVE, imogen.ref)}
    leave(office, denzil, on=TODAY, chosen=chosen)
    assert ([each.id for each in given.trainers], open_still.trainers) == ([imogen.id], [])
    assert (action.owner_id, embargoed.owner_id) == (imogen.id, denzil.id)


def test_they_are_asked_by_no_survey_until_they_are_back(office: Work, make: Make) -> None:
    amara = make.person("Amara")
    kept = book_place(office, make.event().id, amara, PLAIN)
    leave(office, amara, on=TODAY, chosen={f"booking-{kept.id}": Chosen(KEEP)})
    (invitation,) = office.session.scalars(sa.select(Invitation)).all()
    assert invitation.withdrawn_reason == "They have left"
    come_back(office, amara)
    assert invitation.withdrawn_at is None


def test_queued_letters_of_a_record_that_was_merged_go_to_the_one_kept_and_none_twice(
    office: Work, make: Make, deliver: Callable[[datetime], None]
) -> None:
    kept, duplicate = make.person(email="new@rvch.example"), make.person(email="old@rvch.example")
    own, both = (
        [Letter("test.hello", f"test.hello:{each.id}:{thing}:1", {"n": thing}, person_id=each.id) for each in people]
        for thing, people in ((7, [duplicate]), (9, [kept, duplicate]))
    )
    office.send(*own, *both)
    merge = merge_people(office, kept, duplicate)
    states = {row.key: row.state for row in office.session.scalars(sa.select(OutboxLetter))}
    assert states[both[1].key] is LetterState.WITHDRAWN
    assert states[f"test.hello:{kept.id}:7:1"] is LetterState.WAITING
    unmerge_people(office, merge)
    row = office.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.key == both[1].key)).one()
    assert (row.state, row.person_id) == (LetterState.WAITING, duplicate.id)


def test_what_is_for_a_manager_whose_record_was_merged_goes_where_they_read(
    office: Work, make: Make, deliver: Callable[[datetime], None]
) -> None:
    kept, duplicate = make.person(email="new@rvch.example"), make.person(email="old@rvch.example")
    book_place(office, make.event().id, make.person("Nerys"), replace(PLAIN, manager_email="old@rvch.example"))
    merge_people(office, kept, duplicate)
    deliver(NOW + timedelta(days=1))
    assert read_at(office, "new@rvch.example").count("courses.managers_copy") == 1
    assert read_at(office, "old@rvch.example") == ["people.access_changed"], "that it is an address of theirs now"


def test_the_page_shows_what_is_left_behind_and_asks_anew_for_what_came_since(
    sign_in: Callable[[Person], FlaskClient], office: Work, make: Make
) -> None:
    amara, event = make.person("Amara"), make.event()
    place = book_place(office, event.id, amara, PLAIN)
    browser, address = sign_in(make.coordinator()), f"/people/{amara.id}/left"
    shown = browser.get(address).text
    assert "Release the place. Nothing is charged" in shown
    _, _, rest = shown.partition(f'name="choice-booking-{place.id}" type="radio" value="give"')
    assert f'name="to-booking-{place.id}"' in rest.partition("govuk-radios__conditional")[2].partition("</fieldset>")[0]
    refused = browser.post(address, data={"left_on": TODAY.isoformat()})
    assert (refused.status_code, "Choose what should happen to this." in refused.text) == (422, True)
    give = {"left_on": TODAY.isoformat(), f"choice-booking-{place.id}": "give", f"to-booking-{place.id}": "nobody"}
    refused = browser.post(address, data=give)
    assert (refused.status_code, "No one here has this reference" in refused.text) == (422, True)
    assert browser.post(address, data={**give, f"choice-booking-{place.id}": "end"}).status_code == 303
    office.session.rollback()
    assert office.session.get_one(Booking, place.id).state is S.RELEASED
