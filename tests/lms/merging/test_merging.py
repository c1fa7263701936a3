"""Merging two records of one person, and making two of them again, exactly."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState
from courses.programme.courses.models import Interest
from courses.programme.events.models import EventTrainer
from lms.api.tokens.models import ApiToken
from lms.frame.access import Role
from lms.frame.db import Base
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed
from lms.mail.letters import Letter
from lms.mail.models import OutboxLetter
from lms.mail.outbox import ALREADY_TOLD_EVER, let_wait_again
from lms.mail.rules import LetterState
from lms.merging.clashes.queries import rules_of_two
from lms.merging.queries import roles_left_behind, what_moves
from lms.merging.services import merge_people, unmerge_people
from lms.people.accounts.models import Account
from lms.people.models import Person, PersonAddress, PersonMerge, RoleGrant
from lms.people.queries import ids_of
from lms.policies.queries import policy_in_force
from lms.sessions.models import SignInSession
from lms.signin.models import SignInCode
from surveys.observation.models import Observation
from tests.make import Make
from tests.moments import NOW
from tests.rows import HISTORY, everything


def book(
    make: Make, person: Person, event: Any, state: BookingState = BookingState.CANCELLED, place: int = 1
) -> Booking:
    is_confirmed = state is BookingState.CONFIRMED
    booking = Booking(
        event=event,
        person=person,
        agency=person.agency,
        policy_version=policy_in_force(make.session, NOW),
        state=state,
        booked_at=NOW,
        booked_by_id=person.id,
        confirmed_at=NOW if is_confirmed else None,
        place_number=place if is_confirmed else None,
        cancelled_at=None if is_confirmed else NOW,
        free_until=NOW + timedelta(days=5),
    )
    make.session.add(booking)
    make.session.flush()
    return booking


def test_everything_moves_and_the_audit_stays(work: Work, make: Make, session: Session) -> None:
    kept, duplicate = make.person("Nerys"), make.person("Nerys J", email="old@trust.example")
    event = make.event()
    booking = book(make, duplicate, event, BookingState.CONFIRMED)
    session.add(EventTrainer(event_id=event.id, person_id=duplicate.id))
    work.send(Letter(kind="test.letter", key="one", context={}, person_id=duplicate.id))
    work.record("person changed", duplicate)
    session.flush()
    assert "1 booking" in what_moves(session, duplicate.id)
    merge_people(work, kept, duplicate)
    session.refresh(booking)
    assert (booking.person_id, booking.booked_by_id) == (kept.id, kept.id)
    assert session.scalars(sa.select(EventTrainer.person_id)).all() == [kept.id]
    assert [each.address for each in kept.addresses] == ["old@trust.example"]
    assert duplicate.merged_into_id == kept.id
    assert what_moves(session, duplicate.id) == []
    assert ids_of(session, kept.id) == [kept.id, duplicate.id]
    audit = Base.metadata.tables["audit_entry"]
    assert session.scalar(sa.select(sa.func.count()).where(audit.c.person_id == duplicate.id)) == 2


def test_a_letter_that_went_before_a_merge_does_not_go_again_after_it(work: Work, make: Make) -> None:
    """Keys name the person, and a reminder is known by its key."""
    kept, duplicate = make.person("One"), make.person("Won")
    to_both = f"x.both:{kept.id}:9", f"x.both:{duplicate.id}:9"
    for key, who in ((f"x.y:{duplicate.id}:7:a", duplicate), (to_both[0], kept), (to_both[1], duplicate)):
        assert work.send(Letter("x.y", key, {}, person_id=who.id))
    copy = Letter("x.y", f"x.y:{duplicate.id}:7:a:manager", {}, to_name="Bo", to_address="bo@x.example")
    assert work.send(copy)
    merge = merge_people(work, kept, duplicate)
    for key in (f"x.y:{kept.id}:7:a", f"x.y:{kept.id}:7:a:manager", to_both[0]):
        assert work.send(Letter("x.y", key, {}, person_id=kept.id)) == []
    unmerge_people(work, merge)
    for key in (f"x.y:{duplicate.id}:7:a", f"x.y:{duplicate.id}:7:a:manager", to_both[1]):
        assert work.send(Letter("x.y", key, {}, person_id=duplicate.id)) == []


def test_two_live_bookings_on_one_event_are_refused_in_words(work: Work, make: Make, session: Session) -> None:
    kept, duplicate = make.person(), make.person("Other")
    event = make.event()
    book(make, kept, event, BookingState.CONFIRMED, place=1)
    live = book(make, duplicate, event, BookingState.CONFIRMED, place=2)
    with pytest.raises(Conflict, match=r"Both have one booking for the same event\. Cancel the one"):
        merge_people(work, kept, duplicate)
    live.state, live.place_number, live.cancelled_at = BookingState.CANCELLED, None, NOW
    session.flush()
    merge_people(work, kept, duplicate)


def test_two_who_must_be_two_people_are_refused_in_words(work: Work, make: Make, session: Session) -> None:
    """Whichever of the two is kept; and what the rules of the tables are is found from them."""
    one, other, third = make.person(), make.person("Other"), make.person("Third")
    watched = Observation(
        event_id=make.event().id, trainer_id=one.id, observer_id=other.id, asked_at=NOW, due_on=NOW.date()
    )
    session.add(watched)
    session.flush()
    for kept, duplicate in ((one, other), (other, one)):
        with pytest.raises(Conflict, match=r"checked or decided what the other did.*someone else must"):
            merge_people(work, kept, duplicate)
    merge_people(work, other, third)
    watched.observer_id = make.person("Fourth").id
    session.flush()
    merge_people(work, one, other)


def test_every_rule_of_two_people_is_found() -> None:
    found = {(table.name, *sorted((one.name, other.name))) for table, one, other in rules_of_two()}
    assert found >= {
        ("briefing_version", "checked_by_id", "written_by_id"),
        ("briefing_version", "approved_by_id", "written_by_id"),
        ("charge", "appeal_decided_by_id", "decided_by_id"),
        ("survey_observation", "observer_id", "trainer_id"),
        ("learning_release", "decided_by_id", "proposed_by_id"),
    }


def test_a_merge_gives_nobody_a_role_or_a_way_to_sign_in(work: Work, make: Make, session: Session) -> None:
    """Whatever the person kept has or lacks: passwords, second factors, codes and roles stay with the duplicate."""
    kept = make.person("Nerys", roles=(Role.TRAINER,), email="")
    duplicate = make.person("Nerys J", roles=(Role.TRAINER, Role.MEMBER, Role.AGENCY_LEAD))
    for each in (kept, duplicate):
        each.addresses.append(PersonAddress(address="both@trust.example"))
    account = make.account(duplicate)
    account.password, account.tf_totp_secret = "hashed", "a factor"
    asked = SignInCode(token="t", digest="d", counted_as="x", person_id=duplicate.id, made_at=NOW)
    token = ApiToken(name="HR", role=Role.MEMBER, digest="d", start="gt_", created_at=NOW, created_by_id=duplicate.id)
    session.add_all([asked, token])
    session.flush()
    merge = merge_people(work, kept, duplicate)
    session.flush()
    session.expire_all()
    assert [each.role for each in kept.roles] == [Role.TRAINER]
    assert roles_left_behind(kept, duplicate) == ["L&D sub-group member", f"agency lead for {duplicate.agency.name}"]
    assert kept.email == duplicate.email
    assert (asked.person_id, token.created_by_id) == (duplicate.id, duplicate.id)
    accounts = session.scalars(sa.select(Account)).all()
    assert [(each.person_id, each.active, each.password) for each in accounts] == [(duplicate.id, False, "hashed")]
    unmerge_people(work, merge)
    session.expire_all()
    assert [each.role for each in kept.roles] == [Role.TRAINER]
    assert len(duplicate.roles) == 3
    assert kept.email == ""
    assert session.scalars(sa.select(Account.active)).all() == [True]


def test_both_addresses_hear_of_a_merge_and_of_its_end_and_all_sessions_end(work: Work, make: Make) -> None:
    kept, duplicate = make.person("Nerys", email="nerys@a.example"), make.person("Nerys J", email="n@b.example")
    for each in (kept, duplicate):
        make.sign_in_session(each)
    merge = merge_people(work, kept, duplicate)
    assert _told(work) == {(kept.id, ""), (None, "n@b.example")}
    assert work.session.scalars(sa.select(SignInSession)).all() == []
    for each in (kept, duplicate):
        make.sign_in_session(each)
    work.session.execute(sa.delete(OutboxLetter))
    unmerge_people(work, merge)
    assert _told(work) == {(kept.id, ""), (None, "n@b.example")}
    assert work.session.scalars(sa.select(SignInSession)).all() == []


def _told(work: Work) -> set[tuple[int | None, str]]:
    letters = sa.select(OutboxLetter).where(OutboxLetter.kind == "people.access_changed")
    return {(each.person_id, each.to_address) for each in work.session.scalars(letters)}


def test_the_last_of_a_role_is_not_merged_away(work: Work, make: Make) -> None:
    """Their role would stay with the duplicate, and nobody would have it."""
    kept, last = make.person(), make.person("Hamish", roles=(Role.BUSINESS_MANAGER,))
    with pytest.raises(Conflict, match="last business manager"):
        merge_people(work, kept, last)
    make.person("Second", roles=(Role.BUSINESS_MANAGER,))
    merge_people(work, kept, last)


def test_what_moved_on_since_is_left_where_it_is(work: Work, make: Make, session: Session) -> None:
    kept, duplicate, third = make.person(), make.person("Other"), make.person("Third")
    booking = book(make, duplicate, make.event())
    merge = merge_people(work, kept, duplicate)
    session.refresh(booking)
    booking.person_id = third.id
    session.flush()
    unmerge_people(work, merge)
    session.refresh(booking)
    assert (booking.person_id, booking.booked_by_id) == (third.id, duplicate.id)


def test_who_may_not_be_merged(work: Work, make: Make) -> None:
    kept, duplicate, third = make.person(), make.person("Other"), make.person("Third")
    with pytest.raises(Invalid, match="one record"):
        merge_people(work, kept, kept)
    own = replace(work, actor=replace(work.actor, person_id=kept.id))
    with pytest.raises(NotAllowed, match="your own record"):
        merge_people(own, kept, duplicate)
    first = merge_people(work, kept, duplicate)
    with pytest.raises(Conflict, match="merged before"):
        merge_people(work, third, duplicate)
    second = merge_people(work, third, kept)
    with pytest.raises(Conflict, match="Undo that merge first"):
        unmerge_people(work, first)
    unmerge_people(work, second)
    unmerge_people(work, first)
    with pytest.raises(Conflict, match="undone already"):
        unmerge_people(work, first)


sides = some.tuples(
    some.booleans(),
    some.booleans(),
    some.booleans(),
    some.booleans(),
    some.integers(0, 3),
    some.sampled_from(["", "a@b.example"]),
)


@pytest.mark.slow
@given(kept_has=sides, duplicate_has=sides)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_merging_and_unmerging_leaves_everything_as_it_was(
    work: Work, make: Make, session: Session, kept_has: Any, duplicate_has: Any
) -> None:
    outer = session.begin_nested()
    event = make.event()
    people = [_with(make, event, has, place) for place, has in enumerate((kept_has, duplicate_has), 1)]
    session.flush()
    before = everything(session)
    try:
        merge = merge_people(work, *people)
    except Conflict:
        assert everything(session) == before
        assert (kept_has[0] and duplicate_has[0]) or (kept_has[3] and duplicate_has[3])
    else:
        session.flush()
        assert not _points_at(session, people[1]) - {"role_grant", "person_address", "person_affiliation", "account"}
        unmerge_people(work, merge)
        assert everything(session) == before
    outer.rollback()


def _with(make: Make, event: Any, has: Any, place: int) -> Person:
    books, leads, signs_in, trains, past, email = has
    roles = (Role.AGENCY_LEAD, Role.MEMBER) if leads else (Role.MEMBER,) * bool(past)
    person = make.person("Somebody", roles=roles, email=email, phone="1" * past)
    if past % 2:
        person.addresses.append(PersonAddress(address="further@b.example"))
    if signs_in:
        make.account(person)
    if books:
        book(make, person, event, BookingState.CONFIRMED, place=place)
    if trains:
        make.session.add(EventTrainer(event_id=event.id, person_id=person.id))
    for _ in range(past):
        book(make, person, event)
        make.session.add(Interest(course=event.course, person=person, asked_at=NOW, closed_at=NOW))
    return person


def _points_at(session: Session, person: Person) -> set[str]:
    found = set()
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            is_pointer = key.column.table.name == "person" and table.name not in HISTORY | {"person"}
            if is_pointer and session.execute(sa.select(table).where(key.parent == person.id).limit(1)).first():
                found.add(table.name)
    return found


def test_role_grants_keep_who_gave_them(work: Work, make: Make, session: Session) -> None:
    kept, duplicate = make.person(), make.person("Giver")
    given = make.person("Given", roles=(Role.CHAIR,))
    given.roles[0].granted_by_id = duplicate.id
    session.flush()
    merge = merge_people(work, kept, duplicate)
    assert session.scalars(sa.select(RoleGrant.granted_by_id)).all() == [kept.id]
    unmerge_people(work, merge)
    assert session.scalars(sa.select(RoleGrant.granted_by_id)).all() == [duplicate.id]
    assert session.get_one(PersonMerge, merge.id).undone_at == NOW


@pytest.mark.parametrize("why", ALREADY_TOLD_EVER)
def test_what_was_taken_back_waits_again_however_its_reason_was_written(work: Work, make: Make, why: str) -> None:
    [letter] = work.send(Letter(kind="test.letter", key="one", context={}, person_id=make.person().id))
    letter.state, letter.last_error = LetterState.WITHDRAWN, why
    work.session.flush()
    let_wait_again(work.session, [letter.id])
    assert (letter.state, letter.last_error) == (LetterState.WAITING, "")
