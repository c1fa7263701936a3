"""Letters arrive once, whole, and whatever goes wrong is written on them."""

import multiprocessing
import os
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from lms.frame.db import writing
from lms.frame.settings import Settings
from lms.frame.work import Work
from lms.mail import delivery, transport
from lms.mail.claiming import claim_next, give_back_interrupted
from lms.mail.journal import HowFar, Journal
from lms.mail.letters import CalendarPart
from lms.mail.models import OutboxLetter
from lms.mail.rules import CLAIM_LASTS, MOST_TRIES, LetterState
from lms.mail.services import retry_letter
from lms.mail.talk import Talk
from lms.people.models import Person
from tests.conftest import Clock
from tests.lms.mail.conftest import Post, Server, application, letter
from tests.make import Make
from tests.moments import NOW

SENT, WAITING = LetterState.SENT, LetterState.WAITING


def test_a_letter_arrives_with_text_html_and_the_invitation_last(post: Post) -> None:
    invitation = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Säfer babies\r\nEND:VCALENDAR\r\n"
    [letter_id] = post.put(letter(calendar=CalendarPart("REQUEST", invitation)))
    assert post.deliver() == Counter({SENT: 1})
    [message] = post.server.taken
    parts = list(message.iter_parts())
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html", "text/calendar"]
    assert parts[2]["Content-Type"] == 'text/calendar; charset="utf-8"; method="REQUEST"'
    assert parts[2].get_content() == invitation
    assert "https://training.rowanvalleyscp.example/contact" in parts[0].get_content()
    assert message["Subject"] == "Hello green"
    assert message["To"] == "Amara Fenwick-Osei <amara@rvch.example>"
    assert message["From"] == message["Reply-To"] == "Training team <training@rowanvalleyscp.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@training.rowanvalleyscp.example>")
    sent = post.row(letter_id)
    assert (sent.state, sent.sent_at, sent.sent_to, sent.subject, sent.tries) == (
        SENT,
        NOW,
        "amara@rvch.example",
        "Hello green",
        1,
    )


def test_nothing_goes_before_it_is_due(post: Post) -> None:
    post.put(letter(due_at=NOW + timedelta(hours=1)))
    assert not post.deliver()
    post.clock.now = NOW + timedelta(hours=1)
    assert post.deliver() == Counter({SENT: 1})


def test_many_letters_share_a_connection(post: Post) -> None:
    post.put(*(letter(number) for number in range(5)))
    assert post.deliver()[SENT] == 5
    assert post.server.connections == 1


def test_a_sign_in_code_overtakes_reminders_and_is_forgotten_once_sent(post: Post) -> None:
    post.put(letter(1, due_at=NOW - timedelta(hours=1)))
    [secret] = post.put(letter(2, to="code@rvch.example", secret=True))
    post.deliver(1)
    assert [message["To"] for message in post.server.taken] == ["Amara Fenwick-Osei <code@rvch.example>"]
    assert post.row(secret).context == {}
    assert post.row(secret).subject == ""


@pytest.mark.parametrize("bad", ["Ann\r\nBcc: all@rvch.example", "Ann\nX: y", "Ann\x1b\x7f"])
def test_a_name_cannot_smuggle_in_a_header(post: Post, bad: str) -> None:
    post.put(letter(to_name=bad, to_address="ann@rvch.example", context={"colour": bad}))
    post.deliver()
    [message] = post.server.taken
    assert message["Bcc"] is None
    assert message["X"] is None
    assert post.server.envelopes[0][1] == ["ann@rvch.example"]


@pytest.mark.parametrize("bad", ["", "nobody", "a@b@c", "ann@rvch.example\nbcc: x@y", "änn@rvch.example", "<ann>@x y"])
def test_an_address_that_mail_cannot_reach_is_said_so(post: Post, make: Make, bad: str) -> None:
    person_id = make.person(email=bad).id
    make.commit()
    [letter_id] = post.put(letter(person_id=person_id))
    post.deliver()
    assert post.row(letter_id).state is LetterState.UNDELIVERABLE
    assert post.row(letter_id).last_error
    assert not post.server.taken


