"""Whatever one letter does, the next one goes: hostile names, broken rows, words that never end, workers that die."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from email.utils import getaddresses
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from lms.frame.db import writing
from lms.frame.work import Work
from lms.kit.names import clean_name
from lms.mail import composing, delivery, transport
from lms.mail.claiming import claim_next
from lms.mail.journal import Journal
from lms.mail.letters import CalendarPart, Letter
from lms.mail.models import OutboxLetter
from lms.mail.rendering import Renderer
from lms.mail.rules import CLAIM_LASTS, INTERRUPTED_WAITS, LetterState
from lms.mail.services import retry_letter
from lms.people.models import Person
from tests.databases import by_hand
from tests.hostile import HARMLESS_NAMES, HOSTILE_NAMES, STORED_NAMES
from tests.lms.mail.conftest import Post, copy, for_many, letter
from tests.make import Make
from tests.moments import NOW

SENT, WAITING, GIVEN_UP = LetterState.SENT, LetterState.WAITING, LetterState.GIVEN_UP
HONEST = {"to_name": "Siân Evans, DSL", "to_address": "honest@rvch.example"}


def each_followed_by_an_honest_one(hostile: Iterator[Letter]) -> list[Letter]:
    """Due one minute after the other, in this order."""
    honest = (letter(1000 + number, **HONEST) for number, _ in enumerate(HOSTILE_NAMES + HARMLESS_NAMES))
    return [each for pair in zip(hostile, honest, strict=False) for each in pair]


def honest_ones(post: Post) -> int:
    """How many honest letters arrived, whole and addressed as they should be."""
    taken = [raw for raw, (_, to) in _taken(post) if to == [HONEST["to_address"]]]
    assert all(b"To: =?utf-8?q?Si=C3=A2n_Evans=2C_DSL?= <honest@rvch.example>\r\n" in raw for raw in taken)
    return len(taken)


def _taken(post: Post) -> list[tuple[bytes, tuple[str, list[str]]]]:
    return list(zip(post.server.raw, post.server.envelopes, strict=True))


@pytest.mark.slow
def test_sixty_hostile_names_and_more_are_delivered_cleaned_and_each_honest_letter_behind_them(post: Post) -> None:
    assert len(STORED_NAMES) >= 60
    names = STORED_NAMES + HARMLESS_NAMES
    hostile = (
        letter(number, to_name=name, to_address="ann@rvch.example", context={"colour": name})
        for number, name in enumerate(names)
    )
    post.put(*each_followed_by_an_honest_one(hostile))
    assert post.deliver() == Counter({SENT: 2 * len(names)})
    assert honest_ones(post) == len(names)
    hostile_ones = [raw for raw, (_, to) in _taken(post) if to == ["ann@rvch.example"]]
    for name, raw in zip(names, hostile_ones, strict=True):
        message = message_from_bytes(raw, policy=default)
        assert [each for each in message if each.casefold() in ("bcc", "cc", "x")] == []
        assert raw.split(b"\r\n\r\n")[0].count(b"\r\nTo: ") == 1
        [(_, address)] = getaddresses([message["To"]])
        assert address == "ann@rvch.example"
        greeting, _, _ = message.get_body(("plain",)).get_content().partition("HELLO")  # type: ignore[union-attr]
        cleaned = clean_name(name)
        assert greeting.split() == (f"Dear {cleaned}" if cleaned else "Hello").split()


@pytest.mark.slow
def test_names_of_people_that_were_kept_before_there_was_a_rule_go_the_same_way(post: Post, make: Make) -> None:
    names = [name for name in STORED_NAMES if len(name) < 1000]  # PostgreSQL keeps no index of longer ones
    people = [make.person(name, email=f"ann{number}@rvch.example").id for number, name in enumerate(names)]
    make.commit()
    post.put(*each_followed_by_an_honest_one(letter(n, person_id=person_id) for n, person_id in enumerate(people)))
    assert post.deliver() == Counter({SENT: 2 * len(people)})
    assert honest_ones(post) == len(people)


def test_what_only_a_context_can_hold_arrives_without_it(post: Post) -> None:
    """JSON keeps half a character and a zero byte; no letter and no database can."""
    names = ["Ann \ud800", "Ann\x00Bcc: x", "Ann \udfff\ud800"]
    hostile = (letter(number, context={"colour": name}) for number, name in enumerate(names))
    ids = post.put(*each_followed_by_an_honest_one(hostile))
    assert post.deliver() == Counter({SENT: 2 * len(names)})
    assert [post.row(each).subject for each in ids[::2]] == ["Hello Ann", "Hello Ann Bcc: x", "Hello Ann"]
    assert honest_ones(post) == len(names)


def test_hostile_copies_of_a_shared_letter_hold_up_nobody(post: Post) -> None:
    copies = [
        copy(number, agency=name, to_name=name, to_address=f"ann{number}@rvch.example")
        for number, name in enumerate(STORED_NAMES)
    ]
    post.put_many(for_many(title="=?utf-8?q?=0d=0aBcc:_x?="), copies)
    post.put(letter(1000, **HONEST))
    assert post.deliver() == Counter({SENT: len(copies) + 1})
    assert honest_ones(post) == 1


def test_one_word_of_200000_letters_holds_up_nobody(post: Post) -> None:
    words = ["a" * 200_000, "http" * 50_000, "é" * 200_000, "a.b-c/" * 33_000]
    hostile = (letter(number, context={"colour": word}) for number, word in enumerate(words))
    ids = post.put(*each_followed_by_an_honest_one(hostile))
    assert post.deliver() == Counter({SENT: 2 * len(words)})
    assert honest_ones(post) == len(words)
    for raw in post.server.raw:
        assert len(raw.split(b"\r\n\r\n")[0]) < 5000, "a head that no server refuses"
        assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert len(post.row(ids[0]).subject) <= 1000


def _breaks_in(monkeypatch: pytest.MonkeyPatch, where: str, error: Exception) -> None:
    """Whatever is done with a letter whose key says so breaks there."""
    owners = {"words": Renderer, "compose": composing, "send": transport.MailServer}
    owner: Any = owners.get(where, delivery)
    real: Callable[..., Any] = getattr(owner, where)

    def broken(*given: Any, **named: Any) -> Any:
        if "bad" in re.sub(r"0x[0-9a-f]+", "", f"{given} {named}"):  # an address in memory may say bad, too
            raise error
        return real(*given, **named)

    monkeypatch.setattr(owner, where, broken)


@pytest.mark.parametrize("where", ["read_claimed", "words", "compose", "send"])
@pytest.mark.parametrize(
    "error", [IndexError(), RuntimeError("\0 x"), RecursionError(), MemoryError(), UnicodeError("\ud800")]
)
def test_whatever_breaks_wherever_is_written_on_that_letter(
    post: Post, monkeypatch: pytest.MonkeyPatch, where: str, error: Exception
) -> None:
    [bad, honest] = post.put(
        letter(1, key="bad:1", to_name="bad", to_address="bad@rvch.example", context={"colour": "bad"}),
        letter(1000, **HONEST),
    )
    _breaks_in(monkeypatch, where, error)
    assert post.deliver() == Counter({WAITING: 1, SENT: 1})
    assert post.row(honest).state is SENT
    assert (post.row(bad).tries, post.row(bad).retry_at) == (1, NOW + timedelta(minutes=1))
    assert type(error).__name__ in post.row(bad).last_error


def test_an_invitation_that_cannot_be_written_is_that_letters_trouble(post: Post) -> None:
    bad, _ = post.put(letter(1, calendar=CalendarPart("RE\nQUEST", "BEGIN")), letter(2))
    assert post.deliver()[SENT] >= 1
    assert post.row(bad).tries == 1


def test_a_row_that_cannot_be_read_holds_up_nobody(post: Post) -> None:
    bad, honest = post.put(letter(1), letter(2))
    broken = "[1" if post.engine.dialect.name == "sqlite" else "[1]"  # PostgreSQL keeps nothing but JSON
    with writing(post.engine) as session:
        by_hand(session)
        session.execute(sa.text("UPDATE outbox SET context = :broken WHERE id = :id"), {"broken": broken, "id": bad})
    assert post.deliver() == Counter({WAITING: 1, SENT: 1})
    with writing(post.engine) as session:
        error, tries = session.execute(sa.text(f"SELECT last_error, tries FROM outbox WHERE id = {bad}")).one()
    assert tries == 1
    assert error
    assert post.row(honest).state is SENT


def test_two_records_merged_into_each_other_hold_up_nobody(post: Post, make: Make) -> None:
    one, other = make.person("One", email="one@rvch.example"), make.person("Other", email="other@rvch.example")
    by_hand(make.session)
    one.merged_into_id, other.merged_into_id = other.id, one.id
    ids = one.id, other.id
    make.commit()
    post.put(letter(1, person_id=ids[0]), letter(2))
    assert post.deliver() == Counter({SENT: 2})


def test_a_servers_word_that_no_database_holds_is_kept_as_far_as_it_can_be(post: Post) -> None:
    post.server.answer_to_recipient = "550 No\x00 such\x1b mailbox " + "x" * 400
    bad, honest = post.put(letter(1, to="bad@rvch.example"), letter(2))
    post.deliver()
    assert (post.row(bad).state, post.row(honest).state) == (LetterState.REFUSED, SENT)
    assert "550: No such mailbox" in post.row(bad).last_error


def test_new_letters_do_not_wait_behind_those_that_failed(post: Post) -> None:
    post.put(*(letter(number, context={}) for number in range(20)))
    assert post.deliver() == Counter({WAITING: 20})
    post.clock.now = NOW + timedelta(hours=1)
    [new] = post.put(letter(99))
    first = claim_next(post.engine, post.clock.now, "me")
    assert first is not None
    assert first.id == new


def stop_the_worker(post: Post) -> None:
    """A worker claims the next letter and is gone."""
    assert claim_next(post.engine, post.clock.now, Journal(post.settings.instance).here) is not None


@pytest.mark.parametrize("is_secret", [False, True])
def test_a_letter_that_stops_its_worker_each_time_is_given_up_and_the_next_goes(post: Post, is_secret: bool) -> None:
    [bad] = post.put(letter(1, secret=is_secret))
    for number in range(len(INTERRUPTED_WAITS) + 1):
        stop_the_worker(post)
        post.clock.now += CLAIM_LASTS
        if number < len(INTERRUPTED_WAITS):
            delivery.give_back_interrupted(post.engine, post.clock.now, Journal(post.settings.instance))
            assert post.row(bad).state is WAITING
            assert "stopped before the mail server had all" in post.row(bad).last_error
            post.clock.now = post.row(bad).retry_at or post.clock.now
    [honest] = post.put(letter(2))
    assert post.deliver() == Counter({SENT: 1})
    given_up = post.row(bad)
    assert (given_up.state, given_up.tries, given_up.interruptions) == (GIVEN_UP, 5, 5)
    assert "Look at what it says" in given_up.last_error
    assert given_up.context == ({} if is_secret else {"colour": "green", "number": 1})
    assert post.row(honest).state is SENT


def test_a_letter_given_up_is_seen_in_the_office_and_may_be_tried_again(
    post: Post, make: Make, sign_in: Callable[[Person], FlaskClient], work: Work
) -> None:
    office = sign_in(make.coordinator())
    [bad] = post.put(letter(1))
    with writing(post.engine) as session:
        session.execute(
            sa.update(OutboxLetter).values(
                state=LetterState.SENDING,
                claimed_at=NOW,
                claimed_by=Journal(post.settings.instance).here,
                tries=5,
                interruptions=4,
            )
        )
    post.clock.now = NOW + CLAIM_LASTS
    post.deliver()
    assert post.row(bad).state is GIVEN_UP
    assert "Given up" in office.get("/letters?state=did_not_go").text
    retry_letter(work, bad)
    make.commit()
    assert post.row(bad).interruptions == 0
    assert post.deliver() == Counter({SENT: 1})


def test_a_letter_that_went_is_written_down_although_the_database_was_busy(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, waits = delivery._Round._write, []

    def busy_at_first(self: delivery._Round, *given: Any) -> None:
        if len(waits) < 2:
            raise sa.exc.OperationalError("UPDATE", {}, Exception("database is locked"))
        write(self, *given)

    monkeypatch.setattr(delivery._Round, "_write", busy_at_first)
    monkeypatch.setattr(delivery.time, "sleep", waits.append)
    [went] = post.put(letter(1))
    assert post.deliver() == Counter({SENT: 1})
    assert post.row(went).state is SENT
    assert waits == [1, 5]


def test_what_cannot_be_written_down_at_all_does_not_stop_the_round(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = delivery._Round._write

    def broken(self: delivery._Round, claim: delivery.LetterClaim, values: dict[str, Any]) -> None:
        if claim.key == "hello:1":
            raise sa.exc.DataError("UPDATE", {}, Exception("no such character"))
        write(self, claim, values)

    monkeypatch.setattr(delivery._Round, "_write", broken)
    bad, honest = post.put(letter(1), letter(2))
    assert post.deliver() == Counter({SENT: 2})
    assert (post.row(bad).state, post.row(honest).state) == (LetterState.SENDING, SENT)
