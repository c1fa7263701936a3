"""Recurring work at night: answers of closed stages come out, together and shuffled."""

from lms.frame.work import Work
from surveys.impact.frozen.services import freeze_halves
from surveys.letting_out.services import let_out


def let_answers_out(work: Work) -> None:
    """Safe to repeat: what is out has no draft any more, and what a half-year told is written down once."""
    let_out(work)
    freeze_halves(work)
