"""What courses add to the site: read this first."""

from datetime import time, timedelta

from courses.attendance.additions.views import bp as additions
from courses.attendance.checkin.views import bp as checkin
from courses.attendance.finalising.checks import outcomes_that_do_not_follow, unfinished_registers
from courses.attendance.finalising.views import bp as finalising
from courses.attendance.meetings.views import bp as meetings
from courses.attendance.paper.views import bp as paper
from courses.attendance.register.views import bp as register
from courses.attendance.register.views import event_panel as register_panel
from courses.attendance.trainers.views import bp as trainers
from courses.attendance.walkins.views import bp as walkins
from courses.booking.approvals.services import follow_up
from courses.booking.approvals.views import bp as approvals
from courses.booking.bookings import checks, jobs, listeners
from courses.booking.bookings.api import OPERATIONS as BOOKING_OPERATIONS
from courses.booking.bookings.demonstration import load as load_bookings
from courses.booking.bookings.still_true import STILL_TRUE as BOOKING_STILL_TRUE
from courses.booking.bookings.tables import IMPORT as BOOKINGS
from courses.booking.bookings.views import bp as bookings
from courses.booking.delegates.views import bp as delegates
from courses.booking.delegates.views import event_panel, person_panel
from courses.booking.diary.views import bp as diary
from courses.booking.holds.views import bp as holds
from courses.booking.offers.demonstration import load as load_offers
from courses.booking.offers.views import bp as offers
from courses.booking.substitutions.views import bp as substitutions
from courses.booking.team.views import bp as team
from courses.booking.told import TOLD_FACTS
from courses.coverage import listeners as coverage_listeners
from courses.coverage.checks import links_out_of_step
from courses.coverage.demonstration import load as load_coverage
from courses.coverage.matrix.views import bp as coverage_matrix
from courses.coverage.reach.views import covered_step, delivered_step, reached_step
from courses.coverage.sections import SECTIONS as COVERAGE_SECTIONS
from courses.coverage.tables import IMPORT as COVERAGE
from courses.coverage.views import bp as coverage
from courses.coverage.views import course_panel, desk_panel
from courses.desk.exports import EXPORTS
from courses.desk.personal_data import PERSONAL_DATA
from courses.desk.week.views import bp as week
from courses.desk.week.waiting import WAITING
from courses.facts import CapacityChanged, EventCancelled, EventMoved, EventPostponed, EventPublished
from courses.figures import plugin as figures
from courses.permissions import (
    BOOKING_PERMISSIONS,
    CATALOGUE_PERMISSIONS,
    CERTIFICATE_PERMISSIONS,
    COMPLIANCE_PERMISSIONS,
    COVERAGE_PERMISSIONS,
    EVENT_PERMISSIONS,
)
from courses.programme.catalogue.api import OPERATIONS as COURSE_OPERATIONS
from courses.programme.catalogue.demonstration import load as load_catalogue
from courses.programme.catalogue.tables import IMPORT as COURSES
from courses.programme.catalogue.views import bp as catalogue
from courses.programme.events import checks as event_checks
from courses.programme.events.api import OPERATIONS as EVENT_OPERATIONS
from courses.programme.events.demonstration import load as load_events
from courses.programme.events.tables import IMPORT as EVENTS
from courses.programme.events.views import bp as events
from courses.programme.venues.views import bp as venues
from courses.records.certificates import plugin as certificates
from courses.records.completions.demonstration import load as load_completions
from courses.records.completions.queries import entries as completions_of_person
from courses.records.completions.sections import SECTIONS as COMPLETION_SECTIONS
from courses.records.completions.tables import IMPORT as COMPLETIONS
from courses.records.learning.views import bp as learning
from lms.frame.plugins import (
    Check,
    Demonstration,
    Job,
    Listener,
    MenuGroup,
    MenuItem,
    Panel,
    PanelPlace,
    Plugin,
    RecordSource,
)
from reviews.facts import EmbargoLifted, LearningPointAgreed, LearningPointChanged
from reviews.learning.thread import PLACE as THREAD

