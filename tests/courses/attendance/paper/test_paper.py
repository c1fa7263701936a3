"""The sign-in sheet and typing it back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.attendance.paper.documents import sign_in_sheet
from courses.attendance.paper.rules import ALPHABET, booking_of_code, read_typed, sheet_code
from courses.attendance.paper.services import Done, type_back
from courses.attendance.register.queries import register_of
from courses.attendance.register.rules import MarkKind, Seen
from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place
from lms.frame.work import Work
from lms.kit.errors import Invalid
from tests.make import Make


@given(st.integers(1, 10**7), st.integers(1, 9))
def test_a_code_names_its_booking_on_its_day_alone(booking_id: int, day: int) -> None:
    code = sheet_code(booking_id, day)
    assert booking_of_code(code.lower(), day) == booking_id
    assert booking_of_code(code, day + 1) is None


@given(st.integers(1, 10**6), st.data())
def test_one_wrong_sign_is_always_noticed(booking_id: int, data: st.DataObject) -> None:
    code = sheet_code(booking_id, 1)
    place = data.draw(st.integers(0, len(code) - 1))
    sign = data.draw(st.sampled_from(ALPHABET.replace(code[place], "")))
    assert booking_of_code(code[:place] + sign + code[place + 1 :], 1) is None


def test_minutes_stand_behind_a_code() -> None:
    code = sheet_code(41, 2)
    read = read_typed(f"{code}, {code}+20\n{code.lower()}-30 {code}+5-10", 2)
    assert [entry.seen for entry in read] == [
        Seen(MarkKind.PRESENT), Seen(MarkKind.PRESENT, 20), Seen(MarkKind.PRESENT, 0, 30), Seen(MarkKind.PRESENT, 5, 10)
    ]  # fmt: skip
    with pytest.raises(Invalid, match=r"XX9, hello!"):
        read_typed(f"{code} XX9 hello!", 2)


def test_those_who_signed_are_present_and_others_absent_only_when_said(work: Work, make: Make) -> None:
    event = make.event()
    ids = [book_place(work, event.id, make.person(f"Person {n}"), BookingRequest()).id for n in range(3)]
    work.now = event.starts_at
    codes = [sheet_code(each, 1) for each in ids]
    assert type_back(work, event.id, 1, read_typed(codes[0], 1), others_are_absent=False) == Done(1, 0)
    assert type_back(work, event.id, 1, read_typed(codes[1], 1), others_are_absent=True) == Done(1, 1)
    rows = {row.booking_id: row.seen for row in register_of(work.session, event.id, 1, work.actor).rows}
    assert [rows[each].kind for each in ids] == ["present", "present", "absent"]  # type: ignore[union-attr]
    with pytest.raises(Invalid, match="No longer on the register"):
        type_back(work, event.id, 1, read_typed(sheet_code(9999, 1), 1), others_are_absent=True)


def test_the_sheet_is_a_pdf_and_says_nothing_of_needs(work: Work, make: Make) -> None:
    event = make.event()
    book_place(work, event.id, make.person("Amélie Žáková"), BookingRequest(needs="Wheelchair"))
    register = register_of(work.session, event.id, 1, work.actor)
    data = sign_in_sheet(work, register, "Rowan Valley Safeguarding Children Partnership")
    assert data.startswith(b"%PDF-")
    assert b"Wheelchair" not in data
