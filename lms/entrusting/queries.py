"""What waits for a business manager, and who may decide it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from lms.entrusting.models import ChangeRequest
from lms.entrusting.rules import ChangeDetails
from lms.frame.access import Actor, Role
from lms.frame.plugins import WaitingLine
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.people.models import Person, RoleGrant
from lms.people.queries import entrusted_among
from lms.people.rules import why_not_decide

DECIDED_SHOWN = 20
NAMES = (joinedload(ChangeRequest.person), joinedload(ChangeRequest.other), joinedload(ChangeRequest.asked_by))


@dataclass(frozen=True)
class WantedChange:
    """What somebody wants changed, before anybody knows whether they may."""

    details: ChangeDetails
    person: Person
    other: Person | None = None

    @property
    def ids(self) -> set[int]:
        return {self.person.id, *([self.other.id] if self.other else [])}


def concerned(session: Session, change: WantedChange) -> set[int]:
    """The entrusted records that a change concerns; empty when anybody who manages people may make it."""
    entrusted = entrusted_among(session, change.ids)
    return change.ids if change.details.gives_entrusted_role else entrusted


def is_entrusted(session: Session, person_id: int) -> bool:
    """Whether a record holds an entrusted role."""
    return bool(entrusted_among(session, [person_id]))


def why_not(session: Session, actor: Actor, change: WantedChange) -> str:
    """Why this actor does not make a change, in a sentence; "" when they do."""
    return why_not_decide(actor, concerned(session, change))


def change_of(request: ChangeRequest) -> WantedChange:
    """The change that a request asks for."""
    return WantedChange(request.details, request.person, request.other)


def deciders(session: Session, person_ids: Collection[int]) -> Sequence[Person]:
    """The business managers who can decide what concerns these people: all but they themselves."""
    held = sa.select(RoleGrant.person_id).where(RoleGrant.role == Role.BUSINESS_MANAGER)
    found = sa.select(Person).where(Person.id.in_(held), Person.id.not_in(person_ids), Person.is_here)
    return session.scalars(found.order_by(Person.name, Person.id)).all()


def open_requests(session: Session, *, of_person: int | None = None) -> Sequence[ChangeRequest]:
    """Those that wait, the oldest first; of all people, or of one, also as the other record of a merge."""
    found = sa.select(ChangeRequest).where(ChangeRequest.decided_at.is_(None)).options(*NAMES)
    if of_person is not None:
        found = found.where(sa.or_(ChangeRequest.person_id == of_person, ChangeRequest.other_id == of_person))
    return session.scalars(found.order_by(ChangeRequest.asked_at, ChangeRequest.id)).all()


def decided_requests(session: Session) -> Sequence[ChangeRequest]:
    """The last that were decided."""
    found = sa.select(ChangeRequest).where(ChangeRequest.decided_at.is_not(None))
    found = found.options(*NAMES, joinedload(ChangeRequest.decided_by)).limit(DECIDED_SHOWN)
    return session.scalars(found.order_by(ChangeRequest.decided_at.desc(), ChangeRequest.id.desc())).all()


def request_of(session: Session, request_id: int) -> ChangeRequest:
    """A request by its number. Raises NotFound."""
    found = session.get(ChangeRequest, request_id)
    if found is None:
        raise NotFound("We cannot find that request. The list shows all that wait.")
    return found


def find_requests(work: Work) -> Iterator[WaitingLine]:
    """What this business manager can decide, for the page "Today"."""
    mine = work.actor.person_id
    number = sum(mine not in change_of(request).ids for request in open_requests(work.session))
    note = "addresses, roles and signing in"
    yield WaitingLine(
        number,
        "request about someone entrusted",
        "requests about people entrusted",
        "/people/requests",
        note,
        is_urgent=True,
    )
