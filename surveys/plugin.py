"""What surveys add to the site: read this first."""

from datetime import time, timedelta

from courses.facts import (
    BookingCancelled,
    BookingConfirmed,
    CertificateAwaitsEvaluation,
    EventCancelled,
    EventMoved,
    MarksCorrected,
    OutcomeCorrected,
    PlaceSubstituted,
    RegisterFinalised,
)
from lms.frame.plugins import (
    Check,
    Demonstration,
    Job,
    Keyed,
    LinksOut,
    Listener,
    MenuGroup,
    MenuItem,
    Panel,
    Plugin,
    Written,
)
from lms.people.facts import PeopleLeft, PersonCameBack
from surveys.answers.checks import answers_that_nobody_gave
from surveys.answers.renewing import services as renewing
from surveys.answers.views import bp as answers
from surveys.coding.views import bp as coding
from surveys.comparison.checks import compared_wrongly
from surveys.comparison.listeners import leave_with_a_place
from surveys.comparison.views import bp as comparison
from surveys.comparison.views import waiting_panel
from surveys.demonstration import load
from surveys.free_text.views import bp as free_text
from surveys.invitations import checks, listeners
from surveys.invitations.links.queries import INVITED
from surveys.invitations.queries import last_answer
from surveys.invitations.still_true import STILL_TRUE
from surveys.invitations.views import bp as invitations
from surveys.invitations.views import event_panel, person_panel, week_panel
from surveys.letting_out.jobs import let_answers_out
from surveys.measuring import plugin as measuring
from surveys.observation.checks import ratings_that_are_none
from surveys.on_paper.views import bp as on_paper
from surveys.pairs.renewing import services as pairs
from surveys.permissions import MANAGE, MEASURING_PERMISSIONS, PERMISSIONS
from surveys.personal_data import PERSONAL_DATA
from surveys.questions.views import bp as questions
from surveys.sending import jobs
from surveys.to_answer.views import booking_panel, learning_panel
from surveys.to_answer.views import bp as own_surveys
from surveys.workforce.queries import last_day_to_say
from surveys.workforce.renewing import services as rounds
from surveys.workforce.staffing.queries import STAFF

PLUGIN = Plugin(
    name="surveys",
    package=__package__,
    title="Surveys and impact",
    requires=("courses",),
    blueprints=(
        questions,
        invitations,
        answers,
        own_surveys,
        on_paper,
        free_text,
        coding,
        comparison,
        *measuring.BLUEPRINTS,
    ),
    permissions=(*PERMISSIONS, *MEASURING_PERMISSIONS),
    menu=(
        MenuItem(
            "Surveys",
            "questions.surveys",
            MANAGE,
            45,
            group=MenuGroup.SURVEYS,
            also=("/questions", "/survey-versions", "/safeguarding-queue", "/what-changed"),
        ),
        *measuring.MENU,
    ),
    jobs=(
        Job(
            "surveys.ask",
            "Invite people to surveys, and send what is due",
            jobs.ask_people,
            every=timedelta(minutes=15),
        ),
        Job("surveys.remind", "Remind those who have not answered", jobs.remind_people, every=timedelta(minutes=15)),
        Job("surveys.chase", "See which emails came back, and ask again", jobs.chase_letters, every=timedelta(hours=1)),
        Job("surveys.let_out", "Let the answers of closed surveys out", let_answers_out, daily_at=time(2, 30)),
        *measuring.JOBS,
    ),
    listeners=(
        Listener(BookingConfirmed, listeners.ask_where_they_start),
        Listener(BookingConfirmed, leave_with_a_place),
        Listener(BookingCancelled, listeners.take_back_booking),
        Listener(PlaceSubstituted, listeners.take_back_substituted),
        Listener(EventCancelled, listeners.take_back_event),
        Listener(EventMoved, listeners.follow_move),
        Listener(RegisterFinalised, listeners.ask_attenders),
        Listener(MarksCorrected, listeners.follow_days),
        Listener(OutcomeCorrected, listeners.follow_correction),
        Listener(CertificateAwaitsEvaluation, listeners.settle_certificate),
        Listener(PeopleLeft, listeners.take_back_leavers),
        Listener(PersonCameBack, listeners.ask_returner),
    ),
    still_true=(STILL_TRUE,),
    panels=(
        Panel("courses.event", event_panel),
        Panel("courses.week", week_panel),
        Panel("courses.booking", booking_panel),
        Panel("courses.learning", learning_panel),
        Panel("people.person", person_panel),
        Panel("courses.course", waiting_panel),
        *measuring.PANELS,
    ),
    report_sections=measuring.REPORT_SECTIONS,
    checks=(
        Check(
            "surveys.invited",
            "Everyone who attended or part attended has an invitation, or a reason why not",
            checks.not_invited,
        ),
        Check("surveys.attended", "No one is asked about what they did not attend", checks.invited_without_attending),
        Check("surveys.answered", "Only what was sent counts as answered", checks.answered_unasked),
        Check("surveys.answers", "Every answer fits its question", answers_that_nobody_gave),
        Check("surveys.ratings", "Every rating of an observation is one of the form's", ratings_that_are_none),
        Check("surveys.comparison", "Who is compared waits, agreed, and has no place", compared_wrongly),
        Check("surveys.dated", "Every invitation has a date: its bank holidays are known", checks.undated),
    ),
    keyed=(
        Keyed(
            "surveys.drafts",
            "answers that are begun or wait",
            renewing.drafts_waiting,
            renewing.renew_drafts,
            renewing.drafts_prove,
        ),
        Keyed(
            "surveys.practice",
            "answers that wait to be matched or told",
            pairs.waiting,
            pairs.renew,
            pairs.proves,
        ),
        Keyed("surveys.rounds", "answers of rounds that are open", rounds.waiting, rounds.renew, rounds.proves),
    ),
    links=(
        LinksOut(INVITED.salt, "links to answer a survey", last_answer),
        LinksOut(STAFF.salt, "links to say how many work at an agency", last_day_to_say),
    ),
    demonstrations=(Demonstration(load, 70), *measuring.DEMONSTRATIONS),
    personal_data=PERSONAL_DATA,
    written=(
        Written("survey_bank_question", "questions"),
        Written("survey_change_made", "what changed thanks to answers"),
        Written("survey_focus_group", "notes of focus groups, without names"),
        Written("survey_question", "questions"),
        Written("survey_question_option", "questions"),
        Written("survey", "surveys"),
        Written("survey_round", "surveys"),
        Written("survey_version", "surveys"),
        Written("survey_text_theme", "themes of answers"),
    ),
)