PLUGIN = Plugin(
    name="courses",
    package=__package__,
    title="Courses and events",
    requires=("reviews",),
    places=(
        PanelPlace("courses.course", "The page of a course in the catalogue, by the course's id"),
        PanelPlace("courses.manage_course", "The same course as the office manages it"),
        PanelPlace("courses.event", "An event as the office and its trainers see it, by its id"),
        PanelPlace("courses.week", "The week that is to come, beside what waits (the number is 0)"),
    ),
    blueprints=(
        catalogue,
        events,
        venues,
        week,
        trainers,
        bookings,
        offers,
        approvals,
        holds,
        team,
        delegates,
        diary,
        learning,
        *certificates.BLUEPRINTS,
        register,
        substitutions,
        walkins,
        checkin,
        paper,
        meetings,
        finalising,
        additions,
        coverage,
        coverage_matrix,
    ),
    permissions=(
        *CATALOGUE_PERMISSIONS,
        *EVENT_PERMISSIONS,
        *BOOKING_PERMISSIONS,
        *COVERAGE_PERMISSIONS,
        *CERTIFICATE_PERMISSIONS,
        *COMPLIANCE_PERMISSIONS,
    ),
    menu=(
        MenuItem("This week", "week.week", "courses.manage_events", 5),
        MenuItem("Courses", "catalogue.catalogue", None, 10, also=("/catalogue",)),
        MenuItem("My learning", "learning.my", None, 12),
        MenuItem("My team", "team.team", "courses.book_team", 13),
        MenuItem("My events", "trainers.events", "courses.see_own_events", 15),
        MenuItem("Events", "events.events", "courses.manage_events", 20, also=("/venues",)),
        *certificates.MENU,
        MenuItem("Coverage", "coverage_matrix.coverage", "courses.read_coverage", 51, group=MenuGroup.LEARNING),
    ),
    jobs=(
        Job(
            "courses.send_reminders", "Send the letters before events", jobs.send_reminders, every=timedelta(minutes=30)
        ),
        Job(
            "courses.move_people_up",
            "Let offers lapse that nobody answered, release held places, and offer what is free",
            jobs.move_people_up,
            every=timedelta(minutes=10),
        ),
        Job(
            "courses.follow_up_approvals",
            "Ask line managers once more, and end requests when booking has closed",
            follow_up,
            daily_at=time(8, 30),
        ),
        *certificates.JOBS,
    ),
    still_true=(BOOKING_STILL_TRUE, *certificates.STILL_TRUE),
    listeners=(
        Listener(EventPublished, listeners.move_up_when_published),
        Listener(CapacityChanged, listeners.move_up_when_places_are_added),
        Listener(EventMoved, listeners.follow_moved_event),
        Listener(EventPostponed, listeners.follow_postponed_event),
        Listener(EventCancelled, listeners.release_bookings),
        *certificates.LISTENERS,
        Listener(LearningPointAgreed, coverage_listeners.review_after_agreement),
        Listener(LearningPointChanged, coverage_listeners.review_after_change),
        Listener(EmbargoLifted, coverage_listeners.take_up_what_was_embargoed),
    ),
    panels=(
        Panel("courses.event", register_panel),
        Panel("courses.event", event_panel),
        Panel("people.person", person_panel),
        *certificates.PANELS,
        Panel("courses.course", course_panel),
        Panel("courses.manage_course", desk_panel),
        Panel(THREAD, covered_step),
        Panel(THREAD, delivered_step),
        Panel(THREAD, reached_step),
    ),
    settings=figures.SETTINGS,
    record_sources=(RecordSource("courses.completions", completions_of_person),),
    report_sections=(*figures.SECTIONS, *COVERAGE_SECTIONS, *COMPLETION_SECTIONS),
    waiting=WAITING,
    imports=(
        COURSES,
        EVENTS,
        BOOKINGS,
        COVERAGE,
        COMPLETIONS,
    ),
    operations=(*COURSE_OPERATIONS, *EVENT_OPERATIONS, *BOOKING_OPERATIONS),
    told_facts=TOLD_FACTS,
    exports=EXPORTS,
    checks=(
        Check("courses.oversold", "No event has more places held than it offered", checks.oversold_events),
        Check("courses.duplicates", "Nobody has two live bookings on one event", checks.duplicate_bookings),
        Check("courses.idle_places", "No place is idle while somebody waits", checks.idle_places),
        Check(
            "courses.offers", "Every open offer is of a claim that is offered, and in time", checks.offers_out_of_step
        ),
        Check("courses.offered_twice", "No place is held by one and offered to another", checks.offered_twice),
        Check(
            "courses.cancelled",
            "No booking lives on in a cancelled event, and its places are not counted",
            event_checks.cancelled_but_alive,
        ),
        Check("courses.days", "Every event begins and ends with its days", event_checks.out_of_step_with_days),
        Check(
            "courses.places_offered",
            "Every delivered event says how many places it offered",
            event_checks.delivered_without_places,
        ),
        Check("courses.trainers", "No trainer takes a place in their own event", event_checks.trainers_with_places),
        Check("courses.access_needs", "Nothing that people need is kept beyond its time", checks.needs_beyond_time),
        Check(
            "courses.managers_names",
            "No name of a line manager would do harm in a letter's head",
            checks.managers_names_that_nobody_has,
        ),
        *certificates.CHECKS,
        Check(
            "courses.registers",
            "Every finalised register has a mark for each day and an outcome for each booking",
            unfinished_registers,
        ),
        Check("courses.outcomes", "Every outcome follows from its marks", outcomes_that_do_not_follow),
        Check("courses.coverage", "Learning points are linked to the live courses that cover them", links_out_of_step),
    ),
    demonstrations=(
        Demonstration(load_catalogue, 40),
        Demonstration(load_events, 50),
        Demonstration(load_bookings, 60),
        Demonstration(load_offers, 61),
        *certificates.DEMONSTRATIONS,
        Demonstration(load_coverage, 65),
        Demonstration(load_completions, 66),
    ),
    personal_data=PERSONAL_DATA,
)
