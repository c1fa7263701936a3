"""What people adds to the site."""

from lms.agencies.facts import AgencyMerged
from lms.agencies.questions import LeadsOf, PeopleHere
from lms.frame.access import Role
from lms.frame.plugins import (
    Answer,
    Check,
    Demonstration,
    Leaving,
    Listener,
    MenuGroup,
    MenuItem,
    PanelPlace,
    Permission,
    Plugin,
)
from lms.people.affiliations.checks import agencies_that_differ
from lms.people.affiliations.views import bp as affiliations
from lms.people.by_agency.listeners import move_people
from lms.people.by_agency.queries import say_leads, say_people
from lms.people.checks import names_that_nobody_has, nobody_manages, telephones_that_are_none
from lms.people.demonstration import load
from lms.people.folding.checks import names_not_found
from lms.people.folding.services import mend_folding
from lms.people.managing.queries import managed_people
from lms.people.managing.services import settle_managed
from lms.people.personal_data import PERSONAL_DATA
from lms.people.tables import IMPORT
from lms.people.views import bp

OFFICE = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER})

PLUGIN = Plugin(
    name="people",
    title="People",
    places=(PanelPlace("people.person", "The page of a person, which the office sees, by the person's id"),),
    blueprints=(bp, affiliations),
    leaving=(Leaving.of_many("people.managed", "People they manage", managed_people, settle_managed),),
    permissions=(
        Permission(name="people.read", words="see everyone", roles=OFFICE, is_asked_in_code=True),
        Permission(
            name="people.read_own_agency",
            words="see the people of the agencies that they lead",
            roles=OFFICE | {Role.AGENCY_LEAD},
        ),
        Permission(
            name="people.keep_own_agency",
            words="say who has started and left at the agencies that they lead, and what work they do",
            roles=frozenset({Role.AGENCY_LEAD}),
        ),
        Permission(
            name="people.decide",
            words="decide what concerns the addresses, roles and signing in of those who are entrusted with much",
            roles=frozenset({Role.BUSINESS_MANAGER}),
            is_asked_in_code=True,
            is_for_people=True,
        ),
        Permission(name="people.manage", words="add, change and merge people, and give roles", roles=OFFICE),
    ),
    menu=(MenuItem("People", "people.people", "people.read_own_agency", position=30, group=MenuGroup.PEOPLE),),
    imports=(IMPORT,),
    listeners=(Listener(AgencyMerged, move_people),),
    answers=(Answer(LeadsOf, say_leads), Answer(PeopleHere, say_people)),
    demonstrations=(Demonstration(load, 30),),
    personal_data=PERSONAL_DATA,
    checks=(
        Check("people.names", "no name of a person would do harm in an email's head", names_that_nobody_has),
        Check("people.agencies", "Everyone’s agency over time says what their record says", agencies_that_differ),
        Check("people.folded", "Everyone and every agency is found by their name", names_not_found, mend_folding),
        Check("people.manager", "Someone who is here is a business manager", nobody_manages),
        Check("people.telephones", "Every telephone of a person is a number", telephones_that_are_none),
    ),
)
