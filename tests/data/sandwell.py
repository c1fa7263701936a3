"""A year of the size that Sandwell published for 2019-20, as CSV rows of invented people and agencies.

The totals are the published ones (`published_figures.json`): 54 events on ten topics, 1,584 places, 1,478 bookings,
1,243 attended; three learning-from-practice events with 124 attendances by 103 people; a summit of more than 220.
`year().csv("bookings")` is a file as `lms import bookings` takes it.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count, cycle
from pathlib import Path
from typing import Any

Row = dict[str, str]
KINDS = ("agencies", "people", "courses", "events", "bookings", "charges")
SECTORS = (
    "Police",
    "Local authority",
    "Children’s trust",
    "Health",
    "Education",
    "Early years",
    "Voluntary and community",
)
TOPICS = (
    "Working together", "Early help assessments", "Neglect", "Domestic abuse", "Child exploitation",
    "Hidden harm", "Safer recruitment", "Thresholds",
)  # fmt: skip
AGENCIES, PEOPLE_AN_AGENCY = 42, 20
SUMMIT_BOOKED, SUMMIT_CAME = 240, 226
PRACTICE_BOOKED, PRACTICE_BOOKED_IF_PEOPLE = 44, 50
SUMMIT, PRACTICE = "SUM", "LFP"


def figures() -> dict[str, Any]:
    """What was published."""
    text = Path(__file__).with_name("published_figures.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)["sandwell_2019_20"]
    return found


@dataclass
class Year:
    """The rows of each kind of file."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    def add(self, kind: str, **cells: str) -> None:
        self.rows[kind].append(cells)

    def csv(self, kind: str) -> bytes:
        """The file of a kind."""
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, list(self.rows[kind][0]))
        writer.writeheader()
        writer.writerows(self.rows[kind])
        return out.getvalue().encode()


@dataclass(frozen=True)
class Sitting:
    """One event: where its bookings come from, and how many of them came."""

    ref: str
    on: date
    capacity: int
    booked: list[str]
    came: set[str]


def year(*, are_people: bool = False) -> Year:
    """The whole year, the same every time. `are_people`: the published 124 of learning from practice are people who
    attended 145 times, instead of 124 attendances by 103 people. The totals are the same."""
    made = Year()
    people = list(_people(made))
    _courses(made)
    for sitting in _sittings(people, are_people=are_people):
        _event(made, sitting)
        _bookings(made, sitting)
    return made


def _people(made: Year) -> Iterator[str]:
    for agency in range(1, AGENCIES + 1):
        code = f"AG{agency:02}"
        made.add(
            "agencies",
            code=code,
            name=f"Agency {agency}",
            sector=SECTORS[agency % len(SECTORS)],
            email_domains=f"agency{agency}.example",
            charge_email=f"finance@agency{agency}.example",
            exempt="yes" if agency % 14 == 0 else "no",
            opened_on="",
            closed_on="",
            successor_code="",
        )
        for number in range(1, PEOPLE_AN_AGENCY + 1):
            ref = f"{code}-{number:02}"
            made.add(
                "people",
                ref=ref,
                name=f"Person {number} of {code}",
                email=f"person{number}@agency{agency}.example",
                agency_code=code,
                role_group="Social work" if agency % 2 else "Health visiting and midwifery",
                manager_name=f"Manager of {code}",
                manager_email=f"manager@agency{agency}.example",
            )
            yield ref


def _courses(made: Year) -> None:
    kinds = [(f"T{n}", title, "course") for n, title in enumerate(TOPICS, start=1)]
    kinds += [(PRACTICE, "Learning from practice", "learning-from-practice event"), (SUMMIT, "Summit", "summit")]
    for code, title, kind in kinds:
        made.add(
            "courses", code=code, title=title, type=kind, level="", summary=f"About {title.lower()}.", aims="",
            outcomes="", audience="", capacity="24", refresher_months="", status="live",
        )  # fmt: skip


