"""Inviting, and using an invitation. Whoever calls `invite_if_needed` has checked who decides about the person."""

from lms.frame.access import ENTRUSTED_ROLES, ROLE_WORDS
from lms.frame.work import Work
from lms.kit.errors import NotAllowed
from lms.people.invitations import letters
from lms.people.invitations.models import FactorInvitation
from lms.people.invitations.queries import last_invitation, needs_invitation, open_invitation
from lms.people.invitations.rules import INVITATION_LASTS, NOT_INVITED
from lms.people.models import Person


def invite_if_needed(work: Work, person: Person) -> FactorInvitation | None:
    """Invite somebody entrusted who has no second factor yet, at their address of now; one of before ends.

    None for whoever needs none, and for somebody without an address.
    """
    if not person.email or not needs_invitation(work.session, person):
        return None
    _end(work, last_invitation(work.session, person.id))
    invitation = FactorInvitation(
        person_id=person.id,
        address=person.email,
        made_at=work.now,
        made_by_id=work.actor.person_id,
        good_until=work.now + INVITATION_LASTS,
    )
    work.session.add(invitation)
    work.session.flush()
    roles = [ROLE_WORDS[grant.role] for grant in person.roles if grant.role in ENTRUSTED_ROLES]
    by = "" if work.actor.is_program else work.actor.name
    work.record("invited to set up a second factor", invitation, until=invitation.good_until)
    work.send(letters.second_factor_invited(invitation, person, roles=roles, by=by))
    return invitation


def use_invitation(work: Work, person: Person) -> None:
    """Before a first second factor is set up. Raises NotAllowed for the entrusted who are not invited."""
    if not needs_invitation(work.session, person):
        return
    invitation = open_invitation(work.session, person, work.now)
    if invitation is None:
        raise NotAllowed(NOT_INVITED)
    _end(work, invitation)


def _end(work: Work, invitation: FactorInvitation | None) -> None:
    if invitation is not None:
        invitation.ended_at = work.now
        work.session.flush()
