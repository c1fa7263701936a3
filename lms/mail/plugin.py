"""What mail adds to the site."""

from collections.abc import Iterator

from lms.frame.access import Role
from lms.frame.plugins import Check, MenuGroup, MenuItem, Permission, Plugin
from lms.frame.work import Work
from lms.kit.words import moment
from lms.mail.personal_data import PERSONAL_DATA
from lms.mail.queries import stuck_letters
from lms.mail.views import bp

OFFICE = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER})


def _find_stuck(work: Work) -> Iterator[str]:
    for letter in stuck_letters(work.session, work.now):
        words = f"{letter.kind} to {letter.to_address or f'person {letter.person_id}'}, due {moment(letter.due_at)}"
        yield f"letter {letter.id}: {words}, {letter.state}, {letter.tries} tries. {letter.last_error}".rstrip()


PLUGIN = Plugin(
    name="mail",
    title="Mail",
    blueprints=(bp,),
    permissions=(
        Permission("mail.read", "see which letters went, wait or were refused", OFFICE),
        Permission("mail.retry", "have a letter tried again", OFFICE),
    ),
    menu=(MenuItem("Letters", "mail.outbox", "mail.read", 70, group=MenuGroup.OFFICE),),
    checks=(Check("mail.stuck", "no letter is stuck: due a day ago, or being sent for an hour", _find_stuck),),
    personal_data=PERSONAL_DATA,
)