def test_a_merged_person_is_written_to_at_the_kept_ones_address_and_nothing_goes_to_a_leavers(
    post: Post, make: Make
) -> None:
    kept = make.person("Amara Fenwick-Osei", email="amara@rvch.example")
    between = make.person("A Fenwick", email="old@rvch.example")
    duplicate = make.person("A F Osei", email="older@rvch.example", merged_into_id=between.id)
    between.merged_into_id = kept.id
    leaver = make.person("Joel Tarrant", email="joel@rvch.example", left_on=NOW.date())
    letters = letter(1, person_id=duplicate.id), letter(2, person_id=leaver.id)
    make.commit()
    post.put(*letters)
    post.deliver()
    assert [message["To"] for message in post.server.taken] == ["Amara Fenwick-Osei <amara@rvch.example>"]


def test_a_broken_letter_is_recorded_and_the_rest_go(post: Post) -> None:
    broken, unknown, good = post.put(letter(1, context={}), letter(2, kind="test.unknown", context={}), letter(3))
    assert post.deliver() == Counter({WAITING: 2, SENT: 1})
    assert "'colour' is undefined" in post.row(broken).last_error
    assert "unknown" in post.row(unknown).last_error
    assert post.row(good).state is SENT


def test_a_server_that_is_down_costs_one_try_a_round(
    settings: Settings, engine: Engine, clock: Clock, socket_enabled: None
) -> None:
    down = Post(application(replace(settings, mail_url="smtp://127.0.0.1:9"), clock), engine, clock, Server())
    first, second = down.put(letter(1), letter(2))
    assert down.deliver() == Counter({WAITING: 1})
    assert "cannot be reached" in down.row(first).last_error
    assert down.row(first).retry_at == NOW + timedelta(minutes=1)
    assert (down.row(second).state, down.row(second).tries) == (WAITING, 0)
    down.dispose()


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("550 5.1.1 No such mailbox", LetterState.REFUSED),
        ("450 4.2.1 Busy, later please", WAITING),
    ],
)
def test_the_servers_word_on_a_recipient_counts_for_that_letter(post: Post, answer: str, state: LetterState) -> None:
    post.server.answer_to_recipient = answer
    bad, good = post.put(letter(1, to="bad@rvch.example"), letter(2))
    post.deliver()
    assert post.row(bad).state is state
    assert answer[4:] in post.row(bad).last_error
    assert post.row(good).state is SENT


@pytest.mark.slow
def test_a_letter_refused_for_now_waits_longer_each_time_and_is_given_up_after_three_days(post: Post) -> None:
    post.server.answer_to_data = "451 Greylisted"
    [letter_id] = post.put(letter())
    waits = []
    for _ in range(MOST_TRIES):
        post.deliver()
        retry_at = post.row(letter_id).retry_at
        waits.append(retry_at and int((retry_at - post.clock.now).total_seconds() / 60))
        assert not post.deliver()
        post.clock.now = retry_at or post.clock.now
    assert waits[:5] == [1, 5, 15, 60, 60]
    assert waits[-2:] == [60, None]
    assert timedelta(days=3) <= post.clock.now - NOW < timedelta(days=3, hours=1)
    assert post.row(letter_id).state is LetterState.GIVEN_UP


def test_a_letter_that_the_server_had_and_never_answered_for_is_for_a_person_to_decide(post: Post) -> None:
    post.server.hangs_up_after = 1
    ids = post.put(*(letter(number) for number in range(4)))
    assert post.deliver() == Counter({SENT: 3, LetterState.GIVEN_UP: 1})
    unclear = post.row(ids[1])
    assert (unclear.may_have_gone_at, unclear.sent_to, unclear.sent_at) == (NOW, "amara@rvch.example", None)
    post.clock.now = NOW + timedelta(hours=1)
    assert not post.deliver()


