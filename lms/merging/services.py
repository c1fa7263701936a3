"""Merging a duplicate into the person kept, and undoing that exactly.

Rows move, they are never changed otherwise: `PersonMerge.moved` lists each row by table, column and key, so that
undoing moves back those that still point at the person kept. Roles, accounts and what else lets somebody in stay with
the duplicate, where they open nothing.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from lms.frame.doors import door
from lms.frame.keeping import MERGE
from lms.frame.locks import lock_rows, place_of
from lms.frame.tables_there import tables_there
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed
from lms.mail.outbox import let_wait_again, rename_keys, withdraw_doubles
from lms.merging.clashes.queries import Clash, clashes, must_stay_two, rows_staying
from lms.merging.queries import Pointer, RowKey, pointers, rows_pointing
from lms.people.accounts.models import Account
from lms.people.models import Person, PersonAddress, PersonMerge
from lms.people.services import check_may_change, lock_holders, tell_access, why_needed
from lms.sessions.services import end_all_sessions

FILLED = ("email", "phone", "agency_id", "role_group_id", "job_title", "manager_name", "manager_email")
"""What the person kept takes over where they have nothing."""


def merge_people(work: Work, kept: Person, duplicate: Person) -> PersonMerge:
    """Everything that points at the duplicate points at the person kept from now on; history stays where it is."""
    lock_rows(work.session, Person, (kept.id, duplicate.id))
    check_may_change(work, kept, duplicate)
    check_can_merge(work, kept, duplicate)
    staying = blocking_or_staying(work, kept, duplicate)
    with door(work.session, MERGE, now=work.now):
        moved: dict[str, Any] = {"rows": _move_rows(work, kept.id, duplicate.id, staying)}
    work.session.expire_all()
    moved["letters"] = rename_keys(work.session, duplicate.id, kept.id)
    moved["doubles"] = withdraw_doubles(work.session, duplicate.id, kept.id)
    moved["filled"] = _fill_gaps(kept, duplicate)
    moved["address_added"] = _keep_address(work, kept, duplicate)
    moved["account_stopped"] = _stop_account(work, duplicate)
    lock_holders(work, {grant.role for grant in duplicate.roles})  # after what it moves: roles stand last in the order
    _check_not_needed(work, duplicate)
    duplicate.merged_into_id = kept.id
    _tell(work, kept, duplicate, "Two records of yours were made one.")
    merge = PersonMerge(
        kept_id=kept.id,
        duplicate_id=duplicate.id,
        merged_at=work.now,
        merged_by_id=work.actor.person_id,
        moved=moved,
    )
    work.session.add(merge)
    rows = sum(len(each["keys"]) for each in moved["rows"])
    work.record("person merged", kept, duplicate=duplicate.ref, rows=rows)
    work.record("person merged into another", duplicate, kept=kept.ref, rows=rows)
    return merge


def unmerge_people(work: Work, merge: PersonMerge) -> Person:
    """Make two of one again: what was moved goes back, unless it has moved on since. Answers the duplicate."""
    kept, duplicate = work.session.get_one(Person, merge.kept_id), work.session.get_one(Person, merge.duplicate_id)
    lock_rows(work.session, Person, (kept.id, duplicate.id))
    lock_rows(work.session, PersonMerge, [merge.id])
    if merge.undone_at is not None:
        raise Conflict("This merge has been undone already.")
    check_may_change(work, kept, duplicate)
    if kept.erased_at is not None:
        raise Conflict("This person was erased, and with them what belonged to which record.")
    if kept.merged_into_id is not None:
        raise Conflict(f"{kept.name} was itself merged into another record since. Undo that merge first.")
    duplicate.merged_into_id = None
    _take_address_back(work, merge)
    _empty_what_was_filled(merge, kept)
    work.session.flush()
    with door(work.session, MERGE, now=work.now):
        for each in reversed(merge.moved["rows"]):
            _move_back(work, each, merge)
    rename_keys(work.session, merge.kept_id, merge.duplicate_id, only=merge.moved.get("letters", []))
    let_wait_again(work.session, merge.moved.get("doubles", []))
    work.session.expire_all()
    _start_account(work, merge)
    _tell(work, kept, duplicate, "What had been made one record is two again.")
    merge.undone_at = work.now
    work.record("merge undone", kept, duplicate=duplicate.ref)
    work.record("merge undone", duplicate, kept=kept.ref)
    return duplicate


def check_can_merge(work: Work, kept: Person, duplicate: Person) -> None:
    """Two different people, both still their own, neither of them who asks, nor the last to hold a role."""
    if kept.id == duplicate.id:
        raise Invalid("This is one record. Choose two.")
    if kept.merged_into_id is not None or duplicate.merged_into_id is not None:
        raise Conflict("One of the two was merged before. Open the person kept and start from there.")
    if kept.erased_at is not None or duplicate.erased_at is not None:
        raise Conflict("One of the two was erased. No one knows who that was, so it cannot be merged.")
    if work.actor.person_id in (kept.id, duplicate.id):
        raise NotAllowed("You cannot merge your own record. Ask a colleague to do it.")
    _check_not_needed(work, duplicate)


def _check_not_needed(work: Work, duplicate: Person) -> None:
    for words in filter(None, (why_needed(work, grant.role) for grant in duplicate.roles if duplicate.is_here)):
        raise Conflict(words)


def blocking_or_staying(work: Work, kept: Person, duplicate: Person) -> list[Clash]:
    """What both have and may keep apart. Raises Conflict for what must be sorted out by a person first."""
    found = clashes(work.session, kept.id, duplicate.id)
    blocking = list(dict.fromkeys(each.words for each in found if not each.may_stay))
    blocking += must_stay_two(work.session, kept.id, duplicate.id)
    if blocking:
        raise Conflict(" ".join(blocking))
    return found


def _tell(work: Work, kept: Person, duplicate: Person, what: str) -> None:
    """Both sign in anew, and both addresses hear of it."""
    end_all_sessions(work, duplicate.id)
    tell_access(work, kept, what, also_to=duplicate.email)


def _move_rows(work: Work, kept_id: int, duplicate_id: int, staying: list[Clash]) -> list[dict[str, Any]]:
    """Move rows column by column. The keys told are those after the move."""
    moved = []
    found = list(pointers(tables_there(work.session)))
    for pointer in sorted(found, key=lambda each: place_of(each.table.name)):
        rows_pointing(work.session, pointer, duplicate_id)  # locks them, in the order that everybody keeps
    stays = rows_staying(work.session, found, staying, duplicate_id)
    for pointer in found:
        stay = stays.get(str(pointer.column), frozenset())
        keys = [key for key in rows_pointing(work.session, pointer, duplicate_id) if key not in stay]
        if keys:
            _point(work, pointer, keys, kept_id, now=duplicate_id)
            told = [_key_after(pointer, key, kept_id) for key in keys]
            moved.append({"table": pointer.table.name, "column": pointer.column.name, "keys": told})
    return moved


def _key_after(pointer: Pointer, key: RowKey, person_id: int) -> list[int | str]:
    """The key of a row once it points at another person, when that column is part of the key. As JSON has it."""
    after = (person_id if column is pointer.column else value for column, value in zip(pointer.key, key, strict=True))
    return [value.isoformat() if isinstance(value, date) else value for value in after]


def _key_from_json(pointer: Pointer, key: list[int | str]) -> RowKey:
    """The same key with days and moments as the columns have them."""
    return tuple(_from_json(column, value) for column, value in zip(pointer.key, key, strict=True))


def _from_json(column: sa.Column[Any], value: int | str) -> Any:
    if not isinstance(value, str):
        return value
    kind = column.type.impl_instance if isinstance(column.type, sa.TypeDecorator) else column.type
    if isinstance(kind, sa.DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, sa.Date) else value


def _point(work: Work, pointer: Pointer, keys: list[RowKey], to: int, *, now: int) -> None:
    for key in keys:
        names_row = (column == value for column, value in zip(pointer.key, key, strict=True))
        work.session.execute(
            sa.update(pointer.table).where(pointer.column == now, *names_row).values({pointer.column: to})
        )


def _move_back(work: Work, moved: dict[str, Any], merge: PersonMerge) -> None:
    """Only rows that still point at the person kept; a plugin that was removed has none."""
    table = next((each for each in tables_there(work.session) if each.name == moved["table"]), None)
    if table is not None:
        pointer = Pointer(table, table.c[moved["column"]])
        keys = [_key_from_json(pointer, key) for key in moved["keys"]]
        _point(work, pointer, keys, merge.duplicate_id, now=merge.kept_id)


def _fill_gaps(kept: Person, duplicate: Person) -> dict[str, Any]:
    filled = {}
    for name in FILLED:
        if not getattr(kept, name) and getattr(duplicate, name):
            filled[name] = {"was": getattr(kept, name), "now": getattr(duplicate, name)}
            setattr(kept, name, getattr(duplicate, name))
    return filled


def _empty_what_was_filled(merge: PersonMerge, kept: Person) -> None:
    for name, values in merge.moved["filled"].items():
        if getattr(kept, name) == values["now"]:
            setattr(kept, name, values["was"])


def _keep_address(work: Work, kept: Person, duplicate: Person) -> int | None:
    """The duplicate's address becomes a further one of the person kept."""
    known = {kept.email, *(each.address for each in kept.addresses)}
    if not duplicate.email or duplicate.email in known:
        return None
    further = PersonAddress(address=duplicate.email)
    kept.addresses.append(further)
    work.session.flush()
    return further.id


def _take_address_back(work: Work, merge: PersonMerge) -> None:
    added = merge.moved["address_added"]
    work.session.execute(
        sa.delete(PersonAddress).where(PersonAddress.id == added, PersonAddress.person_id == merge.kept_id)
    )


def _stop_account(work: Work, duplicate: Person) -> bool:
    """Both have an account: nobody signs in with the duplicate's any more."""
    stopped = sa.update(Account).where(Account.person_id == duplicate.id, Account.active.is_(True)).values(active=False)
    return bool(work.session.execute(stopped.returning(Account.id)).first())


def _start_account(work: Work, merge: PersonMerge) -> None:
    if merge.moved["account_stopped"]:
        again = sa.update(Account).where(Account.person_id == merge.duplicate_id)
        work.session.execute(again.values(active=True))
