"""One letter to many: put together once, queued once each, stopped for all, and never lost or repeated by a kill."""

import multiprocessing
import os
import random
import signal
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from lms.frame.db import writing
from lms.frame.work import Work
from lms.kit.errors import Conflict
from lms.lists.letters import read_leaving_token
from lms.lists.models import MailChoice
from lms.lists.rules import Wish
from lms.mail.models import OutboxLetter, SharedLetter
from lms.mail.outbox import stop_shared
from lms.mail.previews import FORGOTTEN, preview
from lms.mail.queries import letter_row, letters
from lms.mail.rendering import Renderer, renderer_for
from lms.mail.rules import LetterState
from lms.mail.services import retry_letter
from tests.application import SIGNING
from tests.lms.mail.conftest import LIST, Post, copy, for_many
from tests.make import Make
from tests.moments import NOW


def test_each_copy_says_its_own_and_carries_the_headers_of_its_list(
    post: Post, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_id = make.person("Zoë <Ashgrove>", email="zoe@rvch.example").id
    make.commit()
    rendered = []
    monkeypatch.setattr(Renderer, "_render", _counting(Renderer._render, rendered))
    assert post.put_many(for_many(), [copy(1), copy(2, person_id=person_id, agency="Larkham School")]) == 2
    assert post.put_many(for_many(), [copy(2), copy(3)]) == 1
    post.deliver()
    assert len(rendered) == 3, "subject, text and HTML are put together once, not for each copy"
    first, second, _ = post.server.taken
    text, html = (part.get_content() for part in second.iter_parts())
    assert second["Subject"] == "Every adult for Larkham School"
    assert "Dear Zoë <Ashgrove>" in text
    assert "READ BY Larkham School" in text
    assert "Dear Zoë &lt;Ashgrove&gt;" in html
    assert "Ashbeck &amp; Sons" in [*first.iter_parts()][1].get_content()
    assert second["List-Id"].endswith("<briefings.briefings.training.rowanvalleyscp.example>")
    assert second["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = second["List-Unsubscribe"].strip("<>")
    assert "\n" not in address
    assert address in text
    assert read_leaving_token(SIGNING, address.rpartition("/")[2]).person_id == person_id
    assert read_leaving_token(SIGNING, first["List-Unsubscribe"].strip("<>").rpartition("/")[2]).address
    assert b"List-Unsubscribe: <https://training.rowanvalleyscp.example/letters/leave/" in post.server.raw[1]


def _counting(render: object, calls: list[str]) -> object:
    def counting(self: Renderer, kind: str, part: str, *given: object) -> str:
        calls.append(part)
        return render(self, kind, part, *given)  # type: ignore[operator, no-any-return]

    return counting


def test_a_letter_that_must_arrive_has_no_list_and_ignores_who_left(post: Post, make: Make) -> None:
    left = MailChoice(list_name=LIST, address="person1@rvch.example", wish=Wish.NONE, chosen_at=NOW)
    make.session.add(left)
    make.commit()
    post.put_many(for_many(list_name=""), [copy(1)])
    post.deliver()
    assert post.server.taken[0]["List-Unsubscribe"] is None


def test_a_copy_that_leaves_something_open_is_a_defect(post: Post) -> None:
    with pytest.raises(ValueError, match="agency"):
        post.put_many(for_many(), [copy(1), type(copy(2))(key="many:1:2", to_address="a@b.example")])
    assert post.states() == []


def test_whoever_leaves_while_a_copy_waits_gets_nothing_more(post: Post, make: Make) -> None:
    gone = make.person(email="gone@rvch.example").id
    stays = make.person("Stella Ashgrove", email="stays@rvch.example").id
    choices = [(Wish.NONE, {"person_id": gone}), (Wish.NONE, {"address": "person3@rvch.example"})]
    choices += [(Wish.ALL, {"person_id": stays})]
    make.commit()
    post.put_many(for_many(), [copy(1, person_id=gone), copy(2, person_id=stays), copy(3)])
    for wish, who in choices:
        make.session.add(MailChoice(list_name=LIST, wish=wish, chosen_at=NOW, **who))
    make.commit()
    assert post.deliver()[LetterState.SENT] == 1
    assert post.states() == ["withdrawn", "sent", "withdrawn"]
    assert [message["To"] for message in post.server.taken] == ["Stella Ashgrove <stays@rvch.example>"]


def test_what_is_stopped_does_not_go_is_not_retried_and_can_be_forgotten(post: Post, work: Work) -> None:
    post.server.answer_to_recipient = "450 Busy"
    bad = type(copy(1))(key="many:1:bad", to_name="B", to_address="bad@rvch.example", fills={"agency": "X"})
    post.put_many(for_many(), [copy(1), bad, copy(3, due_at=NOW + timedelta(days=1))])
    post.deliver()
    assert post.states() == ["sent", "waiting", "waiting"]
    assert stop_shared(work.session, ["many:1"], why="Not sent: recalled.", now=NOW, forget=True) == 2
    work.session.commit()
    assert post.put_many(for_many(), [copy(4)]) == 0, "nothing is added to what was stopped"
    post.clock.now = NOW + timedelta(days=2)
    assert not post.deliver()
    assert post.states() == ["sent", "withdrawn", "withdrawn"]
    rows, _ = letters(work.session)
    assert {row.subject for row in rows} == {""}
    shown = letter_row(work.session, rows[0].id)
    assert shown is not None
    assert shown.is_forgotten
    with post.app.app_context():
        assert preview(renderer_for(post.app, work.session), shown).subject == FORGOTTEN
    assert work.session.scalars(sa.select(SharedLetter.context)).one() == {}
    work.session.execute(sa.update(OutboxLetter).where(OutboxLetter.id == bad_id(work)).values(state="refused"))
    with pytest.raises(Conflict):
        retry_letter(work, bad_id(work))


def bad_id(work: Work) -> int:
    found = work.session.scalar(sa.select(OutboxLetter.id).where(OutboxLetter.key == "many:1:bad"))
    assert found is not None
    return found


def test_a_waiting_copy_reads_in_the_office_as_it_will_go(post: Post, work: Work) -> None:
    post.put_many(for_many(), [copy(1)])
    [row], _ = letters(work.session)
    with post.app.app_context():
        shown = preview(renderer_for(post.app, work.session), row)
    assert shown.subject == "Every adult for Ashbeck & Sons"
    assert "Dear Amara" in shown.text


def _deliver_until_killed(post: Post) -> None:
    post.app.extensions["sqlalchemy"]  # the engine is made anew in this process
    while True:
        post.deliver()
        time.sleep(0.01)


@pytest.mark.slow
def test_a_worker_killed_at_any_moment_loses_none_and_repeats_one_at_most(post: Post, engine: Engine) -> None:
    """SIGKILL, three times, against a real mail server; in between the letters that were recorded as sent stay sent."""
    number = 45
    post.put_many(for_many(), [copy(each) for each in range(number)])
    recorded: set[str] = set()
    arrived_before = 0
    for kill_at in (5, 15, 30):
        post.dispose()
        engine.dispose()
        process = multiprocessing.get_context("fork").Process(target=_deliver_until_killed, args=(post,))
        process.start()
        assert process.pid is not None
        _wait_for(lambda kill_at=kill_at: len(post.server.taken) >= kill_at)  # type: ignore[misc]
        time.sleep(
            random.uniform(0.002, 0.02)
        )  # at any moment, and not just when the server has said that it takes one
        os.kill(process.pid, signal.SIGKILL)
        process.join(30)
        assert process.exitcode == -signal.SIGKILL
        again = {message["To"] for message in post.server.taken[arrived_before:]}
        assert not again & recorded, "what had been sent and recorded went again"
        recorded, arrived_before = _recorded(engine), len(post.server.taken)
        post.clock.now += timedelta(minutes=10)
    post.deliver()
    again = {message["To"] for message in post.server.taken[arrived_before:]}
    assert not again & recorded
    assert post.states().count("sent") >= number - 3, "at worst one under way at each kill, for a person to decide"
    assert len({message["Message-ID"] for message in post.server.taken}) == number, "none is lost"
    assert len(post.server.taken) <= number + 1, "one at most, killed before the line that says the server has it"


def _recorded(engine: Engine) -> set[str]:
    with writing(engine) as session:
        rows = session.scalars(sa.select(OutboxLetter.sent_to).where(OutboxLetter.state == LetterState.SENT))
        return {f"Amara <{address}>" for address in rows}


def _wait_for(happened: object) -> None:
    until = time.monotonic() + 20
    while not happened() and time.monotonic() < until:  # type: ignore[operator]
        time.sleep(0.002)
