"""The lead's table: their own people alone, counted as compliance counts, ticked, pasted and taken along."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.engine import Engine

from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from courses.records.compliance.queries import compliance
from courses.records.staff.queries import staff_table
from courses.records.staff.rules import StaffShown
from lms.frame.access import Actor, Role
from lms.frame.work import Work
from lms.people.models import Person
from tests.courses.conftest import office  # noqa: F401  (a fixture)
from tests.courses.records.conftest import Attend, attend  # noqa: F401  (a fixture)
from tests.make import Make
from tests.moments import NOW
from tests.queries import counted_queries

SignIn = Callable[[Person], FlaskClient]


def lead_of(make: Make, **values: object) -> Person:
    return make.person("Sunniva Harkaway", roles=(Role.AGENCY_LEAD,), role_group=make.role_group(), **values)


def past(make: Make, course: "object", days: int) -> Event:
    return make.event(course, starts=NOW - timedelta(days=days), state=EventState.DELIVERED, finalised_at=NOW)  # type: ignore[arg-type]


def test_the_table_counts_as_compliance_does_and_holds_nobody_elses_people(
    work: Work,
    make: Make,
    attend: Attend,  # noqa: F811
) -> None:
    lead = lead_of(make)
    everyone, police = make.course("Working together", refresher_months=36), make.course("Police only")
    police.versions[-1].audience = [make.role_group("Police")]
    team = [make.person(f"Colleague {each}", agency=lead.agency, role_group=make.role_group()) for each in range(4)]
    make.person("No kind of work", agency=lead.agency)
    make.person("Una Gone", agency=lead.agency, left_on=NOW.date())
    stranger = make.person("Stranger")
    attend(past(make, everyone, 30), team[0])
    attend(past(make, everyone, 3 * 365 - 20), team[1])
    attend(past(make, everyone, 4 * 365), team[2])
    attend(past(make, everyone, 30), stranger)
    actor = Actor("Sunniva", person_id=lead.id, leads_agency_ids=frozenset({lead.agency_id or 0}))
    table = staff_table(replace(work, actor=actor))
    assert {row.name for row in table.rows} == {
        *(each.name for each in team),
        "Sunniva Harkaway",
        "No kind of work",
    }
    assert [each.title for each in table.courses] == ["Working together"], "no one here is with the police"
    counted = table.counted(everyone.id)
    assert [counted.number(each) for each in ("up_to_date", "due", "overdue", "never")] == [1, 1, 1, 3]
    assert table.without_kind == 1
    told = compliance(work.session, actor, everyone.code, NOW).total
    assert (told.of, told.valid) == (counted.people, counted.valid)
    assert [row.name for row in table.shown(StaffShown.DUE, None, "")] == ["Colleague 1"]
    assert [row.name for row in table.shown(StaffShown.ALL, None, "gone")] == []
    assert len(table.shown(StaffShown.NEEDS, table.course(everyone.code), "colleague")) == 3


def test_what_is_booked_stands_beside_what_is_due(office: Work, make: Make) -> None:  # noqa: F811
    lead = lead_of(make)
    event = make.event(capacity=1)
    make.commit()
    first, second = (make.person(name, agency=lead.agency) for name in ("Aled", "Bo"))
    for each in (first, second):
        book_place(office, event.id, each, BookingRequest())
    actor = Actor("Sunniva", person_id=lead.id, leads_agency_ids=frozenset({lead.agency_id or 0}))
    plans = {
        row.name: [each.plan for each in row.needs.values()] for row in staff_table(replace(office, actor=actor)).rows
    }
    assert plans == {"Aled": ["booked: Thu 9 April"], "Bo": ["waiting: 1st for Thu 9 April"], "Sunniva Harkaway": [""]}


def test_the_number_of_queries_does_not_grow(engine: Engine, sign_in: SignIn, make: Make, attend: Attend) -> None:  # noqa: F811
    lead = lead_of(make)
    browser = sign_in(lead)
    make.event()

    def asked() -> int:
        make.commit()
        with counted_queries(engine) as sent:
            assert browser.get("/team/training?show=all").status_code == 200
        return len(sent)

    few = asked()
    for number in range(3):
        event = past(make, make.course(f"Course {number}"), 30)
        make.event(event.course)
        for person in range(4):
            attend(event, make.person(f"Colleague {number} {person}", agency=lead.agency))
    assert asked() == few


def test_ticks_stay_and_lead_on_to_booking_or_say_what_is_missing(sign_in: SignIn, make: Make) -> None:
    lead = lead_of(make)
    event = make.event()
    people = [make.person(f"Colleague {number:02}", agency=lead.agency) for number in range(60)]
    stranger = make.person("Stranger")
    make.commit()
    browser, first, last = sign_in(lead), people[0].id, people[-1].id
    table = browser.get(f"/team/training?person={first}&page=3").text
    assert f'name="kept" value="{first}"' in table
    assert "1 ticked is not shown now" in table
    assert table.split("<title>")[1].split("</title>")[0].count("page ") == 1
    assert f'value="{last}" checked' in browser.get(f"/team/training?kept={first}.{last}&find=colleague+59").text
    on = browser.get(f"/team/training?kept={first}&person={last}&do=book&on={event.id}")
    assert on.location.endswith(f"/events/{event.id}/book-team/check?kept={first}.{last}")
    assert "Choose the date to book them on." in browser.get(f"/team/training?person={first}&do=book&on=").text
    assert "Tick at least one person." in browser.get("/team/training?do=remind").text
    everybody = browser.get("/team/training?tick=all&show=all").text
    assert everybody.count(" checked>") == 25
    assert len(re.findall(r'name="kept" value="([^"]*)"', everybody)[0].split(".")) == 36
    assert "Stranger" not in browser.get(f"/team/training?kept={stranger.id}&show=all").text


def test_a_list_pasted_beside_the_table_goes_on_to_the_check(sign_in: SignIn, make: Make) -> None:
    lead, event = lead_of(make), make.event()
    make.commit()
    browser = sign_in(lead)
    refused = browser.post("/team/training", data={"list": "Sunniva Harkaway"})
    assert refused.status_code == 422
    assert "Sunniva Harkaway</textarea>" in refused.text.replace("\r\n", "")
    pasted = {"list": "Sunniva Harkaway", "paste_on": str(event.id)}
    assert "1 line checked: 1 ready" in browser.post("/team/training", data=pasted, follow_redirects=True).text


def test_what_is_taken_along_runs_in_no_spreadsheet(sign_in: SignIn, make: Make) -> None:
    lead = lead_of(make)
    make.person('=HYPERLINK("http://x.example")', agency=lead.agency, job_title="@SUM(A1)")
    make.course("=Working together")
    make.person("Stranger")
    make.commit()
    browser = sign_in(lead)
    text = browser.get("/team/training.csv").text
    assert "'=HYPERLINK" in text
    assert "'@SUM" in text
    assert ",'=Working together (" in text
    assert "Stranger" not in text
    sheet = load_workbook(BytesIO(browser.get("/team/training.xlsx").data)).worksheets[0]
    assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert sheet["A2"].value == '=HYPERLINK("http://x.example")'
    assert sheet["G2"].value == "Never"
