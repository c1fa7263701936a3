"""Recurring work: none but to have been there."""

from lms.frame.work import Work


def beat(work: Work) -> None:
    """Nothing. That it ran, and when, is what is wanted: the worker is there."""
