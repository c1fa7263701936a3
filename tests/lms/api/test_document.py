"""Schemathesis asks the API everything that its OpenAPI document allows, and much that it does not."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from sqlalchemy.orm import Session

from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place
from lms.api.tokens.rules import Power
from lms.frame.access import Role
from lms.frame.settings import Settings
from lms.frame.work import Work
from tests.lms.api.conftest import System
from tests.make import Make

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    unsupported_method, negative_data_rejection,
]  # fmt: skip
EXAMPLES = 5


@pytest.fixture
def database_url(_kinds: Callable[[str], object]) -> object:
    """One kind of database is enough for what is asked and answered; other tests care for both."""
    with _kinds("sqlite").fresh() as url:  # type: ignore[attr-defined]
        yield url


KNOWN = {"event_id": "1", "booking_id": "1", "ref": "P1", "person_ref": "P1", "code": "LARK", "kind": "venues"}
"""What is here, by the names of parameters, so that it gets past "there is no such"."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The clock stands still here, so that a minute never ends."""
    return replace(settings, others={"LMS_API_REQUESTS_A_MINUTE": "1000000"})


@pytest.mark.slow
def test_no_answer_is_a_fault_or_undocumented(
    app: Flask, system: Callable[..., System], make: Make, work: Work, session: Session
) -> None:
    """Cursors that lists gave, and keys, are among what is tried."""
    agency = make.agency(code="LARK")
    event, person, _ = make.event(ref="E1"), make.person(ref="P1", agency=agency), make.person(ref="P2", agency=agency)
    book_place(replace(work, site=app.extensions["lms"]), event.id, person, BookingRequest())
    caller = system(Role.COORDINATOR, powers=tuple(Power))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    asked = [each.ok() for each in document.get_all_operations()]
    assert len(asked) >= 18
    for operation in asked:
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            ask(operation, mode, caller)


def ask(operation: schemathesis.APIOperation, mode: schemathesis.GenerationMode, caller: System) -> None:
    cursor = ""
    if any(each.name == "cursor" for each in operation.query):
        cursor = caller.get(f"{operation.path}?limit=1".removeprefix("/api/v1")).get_json().get("next_cursor") or ""

    @how(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def asks(case: schemathesis.Case) -> None:
        if mode.is_positive:
            case.path_parameters = {name: KNOWN.get(name, "1") for name in case.path_parameters}
            if isinstance(case.body, dict) and "person_ref" in case.body:
                case.body["person_ref"] = "P1" if len(case.body["person_ref"]) % 2 else "P2"
            if "cursor" in case.query and len(case.query["cursor"]) % 2:
                case.query["cursor"] = cursor
        case.call_and_validate(headers={"Authorization": f"Bearer {caller.secret}"}, checks=CHECKS)

    asks()