def _sittings(people: list[str], *, are_people: bool) -> Iterator[Sitting]:
    """The summit, the three learning-from-practice events, and fifty courses that make up the rest of the totals."""
    told = figures()
    practice = told["learning_from_practice"]
    yield Sitting(f"{SUMMIT}-1", date(2019, 4, 4), 250, people[:SUMMIT_BOOKED], set(people[:SUMMIT_CAME]))
    counted = practice["attendances"] if are_people else practice["distinct_people_if_124_are_attendances"]
    twice, thrice = practice["people_at_exactly_two"], practice["people_at_all_three"]
    booked_each = PRACTICE_BOOKED_IF_PEOPLE if are_people else PRACTICE_BOOKED
    three = list(_practice(people, counted - twice - thrice, twice, thrice, booked_each))
    yield from three
    rest = told["events_delivered"] - 4
    places = told["places_offered"] - 250 - sum(each.capacity for each in three)
    booked = told["bookings"] - SUMMIT_BOOKED - sum(len(each.booked) for each in three)
    came = told["attendances"] - SUMMIT_CAME - sum(len(each.came) for each in three)
    next_person = cycle(people)
    for number in range(rest):
        here = [next(next_person) for _ in range(_share(booked, rest, number))]
        yield Sitting(
            f"T{number % len(TOPICS) + 1}-{number + 1}",
            _day(number),
            _share(places, rest, number),
            here,
            set(here[: _share(came, rest, number)]),
        )


def _practice(people: list[str], single: int, twice: int, thrice: int, booked: int) -> Iterator[Sitting]:
    """124 attendances at three events, when 84 people came once, 17 twice, 2 to all three."""
    all_three, two = people[:thrice], people[thrice : thrice + twice]
    once = iter(people[thrice + twice :])
    came: list[list[str]] = [list(all_three) for _ in range(3)]
    for at, person in enumerate(two):
        came[at % 3].append(person)
        came[(at + 1) % 3].append(person)
    for at in range(single):
        came[at % 3].append(next(once))
    for at, those in enumerate(came):
        absent = [next(once) for _ in range(booked - len(those))]
        yield Sitting(f"{PRACTICE}-{at + 1}", date(2019, 6 + 2 * at, 18), booked + 1, those + absent, set(those))


def _share(total: int, parts: int, number: int) -> int:
    """A part of a total, so that all parts add up to it."""
    return total // parts + (number < total % parts)


def _day(number: int) -> date:
    """A working day of the financial year: Tuesdays from 9 April 2019, all before 1 April 2020."""
    return date(2019, 4, 9) + timedelta(days=7 * number)


def _event(made: Year, sitting: Sitting) -> None:
    made.add(
        "events", ref=sitting.ref, course_code=sitting.ref.split("-")[0], day="1",
        starts_at=f"{sitting.on}T09:30", ends_at=f"{sitting.on}T{'16:00' if sitting.capacity > 23 else '12:30'}",
        venue="Town Hall", online_url="", capacity=str(sitting.capacity), status="delivered", trainers="",
    )  # fmt: skip


def _bookings(made: Year, sitting: Sitting) -> None:
    """Who did not come stayed away, came for part of it, or cancelled: in time or late."""
    endings = cycle(("did_not_attend", "late", "did_not_attend", "in_time", "part_attended", "did_not_attend"))
    minutes = count()
    for person in sitting.booked:
        booked_at = f"{sitting.on - timedelta(days=40)}T{8 + next(minutes) // 60 % 10:02}:{next(minutes) % 60:02}"
        ending = "attended" if person in sitting.came else next(endings)
        cancelled_on = sitting.on - timedelta(days=1 if ending == "late" else 30)
        is_cancelled = ending in ("late", "in_time")
        made.add(
            "bookings",
            event_ref=sitting.ref,
            person_ref=person,
            booked_at=booked_at,
            status="cancelled" if is_cancelled else "confirmed",
            cancelled_at=f"{cancelled_on}T12:00" if is_cancelled else "",
            outcome="" if is_cancelled else ending,
            days_attended="",
        )
        if ending in ("did_not_attend", "late"):
            _charge(made, sitting, person, ending)


def _charge(made: Year, sitting: Sitting, person: str, ending: str) -> None:
    statuses = ("paid", "waived", "invoiced", "paid", "approved", "credited", "proposed")
    made.add(
        "charges",
        event_ref=sitting.ref,
        person_ref=person,
        day="1",
        reason="late_cancellation" if ending == "late" else "did_not_attend",
        amount="50.00" if sitting.capacity > 23 else "35.00",
        status=statuses[len(made.rows["charges"]) % len(statuses)],
        raised_on=(sitting.on + timedelta(days=2)).isoformat(),
    )
