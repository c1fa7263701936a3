"""The answers that this browser has not sent. The frame asks here when it makes a form and when it turns somebody away.

The key to them is in the browser's cookie, and the answers are in the database: neither is worth anything alone.
"""

from collections.abc import Collection
from typing import cast

from flask import g, request, session
from werkzeug.datastructures import MultiDict

from lms.frame.web import db, work
from lms.unsent import services
from lms.unsent.queries import NOTHING, Unsent, unsent_answers
from lms.unsent.rules import are_of, new_key, worth_keeping

KEY, WHOSE = "unsent", "whose"


def keep_typed(path: str, *, person_id: int | None, was_cut_off: bool = False) -> None:
    """Keep what was posted just now for the form at this path."""
    typed = worth_keeping(request.form.to_dict(flat=False))
    if not typed:
        return
    key = session.setdefault(KEY, new_key())
    services.keep_answers(work(), key, path, typed, person_id=person_id, was_cut_off=was_cut_off)
    g.keeps_unsent = True


def keep_refused(path: str, *, person_id: int | None) -> None:
    """This page refuses what was posted: it is kept all the same, for whoever goes back to it from the next one."""
    keep_typed(path, person_id=person_id)
    db.session.commit()


def keep_cut_off() -> None:
    """Somebody posted who is not signed in any more: keep it for whom this browser was signed in as."""
    if WHOSE in session:
        keep_typed(request.path, person_id=session[WHOSE], was_cut_off=True)
        db.session.commit()


def typed_before(fields: Collection[str]) -> MultiDict[str, str] | None:
    """What was typed into the form of this page that has these fields, to fill it again."""
    found = _here()
    if not are_of(found.typed, fields):
        return None
    g.came_back = found.was_cut_off
    return MultiDict(found.typed)


def came_back() -> bool:
    """Whether this page shows what somebody typed when their session had ended."""
    return bool(g.get("came_back"))


def is_waiting(path: str | None) -> bool:
    """Whether something was typed at this path that comes back after signing in."""
    if KEY not in session or WHOSE not in session or not path:
        return False
    path = path.partition("?")[0]
    return unsent_answers(db.session(), session[KEY], path, session[WHOSE], work().now).was_cut_off


def sent() -> None:
    """The form of this page was taken."""
    if KEY in session and not g.get("keeps_unsent"):
        services.forget_answers(work(), session[KEY], request.path)


def forget_typed(path: str) -> None:
    """What was typed at another page is done with."""
    if KEY in session:
        services.forget_answers(work(), session[KEY], path)


def has_typed(path: str) -> bool:
    """Whether it was in this browser that somebody filled in the form at this path."""
    return KEY in session and bool(unsent_answers(db.session(), session[KEY], path, None, work().now).typed)


def give_to(person_id: int, path: str) -> None:
    """Whoever typed here has proved to be this person: what was typed signed out is theirs from now on."""
    found = unsent_answers(db.session(), session[KEY], path, None, work().now) if KEY in session else NOTHING
    if found.typed:
        services.keep_answers(work(), session[KEY], path, found.typed, person_id=person_id)


def begin_for(person_id: int, key: str | None) -> None:
    """A session begins in this browser. What was typed before is still locked with the key, for who typed it."""
    session[WHOSE] = person_id
    if key is not None:
        session[KEY] = key


def key_here() -> str | None:
    """What opens this browser's answers."""
    return cast(str | None, session.get(KEY))


def _here() -> Unsent:
    if KEY not in session:
        return NOTHING
    return unsent_answers(db.session(), session[KEY], request.path, work().actor.person_id, work().now)
