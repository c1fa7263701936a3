"""An agency lead books and cancels for their own people, and for nobody else's."""

import re
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingRequest, BookingSource, BookingState
from courses.booking.bookings.services import book_place
from courses.booking.team.reading.rules import LineRead
from courses.booking.team.rules import Comes, LinePlanned
from courses.booking.team.services import book_lines
from lms.frame.access import Actor, Role
from lms.frame.work import Work
from lms.people.models import Person
from tests.courses.conftest import office  # noqa: F401  (a fixture)
from tests.make import Make
from tests.moments import NOW
from tests.queries import counted_queries
from tests.teams import own_person

SignIn = Callable[[Person], FlaskClient]


def test_a_lead_books_a_whole_team_and_acts_for_it(sign_in: SignIn, session: Session, make: Make) -> None:
    agency, event = make.agency("Oakmere Bridge Academy"), make.event(capacity=2)
    lead = make.person("Sunniva Harkaway", roles=(Role.AGENCY_LEAD,), agency=agency)
    team = [make.person(name, agency=agency) for name in ("Aled", "Bronagh", "Chidera")]
    stranger = make.person("Someone else")
    browser, address = sign_in(lead), f"/events/{event.id}/book-team"
    asked = browser.get(address).text
    assert "Aled" in asked
    assert "Someone else" not in asked
    ids = ".".join(str(each.id) for each in (*team, stranger))
    checked = browser.get(f"{address}/check?kept={ids}").text
    assert "3 people checked: 2 ready, 1 will wait." in checked
    assert "Someone else" not in checked
    refused = browser.post(address, data={"ticked": ids})
    assert refused.status_code == 422, "not declared"
    assert "3 people checked" in refused.text
    everybody = {"ticked": ids, "is_declared": "y"}
    assert "2 booked, 1 waits." in browser.post(address, data=everybody).text
    assert "3 has it." in browser.post(address, data=everybody).text, "the same once more books no one twice"
    session.rollback()
    found = session.scalars(sa.select(Booking).order_by(Booking.id)).all()
    assert [(each.person.name, each.state) for each in found] == [
        ("Aled", BookingState.CONFIRMED),
        ("Bronagh", BookingState.CONFIRMED),
        ("Chidera", BookingState.WAITING),
    ]
    assert {each.source for each in found} == {BookingSource.AGENCY_LEAD}
    assert "Chidera" in browser.get("/team").text
    assert browser.get(f"/bookings/{found[0].id}").status_code == 404, "what someone needs on the day is not theirs"
    assert browser.post(f"/bookings/{found[0].id}/cancel", data={}).location.endswith("/ended")
    session.rollback()
    assert [each.state.value for each in found] == ["cancelled", "confirmed", "offered"]
    other = sign_in(make.person("Another lead", roles=(Role.AGENCY_LEAD,)))
    assert other.get(f"/bookings/{found[1].id}/cancel").status_code == 404
    assert other.post(f"/bookings/{found[1].id}/give", data={"person_ref": stranger.ref}).status_code == 404


def test_a_pasted_list_is_checked_and_each_line_has_its_result(
    sign_in: SignIn,
    session: Session,
    office: Work,  # noqa: F811
    make: Make,
) -> None:
    agency, event = make.agency("Oakmere Bridge Academy"), make.event(capacity=3)
    lead = make.person("Sunniva Harkaway", roles=(Role.AGENCY_LEAD,), agency=agency)
    make.person("Perdita Ashenden", agency=agency, email="p.ashenden@oakmere.example")
    make.person("Rafiq Underhill", agency=agency, ref="RV2")
    thackray = make.person("=cmd Desmond Thackray", agency=agency, email="d.thackray@oakmere.example")
    make.person("Una Gone", agency=agency, left_on=NOW.date())
    make.person("Gwen Ellery", email="g.ellery@fernhollow.example")
    clashing = make.person("Tess Clash", agency=agency)
    make.commit()
    pasted = "\r\n".join(
        [
            "Name\tEmail",
            "Ashenden, Perdita\tP.Ashenden@oakmere.example",
            "rv2",
            "d.thakray@oakmere.example",
            "Una Gone",
            "g.ellery@fernhollow.example",
            "RV2",
            "",
            "Tess Clash",
        ]
    )
    browser, address = sign_in(lead), f"/events/{event.id}/book-team"
    elsewhere = make.event(event.course, starts=event.starts_at + timedelta(days=30))
    book_place(office, elsewhere.id, clashing, BookingRequest())
    make.commit()
    checked = browser.post(f"{address}/check", data={"list": pasted}).text
    assert "8 lines checked: 3 ready, 1 to check, 3 left out, 1 unknown. Nothing is booked yet" in _plain(checked)
    assert "Did you mean =cmd Desmond Thackray" in _plain(checked)
    assert "Gwen" not in checked, "whether someone else has such a person is not told"
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(Booking)) == 1, "checking books no one"
    refused = browser.post(address, data={"list": pasted, "accepted": [thackray.id]})
    assert refused.status_code == 422
    assert f'value="{thackray.id}" checked' in refused.text, "the tick is kept"
    done = _plain(browser.post(address, data={"list": pasted, "accepted": [thackray.id], "is_declared": "y"}).text)
    assert "3 left out, 1 unknown, 3 booked, 1 not booked." in done
    assert "There is a booking for this course on" in done, "why, on its own line; the others are booked"
    again = {"list": pasted, "is_declared": "y", "clash_reason": "Both needed"}
    assert "1 waits" in _plain(browser.post(address, data=again).text), "every place went to the others"
    many = browser.post(f"{address}/check", data={"list": "RV2\n" * 2000})
    assert many.status_code == 422
    assert "There are 2,000 lines" in many.text
    assert many.text.count("RV2") >= 2000, "what was pasted is still there"


