"""What the API answers: in the shapes it promises, once for each key, and no in words."""

import re
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, BookingState
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.api.models import ApiAnswer
from lms.api.openapi import all_reasons
from lms.api.services import forget_answers
from lms.api.tokens.models import ApiToken
from lms.api.tokens.rules import digest
from lms.frame.access import Role
from lms.frame.work import Work
from lms.limits.store import Store
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from tests.conftest import Clock
from tests.hostile import STORED_NAMES
from tests.lms.api.conftest import System
from tests.make import Make
from tests.moments import NOW
from tests.queries import counted_queries

NewSystem = Callable[..., System]


def test_courses_and_events_are_listed_as_promised(system: NewSystem, make: Make) -> None:
    course = make.course(code="SB1")
    event = make.event(course, ref="SB1-1", capacity=1, days=2)
    make.event(course, ref="PLANNED", state=EventState.PLANNED)
    reader = system(Role.CHAIR)
    courses = reader.get("/courses").get_json()
    assert [each["code"] for each in courses["items"]] == ["SB1"]
    page = reader.get("/events?from=2026-04-01&to=2026-04-30").get_json()
    assert page["next_cursor"] is None
    assert page["items"] == [reader.get(f"/events/{event.id}").get_json()]
    shown = page["items"][0]
    assert (shown["id"], shown["ref"], shown["course_code"]) == (str(event.id), "SB1-1", "SB1")
    assert (shown["state"], shown["type"], shown["capacity"]) == ("published", "course", 1)
    assert (shown["places_left"], shown["waiting"]) == (1, 0)
    assert shown["days"][0]["starts_at"] == "2026-04-09T09:30:00+01:00"
    assert shown["free_cancellation_until"] == "2026-03-31T23:59:59+01:00"
    assert "PLANNED" in system().get("/events").text


def test_lists_are_paged_by_cursor_with_the_same_queries_however_long(
    app: Flask, system: NewSystem, make: Make
) -> None:
    course = make.course()
    for number in range(5):
        make.event(course, ref=f"E-{number}", starts=NOW + timedelta(days=20))
    caller, seen, path = system(), [], "/events?limit=2"
    caller.get(path)
    engine: Engine
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    while path:
        with counted_queries(engine) as sent:
            answer = caller.get(path)
        assert len(sent) <= 9
        page = answer.get_json()
        seen += [each["ref"] for each in page["items"]]
        path = f"/events?limit=2&cursor={page['next_cursor']}" if page["next_cursor"] else ""
        assert ('rel="next"' in answer.headers.get("Link", "")) is bool(path)
    assert seen == [f"E-{number}" for number in range(5)]


def test_a_system_books_waits_and_cancels_as_people_do(system: NewSystem, make: Make, session: Session) -> None:
    event = make.event(capacity=1)
    first, second = make.person("Amara"), make.person("Tobiah")
    hr, url = system(), f"/events/{event.id}/bookings"
    booked = hr.ask("POST", url, {"person_ref": first.ref, "manager_name": "Bo Ashgrove"})
    assert (booked.status_code, booked.get_json()["state"], booked.get_json()["position"]) == (201, "confirmed", None)
    waits = hr.ask("POST", url, {"person_ref": second.ref}).get_json()
    assert (waits["state"], waits["position"]) == ("waiting", 1)
    again = hr.ask("POST", url, {"person_ref": first.ref})
    assert again.status_code == 409
    assert again.mimetype == "application/problem+json"
    assert again.get_json()["code"] == "booked_already"
    assert again.get_json()["type"] == "http://localhost/api/problems#booked_already"
    assert [each["position"] for each in hr.get("/bookings").get_json()["items"]] == [None, 1]
    assert hr.ask("DELETE", f"/bookings/{booked.get_json()['id']}").get_json()["state"] == "cancelled"
    assert hr.get(f"/bookings/{waits['id']}").get_json()["state"] == "offered", "the place goes to the next in line"
    ended = hr.ask("DELETE", f"/bookings/{booked.get_json()['id']}")
    assert (ended.status_code, ended.get_json()["code"]) == (409, "ended")
    make.commit()
    kept = session.scalars(sa.select(Booking).order_by(Booking.id)).all()
    assert [booking.source for booking in kept] == [BookingSource.API] * 2
    assert kept[0].manager_name == "Bo Ashgrove"
    assert session.scalar(sa.select(sa.func.count()).select_from(OutboxLetter)), "people get their emails"


