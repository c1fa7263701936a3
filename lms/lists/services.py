"""Choosing letters, on the page or by one click."""

from collections.abc import Mapping

from lms.frame.work import Work
from lms.kit.errors import Invalid, NotFound
from lms.lists.letters import NO_SUCH_LINK, read_leaving_token
from lms.lists.models import MailChoice, OwnCopy
from lms.lists.queries import choice_of
from lms.lists.rules import Leaver, Wish
from lms.people.models import Person


def choose_letters(work: Work, person_id: int, wishes: Mapping[str, Wish], *, own_copy: bool) -> None:
    """What a person wants of each list, and whether they want their own copy in a shared mailbox."""
    known = {each.name for each in work.site.mailing_lists}
    if unknown := wishes.keys() - known:
        raise Invalid(f"There is no mailing list called {', '.join(sorted(unknown))}.")
    for list_name, wish in wishes.items():
        _choose(work, Leaver(list_name, person_id=person_id), wish)
    own = work.session.get(OwnCopy, person_id)
    if own_copy and own is None:
        work.session.add(OwnCopy(person_id=person_id, chosen_at=work.now))
    elif own is not None and not own_copy:
        work.session.delete(own)
    said = {name: wish.value for name, wish in wishes.items()}
    work.record("letters chosen", work.session.get_one(Person, person_id), wishes=said, own_copy=own_copy)


def leaver_of(work: Work, token: str) -> Leaver:
    """Whose link this is. Raises NotFound for one that we did not sign, or of a person who is gone."""
    leaver = read_leaving_token(work.site.settings, token)
    if leaver.person_id is not None and work.session.get(Person, leaver.person_id) is None:
        raise NotFound(NO_SUCH_LINK)
    return leaver


def leave_list(work: Work, token: str) -> Leaver:
    """One click: no more letters of this list. Safe to say twice."""
    return _by_link(work, token, Wish.NONE)


def come_back(work: Work, token: str) -> Leaver:
    """They thought better of it: what is meant for them comes again."""
    return _by_link(work, token, Wish.MEANT)


def _by_link(work: Work, token: str, wish: Wish) -> Leaver:
    leaver = leaver_of(work, token)
    choice = _choose(work, leaver, wish)
    if choice is not None:
        work.record("letters chosen by link", choice, list_name=leaver.list_name, wish=wish.value)
    return leaver


def _choose(work: Work, leaver: Leaver, wish: Wish) -> MailChoice | None:
    """Record it, and answer it when that changed anything."""
    choice = choice_of(work.session, leaver)
    if choice is None:
        if wish is Wish.MEANT:
            return None
        choice = MailChoice(list_name=leaver.list_name, person_id=leaver.person_id, address=leaver.address)
        work.session.add(choice)
    elif choice.wish is wish:
        return None
    choice.wish, choice.chosen_at = wish, work.now
    work.session.flush()
    return choice
