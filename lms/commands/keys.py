"""Commands for the secret key: put what earlier keys locked under the one in force, and say what still needs them."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import click
from flask.cli import AppGroup

from lms.commands.units import command_work, in_one_unit
from lms.frame.db import begin_reading
from lms.frame.plugins import Keyed
from lms.frame.work import Work
from lms.keys.services import StillOut, check_keys, keyed, links_out, note_rotated, stands_under_named
from lms.kit.errors import Refused
from lms.kit.portions import portions
from lms.kit.words import long_date
from lms.kit.working_days import london_date

AT_A_TIME = 25

keys = AppGroup("keys", help="The secret key and those before it.")


@keys.command("rotate")
@click.option("--key-is-lost", is_flag=True, help="The earlier key is lost for good: give up what it closed.")
def rotate(key_is_lost: bool) -> None:
    """Put all that stands under an earlier key under LMS_SECRET_KEY. Safe to repeat. Exit 1 when something is left."""
    work = command_work("lms keys rotate")
    begin_reading(work.session)
    try:
        check_keys(work, is_lost=key_is_lost)
    except Refused as refusal:
        raise click.ClickException(refusal.words) from refusal
    finally:
        work.session.rollback()
    done = {kept.name: _renew_one(work, kept) for kept in keyed(work)}
    left = _left(work)
    if key_is_lost or not left:
        in_one_unit("lms keys rotate", partial(note_rotated, done=done))
    _end(work, left)


@keys.command("status")
def status() -> None:
    """What still needs an earlier key, changing nothing. Exit 1 when the database holds something that does."""
    work = command_work("lms keys status")
    _end(work, _left(work))


def _renew_one(work: Work, kept: Keyed) -> int:
    """In portions, each saved: whoever uses the service waits for one at most, and a repeat goes on from there."""
    done = 0
    for some in portions(_waiting(work, kept), AT_A_TIME):
        done += in_one_unit("lms keys rotate", partial(_renewed, kept=kept, some=some))
    click.echo(f"{done:8,}  {kept.words}: put under the key in force")
    return done


def _renewed(work: Work, *, kept: Keyed, some: Sequence[Any]) -> int:
    return kept.renew(work, some)


def _waiting(work: Work, kept: Keyed) -> Sequence[Any]:
    """Looked for while others write."""
    begin_reading(work.session)
    found = kept.waiting(work)
    work.session.rollback()
    return found


def _left(work: Work) -> list[tuple[int, str]]:
    return [(number, each.words) for each in keyed(work) if (number := len(_waiting(work, each)))]


def _end(work: Work, left: list[tuple[int, str]]) -> None:
    begin_reading(work.session)
    is_whole = stands_under_named(work)
    for words in (*_said(left, is_whole), *_said_of_links(work, links_out(work))):
        click.echo(words)
    work.session.rollback()
    raise SystemExit(1 if left or not is_whole else 0)


def _said(left: list[tuple[int, str]], is_whole: bool) -> Iterator[str]:
    for number, words in left:
        yield f"{number:8,}  {words}: not under the key in force"
    if not is_whole:
        yield (
            "This database stands under a key that is neither LMS_SECRET_KEY nor in LMS_SECRET_KEYS_BEFORE. Name the "
            "one that LMS_SECRET_KEY was before, then run `lms keys rotate`."
        )
    elif left:
        yield "Run `lms keys rotate`. What is left after that was locked with a key that LMS_SECRET_KEYS_BEFORE lacks."
    else:
        yield "Nothing in the database needs an earlier key."


def _said_of_links(work: Work, out: list[StillOut]) -> Iterator[str]:
    """Only where a key of before is named: what would stop working without it."""
    if not work.site.settings.keys.before:
        return
    ends = {each.words: each.until for each in out if each.until is not None}
    for words, until in ends.items():
        yield f"{'':10}{words}, made under an earlier key: work until {long_date(london_date(until))}"
    never = ", ".join(each.words for each in out if each.until is None)
    yield f"{'':10}{never}, made under an earlier key: work as long as it is named"
    yield (
        f"Take the earlier key out of LMS_SECRET_KEYS_BEFORE after {long_date(london_date(max(ends.values())))}, or "
        "at once if someone knows it. People ask for a new email then, or enter the certificate's number."
        if ends
        else "The earlier key can go. Certificates are checked by their number then."
    )


COMMANDS = (keys,)
