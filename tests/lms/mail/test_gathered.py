"""What can wait for 08:00 goes as lines of one letter a day; each line is asked whether it is still so."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jinja2 import ChoiceLoader, DictLoader

from lms.kit.letters import Letter
from lms.mail.rules import LetterState, gathered_at
from tests.lms.mail.conftest import Post, letter
from tests.moments import NOW

SENT, WITHDRAWN, WAITING = LetterState.SENT, LetterState.WITHDRAWN, LetterState.WAITING


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """That moment of March 2026, in winter time."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


MORNING = at(17, 8)
LINES = {
    "email/test/day/subject.txt": "{{ lines | length }} lines\n",
    "email/test/day/body.txt": '{% extends "email/layout.txt" %}{% block heading %}Lines{% endblock %}'
    "{% block body %}{% for l in lines %}{{ l.colour }} {% endfor %}{% endblock %}{% block small %}{% endblock %}",
    "email/test/day/body.html": '{% extends "email/layout.html" %}{% block heading %}Lines{% endblock %}'
    "{% block body %}{% for l in lines %}{{ l.colour }} {% endfor %}{% endblock %}{% block small %}{% endblock %}",
}


def line(number: int, colour: str = "green", **values: Any) -> Letter:
    return letter(number, gathers="test.day", can_wait=True, context={"colour": colour, "n": number}, **values)


@pytest.fixture
def day_post(post: Post) -> Post:
    post.app.jinja_env.loader = ChoiceLoader([DictLoader(LINES), post.app.jinja_env.loader])  # type: ignore[list-item]
    return post


@pytest.mark.parametrize(
    ("now", "concerns_at", "goes"),
    [
        (at(16, 9, 52), None, MORNING),
        (at(16, 8), None, at(16, 8)),
        (at(20, 12), None, at(23, 8)),
        (at(16, 9, 52), at(18, 9), None),
        (at(20, 8, 30), at(23, 7, 30), None),
    ],
    ids=["the next morning", "on the stroke", "after a weekend", "the next 48 hours", "begun by then"],
)
def test_when_what_is_gathered_goes(now: datetime, concerns_at: datetime | None, goes: datetime | None) -> None:
    assert gathered_at(now, concerns_at) == goes


def test_three_things_are_one_letter_to_each_reader_and_each_line_has_its_end(day_post: Post) -> None:
    mine = day_post.put(line(1, "red"), line(2, "blue"), line(3, "grey", good_until=NOW))
    (other,) = day_post.put(line(4, to="nerys@rvch.example"))
    assert not day_post.deliver(), "nothing goes before the morning"
    day_post.clock.now = MORNING
    assert day_post.deliver() == Counter({SENT: 2})
    assert [message["Subject"] for message in day_post.server.taken] == ["2 lines", "Hello green"]
    body = day_post.server.taken[0].get_body(("plain",))
    assert body is not None
    assert "red blue" in body.get_content()
    assert [day_post.row(each).state for each in mine] == [SENT, SENT, WITHDRAWN]
    assert day_post.row(mine[0]).subject == "2 lines"
    assert day_post.row(other).subject == "Hello green", "a single line is the email that it would be alone"


def test_what_is_near_goes_alone_and_at_once(day_post: Post) -> None:
    (near,) = day_post.put(line(1, concerns_at=NOW + timedelta(hours=20)))
    day_post.put(line(2))
    assert day_post.deliver() == Counter({SENT: 1})
    assert day_post.row(near).state is SENT


def test_while_the_mail_server_is_away_all_lines_wait_and_go_together_later(day_post: Post) -> None:
    day_post.put(line(1, "red"), line(2, "blue"))
    day_post.clock.now = MORNING
    day_post.server.answer_to_data = "451 not now"
    assert day_post.deliver() == Counter({WAITING: 1})
    assert set(day_post.states()) == {"waiting"}
    day_post.server.answer_to_data = ""
    day_post.clock.now = MORNING + timedelta(minutes=2)
    assert day_post.deliver() == Counter({SENT: 1})
    assert [message["Subject"] for message in day_post.server.taken] == ["2 lines"]
