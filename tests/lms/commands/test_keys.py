"""A new secret key: what was made under the old one works beside it, and without it once `lms keys rotate` has run."""

import hashlib
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame import web
from lms.frame.db import Base
from lms.keys.models import KnownKey
from lms.keys.services import note_first_key
from lms.kit.keys import Keys, key_mark
from lms.mail.models import OutboxLetter
from lms.signin.locks import FIRST_TAG, Authenticator, tag_in
from lms.signin.services import CODE, ask_for_code, check_code, check_second_factor
from lms.testing.browsers import browser_of
from surveys.answers.models import Draft
from surveys.answers.sealing.rules import SEALED as SEAL
from surveys.answers.sealing.rules import draft_ids
from surveys.answers.views import SEEN
from surveys.invitations.links.queries import INVITED
from surveys.workforce.models import RoundAnswers
from tests.lms.commands.conftest import EVERYTHING, A, B, Kept, Under, rotations, run, what_works, work_in
from tests.make import Make
from tests.moments import NOW

WRONG = "a key that no one ever had"
SAVED_ELSEWHERE = "Some answers are saved already."


def test_what_was_made_under_a_key_needs_it_until_it_was_put_under_the_next(
    under: Under, session: Session, kept: Kept
) -> None:
    assert what_works(under(A), session, kept) == EVERYTHING
    assert what_works(under(B), session, kept) == set()
    both = under(B, A)
    assert what_works(both, session, kept) == EVERYTHING
    code, words = run(both, "status")
    assert code == 1
    assert "Run `lms keys rotate`" in words
    code, words = run(both, "rotate")
    assert code == 0, words
    assert "Nothing in the database needs an earlier key" in words
    assert "codes on certificates" in words
    assert what_works(both, session, kept) == EVERYTHING
    assert what_works(under(B), session, kept) == EVERYTHING - {"link"}
    assert run(under(B), "status")[0] == 0
    (line,) = rotations(session)
    assert line.details["put_under_it"] == {
        "signin.second_factors": 1,
        "api.webhooks": 2,
        "courses.nobody": 1,
        "surveys.drafts": 2,
        "surveys.practice": 0,
        "surveys.rounds": 2,
    }


def test_a_repeat_does_nothing_and_a_third_key_follows(under: Under, session: Session, kept: Kept) -> None:
    assert run(under(B, A), "rotate")[0] == 0
    assert run(under(B, A), "rotate")[0] == 0
    assert len(rotations(session)) == 1
    third = "the third key, long enough as well"
    assert run(under(third, B), "rotate")[0] == 0
    assert what_works(under(third), session, kept) == EVERYTHING - {"link"}


def test_a_wrong_key_of_before_is_refused_in_a_sentence_and_changes_nothing(
    under: Under, session: Session, kept: Kept
) -> None:
    before = everything(session)
    for keys in ((B, WRONG), (B, A, WRONG), (B,)):
        code, words = run(under(*keys), "rotate")
        assert code == 1
        assert words.startswith("Error: Nothing was changed: ")
        assert len(words.splitlines()) == 1
        assert everything(session) == before
    assert what_works(under(A), session, kept) == EVERYTHING


def test_a_database_knows_the_key_that_it_stands_under(under: Under, session: Session, kept: Kept) -> None:
    assert run(under(A), "rotate")[0] == 0
    session.rollback()
    assert known_keys(session) == [key_mark(A)]
    for keys in ((B,), (B, WRONG)):
        for what in ("rotate", "status"):
            code, words = run(under(*keys), what)
            assert code == 1
            assert "stands under a" in words
    assert under(B).test_cli_runner().invoke(args=["check"]).output.count("BROKEN  keys.named") == 1
    assert run(under(B, A), "rotate")[0] == 0
    session.rollback()
    assert known_keys(session) == [key_mark(A), key_mark(B)]
    assert under(B).test_cli_runner().invoke(args=["check"]).output.count("ok      keys.named") == 1
    assert run(under(A), "status")[0] == 1


def test_a_key_that_is_lost_can_be_given_up(under: Under, session: Session, kept: Kept) -> None:
    assert run(under(A), "rotate")[0] == 0
    assert run(under(B), "rotate", "--key-is-lost")[0] == 1
    session.rollback()
    assert known_keys(session) == [key_mark(A), key_mark(B)]
    code, words = run(under(B), "status")
    assert code == 1
    assert "2  answers that are begun or wait: not under the key in force" in words
    assert what_works(under(B, A), session, kept) == EVERYTHING  # whoever finds the key again opens them


