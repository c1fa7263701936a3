"""Schemathesis asks the API everything that its OpenAPI document allows, and much that it does not."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
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
from lms.frame.access import Role
from lms.frame.work import Work
from lms.limits.limiter import limiter
from tests.lms.api.conftest import System
from tests.make import Make

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    unsupported_method, negative_data_rejection,
]  # fmt: skip
EXAMPLES = 8


@pytest.fixture
def database_url(_kinds: Callable[[str], object]) -> object:
    """One kind of database is enough for what is asked and answered; other tests care for both."""
    with _kinds("sqlite").fresh() as url:  # type: ignore[attr-defined]
        yield url


@pytest.mark.slow
def test_no_answer_is_a_fault_or_undocumented(
    app: Flask, system: Callable[..., System], make: Make, work: Work, session: Session
) -> None:
    """Ids and references of records that are here are among what is tried, so that it gets past "there is no such"."""
    event, person, _ = make.event(ref="E1"), make.person(ref="P1"), make.person(ref="P2")
    book_place(replace(work, site=app.extensions["lms"]), event.id, person, BookingRequest())
    secret = system(Role.COORDINATOR).secret
    limiter.enabled = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
        asked = [each.ok() for each in document.get_all_operations()]
        assert len(asked) >= 8
        for operation in asked:
            for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
                ask(operation, mode, secret)
    finally:
        limiter.enabled = True


def ask(operation: schemathesis.APIOperation, mode: schemathesis.GenerationMode, secret: str) -> None:
    @settings(
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
            case.path_parameters = dict.fromkeys(case.path_parameters, "1")
            if isinstance(case.body, dict):
                case.body["person_ref"] = "P1" if len(case.body["person_ref"]) % 2 else "P2"
        case.call_and_validate(headers={"Authorization": f"Bearer {secret}"}, checks=CHECKS)

    asks()
