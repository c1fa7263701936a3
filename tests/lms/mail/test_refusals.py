"""Whose fault it is that a letter is not taken: only what is the recipient's ends it, and an outage burns nothing."""

import random
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from lms.frame.db import writing
from lms.mail.answers import IN_A_ROW, AnswerMeaning, meaning_of
from lms.mail.models import OutboxLetter
from lms.mail.rules import DOUBT_WAITS, MOST_TRIES, LetterState
from tests.lms.mail.conftest import Post, letter
from tests.moments import NOW

SENT, WAITING, REFUSED, GIVEN_UP = LetterState.SENT, LetterState.WAITING, LetterState.REFUSED, LetterState.GIVEN_UP
NOBODY, DOUBTFUL, LATER, CLOSING = (
    AnswerMeaning.NOBODY,
    AnswerMeaning.DOUBTFUL,
    AnswerMeaning.LATER,
    AnswerMeaning.CLOSING,
)
"""Answers of real servers, and what they are about."""
ANSWERS = [
    (550, "5.1.1 <x@y.example>: Recipient address rejected: User unknown", NOBODY),
    (550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", NOBODY),
    (550, "5.4.1 Recipient address rejected: Access denied.", NOBODY),
    (550, "5.2.1 The email account that you tried to reach is disabled", NOBODY),
    (552, "5.2.2 The recipient's inbox is out of storage space", NOBODY),
    (550, "No such mailbox", NOBODY),
    (550, "Requested action not taken: mailbox unavailable", NOBODY),
    (551, "User not local; please try <x@z.example>", NOBODY),
    (550, "5.7.1 Unable to relay", DOUBTFUL),
    (550, "5.7.54 SMTP; Unable to relay recipient in non-accepted domain", DOUBTFUL),
    (554, "5.7.1 <x@y.example>: Relay access denied", DOUBTFUL),
    (550, "relaying denied", DOUBTFUL),
    (550, "5.2.0 Mailbox trouble", DOUBTFUL),
    (552, "5.3.4 Message too big for system", DOUBTFUL),
    (550, "5.4.1 No answer from host", DOUBTFUL),
    (550, "5.1.8 Sender's address rejected: domain not found", DOUBTFUL),
    (550, "Too many messages from you today", DOUBTFUL),
    (530, "5.7.57 Client not authenticated to send mail", DOUBTFUL),
    (503, "Bad sequence of commands", DOUBTFUL),
    (450, "4.2.1 Busy, later please", LATER),
    (451, "4.7.1 Greylisted", LATER),
    (421, "4.3.2 Closing", CLOSING),
]


@pytest.mark.parametrize(("code", "words", "meaning"), ANSWERS)
def test_what_an_answer_is_about(code: int, words: str, meaning: AnswerMeaning) -> None:
    assert meaning_of(code, words) is meaning


@given(st.integers(500, 599), st.text())
def test_nothing_that_is_said_of_the_words_ends_a_letter_by_itself(code: int, words: str) -> None:
    assert meaning_of(code, words, of_content=True) is DOUBTFUL


def many(post: Post, number: int, to: str = "bad") -> list[int]:
    return post.put(*(letter(each, to=f"{to}{each}@rvch.example") for each in range(number)))


@pytest.mark.parametrize(
    ("where", "answer", "tried"),
    [
        ("recipient", "550 5.7.1 Unable to relay", IN_A_ROW[DOUBTFUL]),
        ("recipient", "550 5.1.1 User unknown", IN_A_ROW[NOBODY]),
        ("recipient", "451 4.3.0 Local trouble", IN_A_ROW[LATER]),
        ("data", "554 5.6.0 We like none of this", IN_A_ROW[DOUBTFUL]),
    ],
)
def test_an_outage_burns_nothing_however_long_it_lasts_and_afterwards_all_go(
    post: Post, where: str, answer: str, tried: int
) -> None:
    ids = many(post, 24)
    setattr(post.server, f"answer_to_{where}", answer)
    assert post.deliver().total() == tried
    for _ in range(4):
        post.clock.now += timedelta(days=1)
        assert not post.deliver()[GIVEN_UP]
    rows = [post.row(each) for each in ids]
    assert {(row.state, row.tries) for row in rows} == {(WAITING, 0)}
    assert any(row.retry_at is not None and answer[4:] in row.last_error for row in rows), "the office sees why"
    setattr(post.server, f"answer_to_{where}", "")
    post.clock.now += DOUBT_WAITS
    assert post.deliver() == Counter({SENT: 24})


def test_a_few_wrong_addresses_in_a_row_end_their_letters(post: Post) -> None:
    post.server.answer_to_recipient = "550 5.1.1 User unknown"
    bad, good = many(post, IN_A_ROW[NOBODY] - 1), post.put(letter(99))
    assert post.deliver() == Counter({REFUSED: 4, SENT: 1})
    assert {post.row(each).state for each in bad} == {REFUSED}
    assert post.row(good[0]).state is SENT


@pytest.mark.parametrize("comes_first", [False, True])
def test_what_is_refused_while_others_are_taken_counts_as_a_try(post: Post, comes_first: bool) -> None:
    post.server.answer_to_recipient = "550 5.7.1 Not you"
    both = [letter(1, to="bad@rvch.example"), letter(2)]
    post.put(*both if comes_first else both[::-1])
    assert post.deliver() == Counter({WAITING: 1, SENT: 1})
    [waiting] = [post.row(each) for each in (1, 2) if post.row(each).state is WAITING]
    assert (waiting.tries, waiting.retry_at) == (1, NOW + timedelta(minutes=1))


def test_what_is_refused_alone_waits_without_a_try(post: Post) -> None:
    post.server.answer_to_recipient = "550 5.7.1 Not you"
    [bad] = many(post, 1)
    assert post.deliver() == Counter({WAITING: 1})
    assert (post.row(bad).tries, post.row(bad).retry_at) == (0, NOW + DOUBT_WAITS)


def test_a_letter_that_is_always_refused_is_given_up_while_others_go(post: Post) -> None:
    post.server.answer_to_recipient = "550 5.7.1 Not you"
    [bad] = many(post, 1)
    with writing(post.engine) as session:
        session.execute(sa.update(OutboxLetter).values(tries=MOST_TRIES - 1))
    post.put(letter(1000))
    post.deliver()
    assert post.row(bad).state is GIVEN_UP


def test_a_weekend_without_a_mail_server_burns_no_try(post: Post) -> None:
    ids = many(post, 4)
    post.server.answer_to_recipient = "421 4.3.2 Closed for the weekend"
    for _ in range(12):
        assert post.deliver() == Counter({WAITING: 1})
        post.clock.now += timedelta(hours=7)
    assert {(post.row(each).state, post.row(each).tries) for each in ids} == {(WAITING, 0)}
    post.server.answer_to_recipient = ""
    assert post.deliver() == Counter({SENT: 4})


def test_of_codes_that_an_outage_refused_nothing_is_wiped(post: Post) -> None:
    codes = post.put(*(letter(each, to=f"bad{each}@rvch.example", secret=True) for each in range(5)))
    post.server.answer_to_recipient = "550 5.1.1 User unknown"
    post.deliver()
    assert [post.row(each).context for each in codes] == [{"colour": "green", "number": each} for each in range(5)]


def test_many_wrong_addresses_stand_in_nobodys_way(post: Post) -> None:
    """Whether it is the server or they cannot be told; but everybody else gets their letters, and the office sees."""
    post.server.answer_to_recipient = "550 5.1.1 User unknown"
    bad = many(post, 22)
    good = many_honest(post, 8, random.Random(5))
    for _ in range(7):
        post.deliver()
        post.clock.now += timedelta(minutes=1)
    assert {post.row(each).state for each in good} == {SENT}
    assert {post.row(each).state for each in bad} <= {WAITING, REFUSED}


def many_honest(post: Post, number: int, chance: random.Random) -> list[int]:
    numbers = chance.sample(range(1000, 2000), number)
    return post.put(*(letter(each, to=f"person{each}@rvch.example") for each in numbers))
