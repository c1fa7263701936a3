"""What booking adds to the courses plugin: bookings, places, offers, and who is told of them."""

from datetime import time, timedelta

from courses.booking.acting.queries import OWN_LINKS, last_own_ends
from courses.booking.acting.views import bp as acting
from courses.booking.approvals.queries import last_request_ends
from courses.booking.approvals.services import follow_up
from courses.booking.approvals.views import bp as approvals
from courses.booking.bookings import checks, jobs, listeners
from courses.booking.bookings.api import OPERATIONS
from courses.booking.bookings.demonstration import load as load_bookings
from courses.booking.bookings.places.queries import ANSWER, claims_on, last_offer_ends, places_held_by
from courses.booking.bookings.queries import APPROVAL, MANAGED, OWN
from courses.booking.bookings.still_true import STILL_TRUE
from courses.booking.bookings.tables import IMPORT
from courses.booking.bookings.views import bp as bookings
from courses.booking.delegates.views import bp as delegates
from courses.booking.delegates.views import event_panel, person_panel
from courses.booking.diary.views import bp as diary
from courses.booking.ending.views import bp as ending
from courses.booking.holds.views import bp as holds
from courses.booking.leaving.listeners import tell_who_is_back
from courses.booking.leaving.queries import bookings_of_leaver, bookings_they_manage
from courses.booking.leaving.services import settle_booking, settle_managed_booking
from courses.booking.managers.queries import last_managed_starts
from courses.booking.managers.views import bp as managers
from courses.booking.mending import checks as mending_checks
from courses.booking.mending import services as mending
from courses.booking.messages.still_true import STILL_TRUE as MESSAGE_STILL_TRUE
from courses.booking.messages.views import bp as messages
from courses.booking.messages.views import course_panel as messages_of_course
from courses.booking.messages.views import event_panel as messages_of_event
from courses.booking.naming.views import bp as naming
from courses.booking.needs.views import bp as needs
from courses.booking.offers.demonstration import load as load_offers
from courses.booking.offers.queries import OFFER_LINK
from courses.booking.offers.views import bp as offers
from courses.booking.substitutions.views import bp as substitutions
from courses.booking.team.views import bp as team
from courses.booking.told import TOLD_FACTS
from courses.booking.transfers.views import bp as transfers
from courses.booking.wishes import listeners as wish_listeners
from courses.booking.wishes.services import forget_wishes
from courses.booking.wishes.views import bp as wishes
from courses.facts import CapacityChanged, EventCancelled, EventMoved, EventPostponed, EventPublished, JoiningChanged
from courses.permissions import BOOKING_PERMISSIONS
from courses.questions import ClaimsOn, PlacesHeldBy
from lms.frame.plugins import Answer, Check, Demonstration, Job, Leaving, LinksOut, Listener, Panel, Plugin
from lms.people.facts import PersonCameBack
from lms.signin.facts import RegistrationAccepted, RegistrationRefused, RegistrationTaken