def test_what_had_better_go_twice_goes_again_with_the_same_message_id_and_twice_at_most(post: Post) -> None:
    soon = {"better_twice": True, "concerns_at": NOW + timedelta(hours=47)}
    [urgent] = post.put(letter(1, **soon))
    for minutes in (1, 5):
        post.server.hangs_up_after = 0
        assert post.deliver() == Counter({WAITING: 1})
        assert post.row(urgent).retry_at == post.clock.now + timedelta(minutes=minutes)
        post.clock.now = post.row(urgent).retry_at or NOW
    post.server.hangs_up_after = 0
    assert post.deliver() == Counter({LetterState.GIVEN_UP: 1})
    assert len(post.server.unanswered) == 3
    assert len(set(post.server.unanswered)) == 1


def test_only_what_begins_within_two_days_had_better_go_twice(post: Post) -> None:
    ids = post.put(
        letter(1, better_twice=True, concerns_at=NOW + timedelta(hours=49)), letter(2, better_twice=True), letter(3)
    )
    [code] = post.put(letter(4, secret=True))
    assert [post.row(each).better_twice for each in [*ids, code]] == [False, False, False, True]


def test_a_refused_letter_is_tried_again_at_the_corrected_address(post: Post, make: Make, work: Work) -> None:
    post.server.answer_to_recipient = "550 No such mailbox"
    person_id = make.person(email="bad@rvch.example").id
    make.commit()
    [letter_id] = post.put(letter(person_id=person_id))
    post.deliver()
    make.session.get_one(Person, person_id).email = "good@rvch.example"
    retry_letter(work, letter_id)
    make.commit()
    assert post.deliver() == Counter({SENT: 1})
    assert post.row(letter_id).sent_to == "good@rvch.example"


def killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def is_killed(
    post: Post, where: Any, name: str, monkeypatch: pytest.MonkeyPatch, how: Callable[..., None] = killed
) -> None:
    """A deliverer is stopped at this step, and another one comes when nobody can be at it any more."""
    with monkeypatch.context() as patch:
        patch.setattr(where, name, how)
        with pytest.raises(KeyboardInterrupt):
            post.deliver()
    post.clock.now += CLAIM_LASTS - timedelta(seconds=1)
    assert not post.deliver()
    post.clock.now += timedelta(seconds=1)


