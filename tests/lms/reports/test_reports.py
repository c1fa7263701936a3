"""The yearly report on its pages: begun, written, published, and the same for ever."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, BookingState, Outcome
from courses.programme.events.rules import EventState
from lms.frame.access import Role
from lms.kit.figures import Figure, count, rate
from lms.people.models import Person
from lms.policies.models import PolicyVersion
from lms.reports import rules
from lms.reports.models import YearlyReport
from tests.make import Make

SignIn = Callable[[Person], FlaskClient]
LAST_JUNE = datetime(2024, 6, 13, 8, 30, tzinfo=UTC)


def held(make: Make, session: Session, *, came: int, absent: int = 0, starts: datetime = LAST_JUNE) -> list[Booking]:
    """A delivered event with so many who came and who did not."""
    event = make.event(
        starts=starts, state=EventState.DELIVERED, finalised_at=starts, places_offered=24, is_history=True
    )
    agency, policy = make.agency(), session.scalars(sa.select(PolicyVersion)).first()
    bookings = []
    for number in range(1, came + absent + 1):
        booking = Booking(
            event=event,
            person=make.person(f"Person {number}", agency=agency),
            agency=agency,
            policy_version=policy,
            state=BookingState.CONFIRMED,
            source=BookingSource.IMPORT,
            place_number=number,
            booked_at=starts,
            confirmed_at=starts,
            free_until=starts,
            outcome=Outcome.ATTENDED if number <= came else Outcome.DID_NOT_ATTEND,
        )
        session.add(booking)
        bookings.append(booking)
    session.flush()
    return bookings


@pytest.mark.slow
def test_a_report_is_written_published_and_never_changes(make: Make, session: Session, sign_in: SignIn) -> None:
    bookings = held(make, session, came=12, absent=3)
    held(make, session, came=10, starts=datetime(2023, 6, 13, 8, 30, tzinfo=UTC))
    manager = sign_in(make.person("Ffion Merrowby", roles=(Role.BUSINESS_MANAGER,)))
    chair = sign_in(make.person("Odette Marlingford", roles=(Role.CHAIR,)))

    assert manager.post("/reports", data={"year": "2024"}).location == "/reports/1/write"
    again = manager.post("/reports", data={"year": "2024"})
    assert (again.status_code, "Continue with that one" in again.text) == (409, True)
    too_long = manager.post("/reports/1/write", data={"title": "Our year", "introduction": "x" * 7000})
    assert too_long.status_code == 422
    assert [each in too_long.text for each in ("Shorten this to 6,000", "x" * 7000)] == [True, True]
    words = {"title": "Our year", "introduction": "More came.\n\nThank you.", "courses-quality": "=1+1 is not a sum"}
    manager.post("/reports/1/write", data=words)
    draft = manager.get("/reports/1").text
    assert "More came." in draft
    assert "fewer than 5" in draft  # three did not come, and any reader will read it
    assert chair.get("/reports/1").status_code == 404

    assert chair.post("/reports/1/publish").status_code == 403
    assert manager.get("/reports/1/publish").status_code == 200
    assert manager.post("/reports/1/publish").location == "/reports/1"
    published = chair.get("/reports/1").text
    for each in ("Our year", "Ffion Merrowby", "15", "22", "2023-24, counted now"):
        assert each in published
    _check_documents(chair)

    bookings[0].outcome = Outcome.DID_NOT_ATTEND  # corrected since
    make.commit()
    assert _figures_of(chair.get("/reports/1").text) == _figures_of(published)
    assert manager.post("/reports/1/write", data=words).status_code == 409
    assert manager.post("/reports/1/publish").status_code == 409
    assert manager.post("/reports/1/delete").status_code == 409
    report = session.get_one(YearlyReport, 1)
    report.title = "Another title"
    with pytest.raises(TypeError, match="cannot be changed"):
        session.flush()
    session.rollback()

    assert manager.post("/reports", data={"year": "2024"}).location == "/reports/2/write"  # a new edition
    assert "Our year" not in manager.get("/reports/2").text
    assert "More came." in manager.get("/reports/2").text
    manager.post("/reports/2/delete")
    next_year = manager.post("/reports", data={"year": "2025"}).location.removesuffix("/write")
    assert "as published on" in manager.get(next_year).text
    assert manager.post(f"{next_year}/publish").status_code == 409  # the year is not over


def _figures_of(html: str) -> str:
    return html[html.index("How much did we do?") : html.index("<footer")]


def _check_documents(chair: FlaskClient) -> None:
    """PDF and XLSX say the same; words are words, not formulas."""
    pdf = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(chair.get("/reports/1.pdf").data)).pages)
    assert "More came." in pdf
    assert "fewer than 5" in " ".join(pdf.split())
    book = load_workbook(io.BytesIO(chair.get("/reports/1.xlsx").data))
    measures = {row[1]: row[3] for row in book["Measures"].iter_rows(values_only=True)}
    assert (measures["Bookings"], measures["Did not attend"]) == ("15", "fewer than 5")
    cell = next(row[1] for row in book["Words"].iter_rows() if str(row[1].value).startswith("=1+1"))
    assert cell.data_type == "s"


@pytest.mark.slow
def test_figures_open_their_rows_for_the_office_and_hide_small_numbers_from_others(
    make: Make, session: Session, sign_in: SignIn
) -> None:
    held(make, session, came=12, absent=3)
    office, chair = sign_in(make.coordinator()), sign_in(make.person("Odette Marlingford", roles=(Role.CHAIR,)))
    year = "/figures?period=2024-04-01_2025-03-31"
    found = office.get(year).text
    assert "/figures/rows?from=2024-04-01&amp;to=2025-03-31&amp;measure=did_not_attend" in found
    behind = "/figures/rows?from=2024-04-01&to=2025-03-31&measure="
    rows = office.get(f"{behind}did_not_attend&sector=Health").text
    assert [f"Person {number}" in rows for number in (12, 13, 14, 15)] == [False, True, True, True]
    assert "1 in the financial year" in office.get(f"{behind}places_offered").text
    assert "There is nothing here" in office.get(f"{behind}charges_paid_pence").text
    for wrong in ("measure=secrets&from=2024-04-01&to=2025-03-31", "from=x&to=y", "from=2024-04-01&to=2023-03-31"):
        assert office.get(f"/figures/rows?{wrong}").status_code == 404
    assert "Ashbeck Centre" in office.get(f"{year}&by=by_venue").text

    shown = chair.get(year).text
    assert "fewer than 5" in shown
    assert "/figures/rows" not in shown
    assert chair.get("/figures/rows?from=2024-04-01&to=2025-03-31").status_code == 403
    assert chair.get("/figures?from=2024-04-01&to=2025-03-30").status_code == 403
    wrong = office.get("/figures?from=2024-04-01&to=")
    assert (wrong.status_code, "Enter both dates" in wrong.text) == (422, True)
    assert office.get("/figures?period=2024-04-01_2025-03-31&apart=party").status_code == 422
    assert chair.get("/figures.json?period=2024-04-01_2025-03-31").json["measures"]["did_not_attend"]["value"] is None
    assert chair.get("/figures.csv?period=2024-04-01_2025-03-31").text.startswith("table,row,measure,value")
    assert "How well did we do it?" in chair.get("/glance").text


@pytest.mark.parametrize(
    ("from_on", "to_on", "words", "before"),
    [
        (date(2019, 4, 1), date(2020, 3, 31), "the financial year 2019-20", date(2018, 4, 1)),
        (date(2019, 9, 1), date(2020, 8, 31), "the academic year 2019-20", date(2018, 9, 1)),
        (date(2019, 1, 1), date(2019, 12, 31), "the calendar year 2019", date(2018, 1, 1)),
        (date(2019, 4, 1), date(2019, 6, 30), "April to June 2019", date(2018, 4, 1)),
        (date(2020, 2, 1), date(2020, 2, 29), "February 2020", date(2019, 2, 1)),
        (date(2020, 2, 29), date(2020, 3, 5), "29 February 2020 to 5 March 2020", date(2019, 2, 28)),
    ],
)
def test_periods_are_named_and_have_a_year_before(from_on: date, to_on: date, words: str, before: date) -> None:
    period = rules.period_of(from_on, to_on)
    assert period.words == words
    assert rules.year_before(period).from_on == before


def test_quarters_follow_each_other_through_the_financial_year() -> None:
    quarters = [rules.quarter(2025, number) for number in range(1, 5)]
    assert [(each.from_on, each.to_on) for each in quarters] == [
        (date(2025, 4, 1), date(2025, 6, 30)),
        (date(2025, 7, 1), date(2025, 9, 30)),
        (date(2025, 10, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 3, 31)),
    ]
    assert rules.quarter_before(quarters[0]) == rules.quarter(2024, 4)
    assert all(rules.quarter_of(each.to_on) == each for each in quarters)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (count("n", "", 1243, ""), count("n", "", 1190, ""), "+53"),
        (count("n", "", 4, ""), count("n", "", 4, ""), "no change"),
        (rate("r", "", 841, 1000, ""), rate("r", "", 855, 1000, ""), "−1.4 points"),
        (rate("r", "", 0, 0, ""), rate("r", "", 1, 2, ""), ""),
    ],
)
def test_a_change_is_told_in_numbers_or_points(now: Figure, before: Any, said: str) -> None:
    assert rules.change_words(now, before) == said
