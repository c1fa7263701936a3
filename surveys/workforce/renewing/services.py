"""Answers of rounds under a new secret key."""

from collections.abc import Sequence
from random import SystemRandom

import sqlalchemy as sa

from lms.frame.work import Work
from lms.kit.keys import Keys
from surveys.answers.sealing.rules import is_sealed_newly, seal, unseal
from surveys.workforce.models import RoundAnswers


def waiting(work: Work) -> list[str]:
    """Answers that are not sealed with the key in force."""
    keys = work.site.settings.keys
    rows = work.session.execute(sa.select(RoundAnswers.id, RoundAnswers.sealed).execution_options(yield_per=200))
    found = [row.id for row in rows if not is_sealed_newly(keys, row.sealed)]
    SystemRandom().shuffle(found)
    return found


def renew(work: Work, ids: Sequence[str]) -> int:
    """Seal these with the key in force; what no key opens stays."""
    keys, done = work.site.settings.keys, 0
    for each in ids:
        kept = work.session.scalar(
            sa.select(RoundAnswers.sealed).where(RoundAnswers.id == each).with_for_update(key_share=True)
        )
        answers = None if kept is None else unseal(keys, kept)
        if answers is not None:
            afresh = sa.update(RoundAnswers).where(RoundAnswers.id == each)
            work.session.execute(afresh.values(sealed=seal(keys, answers)))
            done += 1
    return done


def proves(work: Work, key: str) -> bool:
    """Whether one of them opens with this key."""
    return any(unseal(Keys(key), each) is not None for each in work.session.scalars(sa.select(RoundAnswers.sealed)))