def test_the_first_key_is_noted_where_it_opens_what_is_there(under: Under, session: Session, make: Make) -> None:
    """A fresh database, one of an earlier release, and one whose key was changed with the upgrade."""
    account = make.account(make.coordinator())
    account.tf_totp_secret = of_before().generate_totp_secret()
    session.flush()
    note_first_key(work_in(under(B), session))
    assert known_keys(session) == []
    account.mf_recovery_codes = under(A).extensions["lms.locks"].lock_recovery_codes(["aaaa-bbbb-cccc"])
    session.flush()
    note_first_key(work_in(under(B), session))
    assert known_keys(session) == []
    note_first_key(work_in(under(B, A), session))
    assert known_keys(session) == [key_mark(A)]
    note_first_key(work_in(under(B), session))
    assert known_keys(session) == [key_mark(A)]
    session.rollback()
    note_first_key(work_in(under(B), session))
    assert known_keys(session) == [key_mark(B)]


def test_a_second_factor_of_before_keys_had_names_follows(under: Under, session: Session, make: Make) -> None:
    """Locked when there was one key, whose name was always 1."""
    account = make.account(make.coordinator())
    account.tf_totp_secret = secret = of_before().generate_totp_secret()
    account.mf_recovery_codes = under(A).extensions["lms.locks"].lock_recovery_codes(["aaaa-bbbb-cccc"])
    code = of_before().code_at(secret, NOW)
    session.commit()
    assert run(under(A), "status")[0] == 1
    assert under(B).extensions["lms.locks"].authenticator.step_of(code, secret, last_step=None, now=NOW) is None
    assert run(under(B, A), "rotate")[0] == 0
    session.expire_all()
    alone = under(B).extensions["lms.locks"].authenticator
    assert alone.step_of(code, account.tf_totp_secret, last_step=None, now=NOW) is not None
    assert run(under(B), "status")[0] == 0


def test_a_right_code_shows_which_key_a_second_factor_of_before_has(under: Under, session: Session, make: Make) -> None:
    """Without recovery codes nothing else shows it: no key is tried on it, until its owner signs in."""
    account = make.account(make.coordinator())
    account.tf_totp_secret = secret = of_before().generate_totp_secret()
    session.commit()
    assert run(under(B, A), "rotate")[0] == 1
    session.expire_all()
    assert account.tf_totp_secret == secret
    work, locks = work_in(under(A), session), under(A).extensions["lms.locks"]
    assert not check_second_factor(work, locks, account, "000000")
    assert tag_in(account.tf_totp_secret) == FIRST_TAG
    assert check_second_factor(work, locks, account, of_before().code_at(secret, NOW))
    assert tag_in(account.tf_totp_secret) != FIRST_TAG
    session.commit()
    assert run(under(B, A), "rotate")[0] == 0
    session.expire_all()
    later = NOW + timedelta(minutes=2)
    code, alone = of_before().code_at(secret, later), under(B).extensions["lms.locks"].authenticator
    assert alone.step_of(code, account.tf_totp_secret, last_step=None, now=later) is not None


def test_what_was_sealed_tells_no_time_and_no_length_afterwards(under: Under, session: Session, kept: Kept) -> None:
    """Those sealed by Fernet, whose tokens tell a second, too; also when the key stays as it is."""
    for keys in ((A,), (B, A)):
        assert run(under(*keys), "rotate")[0] == 0
        session.rollback()
        sealed = [*session.scalars(sa.select(Draft.sealed)), *session.scalars(sa.select(RoundAnswers.sealed))]
        assert len(sealed) == 4
        assert all(each.startswith(SEAL) for each in sealed)
        assert len({len(each) for each in sealed}) == 1
        session.rollback()
    assert len({each[:18] for each in sealed}) == 4  # a nonce of its own, and nothing before it


class Killed(BaseException):
    """As by the operating system, or whoever pulls the plug."""


