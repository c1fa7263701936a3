"""Policy versions: drafted, approved with a reason, never changed; and the terms that make sense."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from lms.frame.access import Role
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.working_days import wall_time
from lms.people.models import Person
from lms.policies.models import PolicyDraft, PolicyVersion
from lms.policies.queries import policy_in_force, terms_of
from lms.policies.rules import TERMS, Policy, changed_terms, check_terms
from lms.policies.services import approve_draft, change_draft, drop_draft, start_draft
from tests.make import Make
from tests.moments import NOW

SignIn = Callable[[Person], FlaskClient]
DEARER = replace(Policy(), charge_full_day_pence=6500)


def test_every_term_is_asked_for_and_every_default_makes_sense() -> None:
    assert {term.name for term in TERMS} == {each.name for each in fields(Policy)}
    check_terms(Policy())


def test_terms_survive_being_stored() -> None:
    assert Policy.from_terms(DEARER.as_terms()) == DEARER
    assert changed_terms(Policy(), DEARER)[0].name == "charge_full_day_pence"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"notice_working_days": 0}, "notice_working_days"),
        ({"charge_full_day_pence": 99}, "charge_full_day_pence"),
        ({"charge_half_day_pence": 5001}, "charge_half_day_pence"),
        ({"attended_percent": 101}, "attended_percent"),
        ({"last_reminder_working_days": 5}, "joining_instructions_working_days"),
    ],
)
def test_terms_that_make_no_sense_are_refused_at_their_field(values: dict[str, int], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_terms(replace(Policy(), **values))  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_a_draft_changes_nothing_until_it_is_approved(work: Work) -> None:
    draft = change_draft(work, start_draft(work, "Dearer"), "Dearer", DEARER)
    assert terms_of(policy_in_force(work.session, NOW)) == Policy()
    version = approve_draft(work, draft, why="Costs have risen", in_force_on=date(2026, 4, 1))
    work.session.flush()
    assert (version.number, version.approved_by, version.why) == (2, "test", "Costs have risen")
    assert version.in_force_from == datetime(2026, 3, 31, 23, 0, tzinfo=UTC), "midnight in London"
    assert policy_in_force(work.session, NOW).number == 1
    assert policy_in_force(work.session, version.in_force_from).number == 2
    assert work.session.scalars(sa.select(PolicyDraft)).all() == []


def test_a_version_begins_at_the_next_midnight_at_the_earliest_and_after_every_other(work: Work) -> None:
    """What was booked on a day is all on the same terms."""
    draft = start_draft(work, "Same")
    for day in (NOW.date() - timedelta(days=1), NOW.date()):
        with pytest.raises(Invalid, match="Choose tomorrow or later") as refusal:
            approve_draft(work, draft, why="Why not", in_force_on=day)
        assert refusal.value.field == "in_force_on"
    approve_draft(work, draft, why="Now", in_force_on=date(2026, 6, 1))
    with pytest.raises(Invalid, match="Another version"):
        approve_draft(work, start_draft(work, "Sooner"), why="Sooner", in_force_on=date(2026, 5, 1))


def test_a_version_approved_today_begins_tomorrow_at_midnight_in_london(work: Work) -> None:
    day = NOW.date() + timedelta(days=1)
    version = approve_draft(work, start_draft(work, "Soon"), why="Soon", in_force_on=day)
    assert version.in_force_from == wall_time(day, time(0))


def test_approving_needs_a_reason(work: Work) -> None:
    with pytest.raises(Invalid, match="Explain why") as refusal:
        approve_draft(work, start_draft(work, "x"), why=" ", in_force_on=date(2026, 6, 1))
    assert refusal.value.field == "why"


def test_a_draft_can_be_given_up(work: Work) -> None:
    drop_draft(work, start_draft(work, "Never"))
    work.session.flush()
    assert work.session.scalars(sa.select(PolicyDraft)).all() == []


def test_a_business_manager_drafts_and_approves_in_the_browser(make: Make, sign_in: SignIn, work: Work) -> None:
    browser = sign_in(make.person("Hamish Eldermoor", roles=(Role.BUSINESS_MANAGER,)))
    assert browser.post("/policies", data={"draft_name": "Higher charges"}).status_code == 303
    address = f"/policies/drafts/{work.session.scalars(sa.select(PolicyDraft.id)).one()}"
    make.commit()
    page = browser.get(address)
    assert 'value="50.00"' in page.text
    typed = {name: value for name, value in Policy().as_terms().items() if isinstance(value, int)}
    typed |= {"draft_name": "Higher charges", "charge_full_day_pence": "lots", "charge_half_day_pence": "35.00"}
    typed |= {"attended_percent": 101}
    refused = browser.post(address, data=typed)
    assert refused.status_code == 422
    assert "Enter an amount in pounds and pence" in refused.text
    assert 'value="lots"' in refused.text
    assert "Enter a whole number from 1% to 100%." in refused.text
    typed |= {"attended_percent": 90}
    assert browser.post(address, data={**typed, "charge_full_day_pence": "65"}).status_code == 303
    done = browser.post(f"{address}/approve", data={"in_force_on": "2026-09-01", "why": "Costs"})
    assert done.status_code == 303
    version = work.session.scalars(sa.select(PolicyVersion).where(PolicyVersion.number == 2)).one()
    assert (terms_of(version).charge_full_day_pence, version.approved_by) == (6500, "Hamish Eldermoor")
    assert "Costs" in browser.get("/policies").text


def test_a_coordinator_reads_versions_and_drafts_none(make: Make, sign_in: SignIn) -> None:
    browser = sign_in(make.coordinator())
    assert browser.get("/policies").status_code == 200
    assert browser.post("/policies", data={"draft_name": "Mine"}).status_code == 403
