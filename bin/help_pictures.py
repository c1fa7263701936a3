"""Takes the pictures of the Help pages anew, from the demonstration partnership: `make help-pictures`.

    python -m bin.help_pictures [--out FOLDER] [--only NAME ...]

Loads the demonstration into a folder that is thrown away, serves it to a Chromium, and takes each page as the person
whom it is for. Pictures are WebP in few colours: all of them together stay well below a megabyte.
"""

import argparse
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.places.queries import ANSWER
from courses.booking.bookings.queries import MANAGED
from courses.booking.bookings.rules import BookingState
from courses.programme.events.models import Event
from lms.frame.access import Role
from lms.frame.settings import Settings
from lms.frame.web import db, site
from lms.hosting.app import create_app
from lms.partnership.written import GUIDES, PICTURE_SIZE
from tests.browser import FLAGS, served
from wsgi import PLUGINS

ROOT = Path(__file__).parents[1]
COLOURS = 64
SECRET_KEY = "of the pictures, and of nothing else"  # noqa: S105
LMS = Path(sys.executable).parent / "lms"


@dataclass(frozen=True)
class Shot:
    """The address of a page, and whom it is shown to: without a role, to somebody who is not signed in."""

    address: str | Callable[[Session], str]
    role: Role | None = None


def offered(session: Session) -> str:
    """The link of an offer that is open, as its email has it."""
    held = sa.select(Offer).where(Offer.ended_at.is_(None), Offer.place_number.is_not(None))
    offer = session.scalars(held.order_by(Offer.open_until.desc()).limit(1)).one()
    person = offer.booking.person
    return "/offers/" + ANSWER.sign(site().settings, (offer.id, person.id, person.email))


def managed(session: Session) -> str:
    """The link of a line manager to a booking that is still to come, as the email has it."""
    coming = sa.select(Booking).join(Event).where(Booking.manager_email != "", Booking.state == BookingState.CONFIRMED)
    booking = session.scalars(coming.order_by(Event.starts_at.desc(), Booking.id).limit(1)).one()
    return "/managers/" + MANAGED.sign(site().settings, (booking.id, booking.manager_email))


SHOTS = {
    "search": Shot("/courses?q=neglect"),
    "my-learning": Shot("/my", Role.DELEGATE),
    "offer": Shot(offered),
    "manager": Shot(managed),
    "team": Shot("/team/training", Role.AGENCY_LEAD),
    "trainer": Shot("/my-events", Role.TRAINER),
    "week": Shot("/week", Role.COORDINATOR),
    "glance": Shot("/glance", Role.CHAIR),
    "reviews": Shot("/reviews", Role.REVIEW_OFFICER),
    "settings": Shot("/settings", Role.BUSINESS_MANAGER),
}


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--out", type=Path, default=ROOT / "lms" / "static" / "help")
    asked.add_argument("--only", nargs="*", default=sorted(SHOTS), choices=sorted(SHOTS))
    asked.add_argument("--instance", type=Path, help="A folder with the demonstration; without, one is made.")
    said = asked.parse_args()
    if missing := {each.name for guide in GUIDES for each in guide.pictures} ^ set(SHOTS):
        sys.exit(f"Help and this script do not have the same pictures: {', '.join(sorted(missing))}.")
    said.out.mkdir(parents=True, exist_ok=True)
    with demonstrated(said.instance) as app, served(app) as base_url, chromium() as browser:
        for name in said.only:
            with app.test_request_context():
                address = SHOTS[name].address
                found = address if isinstance(address, str) else address(db.session())
            path = said.out / f"{name}.webp"
            path.write_bytes(small(taken(browser, base_url, replace(SHOTS[name], address=found))))
            print(f"{path.name}: {path.stat().st_size:,} bytes")  # noqa: T201
    return 0


@contextmanager
def demonstrated(kept: Path | None) -> Iterator[Flask]:
    """The application with the demonstration partnership."""
    folder = kept or Path(tempfile.mkdtemp())
    settings = Settings(
        secret_key=SECRET_KEY,
        database_url=f"sqlite:///{folder / 'lms.db'}",
        mail_url=f"file://{folder / 'mailbox'}",
        mail_from="Training team <training@rowanvalleyscp.example>",
        base_url="http://localhost",
        instance=folder,
        is_demo=True,
    )
    said = {"INSTANCE": str(folder), "DATABASE_URL": settings.database_url, "SECRET_KEY": SECRET_KEY, "DEMO": "1"}
    environment = {**os.environ, **{f"LMS_{name}": value for name, value in said.items()}}
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    try:
        for command in (["init"], ["demo", "--if-empty"]):
            subprocess.run([LMS, *command], env=environment, check=True)
        yield create_app(settings, PLUGINS)
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        sys.exit("There is no Chromium here: bin/install-chromium installs it where this may.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


def taken(browser: Browser, base_url: str, shot: Shot) -> bytes:
    """The page from its heading on, as the person of this role sees it."""
    wide, high = PICTURE_SIZE
    context = browser.new_context(base_url=base_url, viewport={"width": wide, "height": high}, locale="en-GB")
    page = context.new_page()
    if shot.role is not None:
        page.goto("/sign-in")
        page.locator(f"form[action*='/{shot.role.value}'] button").click()
    answer = page.goto(str(shot.address))
    if answer is None or not answer.ok:
        sys.exit(f"{shot.address} answers {answer and answer.status}.")
    page.evaluate("document.querySelector('main').scrollIntoView()")
    picture = page.screenshot()
    context.close()
    return picture


def small(picture: bytes) -> bytes:
    """The same in few colours, as WebP."""
    made = BytesIO()
    few = Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.convert("RGB").save(made, "WEBP", lossless=True, quality=100, method=6)
    return made.getvalue()


if __name__ == "__main__":
    sys.exit(main())