def test_killed_between_the_servers_word_and_ours_it_is_sent_and_does_not_go_again(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    [letter_id] = post.put(letter())
    is_killed(post, delivery._Round, "_record", monkeypatch)
    assert not post.deliver()
    assert len(post.server.taken) == 1
    assert (post.row(letter_id).state, post.row(letter_id).sent_at) == (SENT, NOW)


def test_killed_before_the_server_had_all_of_it_it_goes_again(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    [letter_id] = post.put(letter())
    is_killed(post, Talk, "take", monkeypatch)
    assert post.deliver() == Counter({SENT: 1})
    assert post.row(letter_id).interruptions == 1


@pytest.mark.parametrize("is_urgent", [False, True])
def test_killed_before_the_server_answered_a_person_decides_unless_it_had_better_go_twice(
    post: Post, monkeypatch: pytest.MonkeyPatch, is_urgent: bool
) -> None:
    [letter_id] = post.put(letter(secret=is_urgent))
    write = Journal.write

    def dies(self: Journal, mark: HowFar, *given: Any) -> None:
        write(self, mark, *given)
        if mark is HowFar.HANDED_OVER:
            raise KeyboardInterrupt

    is_killed(post, Journal, "write", monkeypatch, dies)
    assert not post.deliver()
    assert post.row(letter_id).may_have_gone_at == NOW
    post.clock.now += timedelta(minutes=1)
    assert post.deliver() == Counter({SENT: 1} if is_urgent else {})
    assert post.row(letter_id).state is (SENT if is_urgent else LetterState.GIVEN_UP)


def test_where_nothing_can_be_kept_letters_go_all_the_same(post: Post) -> None:
    instance = post.settings.instance
    (instance / "mail-journal").write_text("a file where the journal would lie")
    post.put(letter(1), letter(2))
    assert post.deliver() == Counter({SENT: 2})


def _die_after_sending(post: Post, deaths_after: int) -> None:
    sent = 0
    take = transport.FileMailbox.send

    def send(self: transport.FileMailbox, *given: object) -> None:
        nonlocal sent
        take(self, *given)  # type: ignore[arg-type]
        sent += 1
        if sent == deaths_after:
            os._exit(9)

    transport.FileMailbox.send = send  # type: ignore[method-assign]
    post.deliver()


def test_a_process_killed_outright_loses_nothing_and_leaves_one_file_a_letter(filing: Post, settings: Settings) -> None:
    filing.put(*(letter(number) for number in range(6)))
    filing.dispose()
    filing.engine.dispose()
    process = multiprocessing.get_context("fork").Process(target=_die_after_sending, args=(filing, 3))
    process.start()
    process.join(30)
    assert process.exitcode == 9
    assert filing.states() == ["sent", "sent", "sending", "waiting", "waiting", "waiting"]
    filing.deliver()
    filing.clock.now = NOW + timedelta(minutes=10)
    filing.deliver()
    assert set(filing.states()) == {"sent"}
    folder = transport.mailbox_folder(settings.mail_url)
    assert len(list(folder.glob("*.eml"))) == 6
    message = message_from_bytes(next(folder.glob("*.eml")).read_bytes(), policy=default)
    assert message["Subject"] == "Hello green"


@pytest.mark.slow
def test_several_deliverers_at_once_send_each_letter_once(post: Post) -> None:
    post.server.answer_to_recipient = "550 No such mailbox"
    post.put(*(letter(n, to=f"{'bad' if n % 7 == 0 else 'person'}{n}@rvch.example") for n in range(60)))
    ended: list[Counter[LetterState]] = []

    def deliver() -> None:
        ended.append(post.deliver())

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(ended, Counter()) == Counter({SENT: 51, LetterState.REFUSED: 9})
    assert len(post.server.taken) == len({message["Message-ID"] for message in post.server.taken}) == 51


def test_a_letter_taken_over_by_another_worker_is_left_to_that_one(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    [letter_id] = post.put(letter())
    send: Callable[..., None] = transport.MailServer.send

    def slow(self: transport.MailServer, *given: object) -> None:
        monkeypatch.undo()
        post.clock.now = NOW + timedelta(minutes=11)
        journal = Journal(post.settings.instance)
        give_back_interrupted(post.engine, post.clock.now, journal)
        assert claim_next(post.engine, post.clock.now, journal.here) is not None
        send(self, *given)

    monkeypatch.setattr(transport.MailServer, "send", slow)
    post.deliver()
    assert (post.row(letter_id).state, post.row(letter_id).tries) == (LetterState.SENDING, 2)


def test_ten_thousand_letters_are_claimed_by_index_and_never_read_at_once(engine: Engine) -> None:
    """The claim looks at one row, whatever waits behind it."""
    with writing(engine) as session:
        like = {"kind": "test.hello", "to_address": "a@b.example", "context": {}, "created_at": NOW, "due_at": NOW}
        session.execute(sa.insert(OutboxLetter), [{"key": f"k{n}", **like} for n in range(10_000)])
    with writing(engine) as session:
        if engine.dialect.name == "sqlite":
            plan = session.connection().exec_driver_sql(
                "EXPLAIN QUERY PLAN SELECT * FROM outbox WHERE state = 'waiting' AND is_secret IS 0 "
                "AND due_at <= '2027-01-01' ORDER BY due_at, id LIMIT 1"
            )
            steps = " ".join(str(each) for each in plan.all())
            assert "ix_outbox_state_due_at" in steps
            assert "TEMP B-TREE" not in steps
    found = claim_next(engine, NOW, "me")
    assert found is not None
    assert found.key == "k0"
