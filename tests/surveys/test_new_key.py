"""Answers under a new secret key: they are joined as before, and nobody who holds the whole database, or the key of
before, can join one to a person."""

from collections import defaultdict
from dataclasses import replace
from typing import Any, cast

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from lms.frame.site import Site
from lms.frame.work import Work
from lms.jobs.services import carry_out
from lms.kit.keys import Keys
from lms.kit.portions import portions
from surveys.answers.models import AnswerSheet, Draft, MatchingSalt
from surveys.answers.renewing.services import drafts_waiting, events_waiting, renew_drafts, renew_events
from surveys.answers.sealing.rules import draft_id, pseudonym, unseal
from surveys.answers.services import answers_so_far, finish, save_answers
from surveys.invitations.models import Answered, Invitation
from surveys.letting_out.services import cut_links, let_out
from surveys.sending.jobs import ask_people
from surveys.stages.rules import Stage
from tests.at_once import AtOnce
from tests.make import Make
from tests.surveys.conftest import Asking
from tests.surveys.test_anonymity import CODE, after, answer_day, asked, event_of, everything

A, B = "a key for tests, long enough", "the next key, also long enough"


def under(work: Work, *keys: str) -> Work:
    """The same work in a site with these keys, the newest first."""
    site = cast(Site, work.site)
    return replace(
        work, site=replace(site, settings=replace(site.settings, secret_key=keys[0], secret_keys_before=keys[1:]))
    )


def rotate(work: Work) -> None:
    for waiting, renew in ((drafts_waiting, renew_drafts), (events_waiting, renew_events)):
        some: Any = waiting(work)
        for each in portions(some, 3):
            cast(Any, renew)(work, each)
            work.session.commit()


def chains(session: Session) -> list[tuple[str, ...]]:
    """Which kinds of answers are joined, whoever gave them."""
    found = defaultdict(set)
    for name, kind in session.execute(sa.select(AnswerSheet.pseudonym, AnswerSheet.kind)):
        found[name].add(kind.value)
    return sorted(tuple(sorted(kinds)) for kinds in found.values())


def answered_twice(asking: Asking, *, keys_later: tuple[str, ...], is_rotated: bool) -> list[tuple[str, ...]]:
    """Eight answer on the day under A and three months later, when the installation has other keys."""
    event = event_of(asking, ["Health"] * 8)
    answer_day(asking, event, [1, 2, 3, 4, 5, 6, 7, 8])
    asking.make.commit()
    let_out(asking.at(after(event)))
    asking.make.commit()
    if is_rotated:
        rotate(under(asking.work, B, A))
    carry_out(under(asking.at(after(event, 93)), *keys_later), ask_people)
    for number, invitation in enumerate(asked(asking.work.session, event, Stage.IMPACT), 1):
        work = under(asking.at(after(event, 94)), *keys_later)
        said: dict[str, Any] = {CODE: {"1": number, "2": number}, "impact.used": "often"}
        finish(work, invitation, save_answers(work, invitation, said))
    let_out(under(asking.at(after(event, 130)), *keys_later))
    return chains(asking.work.session)


@pytest.mark.parametrize(("keys", "is_rotated"), [((A,), False), ((B, A), False), ((B, A), True), ((B,), True)])
def test_answers_three_months_on_are_joined_to_those_of_the_day(
    asking: Asking, keys: tuple[str, ...], is_rotated: bool
) -> None:
    joined = answered_twice(asking, keys_later=keys, is_rotated=is_rotated)
    assert joined == [("impact", "on_the_day")] * 8


def test_without_the_key_of_before_they_would_not_be(asking: Asking) -> None:
    """So that the test above can fail."""
    joined = answered_twice(asking, keys_later=(B,), is_rotated=False)
    assert ("impact", "on_the_day") not in joined


