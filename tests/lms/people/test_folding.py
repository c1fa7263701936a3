"""Somebody types what they hear, with the keys that they have: every search finds whom they mean, on both databases."""

import sqlalchemy as sa

from courses.attendance.walkins.queries import find_comers
from courses.booking.team.queries import people_to_book
from courses.programme.events.listing.queries import listed_events
from courses.programme.events.rules import EventsListed
from lms.agencies.models import FormerAgencyName
from lms.agencies.queries import find_agencies
from lms.audit.queries import AuditSearch, entries
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.kit.folding import has_words, words_typed
from lms.mail.letters import Letter
from lms.mail.models import OutboxLetter
from lms.mail.queries import letters
from lms.people.folding.checks import names_not_found
from lms.people.folding.services import mend_folding
from lms.people.models import Person
from lms.people.queries import duplicates_of, find_people
from tests.make import Make
from tests.moments import NOW

HEARD = {
    "Nguyen": "Nguyễn Thị Lan",
    "O'Dowd": "Sinéad O’Dowd",
    "odowd sinead": "Sinéad O’Dowd",
    "Sine\u0301ad": "Sinéad O’Dowd",
    "d’arcy": "Fitzwilliam D'Arcy",
    "DARCY": "Fitzwilliam D'Arcy",
    "lukasz": "Łukasz Żak",
    "ЖАННА": "Жанна Ильина",
}
"""What is typed, and whom it means."""


def test_every_search_for_a_person_or_agency_finds_them_as_they_are_typed(work: Work, make: Make) -> None:
    agency = make.agency("Women’s Aid, Thornmere")
    agency.former_names.append(FormerAgencyName(name="Refuge d’Été", until_on=NOW.date()))
    people = {name: make.person(name, agency=agency) for name in dict.fromkeys(HEARD.values())}
    event = make.event(make.course("Children’s voices"), venue=make.venue("St Anne’s Hall, Larkham"))
    for person in people.values():
        work.record("seen", person)
    work.send(Letter("test.hello", "k1", {}, to_name="Siân O’Connor", to_address="manager@rvch.example"))
    work.session.flush()
    lead = Actor("lead", leads_agency_ids=frozenset({agency.id}))
    for typed, name in HEARD.items():
        found = {
            "people": [each.name for each in find_people(work.session, work.actor, words=typed).rows],
            "walk-ins": [each.name for each in find_comers(work.session, event.id, typed)],
            "team": [each.name for each in people_to_book(work.session, lead, event.id, typed).rows],
            "audit": [each.person_name for each in entries(work.session, work.actor, AuditSearch(person=typed)).rows],
        }
        assert found == {where: [name] for where in found}, typed
    for typed in ("womens aid", "Women's", "thornmere womens", "refuge dete"):
        assert [each.name for each in find_agencies(work.session, words=typed).rows] == [agency.name], typed
    assert find_people(work.session, work.actor, words="womens nguyen").total == 1
    assert [each.name for each in letters(work.session, words="oconnor sian")[0]] == ["Siân O’Connor"]
    [listed] = listed_events(work.session, EventsListed.COMING, NOW)
    assert has_words(listed.words, words_typed("st annes childrens"))


def test_a_name_that_changes_is_found_by_what_it_is_now_and_by_nothing_else(work: Work, make: Make) -> None:
    person = make.person("Sinéad O’Dowd")
    twin = make.person("Sinead ODowd", agency=person.agency)
    assert [each.id for each in duplicates_of(work.session, person)] == [twin.id]
    person.name = "Sinéad Ní Bhriain"
    work.session.flush()
    assert find_people(work.session, work.actor, words="bhriain").total == 1
    assert [each.id for each in find_people(work.session, work.actor, words="odowd").rows] == [twin.id]


def test_a_row_written_past_the_records_is_noticed_and_mended(work: Work, make: Make) -> None:
    person = make.person("Sinéad O’Dowd")
    work.session.execute(sa.update(Person.__table__).values(name="Jürgen Weiß"))
    work.session.expire_all()
    assert [person.ref in each or str(person.id) in each for each in names_not_found(work)] == [True]
    for mend in mend_folding(work):
        assert mend(work)
    assert list(names_not_found(work)) == []
    assert find_people(work.session, work.actor, words="weiss jurgen").total == 1
    assert work.session.scalar(sa.select(OutboxLetter.to_name_folded)) is None
