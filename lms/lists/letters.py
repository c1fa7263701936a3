"""The signed link by which somebody leaves a mailing list without an account."""

from typing import Any

from lms.frame.links import SignedLink, pair_of, row_number, short_text
from lms.frame.settings import Settings
from lms.lists.rules import Leaver

NO_SUCH_LINK = "This link does not work. Open it from our newest email, or ask the training team."


def _person_or_address(value: Any) -> int | str:
    if isinstance(value, int):
        return row_number(value)
    address = short_text(value)
    if "@" not in address:
        raise ValueError
    return address


LEAVING = SignedLink("lms.lists.leave", pair_of(short_text, _person_or_address), NO_SUCH_LINK)


def leaving_token(settings: Settings, leaver: Leaver) -> str:
    """What makes a link stop the letters of one list for one reader; nothing else. It never ends."""
    return LEAVING.sign(settings, (leaver.list_name, leaver.person_id or leaver.address))


def read_leaving_token(settings: Settings, token: str) -> Leaver:
    """Whose link it is. Raises NotFound for one that we did not sign."""
    list_name, who = LEAVING.read(settings, token)
    return Leaver(list_name, person_id=who) if isinstance(who, int) else Leaver(list_name, address=who)
