"""Lines that an agency lead pastes: whom each means, and whom it does not."""

import pytest

from courses.booking.bookings.rules import BookingState
from courses.booking.team.reading.rules import (
    HEADING,
    NOBODY,
    ONLY_NAME,
    LineRead,
    OwnPeople,
    OwnPerson,
    lines_typed,
)
from courses.booking.team.rules import Comes, TeamKnown, came, planned, summed_up
from lms.kit.errors import Invalid
from lms.kit.ticks import MOST_TICKED, read_ticks, said_ticks

PEOPLE = [
    OwnPerson(1, "Perdita Ashenden", "RV1", "teacher", ("p.ashenden@oakmere.example", "perdi@home.example")),
    OwnPerson(2, "Rafiq Underhill", "RV2", "", ("r.underhill@oakmere.example",)),
    OwnPerson(3, "Desmond Thackray", "RV3", "site manager", ("d.thackray@oakmere.example",)),
    OwnPerson(4, "Sinéad O’Dowd", "RV4", "", ("office@oakmere.example",)),
    OwnPerson(5, "Bo Lindqvist", "RV5", "", ("office@oakmere.example",)),
    OwnPerson(6, "Bo Lindqvist", "RV6", "", ()),
]


def read(*lines: str, accepted: tuple[int, ...] = ()) -> list[LineRead]:
    return OwnPeople(PEOPLE).read(lines_typed("\n".join(lines)), accepted=accepted)


@pytest.mark.parametrize(
    ("line", "person_id"),
    [
        ("p.ashenden@oakmere.example", 1),
        (" P.Ashenden@OAKMERE.example ", 1),
        ("Perdita Ashenden <perdi@home.example>", 1),
        ("Someone Else\tP.ashenden@oakmere.example\tYear 4", 1),
        ("rv2", 2),
        ("Underhill, Rafiq", 2),
        ("Rafiq\tUnderhill\tLunchtime supervisor", 2),
        ("Underhill\tMr\tRafiq", 2),
        ("mr rafiq underhill", 2),
        ("SINEAD ODOWD", 4),
        ("O'Dowd\tSinead\toffice@oakmere.example", 4),
        ("RV6\tBo Lindqvist", 6),
        ("g.ellery@fernhollow.example", None),
        ("=1+1", None),
        ("@", None),
    ],
)
def test_a_line_means_one_of_the_leads_people(line: str, person_id: int | None) -> None:
    (found,) = read(line)
    assert (found.person.id if found.person else None) == person_id


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Bo Lindqvist", "2 of your people have this name. Enter the address or the reference."),
        ("RV1\tRV2", "This line names more than one of your people: Perdita Ashenden, Rafiq Underhill."),
        ("office@oakmere.example", "This line names more than one"),
        ("g.ellery@fernhollow.example", NOBODY),
        ("d.thackray@fernhollow.example", NOBODY),
        ("First name\tSurname\tEmail address", HEADING),
        ("Underhill, Rafiq", ONLY_NAME),
    ],
)
def test_why_a_line_is_read_so(line: str, why: str) -> None:
    (found,) = read(line)
    assert found.why.startswith(why)


def test_whoever_is_nearly_named_is_asked_about_and_booked_only_when_ticked() -> None:
    for line in ("d.thakray@oakmere.example", "Desmond Thakray", "Desmond Thackray\tdesmond@elsewhere.example"):
        (found,) = read(line)
        assert found.person is None
        assert found.guess == PEOPLE[2]
        (ticked,) = read(line, accepted=(3,))
        assert ticked.person == PEOPLE[2]
    assert read("Zebedee Quill", accepted=(3,))[0].person is None, "a tick for no one whom the line names"


def test_a_person_named_twice_is_booked_once_and_empty_lines_keep_the_numbers() -> None:
    found = read("RV1", "", "P.Ashenden@oakmere.example", "RV2")
    assert [(each.number, each.person.id if each.person else None, each.why) for each in found] == [
        (1, 1, ""),
        (3, None, "The same as line 1"),
        (4, 2, ""),
    ]


def test_too_many_lines_are_refused_with_what_to_do() -> None:
    with pytest.raises(Invalid, match=r"There are 2,000 lines\. Check at most 500 at a time"):
        lines_typed("\n".join(["x"] * 2000))
    with pytest.raises(Invalid, match="Paste at least one line"):
        lines_typed(" \n\t\n")


def test_what_would_become_of_each_line_and_what_became() -> None:
    known = TeamKnown(
        has={2: BookingState.WAITING},
        trains={3},
        clashes={4: "X is booked."},
        left=1,
        asks_manager=False,
    )
    lines = planned(read("RV1", "RV2", "RV3", "RV4", "RV6", "nobody@oakmere.example"), known)
    assert [each.comes for each in lines] == [
        Comes.READY,
        Comes.HAS_IT,
        Comes.LEFT_OUT,
        Comes.WOULD_WAIT,
        Comes.WOULD_WAIT,
        Comes.UNKNOWN,
    ]
    assert lines[3].why == "X is booked. Booked only if you say below why both are needed."
    assert summed_up(lines) == "1 ready, 2 will wait, 1 left out, 1 unknown, 1 has it"
    assert came(lines[0], BookingState.CONFIRMED).comes is Comes.BOOKED
    assert came(lines[0], BookingState.AWAITING_MANAGER).comes is Comes.ASKED
    assert came(lines[3], "Closed.").why == "Closed."
    assert came(lines[5], None) == lines[5]


def test_ticks_are_kept_by_number_and_nothing_else_is_read_into_them() -> None:
    assert read_ticks("3.5", ["5", "7", "x", "²", "-1", "99999999999", "0"]) == [3, 5, 7]
    assert len(read_ticks("", [str(each) for each in range(1, 2000)])) == MOST_TICKED
    assert read_ticks(said_ticks([12, 15]), ()) == [12, 15]
