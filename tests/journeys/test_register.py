"""A trainer takes the register on a phone in a hall with bad signal: nothing that was tapped is lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from courses.attendance.register.models import Mark
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place
from lms.frame.access import Role
from lms.frame.settings import Settings
from lms.frame.work import Work
from lms.people.models import Person
from lms.testing.browsers import browser_of
from tests.browser import PHONE, served, window
from tests.conftest import Clock
from tests.databases import ON_SQLITE
from tests.make import Make

pytestmark = [pytest.mark.browser, ON_SQLITE]
JUST_BEFORE_TEN = datetime(2026, 4, 9, 8, 52, tzinfo=UTC)
NAMES = ("Aled Brackenridge", "Bronagh Whitlowe", "Chidera Amblecote", "Delphine Oakhurst-Rao")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, base_url="http://127.0.0.1")


@pytest.fixture
def phone(app: Flask, make: Make, work: Work, clock: Clock, chromium: Browser) -> Iterator[Page]:
    """A trainer's phone, signed in, on My events in the morning of the event."""
    trainer = make.person("Denzil Marrowby", roles=(Role.TRAINER,))
    event = make.event(trainers=[trainer])
    for name in NAMES:
        book_place(work, event.id, make.person(name), BookingRequest(needs="Hearing loop" if "Bron" in name else ""))
    uniquifier = make.account(trainer).fs_uniquifier
    make.commit()
    clock.now = JUST_BEFORE_TEN
    app.config["WTF_CSRF_ENABLED"] = True
    cookie = browser_of(app, uniquifier).get_cookie("golden_thread")
    assert cookie is not None
    with served(app) as url, window(chromium, url, cookie.value) as context:
        page = context.new_page()
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        page.goto("/my-events")
        yield page


def open_register(page: Page) -> None:
    """Until it has its style: a tap on a page that still moves would miss."""
    page.get_by_role("link", name="Open the register").click()
    page.wait_for_url("**/register")


def mark(page: Page, name: str, choice: str) -> None:
    page.get_by_role("group", name=name).get_by_role("radio", name=choice).click(force=True)


def marks(engine: Engine) -> dict[str, tuple[str, int]]:
    with Session(engine) as session:
        rows = session.execute(
            sa.select(Person.name, Mark.kind, Mark.late_minutes)
            .join(Booking, Booking.person_id == Person.id)
            .join(Mark, Mark.booking_id == Booking.id)
        )
        return {name: (kind.value, late) for name, kind, late in rows}


def test_marks_made_without_a_signal_are_kept_and_sent_when_it_is_back(phone: Page, engine: Engine) -> None:
    open_register(phone)
    expect(phone.get_by_text("4 booked")).to_be_visible()
    expect(phone.get_by_text("Needs: Hearing loop")).to_be_visible()
    to_mark = phone.locator("dd[data-tally=to_mark]")

    mark(phone, "Aled Brackenridge", "Present")
    expect(to_mark).to_have_text("3")
    assert marks(engine) == {"Aled Brackenridge": ("present", 0)}

    phone.context.set_offline(True)
    mark(phone, "Bronagh Whitlowe", "Late")
    expect(phone.get_by_text("1 mark is not sent yet")).to_be_visible()
    mark(phone, "Chidera Amblecote", "Present")
    mark(phone, "Chidera Amblecote", "Absent")
    expect(phone.get_by_text("2 marks are not sent yet")).to_be_visible()
    expect(phone.get_by_role("group", name="Chidera Amblecote").get_by_text("Not sent yet")).to_be_visible()
    expect(to_mark).to_have_text("3")
    assert set(marks(engine)) == {"Aled Brackenridge"}

    phone.context.set_offline(False)
    expect(to_mark).to_have_text("1")
    expect(phone.get_by_text("not sent yet")).to_have_count(0)
    assert marks(engine) == {
        "Aled Brackenridge": ("present", 0),
        "Bronagh Whitlowe": ("present", 22),
        "Chidera Amblecote": ("absent", 0),
    }

    phone.reload()
    group = phone.get_by_role("group", name="Bronagh Whitlowe")
    expect(group.get_by_role("radio", name="Late")).to_be_checked()
    expect(group.get_by_text("22 minutes late")).to_be_visible()


def test_marks_kept_on_the_phone_survive_closing_the_page(phone: Page, engine: Engine) -> None:
    """The signal stays away, the page is closed; when the register is opened again the marks go."""
    open_register(phone)
    address = phone.url
    phone.route("**/marks", lambda route: route.abort())
    mark(phone, "Delphine Oakhurst-Rao", "Present")
    expect(phone.get_by_text("1 mark is not sent yet")).to_be_visible()
    other = phone.context.new_page()
    phone.close()
    assert marks(engine) == {}
    other.goto(address)
    expect(other.locator("dd[data-tally=to_mark]")).to_have_text("3")
    assert marks(engine) == {"Delphine Oakhurst-Rao": ("present", 0)}


def test_a_choice_tapped_before_the_script_has_come_is_sent(phone: Page, engine: Engine) -> None:
    """On a slow line the page can be used before its script is there."""
    scripts: list[Route] = []

    def hold_back(route: Route) -> None:
        scripts.append(route)

    phone.route("**/register.js*", hold_back)
    phone.get_by_role("link", name="Open the register").click(no_wait_after=True)
    late = phone.get_by_role("group", name="Chidera Amblecote").get_by_role("radio", name="Late")
    late.evaluate("radio => radio.click()")  # wherever it stands: the style may not be there either
    assert marks(engine) == {}
    while not scripts:
        phone.wait_for_timeout(20)
    for script in scripts:
        script.continue_()
    expect(phone.locator("dd[data-tally=to_mark]")).to_have_text("3")
    assert marks(engine) == {"Chidera Amblecote": ("present", 22)}


def test_a_mark_that_is_refused_says_why_and_goes_back(phone: Page, engine: Engine, clock: Clock) -> None:
    open_register(phone)
    clock.now = datetime(2026, 4, 9, 8, 20, tzinfo=UTC)
    mark(phone, "Aled Brackenridge", "Late")
    group = phone.get_by_role("group", name="Aled Brackenridge")
    expect(group.get_by_text("no one is late yet")).to_be_visible()
    expect(group.get_by_role("radio", name="Late")).not_to_be_checked()
    assert marks(engine) == {}


def test_a_walk_in_is_added_and_marked(phone: Page, engine: Engine, make: Make) -> None:
    make.person("Eoin Stannerford", ref="RV4711")
    make.commit()
    open_register(phone)
    phone.get_by_label("Their name or staff number").fill("rv4711")
    phone.get_by_role("button", name="Find them").click()
    phone.get_by_role("button", name="Add Eoin Stannerford").click()
    expect(phone.get_by_text("Eoin Stannerford is on the register and marked present.")).to_be_visible()
    expect(phone.get_by_text("4 booked, 1 walked in")).to_be_visible()
    assert marks(engine) == {"Eoin Stannerford": ("present", 0)}
