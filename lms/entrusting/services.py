"""Making a change, or asking a business manager for it; and deciding what was asked."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from lms.entrusting import letters, life
from lms.entrusting.models import ChangeRequest
from lms.entrusting.queries import WantedChange, change_of, concerned, deciders, open_requests, request_of, why_not
from lms.entrusting.rules import ChangeDetails, EntrustedKind, RequestOutcome, RequestState
from lms.frame.access import Role, program
from lms.frame.locks import lock_rows
from lms.frame.plugins import LeavingChoice
from lms.frame.work import Work
from lms.kit.addresses import clean_address
from lms.kit.errors import Conflict, NotAllowed
from lms.kit.lives import Step
from lms.merging.queries import merge_of
from lms.merging.services import merge_people, unmerge_people
from lms.people.leaving.queries import Chosen
from lms.people.leaving.services import leave
from lms.people.models import Person
from lms.people.rules import PersonDetails, check_decides
from lms.people.services import (
    add_address,
    change_address,
    change_person,
    come_back,
    grant_role,
    remove_address,
    revoke_role,
)
from lms.signin.resets.services import invite, reset_second_factor

Do = Callable[[Work, WantedChange, Mapping[str, Any]], Any]
DO: Mapping[EntrustedKind, Do] = {
    EntrustedKind.ADDRESS: lambda work, change, values: change_address(
        work, change.person, values["email"], shares_address=values["shares_address"]
    ),
    EntrustedKind.FURTHER_ADDRESS: lambda work, change, values: add_address(work, change.person, values["address"]),
    EntrustedKind.ADDRESS_AWAY: lambda work, change, values: remove_address(work, change.person, values["address_id"]),
    EntrustedKind.LEAVING: lambda work, change, values: leave(
        work,
        change.person,
        on=date.fromisoformat(values["on"]),
        chosen={key: Chosen(LeavingChoice(what), to) for key, (what, to) in values.get("settled", {}).items()},
    ),
    EntrustedKind.COMING_BACK: lambda work, change, _: come_back(work, change.person),
    EntrustedKind.ROLE: lambda work, change, values: grant_role(
        work, change.person, Role(values["role"]), agency_id=values["agency_id"]
    ),
    EntrustedKind.ROLE_AWAY: lambda work, change, values: revoke_role(work, change.person, values["grant_id"]),
    EntrustedKind.MERGE: lambda work, change, _: merge_people(work, change.person, _other(change)),
    EntrustedKind.UNMERGE: lambda work, _, values: unmerge_people(work, merge_of(work.session, values["merge_id"])),
    EntrustedKind.SECOND_FACTOR: lambda work, change, values: reset_second_factor(
        work, change.person, reason=values["reason"]
    ),
    EntrustedKind.INVITATION: lambda work, change, _: invite(work, change.person),
}


def do_or_ask(
    work: Work,
    what: EntrustedKind,
    person: Person,
    values: Mapping[str, Any] | None = None,
    *,
    other: Person | None = None,
) -> ChangeRequest | None:
    """Make a change, and answer None; or, where it is not this actor's to decide, the request that waits now."""
    change = WantedChange(ChangeDetails(what, dict(values or {})), person, other)
    if why_not(work.session, work.actor, change):
        return ask(work, change)
    DO[what](work, change, change.details.values)
    return None


def change_or_ask(work: Work, person: Person, details: PersonDetails, *, shares_address: bool) -> ChangeRequest | None:
    """Change what is said about a person; of somebody entrusted, all but the address, which is asked for."""
    email, was = clean_address(details.email), person.email
    change = WantedChange(
        ChangeDetails(EntrustedKind.ADDRESS, {"email": email, "shares_address": shares_address}), person
    )
    if email == was or not why_not(work.session, work.actor, change):
        change_person(work, person, details, shares_address=shares_address)
        return None
    change_person(work, person, replace(details, email=was), shares_address=shares_address)
    return ask(work, change)


def ask(work: Work, change: WantedChange) -> ChangeRequest:
    """Lay a change before the business managers. The same asked again is the request that waits already.

    It is tried and taken back first, so that nothing waits which could not be done: raises what that raises.
    """
    if work.actor.person_id is None:
        raise NotAllowed(why_not(work.session, work.actor, change))
    _try(work, change)
    for waiting in open_requests(work.session, of_person=change.person.id):
        if change_of(waiting) == change:
            return waiting
    request = ChangeRequest(
        what=change.details.what,
        person=change.person,
        other=change.other,
        particulars=dict(change.details.values),
        asked_at=work.now,
        asked_by_id=work.actor.person_id,
    )
    work.session.add(request)
    work.record("asked a business manager", request, person_id=change.person.id, what=request.what)
    for decider in deciders(work.session, concerned(work.session, change)):
        work.send(letters.decision_wanted(request, decider))
    return request


def agree(work: Work, request_id: int) -> ChangeRequest:
    """Make the change that was asked for. Raises NotAllowed for whoever does not decide it, Conflict when it is over,
    and what the change itself raises when it cannot be made any more."""
    request = _open(work, request_id, life.AGREE)
    _check_decides(work, request)
    change = change_of(request)
    DO[request.what](work, change, request.particulars)
    return _decide(work, request, RequestOutcome.AGREED, "")


def refuse(work: Work, request_id: int, words: str) -> ChangeRequest:
    """Leave everything as it is; whoever asked reads why."""
    request = _open(work, request_id, life.REFUSE)
    _check_decides(work, request)
    return _decide(work, request, RequestOutcome.REFUSED, words.strip())


def withdraw(work: Work, request_id: int) -> ChangeRequest:
    """Whoever asked does not want it any more."""
    request = _open(work, request_id, life.WITHDRAW)
    if request.asked_by_id != work.actor.person_id:
        raise NotAllowed("Only the person who asked can take a request back. A business manager can refuse it.")
    return _decide(work, request, RequestOutcome.WITHDRAWN, "")


def _open(work: Work, request_id: int, step: Step[RequestState]) -> ChangeRequest:
    """The request, ours to decide; the people whom it is about are locked before it."""
    request = request_of(work.session, request_id)
    lock_rows(work.session, Person, change_of(request).ids)
    lock_rows(work.session, ChangeRequest, [request.id])
    step.check(request.state)
    return request


def _check_decides(work: Work, request: ChangeRequest) -> None:
    """A business manager, and nobody about themselves, also when the record holds no such role any more."""
    change = change_of(request)
    check_decides(work.actor, change.ids)


def _decide(work: Work, request: ChangeRequest, outcome: RequestOutcome, words: str) -> ChangeRequest:
    request.decided_at, request.decided_by_id = work.now, work.actor.person_id
    request.outcome, request.words = outcome, words
    asked = request.asked_by_id
    work.record(f"request {outcome}", request, person_id=request.person_id, what=request.what, asked_by=asked)
    if outcome is not RequestOutcome.WITHDRAWN:
        by = "" if work.actor.is_program else work.actor.name
        work.send(letters.decision_made(request, by))
    return request


def _try(work: Work, change: WantedChange) -> None:
    attempt = work.session.begin_nested()
    try:
        DO[change.details.what](replace(work, actor=program("trial")), change, change.details.values)
        work.session.flush()
    finally:
        attempt.rollback()


def _other(change: WantedChange) -> Person:
    if change.other is None:
        raise Conflict("The other record is gone. Ask again.")
    return change.other
