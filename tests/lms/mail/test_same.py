"""Never two letters of the same content in one minute, whoever wrote them and whenever."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from lms.frame.db import writing
from lms.kit.letters import CalendarPart, Letter
from lms.mail.claiming import claim_next, read_claimed
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.mail.same import WENT, digest_of
from tests.lms.mail.conftest import Post, copy, for_many, letter
from tests.make import Make
from tests.moments import NOW

SENT, WITHDRAWN, WAITING = LetterState.SENT, LetterState.WITHDRAWN, LetterState.WAITING
CANCELLED = letter(1, context={"colour": "grey"}, booking_id=7)
MINUTE = timedelta(minutes=1)


def again(given: Letter) -> Letter:
    return replace(given, key=f"{given.key}:again")


def test_of_two_letters_that_say_the_same_one_goes_also_when_both_waited_for_the_morning(post: Post) -> None:
    _, second = post.put(replace(CANCELLED, due_at=NOW - timedelta(hours=9)), again(CANCELLED))
    assert post.deliver() == Counter({SENT: 1})
    assert (post.row(second).state, post.row(second).last_error, post.row(second).tries) == (WITHDRAWN, WENT, 0)
    assert len(post.server.taken) == 1


def test_a_minute_later_it_may_be_said_again(post: Post) -> None:
    post.put(CANCELLED)
    post.deliver()
    post.clock.now = NOW + MINUTE
    post.put(again(CANCELLED))
    assert post.deliver() == Counter({SENT: 1})


def test_what_is_news_again_follows_when_the_minute_is_over(post: Post) -> None:
    restored = letter(2, context={"colour": "green"}, booking_id=7)
    *_, last = post.put(CANCELLED, restored, again(CANCELLED))
    assert post.deliver() == Counter({SENT: 2, WAITING: 1})
    assert (post.row(last).retry_at, post.row(last).tries) == (NOW + MINUTE, 0)
    post.clock.now = NOW + MINUTE
    assert post.deliver() == Counter({SENT: 1})
    assert [message["Subject"] for message in post.server.taken] == ["Hello grey", "Hello green", "Hello grey"]


@pytest.mark.parametrize(
    "other",
    [
        replace(CANCELLED, to_address="nerys@rvch.example"),
        replace(CANCELLED, context={"colour": "red"}),
        replace(CANCELLED, calendar=CalendarPart("CANCEL", "BEGIN:VCALENDAR")),
        replace(CANCELLED, secret=True),
    ],
    ids=["another reader", "other words", "with an entry", "a code"],
)
def test_what_another_reads_or_reads_otherwise_is_not_the_same(post: Post, other: Letter) -> None:
    post.put(CANCELLED, again(other))
    assert post.deliver()[SENT] == 2


def test_an_entry_written_anew_reads_the_same() -> None:
    one, two = (f"BEGIN:VEVENT\r\nDTSTAMP:{at}\r\nSEQUENCE:{n}\r\nSUMMARY:Neglect" for at, n in [(1, 1), (2, 5)])
    entries = [digest_of("test.hello", {}, CalendarPart("REQUEST", text)) for text in (one, two, two + " 2")]
    assert entries[0] == entries[1] != entries[2]


def test_a_letter_to_many_that_is_sent_twice_arrives_once(post: Post) -> None:
    post.put_many(for_many(), [copy(1), copy(2)])
    post.put_many(for_many(key="many:again"), [replace(copy(1), key="many:again:1"), copy(3)])
    assert post.deliver() == Counter({SENT: 3})
    assert post.states() == ["sent", "sent", "withdrawn", "sent"]


def test_records_made_one_hear_once(post: Post, make: Make) -> None:
    kept, duplicate = make.person("Amara"), make.person("Amara")
    make.session.commit()
    first, second = (
        letter(n, person_id=each.id, context={"colour": "red"}) for n, each in enumerate([kept, duplicate])
    )
    post.put(first, second)
    with writing(post.engine) as session:
        session.execute(sa.update(OutboxLetter).values(person_id=kept.id))
    assert post.deliver() == Counter({SENT: 1})


def test_of_two_on_the_wire_at_once_the_earlier_goes_first_and_the_other_does_not(post: Post) -> None:
    first, second = post.put(CANCELLED, again(CANCELLED))
    claims = [claim_next(post.engine, NOW, "me"), claim_next(post.engine, NOW, "me")]
    site = post.app.extensions["lms"]
    waits = [read_claimed(post.engine, each, site).until for each in claims if each is not None]
    assert waits == [NOW + timedelta(seconds=5), NOW + timedelta(seconds=15)]
    with writing(post.engine) as session:
        for letter_id, until in zip((first, second), waits, strict=True):
            back = {"state": WAITING, "claimed_at": None, "retry_at": until}
            session.execute(sa.update(OutboxLetter).where(OutboxLetter.id == letter_id).values(back))
    post.clock.now = NOW + timedelta(seconds=20)
    assert post.deliver() == Counter({SENT: 1})
    assert (post.row(first).state, post.row(second).state) == (SENT, WITHDRAWN)


def test_where_nothing_is_kept_of_the_words_none_is_compared(post: Post) -> None:
    first, _ = post.put(replace(CANCELLED, secret=True), letter(2, to="code@rvch.example", secret=True))
    assert post.row(first).says == ""
    assert post.deliver()[SENT] == 2
