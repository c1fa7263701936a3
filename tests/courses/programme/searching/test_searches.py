"""What must come first for what people type, the same on both databases."""

from datetime import date, time

import pytest
from sqlalchemy.orm import Session

from courses.coverage.models import Coverage
from courses.coverage.rules import How
from courses.programme.catalogue.finding.queries import Catalogue, Search, catalogue
from courses.programme.courses import demonstration
from courses.programme.courses.models import Course
from courses.programme.courses.rules import CourseStatus, EventType
from courses.programme.searching.models import SearchMeaning
from lms.frame.demonstration import read_words
from lms.frame.work import Work
from lms.kit.working_days import wall_time
from reviews.cases.rules import Publication
from tests.make import Make
from tests.moments import NOW
from tests.queries import counted_queries

LARKHAM, HALL, FIRE = "Ashbeck Centre, Larkham", "Council House, Larkham", "Thornmere Fire Station"
DATES = (
    ("safer-babies", date(2026, 4, 9), LARKHAM, "Ffion Trevanley"),
    ("professional-curiosity", date(2026, 4, 28), "Thornmere Library", "Amara Fenwick-Osei"),
    ("neglect", date(2026, 5, 12), LARKHAM, "Ffion Trevanley"),
    ("coercive-control", date(2026, 5, 19), FIRE, "Sinéad O’Dowd"),
    ("safer-sleep", date(2026, 5, 20), "", "Priyanka Hallowdale"),
    ("supervision", date(2026, 6, 12), FIRE, "Odile Marsh"),
    ("designated-leads-forum", date(2026, 9, 17), "", "Odile Marsh"),
    ("child-exploitation", date(2027, 1, 11), HALL, "Bo Ashgrove"),
)
SEARCHES = {
    "neglct": "neglect",
    "neglect": "neglect",
    "NEGLECTED": "neglect",
    "negl": "neglect",
    "neglect level 3": "neglect",
    "GCP2": "neglect",
    "graded care profile": "neglect",
    "supervison": "supervision",
    "supervision": "supervision",
    "managers supervision": "supervision",
    "supervising managers": "supervision",
    "DV": "coercive-control",
    "dv": "coercive-control",
    "DA": "coercive-control",
    "D.A. training": "-",
    "domestic abuse": "coercive-control",
    "domestic violence": "coercive-control",
    "domestic vilence": "coercive-control",
    "DV coersive": "coercive-control",
    "coersive control": "coercive-control",
    "controlling behaviour": "coercive-control",
    "CSE": "child-exploitation",
    "cse training": "child-exploitation",
    "CCE": "child-exploitation",
    "county lines": "child-exploitation",
    "county line": "child-exploitation",
    "exploitation": "child-exploitation",
    "exploytation": "child-exploitation",
    "sexual exploitation": "child-exploitation",
    "level 3": "safer-babies",
    "Level three": "safer-babies",
    "L1": "safer-sleep",
    "level 9": "-",
    "Larkham": "safer-babies",
    "larkam": "safer-babies",
    "Larkham January": "child-exploitation",
    "Thornmere January": "-",
    "January": "child-exploitation",
    "jan": "child-exploitation",
    "Januray": "child-exploitation",
    "january 2027": "child-exploitation",
    "11 January": "child-exploitation",
    "12 January": "-",
    "September online": "designated-leads-forum",
    "Monday": "child-exploitation",
    "wednesdays": "safer-sleep",
    "Wensday": "safer-sleep",
    "Tuesday Thornmere": "professional-curiosity",
    "online": "safer-sleep",
    "zoom": "safer-sleep",
    "webinar": "safer-sleep",
    "Ashbeck": "safer-babies",
    "o'dowd": "coercive-control",
    "Sinead": "coercive-control",
    "Trevanley neglect": "neglect",
    "DSL": "designated-leads-forum",
    "designated safeguarding lead": "designated-leads-forum",
    "SCR": "learning-from-practice",
    "LCSPR": "learning-from-practice",
    "serious case review": "learning-from-practice",
    "cot death": "safer-sleep",
    "babies": "safer-babies",
    "unborn": "safer-babies",
    "self harm": "mental-health-self-harm",
    "childrens mental health": "mental-health-self-harm",
    "suicide": "mental-health-self-harm",
    "safegaurding": "supervision",
    "GDPR": "sharing-information",
    "information sharing": "sharing-information",
    "profesional curiousity": "professional-curiosity",
    "difficult conversations": "professional-curiosity",
    "basic safeguarding": "working-together",
    "hidden men": "safer-babies",
    "early help": "-",
    "FGM": "-",
    "toxic trio": "-",
    "hording": "-",
    "Tuesady": "professional-curiosity",
}
"""What is typed, and the course that must come first; "-" where nothing may be found."""


