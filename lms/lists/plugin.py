"""What mailing lists add to the site."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lms.frame.plugins import LinksOut, PersonalData, Plugin
from lms.frame.work import Work
from lms.lists.letters import LEAVING
from lms.lists.models import MailChoice, OwnCopy
from lms.lists.queries import has_own_copy, wishes_of_person
from lms.lists.views import bp


def _export(work: Work, person_id: int) -> Mapping[str, Any]:
    wishes = wishes_of_person(work.session, person_id)
    return {
        "Emails chosen": {name: wish.value for name, wish in wishes.items()},
        "Own copy in a shared mailbox": has_own_copy(work.session, person_id),
    }


def _erase(work: Work, person_id: int) -> None:
    """Their choice goes with them: nobody writes to them any more."""
    work.session.execute(sa.delete(MailChoice).where(MailChoice.person_id == person_id))
    work.session.execute(sa.delete(OwnCopy).where(OwnCopy.person_id == person_id))


PLUGIN = Plugin(
    name="lists",
    title="Mailing lists",
    blueprints=(bp,),
    links=(LinksOut(LEAVING.salt, "links to leave a mailing list"),),
    personal_data=PersonalData(tables=("mail_choice", "own_copy"), export=_export, erase=_erase),
)