def test_neither_the_database_nor_the_key_of_before_joins_an_answer_to_a_person(
    session: Session, asking: Asking
) -> None:
    """Somebody knew the old key: that is why it was changed. Names that joined nothing are new as well, so that what
    stayed and what changed tells nothing either."""
    event = event_of(asking, ["Health"] * 12)
    answer_day(asking, event, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    let_out(asking.at(after(event)))
    alone = session.scalars(sa.select(AnswerSheet).order_by(AnswerSheet.id)).first()
    assert alone is not None
    alone.pseudonym = "0" * 32  # as of somebody whose link would have pointed at fewer than five
    asking.make.commit()
    before = set(session.scalars(sa.select(AnswerSheet.pseudonym)))
    rotate(under(asking.work, B, A))
    session.expire_all()
    tables = everything(session)
    names = {row["pseudonym"] for row in tables["survey_answer_sheet"]}
    assert len(names) == 10
    assert not names & before
    salt = session.scalars(sa.select(MatchingSalt.salt)).one()
    assert salt is not None
    bookings = session.scalars(sa.select(Booking.id)).all()
    assert len({pseudonym(Keys(B), salt, each) for each in bookings} & names) == 9  # the site itself matches
    for guess in (A, "", salt, "a key for tests"):
        assert not {pseudonym(Keys(guess), salt, each) for each in bookings} & names
    given = {row["sheet_id"]: row["number"] for row in tables["survey_answer"] if row["item"] == 1}
    in_order = [given[row["id"]] for row in tables["survey_answer_sheet"]]
    assert sorted(in_order) == list(range(1, 11))
    assert in_order != list(range(1, 11))  # 1 in 3,628,800
    if session.get_bind().dialect.name == "postgresql":
        changes = {row["hidden_change"] for row in tables["survey_answer_sheet"]}
        assert len(changes) == 1
        of_people = [*tables["booking"], *tables["person"], *tables["survey_invitation"], *tables["survey_answered"]]
        assert not changes & {row["hidden_change"] for row in of_people}


def test_drafts_under_a_new_key_say_nothing_of_whose_they_are_or_when(session: Session, asking: Asking) -> None:
    event = event_of(asking, ["Health"] * 12)
    numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    answer_day(asking, event, numbers, words="It is I, number")
    asking.make.commit()
    old = {row["id"] for row in everything(session)["survey_draft"]}
    session.rollback()
    rotate(under(asking.work, B, A))
    tables = everything(session)
    drafts = tables["survey_draft"]
    assert len(drafts) == 10
    assert not {row["id"] for row in drafts} & old
    invitations = [row["id"] for row in tables["survey_invitation"]]
    assert not {draft_id(Keys(A), each) for each in invitations} & {row["id"] for row in drafts}
    assert all(unseal(Keys(A), row["sealed"]) is None for row in drafts)
    assert len({len(row["sealed"]) for row in drafts}) == 1
    said = [cast(Any, unseal(Keys(B), row["sealed"]))[CODE]["1"] for row in drafts]
    assert sorted(said) == numbers
    assert said != numbers  # 1 in 3,628,800
    session.rollback()
    assert let_out(under(asking.at(after(event)), B)) == 10


def test_after_the_link_was_cut_there_is_nothing_to_name_afresh(session: Session, asking: Asking) -> None:
    event = event_of(asking, ["Health"] * 6)
    answer_day(asking, event, [1, 2, 3, 4, 5])
    let_out(asking.at(after(event)))
    assert cut_links(asking.at(after(event, 366))) == 1
    names = set(session.scalars(sa.select(AnswerSheet.pseudonym)))
    asking.make.commit()
    assert events_waiting(under(asking.work, B, A)) == []
    assert set(session.scalars(sa.select(AnswerSheet.pseudonym))) == names


def _begun(prepared: tuple[Make, Work]) -> int:
    """Somebody has begun to answer, under A."""
    make, work = prepared
    asking = Asking(work, make)
    event = event_of(asking, ["Health"])
    carry_out(asking.at(event.ends_at), ask_people)
    (invitation,) = asked(work.session, event, Stage.ON_THE_DAY)
    invitation.closes_at = after(event, 3650)
    save_answers(work, invitation, {CODE: {"1": 3, "2": 3}})
    make.commit()
    return invitation.id


def _save(work: Work, invitation_id: int) -> None:
    save_answers(under(work, B, A), work.session.get_one(Invitation, invitation_id), {CODE: {"1": 9, "2": 9}})


def _renew(work: Work) -> int:
    return renew_drafts(under(work, B, A), drafts_waiting(under(work, B, A)))


def _read(prepared: tuple[Make, Work], invitation_id: int) -> Any:
    _, work = prepared
    work.session.expire_all()
    return answers_so_far(under(work, B), work.session.get_one(Invitation, invitation_id)).get(CODE)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("is_saved_first", [True, False])
def test_a_page_that_is_saved_beside_a_rotation_is_kept(
    at_once: AtOnce, prepared: tuple[Make, Work], is_saved_first: bool
) -> None:
    """Neither undoes the other, whichever comes first; there is one draft, and it stands under the new key."""
    begun = _begun(prepared)
    steps = (lambda work: _save(work, begun)), _renew
    at_once.meet(*(steps if is_saved_first else reversed(steps)))
    with Session(at_once.engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 1
    assert _read(prepared, begun) == {"1": 9, "2": 9}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("is_out_first", [True, False])
def test_answers_that_are_let_out_beside_a_rotation_come_out_once(
    at_once: AtOnce, prepared: tuple[Make, Work], is_out_first: bool
) -> None:
    make, work = prepared
    asking = Asking(work, make)
    event = event_of(asking, ["Health"] * 8)
    answer_day(asking, event, [1, 2, 3, 4, 5, 6])
    make.commit()

    def lets_out(its: Work) -> int:
        return let_out(under(replace(its, now=after(event)), B, A))

    steps = lets_out, _renew
    at_once.meet(*(steps if is_out_first else reversed(steps)))
    with Session(at_once.engine) as session:
        left = at_once.work_in(session, after(event))
        let_out(under(left, B))
        session.commit()
        assert session.scalar(sa.select(sa.func.count()).select_from(AnswerSheet)) == 6
        assert session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(Answered)) == 6
