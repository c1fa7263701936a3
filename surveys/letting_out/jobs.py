"""Recurring work at night: answers of closed stages come out, together and shuffled."""

from lms.frame.work import Work
from surveys.letting_out.services import let_out


def let_answers_out(work: Work) -> None:
    """Safe to repeat: what is out has no draft any more."""
    let_out(work)
