"""Materials of an event: kept by the office and its trainers, had by those who came and by nobody else."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.booking.bookings.rules import Outcome
from courses.programme.events.models import Event
from courses.records.materials.models import EventMaterial
from courses.records.materials.rules import MOST_BYTES, MOST_FILES, check_room_for_more, kept_name, size_words
from lms.frame.access import Role
from lms.kit.errors import Conflict, Invalid
from lms.people.models import Person
from tests.courses.records.conftest import Attend
from tests.make import Make
from tests.moments import NOW

SignIn = Callable[[Person], FlaskClient]
SLIDES = b"%PDF-1.7 of the day"


def file(name: str = "s.pdf", data: bytes = SLIDES, title: str = "Slides of the morning") -> dict[str, object]:
    return {"title": title, "file": (BytesIO(data), name)}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("s.html", b"<script>"),
        ("s.svg", b"<svg>"),
        ("s.pdf", b"<script>alert(1)</script>"),
        ("s.pptx", SLIDES),
        ("pdf", SLIDES),
        ("s.pdf", b""),
        ("s.pdf", SLIDES + b"0" * MOST_BYTES),
    ],
)
def test_what_a_browser_would_run_or_what_is_not_what_it_says_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(Invalid):
        kept_name(name, data, "Slides")


def test_a_file_is_kept_under_its_title() -> None:
    assert kept_name("C:\\My Slides.PDF", SLIDES, "Café: slides/morning") == "Cafe-slides-morning.pdf"
    assert kept_name("a.jpeg", b"\xff\xd8\xff\xe0", "Photo") == "Photo.jpg"
    assert [size_words(each) for each in (1, 2048, 5 * 1024 * 1024)] == ["1 KB", "2 KB", "5.0 MB"]
    with pytest.raises(Conflict):
        check_room_for_more(MOST_FILES)


def test_only_who_was_there_has_the_files(
    sign_in: SignIn, session: Session, make: Make, held: Event, attend: Attend
) -> None:
    trainer, office = make.person("Denzil", roles=(Role.TRAINER,)), make.coordinator()
    held.trainers.append(trainer)
    came = {each: make.person(each) for each in Outcome}
    for outcome, person in came.items():
        attend(held, person, outcome)
    elsewhere, other = make.person("Elsewhere"), make.event(starts=NOW - timedelta(days=9))
    attend(other, elsewhere)
    other_trainer = make.person("Ffion", roles=(Role.TRAINER,))
    address = f"/events/{held.id}/materials"
    assert sign_in(trainer).post(address, data=file()).status_code == 303
    session.rollback()
    number = session.query(EventMaterial).one().id
    session.rollback()
    got = {outcome: sign_in(person).get(f"/materials/{number}").status_code for outcome, person in came.items()}
    assert got == {
        Outcome.ATTENDED: 200,
        Outcome.PART_ATTENDED: 200,
        Outcome.DID_NOT_ATTEND: 404,
        Outcome.TURNED_AWAY: 404,
    }
    assert sign_in(elsewhere).get(f"/materials/{number}").status_code == 404
    assert sign_in(other_trainer).get(f"/materials/{number}").status_code == 404
    for person in (elsewhere, other_trainer, came[Outcome.ATTENDED]):
        assert sign_in(person).get(address).status_code == 403
        assert sign_in(person).post(address, data=file(title="Mine")).status_code == 403
    sent = sign_in(office).get(f"/materials/{number}")
    assert (sent.data, sent.mimetype) == (SLIDES, "application/pdf")
    assert sent.headers["Content-Disposition"] == 'attachment; filename="Slides-of-the-morning.pdf"'
    assert sent.headers["X-Content-Type-Options"] == "nosniff"


def test_the_office_adds_and_takes_away(sign_in: SignIn, session: Session, make: Make, held: Event) -> None:
    browser, address = sign_in(make.coordinator()), f"/events/{held.id}/materials"
    wrong = browser.post(address, data=file("s.exe", b"MZ"))
    assert (wrong.status_code, "Choose one of these kinds" in wrong.text) == (422, True)
    assert 'value="Slides of the morning"' in wrong.text
    assert browser.post(address, data=file()).status_code == 303
    assert "called this already" in browser.post(address, data=file()).text
    session.rollback()
    number = session.query(EventMaterial).one().id
    session.rollback()
    assert browser.post(f"/events/{held.id + 1000}/materials/{number}/remove").status_code == 404
    assert browser.post(f"{address}/{number}/remove").status_code == 303
    assert browser.get(f"/materials/{number}").status_code == 404
