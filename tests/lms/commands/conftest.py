"""The application under one secret key and another, and what an installation holds under its first."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from courses.desk.personal_data import _nobody
from courses.records.certificates.queries import LINK
from lms.api.tokens.services import TokenWanted, make_token
from lms.api.webhooks.models import Webhook
from lms.api.webhooks.rules import new_secret, sealed, signing_secret
from lms.api.webhooks.services import secret_of
from lms.audit.models import AuditEntry
from lms.frame.access import Role, program
from lms.frame.settings import Settings
from lms.frame.work import Work
from lms.kit.keys import Keys
from lms.people.accounts.models import Account
from surveys.answers.models import Draft
from surveys.answers.sealing.rules import _fernet, draft_id, new_id, seal, unseal
from surveys.answers.services import answers_so_far
from surveys.invitations.models import Invitation
from surveys.questions.models import SurveyVersion
from surveys.questions.rules import SurveyKind
from surveys.workforce.models import RoundAnswers, SurveyRound
from tests.application import lent
from tests.conftest import Clock
from tests.make import Make
from tests.moments import NOW
from tests.surveys.people import Asked

A, B = "a key for tests, long enough", "the next key, also long enough"
SAID = {"1": 7}
Under = Callable[..., Flask]


@pytest.fixture
def under(settings: Settings, clock: Clock) -> Iterator[Under]:
    """The application with a key, and keys of before."""
    with ExitStack() as stack:
        made: dict[tuple[str, ...], Flask] = {}

        def application(*keys: str) -> Flask:
            if keys not in made:
                its = replace(settings, secret_key=keys[0], secret_keys_before=keys[1:])
                made[keys] = stack.enter_context(lent(its, clock))
                made[keys].config.update(TESTING=True, PROPAGATE_EXCEPTIONS=True)
            return made[keys]

        yield application


@dataclass
class Kept:
    """What an installation holds under its first key."""

    account_id: int
    app_code: str
    invitation_ids: tuple[int, int]
    round_ids: tuple[str, str]
    hook_ids: tuple[int, int]
    secrets: tuple[str, str]
    person_id: int
    nobody_id: int
    link: str


def work_in(app: Flask, session: Session) -> Work:
    return Work(session=session, actor=program("test"), now=NOW, site=app.extensions["lms"])


@pytest.fixture
def kept(under: Under, session: Session, make: Make) -> Kept:
    app = under(A)
    work, keys, locks = work_in(app, session), Keys(A), app.extensions["lms.locks"]
    person = make.coordinator()
    account = make.account(person)
    account.tf_totp_secret = secret = locks.authenticator.generate_totp_secret()
    account.mf_recovery_codes = locks.lock_recovery_codes(["aaaa-bbbb-cccc"])
    asked = Asked(session, make)
    event = asked.held(make.course("Safer babies"), NOW.date())
    asked.people(event, make.agency("Health"), there=2, answered=0)
    session.flush()
    invitations = session.scalars(sa.select(Invitation.id).order_by(Invitation.id)).all()
    version = asked.versions[SurveyKind.WORKFORCE]
    both = seal(keys, SAID), _fernet(A).encrypt(b'{"1": 7}').decode()
    for invitation, each in zip(invitations, both, strict=True):
        session.add(Draft(id=draft_id(keys, invitation), version_id=version.id, sealed=each))
    rounds, hooks = _round(session, version, both), _hooks(work)
    nobody = _nobody(work, person.id)
    session.commit()
    return Kept(
        account_id=account.id,
        app_code=locks.authenticator.code_at(secret, NOW),
        invitation_ids=(invitations[0], invitations[1]),
        round_ids=rounds,
        hook_ids=(hooks[0].id, hooks[1].id),
        secrets=(secret_of(work, hooks[0]), signing_secret(A, hooks[1].id, "a plain salt")),
        person_id=person.id,
        nobody_id=nobody.id,
        link=LINK.sign(work.site.settings, 7),
    )


def _round(session: Session, version: SurveyVersion, both: tuple[str, str]) -> tuple[str, str]:
    day = NOW.date()
    opened = SurveyRound(version_id=version.id, title="Audits", opens_on=day, closes_on=day, created_at=NOW)
    session.add(opened)
    session.flush()
    rows = [RoundAnswers(id=new_id(), round_id=opened.id, sealed=each) for each in both]
    session.add_all(rows)
    return rows[0].id, rows[1].id


def _hooks(work: Work) -> list[Webhook]:
    """One of today, and one of an earlier release, whose secret follows from the key."""
    token, _ = make_token(work, TokenWanted("HR", Role.COORDINATOR, None))
    work.session.flush()
    made = [
        Webhook(token_id=token.id, url="https://hr.example/facts", fact_names=[], salt=each, created_at=NOW)
        for each in (sealed(work.site.settings.keys, new_secret()), "a plain salt")
    ]
    work.session.add_all(made)
    work.session.flush()
    return made


def what_works(app: Flask, session: Session, kept: Kept) -> set[str]:
    """What of it this application can use."""
    session.rollback()
    session.expire_all()
    work, keys, locks = work_in(app, session), app.extensions["lms"].settings.keys, app.extensions["lms.locks"]
    account = session.get_one(Account, kept.account_id)
    step = locks.authenticator.step_of(kept.app_code, account.tf_totp_secret, last_step=None, now=NOW)
    kept_sealed = [session.get_one(RoundAnswers, each).sealed for each in kept.round_ids]
    secrets = [secret_of(work, session.get_one(Webhook, each)) for each in kept.hook_ids]
    drafts = [answers_so_far(work, session.get_one(Invitation, each)) for each in kept.invitation_ids]
    found = {
        "app": step is not None,
        "recovery code": locks.find_recovery_code("aaaabbbbcccc", account.mf_recovery_codes or []) == 0,
        "draft": drafts[0] == SAID,
        "older draft": drafts[1] == SAID,
        "round": unseal(keys, kept_sealed[0]) == SAID,
        "older round": unseal(keys, kept_sealed[1]) == SAID,
        "webhook": secrets[0] == kept.secrets[0],
        "older webhook": secrets[1] == kept.secrets[1],
        "person without a name": _nobody(work, kept.person_id).id == kept.nobody_id,
        "link": LINK.is_for(app.extensions["lms"].settings, kept.link, 7),
    }
    session.rollback()
    return {name for name, works in found.items() if works}


SEALED = {"draft", "older draft", "round", "older round", "webhook", "older webhook"}
EVERYTHING = SEALED | {"app", "recovery code", "person without a name", "link"}


def run(app: Flask, *what: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["keys", *what])
    return result.exit_code, result.output


def rotations(session: Session) -> list[AuditEntry]:
    session.rollback()
    found = list(session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "secret key rotated")))
    session.expunge_all()
    session.rollback()
    return found
