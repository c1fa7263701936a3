"""Drafts under a new secret key: nobody who holds the whole database, or the key of before, learns whose they are."""

from dataclasses import replace
from typing import Any, cast

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.site import Site
from lms.frame.work import Work
from lms.jobs.services import carry_out
from lms.kit.keys import Keys
from lms.kit.portions import portions
from surveys.answers.models import AnswerSheet, Draft
from surveys.answers.renewing.services import drafts_waiting, renew_drafts
from surveys.answers.sealing.rules import draft_id, unseal
from surveys.answers.services import answers_so_far, save_answers
from surveys.invitations.models import Answered, Invitation
from surveys.letting_out.services import let_out
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
    for some in portions(drafts_waiting(work), 3):
        renew_drafts(work, some)
        work.session.commit()


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
