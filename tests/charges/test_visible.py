"""Whose charges somebody sees: of agencies that were merged again and again, and in two roles at once."""

from datetime import date

import sqlalchemy as sa

from charges.charge.models import Charge
from charges.charge.queries import agencies_led, visible
from charges.charge.rules import ChargeState
from courses.booking.bookings.rules import Outcome
from lms.frame.access import Role
from lms.people.models import Person, RoleGrant
from tests.charges.office import Office
from tests.moments import NOW


def _charges(office: Office, person: Person) -> set[int]:
    work = office.work(person)
    return set(work.session.scalars(sa.select(Charge.id).where(visible(work.session, work.actor))))


def _charge(office: Office, person: Person) -> Charge:
    """Open, for the agency of this person."""
    event = office.event()
    booking = office.booking(event, person)
    office.finalise(event, {booking.id: Outcome.DID_NOT_ATTEND})
    return office.session.scalars(sa.select(Charge).where(Charge.booking_id == booking.id)).one()


def test_a_lead_follows_every_merger_into_their_agency(office: Office) -> None:
    make = office.make
    first, second, third, other = (make.agency(name) for name in ("First", "Second", "Third", "Other"))
    for before, after in ((first, second), (second, third)):
        before.successor, before.closed_on = after, date(2026, 1, 1)
    office.session.flush()
    lead = office.person(Role.AGENCY_LEAD, third)
    work = office.work(lead)
    assert agencies_led(work.session, work.actor) == {first.id, second.id, third.id}
    assert agencies_led(work.session, office.work(office.person(Role.AGENCY_LEAD, other)).actor) == {other.id}
    charge = _charge(office, make.person("Of the first", agency=first))
    assert _charges(office, lead) == {charge.id}


def test_finance_who_also_leads_an_agency_sees_its_charges_too(office: Office) -> None:
    make = office.make
    own, other = make.agency("Own"), make.agency("Other")
    of_own, of_other, approved = (_charge(office, make.person(agency=each)) for each in (own, other, other))
    approved.state, approved.decided_by_id = ChargeState.APPROVED, office.person(Role.COORDINATOR).id
    both = make.person("Robin", agency=own, roles=(Role.FINANCE,))
    office.session.flush()
    assert _charges(office, both) == {approved.id}
    both.roles.append(RoleGrant(role=Role.AGENCY_LEAD, agency=own, granted_at=NOW))
    office.session.flush()
    assert _charges(office, both) == {approved.id, of_own.id}
    assert of_other.id not in _charges(office, both)