@pytest.fixture
def programme(make: Make) -> dict[str, Course]:
    courses = {}
    for words in read_words(demonstration.__file__)["courses"]:
        written = {name: words[name] for name in ("title", "level", "summary", "aims", "outcomes", "audience_note")}
        courses[words["code"]] = make.course(
            **written, code=words["code"], event_type=EventType(words["type"]), status=CourseStatus.LIVE
        )
    for code, day, venue, trainer in DATES:
        town = "Larkham" if "Larkham" in venue else "Thornmere"
        event = make.event(
            courses[code], starts=wall_time(day, time(9, 30)), venue=make.venue(venue or FIRE, town=town)
        )
        event.trainers = [make.person(trainer)]
        if not venue:
            event.days[0].venue, event.days[0].online_url = None, "https://meeting.example/secret"
    make.session.flush()
    return courses


def cover(session: Session, course: Course, point_id: int) -> None:
    made = {"how": How.TAUGHT, "place": "", "since_on": date(2025, 1, 1), "created_at": NOW}
    session.add(Coverage(course_version_id=course.versions[0].id, learning_point_id=point_id, **made))
    session.flush()


def first(found: Catalogue) -> str:
    return found.found[0].code if found.found else "-"


def test_what_people_type_finds_what_they_mean(searching: Work, make: Make, programme: dict[str, Course]) -> None:
    cover(
        searching.session,
        programme["safer-babies"],
        make.learning_point("Ask about hidden men", review=make.review()).id,
    )
    wrong = {}
    for typed, wanted in SEARCHES.items():
        found = catalogue(searching, Search(typed))
        if first(found) != wanted:
            wrong[typed] = (wanted, [f"{each.code} {found.why[each.id]}" for each in found.found][:4])
    assert not wrong
    assert [each.code for each in catalogue(searching, Search("DA")).found] == ["coercive-control", "safer-babies"]
    assert catalogue(searching, Search("DA", is_exact=True)).found == []
    [understood] = catalogue(searching, Search("DV")).understood.changed
    assert (understood.said, understood.instead_of) == ("domestic abuse", "DV")
    january = catalogue(searching, Search("Larkham"))
    assert {date.place for each in january.found for date in each.dates} == {LARKHAM, HALL}
    assert catalogue(searching, Search("hording neglect")).nearest[0].code == "neglect"
    assert catalogue(searching, Search("neglect", levels=frozenset({"1"}))).beyond == 2


def test_nothing_under_embargo_is_found_suggested_or_counted(
    searching: Work, make: Make, programme: dict[str, Course]
) -> None:
    """The words of what nobody may know yet change no answer: neither typed rightly nor mistyped."""
    asked = ("umbrellamaker", "umbrelamaker", "umbrella", "safer umbrellamaker", "Larkham umbrellamaker")
    before = {typed: catalogue(searching, Search(typed)) for typed in (*asked, "babies", "neglct")}
    hidden = make.review("The umbrellamaker", publication=Publication.EMBARGOED, themes=("umbrellamaking",))
    point = make.learning_point("Ask the umbrellamaker", review=hidden)
    cover(searching.session, programme["safer-babies"], point.id)
    assert {typed: catalogue(searching, Search(typed)) for typed in before} == before
    shared = make.learning_point("Ask the umbrellamaker", review=make.review())
    cover(searching.session, programme["safer-babies"], shared.id)
    assert first(catalogue(searching, Search("umbrelamaker"))) == "safer-babies", "once it is out"


@pytest.mark.usefixtures("programme")
def test_the_office_says_what_people_mean(searching: Work) -> None:
    session = searching.session
    session.add(SearchMeaning(words="Neglect", others=["hoarding", "home conditions"]))
    session.add(SearchMeaning(words="domestic abuse", others=[]))
    session.flush()
    found = catalogue(searching, Search("hording"))
    assert (first(found), found.understood.changed[0].said) == ("neglect", "Neglect")
    assert catalogue(searching, Search("DV")).found == [], "what was shipped is switched off"


def test_words_take_a_fixed_number_of_queries(searching: Work, make: Make, programme: dict[str, Course]) -> None:
    numbers = []
    for _ in range(2):
        with counted_queries(searching.session.get_bind().engine) as sent:
            catalogue(searching, Search("neglct Larkham DV"))
        numbers.append(len(sent))
        for course in programme.values():
            make.event(course, days=2).trainers = [make.person("Another")]
        searching.session.expire_all()
    assert numbers[0] == numbers[1] <= 6