BOOKING = Plugin(
    name="courses",
    title="Booking",
    blueprints=(
        bookings,
        wishes,
        needs,
        offers,
        approvals,
        holds,
        team,
        delegates,
        diary,
        substitutions,
        messages,
        transfers,
        ending,
        managers,
        naming,
        acting,
    ),
    permissions=BOOKING_PERMISSIONS,
    jobs=(
        Job(
            "courses.send_reminders", "Send the emails before events", jobs.send_reminders, every=timedelta(minutes=30)
        ),
        Job(
            "courses.move_people_up",
            "Let offers lapse that no one answered, release held places, and offer what is free",
            jobs.move_people_up,
            every=timedelta(minutes=10),
        ),
        Job(
            "courses.renew_late_letters",
            "Tell again until when cancelling is free, where the email about a move could not leave on its day",
            jobs.renew_late_letters,
            every=timedelta(minutes=10),
        ),
        Job(
            "courses.follow_up_approvals",
            "Ask line managers once more, and end requests when booking has closed",
            follow_up,
            daily_at=time(8, 30),
        ),
        Job(
            "courses.forget_wishes",
            "Forget what was asked for and never confirmed, a day later",
            forget_wishes,
            daily_at=time(3, 20),
        ),
    ),
    listeners=(
        Listener(EventPublished, listeners.move_up_when_published),
        Listener(CapacityChanged, listeners.move_up_when_places_are_added),
        Listener(EventMoved, listeners.follow_moved_event),
        Listener(JoiningChanged, listeners.follow_changed_joining),
        Listener(EventPostponed, listeners.follow_postponed_event),
        Listener(EventCancelled, listeners.release_bookings),
        Listener(PersonCameBack, tell_who_is_back),
        Listener(RegistrationTaken, wish_listeners.before_accepting),
        Listener(RegistrationAccepted, wish_listeners.when_accepted),
        Listener(RegistrationRefused, wish_listeners.when_refused),
    ),
    still_true=(STILL_TRUE, MESSAGE_STILL_TRUE),
    own_links=(OWN_LINKS, OFFER_LINK),
    leaving=(
        Leaving.of_many("courses.bookings", "Their bookings", bookings_of_leaver, settle_booking),
        Leaving.of_many("courses.managed", "Bookings of their people", bookings_they_manage, settle_managed_booking),
    ),
    answers=(Answer(ClaimsOn, claims_on), Answer(PlacesHeldBy, places_held_by)),
    panels=(
        Panel("courses.event", event_panel),
        Panel("courses.event", messages_of_event),
        Panel("courses.manage_course", messages_of_course),
        Panel("people.person", person_panel),
    ),
    imports=(IMPORT,),
    operations=OPERATIONS,
    told_facts=TOLD_FACTS,
    checks=(
        Check("courses.oversold", "No event has more places held than it offered", checks.oversold_events),
        Check(
            "courses.duplicates",
            "No one has two live bookings on one event",
            checks.duplicate_bookings,
            mending.mend_two_places,
        ),
        Check(
            "courses.claims_of_gone",
            "No claim on what is to come is of a record erased or merged, or was made for someone who had left",
            checks.claims_of_gone,
            mending.mend_claims_of_gone,
        ),
        Check("courses.days_attended", "Days attended are days of the event", checks.days_that_the_event_has_not),
        Check(
            "courses.idle_places", "No place is idle while someone waits", checks.idle_places, mending.mend_idle_places
        ),
        Check(
            "courses.offers",
            "Every open offer is of a claim that is offered, and in time",
            checks.offers_out_of_step,
            mending.mend_offers,
        ),
        Check("courses.offered_twice", "No place is held by one and offered to another", checks.offered_twice),
        Check(
            "courses.cancelled",
            "No booking lives on in a cancelled event, and its places are not counted",
            checks.cancelled_but_alive,
            mending.mend_cancelled,
        ),
        Check(
            "courses.deadlines",
            "No one's free cancellation ends before the terms say that they booked by",
            mending_checks.deadlines,
            mending.mend_deadlines,
        ),
        Check("courses.trainers", "No trainer takes a place in their own event", checks.trainers_with_places),
        Check(
            "courses.managers_names",
            "No name of a line manager would do harm in an email's head",
            checks.managers_names_that_nobody_has,
        ),
        Check("courses.telephones", "Every telephone for a day to come is a number", checks.telephones_that_are_none),
        Check("courses.access_needs", "Nothing that people need is kept beyond its time", checks.needs_beyond_time),
    ),
    links=(
        LinksOut(ANSWER.salt, "links to take an offered place", last_offer_ends),
        LinksOut(APPROVAL.salt, "links to agree to a booking", last_request_ends),
        LinksOut(OWN.salt, "links to see, change or cancel one’s own booking", last_own_ends),
        LinksOut(MANAGED.salt, "links of line managers to bookings that name them", last_managed_starts),
    ),
    demonstrations=(Demonstration(load_bookings, 60), Demonstration(load_offers, 61)),
)
