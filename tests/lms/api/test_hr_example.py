"""The example of an HR system works, with a client generated from the document as it is."""

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from courses.records.completions.models import Completion
from lms.api.tokens.rules import Power
from lms.frame.db import work_at
from lms.frame.settings import ROOT, Settings
from lms.frame.work import Work
from lms.people.models import Person
from tests.conftest import Clock
from tests.lms.api.conftest import System
from tests.make import Make
from tests.moments import NOW


def example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "examples" / "hr-in-step" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, others={"LMS_API_REQUESTS_A_MINUTE": "1000000"})


def test_a_made_up_hr_system_stays_in_step(
    app: Flask, system: Callable[..., System], make: Make, session: Session, work: Work, clock: Clock
) -> None:
    e_learning = make.course(code="EL")
    caller, course_id = system(powers=(Power.PEOPLE,)), e_learning.id
    code: dict[str, Any] = {}
    source = example("make_client").client_source(caller.client.get("/api/v1/openapi.json").get_json())
    exec(compile(source, "client.py", "exec"), code)

    def send(method: str, path: str, query: dict[str, Any], body: Any) -> Any:
        asked = "&".join(f"{name}={str(value).replace('+', '%2B')}" for name, value in query.items())
        answer = caller.ask(method, f"{path}?{asked}", body)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    hr_in_step = example("hr_in_step")
    hr = hr_in_step.HrSystem(agencies=3)
    client = code["Client"](send)
    assert hr_in_step.keep_in_step(client, hr, people=20, days=3, now=clock) == []
    make.commit()
    person = session.scalars(sa.select(Person).where(Person.ref == "HR-00001")).one()
    work_at(session, NOW)
    session.add(Completion(course_id=course_id, person_id=person.id, completed_on=date(2026, 3, 1), created_at=NOW))
    make.commit()
    hr_in_step._take_back(client, hr, NOW)
    assert [each["course_code"] for each in hr.learned.values()] == ["EL"]
    hr.people["HR-00002"]["name"] = "Someone Else"
    assert len(hr_in_step._differences(client, hr)) == 1, "a difference is found"