def test_a_repeat_with_the_same_key_is_answered_the_same(
    system: NewSystem, make: Make, session: Session, work: Work
) -> None:
    event, person = make.event(capacity=1), make.person()
    other_ref = make.person("Nerys").ref
    hr, url, body = system(), f"/events/{event.id}/bookings", {"person_ref": person.ref}
    first = hr.ask("POST", url, body, Idempotency_Key="one")
    second = hr.ask("POST", url, body, Idempotency_Key="one")
    assert (first.status_code, first.get_json()) == (second.status_code, second.get_json())
    assert second.headers["Idempotency-Replayed"] == "true"
    refused = [hr.ask("POST", url, body, Idempotency_Key="two") for _ in range(2)]
    assert [each.status_code for each in refused] == [409, 409]
    assert refused[1].mimetype == "application/problem+json"
    other = hr.ask("POST", url, {"person_ref": "someone else"}, Idempotency_Key="one")
    assert other.status_code == 422
    assert other.get_json()["errors"][0]["field"] == "Idempotency-Key"
    assert hr.ask("POST", url, body, Idempotency_Key="x" * 300).status_code == 422
    wrong = hr.ask("POST", url, {"person_ref": "nobody"}, Idempotency_Key="three")
    right = hr.ask("POST", url, {"person_ref": other_ref}, Idempotency_Key="three")
    assert (wrong.status_code, right.status_code) == (422, 201), "what was sent wrongly may be put right"
    make.commit()
    assert len(session.scalars(sa.select(Booking)).all()) == 2
    session.execute(sa.update(ApiAnswer).values(answered_at=NOW - timedelta(days=8)))
    forget_answers(work)
    assert session.scalars(sa.select(ApiAnswer)).all() == []


def test_an_agencys_system_sees_and_books_its_own_people_alone(system: NewSystem, make: Make) -> None:
    own, other = make.agency("Own"), make.agency("Other")
    event = make.event()
    ours, theirs = make.person("Ours", agency=own), make.person("Theirs", agency=other)
    all_, hr = system(), system(Role.AGENCY_LEAD, agency_id=own.id)
    url = f"/events/{event.id}/bookings"
    theirs_id = all_.ask("POST", url, {"person_ref": theirs.ref}).get_json()["id"]
    refused = hr.ask("POST", url, {"person_ref": theirs.ref}).get_json()
    unknown = hr.ask("POST", url, {"person_ref": "no one at all"}).get_json()
    assert refused["detail"] == unknown["detail"], "others are as unknown as those who do not exist"
    ours_id = hr.ask("POST", url, {"person_ref": ours.ref}).get_json()["id"]
    assert [each["id"] for each in hr.get("/bookings").get_json()["items"]] == [ours_id]
    assert hr.get(f"/bookings/{theirs_id}").status_code == 404
    assert hr.ask("DELETE", f"/bookings/{theirs_id}").status_code == 404
    assert ours.name not in hr.get("/bookings").text, "references, no names"


def test_a_managers_name_that_nobody_has_is_refused(system: NewSystem, make: Make, session: Session) -> None:
    event, person = make.event(), make.person("Ann", manager_name="=?utf-8?q?older?= than the rule")
    ref, hr, url = person.ref, system(), f"/events/{event.id}/bookings"
    for name in STORED_NAMES:
        refused = hr.ask("POST", url, {"person_ref": ref, "manager_name": name})
        assert refused.status_code == 422, name
        assert "manager_name" in refused.text
    assert session.scalars(sa.select(Booking.id)).all() == []
    assert hr.ask("POST", url, {"person_ref": ref}).status_code == 201, "what a record held before keeps no one out"
    session.rollback()
    assert session.scalars(sa.select(Booking.manager_name)).all() == ["utf-8?q?older?= than the rule"]


def test_a_clash_needs_its_reason(system: NewSystem, make: Make) -> None:
    first, second = make.event(), make.event()
    person, hr = make.person(), system()
    hr.ask("POST", f"/events/{first.id}/bookings", {"person_ref": person.ref})
    clash = hr.ask("POST", f"/events/{second.id}/bookings", {"person_ref": person.ref})
    assert (clash.status_code, clash.get_json()["code"]) == (409, "clash")
    told = {"person_ref": person.ref, "clash_reason": "Comes in the afternoon"}
    assert hr.ask("POST", f"/events/{second.id}/bookings", told).status_code == 201


def test_a_system_that_may_only_read_changes_nothing(system: NewSystem, make: Make, session: Session) -> None:
    event, person = make.event(), make.person()
    reader = system(may_write=False)
    refused = reader.ask("POST", f"/events/{event.id}/bookings", {"person_ref": person.ref})
    assert refused.status_code == 403
    assert session.scalars(sa.select(Booking).where(Booking.state == BookingState.CONFIRMED)).all() == []


NONSENSE = [
    ("GET", "/events?from=yesterday", 422),
    ("GET", "/events?from=0001-01-01", 422),
    ("GET", "/events?to=9999-12-31", 422),
    ("GET", "/events?limit=0", 422),
    ("GET", "/events?limit=1000000", 422),
    ("GET", "/events?cursor=%00", 422),
    ("GET", "/events?colour=red", 422),
    ("GET", "/events/1?more=1", 422),
    ("GET", "/events/99999999999999999999", 404),
    ("GET", "/events/%00", 404),
    ("GET", "/bookings?person_ref=%00", 422),
    ("GET", "/bookings/one", 404),
    ("GET", "/shoes", 404),
    ("PUT", "/events", 405),
    ("POST", "/events/1/bookings", 415),
    ("DELETE", "/bookings/1", 404),
]
BODIES = [(b"{", 400), (b"\xff", 400), (b"NaN", 400), (b"[" * 9999, 400), (b"[]", 422)]


