"""The contract's proof: a package that the host has never heard of adds all that a plugin can."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.facts import BookingConfirmed
from lms.audit.models import AuditEntry
from lms.frame.access import Actor, Role, program
from lms.frame.app import create_app
from lms.frame.plugins import PanelContent
from lms.frame.settings import Settings
from lms.frame.site import Site, SiteError
from lms.frame.work import Work
from lms.people.models import Person
from tests.built_in import BUILT_IN
from tests.make import Make
from tests.moments import NOW

pytestmark = pytest.mark.slow

STRANGER = Path(__file__).parent.parent / "stranger"
PACKAGE = "golden_thread_parking"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as pip installs it, in a folder of its own."""
    folder = tmp_path_factory.mktemp("stranger")
    source, target = folder / "source", folder / "installed"
    shutil.copytree(STRANGER, source)
    quietly = ["--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", "--no-build-isolation"]
    install = [sys.executable, "-m", "pip", "install", *quietly, "--target", target, source]
    subprocess.run(install, check=True, capture_output=True)
    return target


@pytest.fixture
def stranger_settings(installed: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.syspath_prepend(str(installed))
    yield replace(settings, plugins=("parking",))
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture
def app(stranger_settings: Settings) -> Iterator[Flask]:
    made = create_app(stranger_settings, BUILT_IN, clock=lambda: NOW)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield made
    with made.app_context():
        made.extensions["sqlalchemy"].engine.dispose()


def site_of(app: Flask) -> Site:
    found: Site = app.extensions["lms"]
    return found


def told(session: Session) -> list[int | None]:
    return list(session.scalars(sa.select(AuditEntry.person_id).where(AuditEntry.event == "parking explained")))


def confirm(app: Flask, session: Session, person: Person) -> Work:
    """A place is confirmed in a site where the stranger listens."""
    work = Work(session=session, actor=program("test"), now=NOW, site=site_of(app))
    work.tell(BookingConfirmed(booking_id=1, event_id=2, person_id=person.id, was_waiting=False))
    return work


def test_its_page_is_for_those_who_hold_its_permission(
    app: Flask, sign_in: Callable[[Person], FlaskClient], make: Make
) -> None:
    assert app.test_client().get("/parking").location == "/sign-in?next=/parking"
    assert sign_in(make.person()).get("/parking").status_code == 403
    page = sign_in(make.coordinator()).get("/parking")
    assert page.status_code == 200
    assert "0 of 20 spaces" in page.text
    assert "Worried about a child?" in page.text


def test_its_line_stands_in_the_menu_of_those_who_may_follow_it(app: Flask) -> None:
    site = site_of(app)
    coordinator = Actor("Priyanka", permissions=site.permissions_of(frozenset({Role.COORDINATOR})))
    assert "Parking" in [item.title for item in site.menu_for(coordinator)]
    assert "Parking" not in [item.title for item in site.menu_for(Actor("Amara"))]


def test_its_setting_is_read_and_refused_by_name(stranger_settings: Settings) -> None:
    typed = create_app(replace(stranger_settings, others={"LMS_PARKING_SPACES": "3"}), BUILT_IN)
    assert site_of(typed).setting("parking.spaces") == 3
    with pytest.raises(SiteError, match=r"^LMS_PARKING_SPACES should be the number of spaces, 0 or more\.$"):
        create_app(replace(stranger_settings, others={"LMS_PARKING_SPACES": "-1"}), BUILT_IN)


def test_its_setting_is_unknown_while_it_is_not_named(settings: Settings) -> None:
    with pytest.raises(SiteError, match="LMS_PARKING_SPACES is set, but nothing here reads it"):
        create_app(replace(settings, others={"LMS_PARKING_SPACES": "3"}), BUILT_IN)


def test_it_is_refused_without_what_it_requires(stranger_settings: Settings) -> None:
    with pytest.raises(SiteError, match="parking requires courses, which is not among the plugins"):
        create_app(stranger_settings, [])


def test_its_listener_hears_what_courses_tell(app: Flask, session: Session, make: Make) -> None:
    person = make.person()
    confirm(app, session, person)
    assert told(session) == [person.id]


def test_its_panel_speaks_to_those_who_may_know(app: Flask, session: Session, make: Make) -> None:
    person = make.person()
    work = confirm(app, session, person)
    site = site_of(app)
    (panel,) = [panel for plugin, panel in site.panels_for("people.person") if plugin.name == "parking"]
    assert panel.show(work, person.id) == PanelContent("parking/person.html", {"told": 1})
    assert panel.show(replace(work, actor=Actor("Amara")), person.id) is None


def test_its_job_is_among_the_sites_and_runs(app: Flask, session: Session, make: Make) -> None:
    (job,) = [job for job in site_of(app).jobs if job.name == "parking.warn_when_full"]
    work = confirm(app, session, make.person())
    full = replace(site_of(app), values={"parking.spaces": 0})
    job.run(replace(work, site=full))
    session.flush()
    assert session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "car park full")) == 1
