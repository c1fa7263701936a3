"""A file of people says who has left: looked at, it tells what becomes of what they leave behind; saved, it does it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from courses.booking.bookings.rules import BookingRequest, BookingState
from courses.booking.bookings.services import book_place
from lms.audit.models import AuditEntry
from lms.frame.access import Actor, Role
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.people.leaving.queries import left_behind_by
from lms.people.leaving.services import leave
from lms.people.models import Person
from lms.people.tables import IMPORT
from lms.tables.services import Imported, import_file
from tests.make import Make
from tests.moments import NOW
from tests.queries import counted_queries

TODAY = london_date(NOW)
PLAIN = BookingRequest(manager_name="Bo Ashgrove", manager_email="bo@ashgrove.example", clash_reason="Needed")


def brought_in(work: Work, text: str, *, save: bool = True) -> Imported:
    return import_file(work, IMPORT, text.encode(), save=save)


def words_of(done: Imported) -> list[str]:
    return [str(each) for each in (*done.problems, *done.warnings)]


def test_a_dry_run_says_what_each_leaver_has_open_and_saving_gives_it_its_usual_end(office: Work, make: Make) -> None:
    amara, nerys = make.person("Amara Fenwick"), make.person("Nerys Vane")
    place = book_place(office, make.event(make.course("Neglect")).id, amara, PLAIN)
    file = f"ref,left_on\n{amara.ref},{TODAY}\n{nerys.ref},{TODAY - timedelta(days=9)}\n"
    dry = brought_in(office, file, save=False)
    first, second = words_of(dry)
    assert first.startswith("row 2: Amara Fenwick leaves. Neglect, ")
    assert first.endswith(": has a place. Release the place. Nothing is charged and it goes to the waiting list.")
    assert second == "row 3: Nerys Vane leaves. Nothing is open."
    assert (amara.left_on, place.state) == (None, BookingState.CONFIRMED), "nothing is done yet"
    assert brought_in(office, file).totals == {"added": 0, "changed": 2, "unchanged": 0, "rejected": 0}
    assert (amara.left_on, nerys.left_on) == (TODAY, TODAY - timedelta(days=9))
    assert place.state is BookingState.RELEASED
    again = brought_in(office, file)
    assert (again.changed, words_of(again)) == (0, [])


def test_what_is_asked_does_not_grow_with_who_leaves(office: Work, make: Make) -> None:
    own, course = make.agency(), make.course("Neglect")
    people = [make.person(f"Leaver {number}", agency=own) for number in range(14)]
    for each in people[:4]:
        make.person(agency=own, manager_email=each.email)
        book_place(office, make.event(course).id, each, PLAIN)
    make.person(agency=own, manager_email=people[0].email)

    told = [(each.id, each.ref) for each in people]

    def asked(leavers: list[tuple[int, str]], run: Callable[[list[tuple[int, str]]], object]) -> int:
        office.session.flush()
        office.session.expire_all()
        with counted_queries(office.session.get_bind().engine) as sent:
            run(leavers)
        return len(sent)

    def look(leavers: list[tuple[int, str]]) -> object:
        return left_behind_by(office, [person_id for person_id, _ in leavers])

    def leave_by_file(leavers: list[tuple[int, str]]) -> object:
        rows = "".join(f"{ref},{TODAY}\n" for _, ref in leavers)
        done = brought_in(office, f"ref,left_on\n{rows}")
        assert (done.totals["changed"], len(done.problems)) == (len(leavers), 0)
        return done

    assert asked(told[:1], look) == asked(told[:4], look), "whatever they leave behind"
    few, many = asked(told[4:6], leave_by_file), asked(told[6:], leave_by_file)
    assert few == many, "whoever leaves nothing behind costs no statement more"
    assert few < 60


def test_a_column_that_is_not_in_the_file_leaves_the_field_as_it_is(office: Work, make: Make) -> None:
    amara = make.person("Amara", manager_name="Bo", manager_email="bo@ashgrove.example")
    gone = make.person("Nerys", email="nerys@rvch.example")
    leave(office, gone, on=TODAY)
    file = f"ref,name\n{amara.ref},Amara Fenwick\n{gone.ref},Nerys\nP900,Tobiah\n"
    done = brought_in(office, file)
    assert (done.totals, words_of(done)) == ({"added": 1, "changed": 1, "unchanged": 1, "rejected": 0}, [])
    assert (amara.name, amara.manager_email) == ("Amara Fenwick", "bo@ashgrove.example")
    assert (gone.left_on, gone.email) == (TODAY, "nerys@rvch.example")
    assert words_of(brought_in(office, "ref,email\nP901,a@rvch.example\n")) == ["row 2, column name: Enter a value."]


def test_an_empty_day_says_that_they_are_back_and_a_day_to_come_is_noted_when_it_is_here(
    office: Work, make: Make
) -> None:
    gone, here = make.person("Amara"), make.person("Nerys")
    leave(office, gone, on=TODAY)
    to_come = TODAY + timedelta(days=20)
    done = brought_in(office, f"ref,left_on\n{gone.ref},\n{here.ref},{to_come}\nP900,{to_come}\n", save=False)
    assert words_of(done)[-2:] == [
        "row 2: Amara is back: they can sign in again, with the roles that they had.",
        "row 3: Nerys leaves on Sunday 5 April 2026. Nothing is noted before: send the file again on that day or "
        "later.",
    ]
    done = brought_in(office, f"ref,left_on\n{gone.ref},\n{here.ref},{to_come}\n")
    assert ((done.changed, done.unchanged), gone.left_on, here.left_on) == ((1, 1), None, None)


def test_who_is_entrusted_with_much_leaves_by_no_file_of_a_coordinator(office: Work, make: Make) -> None:
    officer = make.person("Imogen", roles=(Role.REVIEW_OFFICER,))
    coordinator = make.person("Kezia", roles=(Role.COORDINATOR,))
    actor = Actor("Kezia", coordinator.id, frozenset({Role.COORDINATOR}), frozenset({"people.manage"}))
    (words,) = words_of(brought_in(replace(office, actor=actor), f"ref,left_on\n{officer.ref},{TODAY}\n"))
    assert words.startswith("row 2, column left_on: ")
    assert words.endswith("Leave the day as it is here, and ask on the person’s page.")
    assert officer.left_on is None


def test_what_the_file_says_of_a_line_manager_stands_whoever_leaves_by_it(office: Work, make: Make) -> None:
    boss = make.person("Bo", email="bo@rvch.example")
    named, not_named = (make.person(each, manager_name="Bo", manager_email="bo@rvch.example") for each in "AN")
    file = f"ref,manager_name,manager_email,left_on\n{named.ref},Bo,bo@rvch.example,\n{boss.ref},,,{TODAY}\n"
    assert brought_in(office, file).changed == 1
    assert (named.manager_email, not_named.manager_email) == ("bo@rvch.example", "")
    assert brought_in(office, file).changed == 0


def test_a_record_that_was_erased_takes_nothing_from_a_file(office: Work, make: Make) -> None:
    gone = make.person("")
    gone.erased_at, gone.left_on = NOW, TODAY
    (words,) = words_of(brought_in(office, f"ref,name\n{gone.ref},Amara\n"))
    assert words.startswith("row 2, column ref: This person was erased.")


def test_a_record_of_somebody_who_left_before_comes_in_without_a_letter(office: Work, make: Make) -> None:
    assert brought_in(office, "ref,name,left_on\nP900,Amara,2019-07-31\n").added == 1
    person = office.session.scalars(sa.select(Person).where(Person.ref == "P900")).one()
    assert (str(person.left_on), person.is_here) == ("2019-07-31", False)
    lines = sa.select(AuditEntry.event).where(AuditEntry.person_id == person.id)
    assert office.session.scalars(lines).all() == ["added by import"]