def test_nonsense_is_refused_in_words(system: NewSystem, make: Make) -> None:
    event, hr = make.event(), system()
    answers = [(hr.ask(method, path), status) for method, path, status in NONSENSE]
    for body, status in BODIES:
        headers = {"Authorization": f"Bearer {hr.secret}"}
        url = f"/api/v1/events/{event.id}/bookings"
        answers.append((hr.client.post(url, data=body, content_type="application/json", headers=headers), status))
    for answer, status in answers:
        assert answer.status_code == status, answer.request.path
        assert answer.mimetype == "application/problem+json"
        told = answer.get_json()
        assert told["status"] == status
        assert told["detail"].endswith(".")


def test_nobody_without_a_token_learns_anything(client: FlaskClient, make: Make, system: NewSystem) -> None:
    make.event()
    system()
    for headers in ({}, {"Authorization": "Bearer gt_guessed"}, {"Authorization": "Basic eDp5"}, {"Authorization": ""}):
        answer = client.get("/api/v1/events", headers=headers)
        assert answer.status_code == 401, (answer.text, headers)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert client.get("/api/v1/openapi.json").status_code == 200, "what can be asked is no secret"
    caller = system()
    assert [client.get("/api/v1/events").status_code for _ in range(120)][-1] == 429, "no one guesses for long"
    too_many = client.get("/api/v1/events")
    assert int(too_many.headers["Retry-After"]) == 3600
    assert too_many.get_json()["code"] == "too_many_requests"
    assert caller.get("/events").status_code == 200, "a right token is never kept waiting by wrong ones"


def test_a_token_asks_so_often_and_is_told_how_often(app: Flask, system: NewSystem, clock: Clock) -> None:
    caller, other = system(), system()
    first = caller.get("/courses").headers
    named = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
    assert [first[name] for name in named] == ["1200", "1199", "60"]
    assert caller.get("/bookings/nothing").headers["RateLimit-Remaining"] == "1198", "refusals count and say so"
    tally = Store(engine_of(app), app.extensions["lms"].settings.secret_key)
    tally.add(f"api: requests\0{caller_id(app, caller)}", per=timedelta(minutes=1), now=clock.now, times=1198)
    clock.now += timedelta(seconds=20)
    refused = caller.get("/courses")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "40")
    assert other.get("/courses").status_code == 200
    clock.now += timedelta(seconds=41)
    assert caller.get("/courses").status_code == 200


def engine_of(app: Flask) -> Engine:
    with app.app_context():
        engine: Engine = app.extensions["sqlalchemy"].engine
        return engine


def caller_id(app: Flask, caller: System) -> int:
    with Session(engine_of(app)) as session:
        return session.scalars(sa.select(ApiToken.id).where(ApiToken.digest == digest(caller.secret))).one()


def test_every_reason_is_a_code_of_its_own_and_speaks_to_nobody(app: Flask) -> None:
    reasons = all_reasons(app.extensions["lms"].operations)
    for code, reason in reasons.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code)
        assert reason.words.endswith(".")
        assert not re.search(r"\b(you|your|my|we|our)\b", reason.words, re.IGNORECASE), reason
    shown = app.test_client().get("/api/problems").text
    assert all(f'id="{code}"' in shown for code in reasons)


def test_a_full_event_and_a_closed_one_are_told_apart(system: NewSystem, make: Make, session: Session) -> None:
    full, closed = make.event(capacity=1), make.event(starts=NOW + timedelta(hours=20))
    planned = make.event(state=EventState.PLANNED)
    first, second, left = make.person(), make.person(), make.person()
    left.left_on = NOW.date()
    hr = system(Role.BUSINESS_MANAGER)
    hr.ask("POST", f"/events/{full.id}/bookings", {"person_ref": first.ref})

    def code(event: Event, person: Person, **more: object) -> object:
        answer = hr.ask("POST", f"/events/{event.id}/bookings", {"person_ref": person.ref, **more})
        assert answer.status_code == 409
        return answer.get_json()["code"]

    assert code(full, second, join_waiting_list=False) == "full"
    assert (code(closed, second), code(planned, second), code(full, left)) == ("closed", "not_bookable", "left")
    make.commit()
    assert len(session.scalars(sa.select(Booking)).all()) == 1, "who would not wait waits not"


def test_who_is_signed_in_is_nobody_to_the_api(
    sign_in: Callable[..., FlaskClient], make: Make, system: NewSystem
) -> None:
    system()
    assert sign_in(make.coordinator()).get("/api/v1/events").status_code == 401
