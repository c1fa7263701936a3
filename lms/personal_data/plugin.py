"""What copies and erasures add to the site."""

import sqlalchemy as sa

from lms.frame.access import Role
from lms.frame.plugins import Answer, Check, Panel, Permission, PersonalData, Plugin, Retention
from lms.frame.work import Work
from lms.kit.errors import Conflict
from lms.kit.working_days import london_date
from lms.mail.questions import OwnAddresses
from lms.people.models import Person
from lms.personal_data.checks import erased_but_known, gone_but_signing_in, mend_open_accounts
from lms.personal_data.queries import say_addresses
from lms.personal_data.services import erase_person
from lms.personal_data.views import bp, person_panel
from lms.policies.queries import policy_in_force, terms_of
from lms.retention.queries import not_held
from lms.retention.rules import months_before

FORMER = "personal_data.former_people"


def _erase_former(work: Work) -> int:
    """Everybody who left so many years ago that no booking of theirs is kept. Who cannot be erased yet is left.

    Nobody looks at this in the night, so no text is touched but in the rows of the person themselves.
    """
    years = terms_of(policy_in_force(work.session, work.now)).records_kept_years
    before = months_before(london_date(work.now), 12 * years)
    gone = sa.select(Person).where(Person.left_on < before, Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    erased = 0
    for person in work.session.scalars(gone.where(not_held(FORMER, Person.id)).order_by(Person.id)).all():
        try:
            erase_person(work, person, reason=f"left more than {years} years ago", elsewhere=False)
            erased += 1
        except Conflict:
            continue
    return erased


PLUGIN = Plugin(
    name="personal_data",
    title="Personal data",
    requires=("people", "retention"),
    blueprints=(bp,),
    permissions=(
        Permission(
            "personal_data.export",
            "make a copy of all that is held about someone",
            frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER}),
        ),
        Permission("personal_data.erase", "erase someone for good", frozenset({Role.BUSINESS_MANAGER})),
    ),
    panels=(Panel("people.person", person_panel),),
    answers=(Answer(OwnAddresses, say_addresses),),
    checks=(
        Check("personal_data.erased", "Nothing tells who an erased person was", erased_but_known),
        Check(
            "personal_data.gone",
            "No one who left or was merged has an open account",
            gone_but_signing_in,
            mend_open_accounts,
        ),
    ),
    personal_data=PersonalData(
        tables=(),
        export=lambda _work, _person_id: {},
        erase=lambda _work, _person_id: None,
        retention=(Retention(FORMER, "People who left, as many years later as bookings are kept", _erase_former),),
    ),
)