def _plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


def test_ticks_stay_while_others_are_looked_for(sign_in: SignIn, make: Make) -> None:
    agency, event = make.agency("Oakmere Bridge Academy"), make.event()
    lead = make.person("Sunniva Harkaway", roles=(Role.AGENCY_LEAD,), agency=agency)
    people = [make.person(f"Colleague {number:02}", agency=agency) for number in range(60)]
    make.commit()
    browser, address = sign_in(lead), f"/events/{event.id}/book-team"
    first, last = people[0].id, people[-1].id
    second_page = browser.get(f"{address}?person={first}&page=2").text
    assert f'name="kept" value="{first}"' in second_page
    assert "1 ticked is not shown now" in second_page
    found = browser.get(f"{address}?kept={first}&person={last}&q=colleague+59").text
    assert f'value="{last}" checked' in found
    assert f'name="kept" value="{first}"' in found
    unticked = browser.get(f"{address}?kept={last}&q=colleague+00").text
    assert f'value="{first}"><label' in unticked
    checked = browser.get(f"{address}/check?kept={first}&person={last}").text
    assert "2 people checked: 2 ready." in checked


def test_one_who_is_refused_stops_nobody_and_another_agencys_person_is_not_booked(office: Work, make: Make) -> None:  # noqa: F811
    """What was checked is older than what is booked: somebody left, somebody is another agency's, the event filled."""
    agency, event = make.agency("Oakmere Bridge Academy"), make.event(capacity=1)
    here, gone, strange = make.person("Aled", agency=agency), make.person("Bo", agency=agency), make.person("Cy")
    late = make.person("Dee", agency=agency)
    make.commit()
    book_place(office, event.id, make.person("Someone quicker"), BookingRequest())
    gone.left_on = NOW.date()
    lead = Actor("Sunniva", person_id=here.id, leads_agency_ids=frozenset({agency.id}))
    office.actor = lead
    lines = [
        LinePlanned(LineRead(each.id, each.name, own_person(each)), Comes.READY, "")
        for each in (gone, strange, here, late)
    ]
    done = book_lines(office, event.id, lines)
    assert [(line.line.typed, line.comes) for line in done] == [
        ("Bo", Comes.REFUSED),
        ("Cy", Comes.REFUSED),
        ("Aled", Comes.WAITS),
        ("Dee", Comes.WAITS),
    ]
    assert "Bo has left" in done[0].why
    office.session.commit()
    waiting = office.session.scalars(
        sa.select(Booking).where(Booking.state == BookingState.WAITING).order_by(Booking.id)
    )
    assert [each.person.name for each in waiting] == ["Aled", "Dee"]


def test_checking_asks_as_much_for_many_as_for_few(engine: Engine, sign_in: SignIn, make: Make) -> None:
    agency, event = make.agency("Oakmere Bridge Academy"), make.event()
    lead = make.person("Sunniva Harkaway", roles=(Role.AGENCY_LEAD,), agency=agency)
    browser = sign_in(lead)

    def asked() -> int:
        make.commit()
        with counted_queries(engine) as sent:
            browser.post(f"/events/{event.id}/book-team/check", data={"list": "Nobody\n" + "Colleague 1\n" * 3})
        return len(sent)

    make.person("Colleague 0", agency=agency)
    few = asked()
    for number in range(1, 30):
        make.person(f"Colleague {number}", agency=agency)
    assert asked() == few
