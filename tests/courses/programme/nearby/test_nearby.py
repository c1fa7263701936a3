"""Dates near a town or a postcode district, from what the office keeps; and what a browser remembers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.programme.nearby.queries import district_rows, near_here
from courses.programme.nearby.rules import (
    PointOnMap,
    checked_district,
    checked_point,
    degrees,
    district_typed,
    far_words,
    miles_between,
)
from courses.programme.nearby.services import forget_district, place_district
from courses.programme.nearby.tables import IMPORT
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.people.models import Person
from lms.tables.services import import_file
from tests.courses.conftest import office  # noqa: F401  (a fixture)
from tests.make import Make
from tests.moments import NOW


@pytest.mark.parametrize(
    ("typed", "district"),
    [
        ("B66", "B66"),
        (" b66 4ab", "B66"),
        ("B664AB", "B66"),
        ("dy4", "DY4"),
        ("SW1A 1AA", "SW1A"),
        ("RV1 4", "RV1"),
        ("Larkham", ""),
        ("B", ""),
        ("B66; DROP", ""),
        ("", ""),
        ("٣", ""),
    ],
)
def test_of_a_postcode_only_the_district_is_read(typed: str, district: str) -> None:
    assert district_typed(typed) == district


def test_miles_are_those_of_the_map_and_never_said_more_exactly() -> None:
    birmingham, wolverhampton = PointOnMap(52.4796, -1.9026), PointOnMap(52.5867, -2.1288)
    assert miles_between(birmingham, wolverhampton) == pytest.approx(12.05, abs=0.1)
    assert [far_words(each) for each in (0, 0.5, 1.4, 4.5)] == [
        "in the same area",
        "about 1 mile away",
        "about 1 mile away",
        "about 5 miles away",
    ]


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("nan", "0"), ("52", "inf"), ("-1.9", "52.4"), ("", ""), ("5٣", "x")]
)
def test_what_is_no_place_in_these_isles_is_refused(latitude: str, longitude: str) -> None:
    with pytest.raises(Invalid):
        checked_point(degrees(latitude), degrees(longitude))
    with pytest.raises(Invalid):
        checked_district("B66 4AB")


def test_the_office_places_districts_and_a_file_does(office: Work, make: Make) -> None:  # noqa: F811
    make.venue("Hall", town="Larkham", address="1 Mill Lane, Larkham RV1 4QT")
    assert [(row.code, row.venues, row.place) for row in district_rows(office.session)] == [("RV1", ("Hall",), None)]
    place_district(office, "rv1", 54.05, -2.15)
    place_district(office, "RV1", 54.06, -2.15)
    read = import_file(office, IMPORT, b"district,latitude,longitude\nRV1,54.07,-2.15\nRV4,54.1,-2.2\n", save=True)
    assert (read.added, read.changed, read.is_saved) == (1, 1, True)
    bad = import_file(office, IMPORT, b"district,latitude,longitude\nRV9,-2.1,54.1\n", save=True)
    assert (bad.rejected, bad.is_saved) == (1, False)
    forget_district(office, "RV4")
    forget_district(office, "RV4")
    (row,) = district_rows(office.session)
    assert row.place is not None
    assert row.place.latitude == 54.07


@pytest.fixture
def two_towns(office: Work, make: Make) -> None:  # noqa: F811
    """The soonest date is about eight miles away from RV1, the later one in it; and one is online."""
    place_district(office, "RV1", 54.0, -2.0)
    place_district(office, "RV6", 54.115, -2.0)
    place_district(office, "RV8", 54.01, -2.0)
    far = make.venue("Millrace, Ferrow", town="Ferrow", address="2 Road, Ferrow RV6 1MA")
    close = make.venue("Hall, Larkham", town="Larkham", address="1 Mill Lane, Larkham RV1 4QT", parking="Free")
    make.event(make.course("Neglect"), venue=far)
    make.event(make.course("Supervision"), venue=close, starts=NOW + timedelta(days=60))
    make.commit()


@pytest.mark.usefixtures("two_towns")
def test_the_nearest_date_comes_first_and_says_how_far_it_is(app: Flask) -> None:
    browser = app.test_client()
    for near in ("RV1", "rv1 4qt", "larkham", "RV8 2AB"):
        found = browser.get("/courses", query_string={"near": near}, follow_redirects=True).text
        assert found.index("Supervision") < found.index("Neglect"), near
        assert "about 8 miles away" in found or "about 7 miles away" in found
        assert "4QT" not in found.upper()
    assert "in the same area" in browser.get("/courses?near=RV1").text
    soonest = browser.get("/courses?near=RV1&order=soonest").text
    assert soonest.index("Neglect") < soonest.index("Supervision")
    within = browser.get("/courses?near=RV1&within=5").text
    assert "1 course, 1 date" in within
    assert "Within 5 miles of RV1" in within
    assert "We do not know where “Atlantis” is" in browser.get("/courses?near=Atlantis").text
    assert "We do not know how far ZZ9 is" in browser.get("/courses?near=ZZ9").text


@pytest.mark.usefixtures("two_towns")
def test_a_browser_remembers_what_it_was_asked_to_and_no_postcode(app: Flask, make: Make) -> None:
    group = make.role_group()
    make.commit()
    browser = app.test_client()
    asked = f"/courses?asked=yes&remember=yes&audience={group.id}&near=RV1+4QT&within=10"
    answer = browser.get(browser.get(asked).location)
    kept = answer.headers["Set-Cookie"]
    assert 'href="/courses"><span' not in answer.text, "a filter that is taken away does not come back"
    assert "near=RV1" in kept
    assert "4QT" not in kept
    assert "HttpOnly" in kept
    again = browser.get("/courses")
    assert again.status_code == 302
    assert f"audience={group.id}" in again.location
    assert "near=RV1" in again.location
    assert browser.get("/courses?q=").status_code == 200, "everything is one link away"
    browser.get("/courses?asked=yes&near=RV1")
    assert browser.get("/courses").status_code == 200, "forgotten once the tick is gone"
    browser.set_cookie("gt_my_courses", "near=%3Cscript%3E&within=x&other=1", path="/courses")
    followed = browser.get("/courses", follow_redirects=True)
    assert followed.status_code == 200
    assert "<script>&" not in followed.text


@pytest.mark.usefixtures("two_towns")
def test_a_course_says_where_its_dates_are_with_a_map_and_without_the_address(app: Flask) -> None:
    code = "".join(app.test_client().get("/courses?near=RV1").text.partition('href="/courses/')[2].split('"')[:1])
    found = app.test_client().get(f"/courses/{code}").text
    assert "https://www.openstreetmap.org/search?query=Hall%2C%20Larkham%2C%20RV1" in found
    assert "Mill Lane" not in found
    assert "Free" in found


def test_the_offices_page_and_nobody_elses(
    sign_in: Callable[[Person], FlaskClient], make: Make, session: Session
) -> None:
    browser, another = sign_in(make.coordinator()), sign_in(make.person("Bo"))
    bad = browser.post("/venues/districts", data={"district": "RV1", "latitude": "-2", "longitude": "54"})
    assert bad.status_code == 422
    assert 'value="RV1"' in bad.text
    good = {"district": "rv1", "latitude": "54.05", "longitude": "−2.15"}
    assert "RV1 is placed." in browser.post("/venues/districts", data=good, follow_redirects=True).text
    assert near_here(session, "RV1", []) is not None
    session.rollback()
    assert "taken away" in browser.post("/venues/districts/RV1/forget", follow_redirects=True).text
    assert another.get("/venues/districts").status_code == 403
