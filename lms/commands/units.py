"""The unit of work of a command: saved whole, and run again from its beginning when it met others who write."""

from collections.abc import Callable
from typing import TypeVar

import click
from flask import current_app
from sqlalchemy.exc import DBAPIError

from lms.frame.access import program
from lms.frame.again import again_when_met, met_others
from lms.frame.web import db, site
from lms.frame.work import Work

MET_TOO_OFTEN = "Others were saving at the same moment, three times running. Nothing was changed. Run it again."

Answer = TypeVar("Answer")


def command_work(name: str) -> Work:
    """A Work of a command, acting for the partnership."""
    return Work(session=db.session(), actor=program(name), now=current_app.extensions["lms.clock"](), site=site())


def in_one_unit(name: str, do: Callable[[Work], Answer], *, keep: bool = True) -> Answer:
    """Do it and save it, or only see what it would do; up to three times, as `lms.frame.again` says.

    What `do` raises undoes everything. It says nothing on the screen, where the next try would say it once more.
    """

    def once() -> Answer:
        work = command_work(name)
        try:
            answer = do(work)
            if keep:
                work.session.commit()
        except BaseException:
            work.session.rollback()
            raise
        if not keep:
            work.session.rollback()
        return answer

    try:
        return again_when_met(once)
    except DBAPIError as error:
        if not met_others(error):
            raise
        raise click.ClickException(MET_TOO_OFTEN) from error
