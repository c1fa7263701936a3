"""The command that fills an empty installation with the demonstration partnership."""

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from lms.commands.units import command_work
from lms.frame.site import Site
from lms.frame.web import site
from lms.frame.work import Work
from lms.kit.errors import Conflict, Refused
from lms.partnership.queries import may_demonstrate
from lms.partnership.services import found_partnership
from lms.people.models import Person


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Say nothing when there are people in the database already.")
@click.option("--fits", is_flag=True, help="Only tell by exit 0 or 1 whether demonstration mode may run on it.")
@with_appcontext
def demo(if_empty: bool, fits: bool) -> None:
    """Load the demonstration partnership. Only in demonstration mode and into an empty database, which is marked."""
    work = command_work("lms demo")
    if fits:
        raise SystemExit(0 if may_demonstrate(work.session) else 1)
    if if_empty and has_people(work):
        return
    try:
        check_may_load(work, site())
        load_demonstrations(work, site())
        found_partnership(work).is_invented = True
    except Refused as refusal:
        work.session.rollback()
        raise click.ClickException(refusal.words) from refusal
    work.session.commit()
    people = work.session.scalar(sa.select(sa.func.count()).select_from(Person))
    click.echo(f"The demonstration partnership is ready: {people:,} invented people.")


def check_may_load(work: Work, the_site: Site) -> None:
    """Invented people never come among real ones: refused outside demonstration mode and when anybody is there."""
    if not the_site.settings.is_demo:
        raise Conflict("This is not demonstration mode. Set LMS_DEMO=1 if this installation is for demonstration only.")
    if work.session.scalar(sa.select(sa.exists(sa.select(Person.id)))):
        raise Conflict("There are people in this database already. Load the demonstration into an empty one.")


def has_people(work: Work) -> bool:
    """Whether anybody is in the database, invented or real."""
    return bool(work.session.scalar(sa.select(sa.exists().select_from(Person))))


def load_demonstrations(work: Work, the_site: Site) -> None:
    """Let every plugin load its invented records, lower positions first, in the one transaction of this work."""
    demonstrations = [each for plugin in the_site.plugins for each in plugin.demonstrations]
    for each in sorted(demonstrations, key=lambda demonstration: demonstration.position):
        each.load(work)
    work.session.flush()


COMMANDS = (demo,)