@pytest.mark.parametrize("saved", range(1, 7))
def test_a_rotation_that_is_killed_goes_on_when_started_again(
    under: Under, session: Session, kept: Kept, saved: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever portion it had saved: everything works in between under both keys, and at the end under the new one."""
    monkeypatch.setattr("lms.commands.keys.AT_A_TIME", 1)
    both = under(B, A)
    commits = iter(range(saved))

    def kill(_: object) -> None:
        if next(commits, None) is None:
            raise Killed

    with both.app_context():
        its = web.db.session.session_factory
        sa.event.listen(its, "before_commit", kill)
        try:
            both.test_cli_runner().invoke(args=["keys", "rotate"], standalone_mode=False)
        except Killed:
            pass
        finally:
            sa.event.remove(its, "before_commit", kill)
            web.db.session.remove()
    assert next(commits, None) is None
    assert rotations(session) == []
    assert what_works(both, session, kept) == EVERYTHING
    assert run(both, "status")[0] == 1
    assert run(both, "rotate")[0] == 0
    assert what_works(under(B), session, kept) == EVERYTHING - {"link"}


def test_sessions_go_on_while_the_key_of_before_is_named(under: Under, make: Make) -> None:
    uniquifier = make.account(make.person()).fs_uniquifier
    make.commit()
    browser = browser_of(under(A), uniquifier)
    assert browser.get("/account").status_code == 200
    cookie = browser.get_cookie("golden_thread")
    assert cookie is not None
    answers = {}
    for keys in ((B, A), (B,)):
        again = under(*keys).test_client()
        again.set_cookie("golden_thread", cookie.value)
        answers[keys] = again.get("/account").status_code
    assert answers == {(B, A): 200, (B,): 302}


def test_a_mailed_code_works_under_every_key_and_is_kept_as_a_mark(under: Under, session: Session, make: Make) -> None:
    person = make.person()
    make.commit()
    asked = ask_for_code(work_in(under(A), session), person.email)
    session.commit()
    code = session.scalars(sa.select(OutboxLetter)).one().context["code"]
    answers = []
    for keys in ((B,), (B, A)):
        answers.append(check_code(work_in(under(*keys), session), asked.token, code) is not None)
        session.rollback()
    assert answers == [False, True]
    assert asked.digest == Keys(A).mark(CODE, asked.token, code)
    assert len(asked.digest) == 64


def test_a_form_that_was_opened_before_can_be_sent(under: Under, session: Session, kept: Kept) -> None:
    """Its token, and what the browser remembers, stand under the key of before."""
    link = f"/answer/{INVITED.sign(under(A).extensions['lms'].settings, kept.invitation_ids[0])}"
    opened = under(A).test_client()
    token = csrf_token(opened.get(link).text)
    cookie = opened.get_cookie("golden_thread")
    assert cookie is not None
    answers = {}
    for keys in ((B, A), (B,)):
        browser = under(*keys).test_client()
        browser.set_cookie("golden_thread", cookie.value)
        posted = browser.post(f"{link}/1", data={"csrf_token": token})
        answers[keys] = posted.status_code
    assert answers == {(B, A): 422, (B,): 400}  # it says what is missing; or that the page is too old


def test_a_browser_is_still_known_by_its_mark(under: Under, session: Session, kept: Kept) -> None:
    """Whoever answered in it reads their own answers again; another browser does not."""
    its = under(A).extensions["lms"].settings
    link, mark = f"/answer/{INVITED.sign(its, kept.invitation_ids[0])}", draft_ids(Keys(A), kept.invitation_ids[0])
    known = under(A).test_client()
    with known.session_transaction() as remembered:
        remembered[SEEN] = [mark[0][:16]]
    cookie = known.get_cookie("golden_thread")
    assert cookie is not None
    again, other = under(B, A).test_client(), under(B, A).test_client()
    again.set_cookie("golden_thread", cookie.value)
    assert SAVED_ELSEWHERE not in again.get(link).text
    assert SAVED_ELSEWHERE in other.get(link).text


def csrf_token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found[1]


def of_before() -> Authenticator:
    """As second factors were locked when there was one key."""
    return Authenticator({FIRST_TAG: hashlib.sha256(f"authenticator\0{A}".encode()).hexdigest()}, issuer="x")


def known_keys(session: Session) -> list[str]:
    session.flush()
    return list(session.scalars(sa.select(KnownKey.mark).order_by(KnownKey.known_at, KnownKey.mark != key_mark(A))))


def everything(session: Session) -> dict[str, list[tuple[object, ...]]]:
    session.rollback()
    tables = Base.metadata.sorted_tables
    found = {each.name: [tuple(row) for row in session.execute(sa.select(each))] for each in tables}
    session.rollback()
    return found
