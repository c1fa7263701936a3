"""What sending, the cascade and their figures add to the plugin of briefings."""

from datetime import time, timedelta

from briefings.answering import jobs as cascade_jobs
from briefings.answering.views import bp as answering
from briefings.answering.views import briefing_panel
from briefings.cascade.queries import record_entries
from briefings.distribution import checks, jobs, listeners
from briefings.distribution.demonstration import load
from briefings.distribution.letters import ANSWER
from briefings.distribution.rules import LIST_NAME
from briefings.distribution.views import bp as distribution
from briefings.facts import BriefingCorrected, BriefingPublished, BriefingRecalled
from briefings.returns.sections import SECTION
from briefings.returns.views import bp as returns
from briefings.returns.views import desk_panel, thread_step
from lms.frame.access import Role
from lms.frame.plugins import (
    Check,
    Demonstration,
    Job,
    LinksOut,
    Listener,
    MailingList,
    MenuGroup,
    MenuItem,
    Panel,
    Permission,
    RecordSource,
)
from reviews.facts import EmbargoSet, ReviewPublished
from reviews.learning.panels import PLACE as THREAD

OFFICE = frozenset({Role.COORDINATOR, Role.REVIEW_OFFICER, Role.BUSINESS_MANAGER})
JUDGES = OFFICE | {Role.CHAIR, Role.MEMBER, Role.SCRUTINEER}

LIST = MailingList(LIST_NAME, "7-minute briefings", "What reviews taught us, on one page, some times a year.")
BLUEPRINTS = (distribution, answering, returns)
PERMISSIONS = (
    Permission("briefings.send", "send briefings, and see which agencies answered what", OFFICE),
    Permission("briefings.see_cascade", "see what became of briefings, by agency", JUDGES),
    Permission(
        "briefings.answer", "tell what the agency that they lead did with a briefing", frozenset({Role.AGENCY_LEAD})
    ),
)
MENU = (
    MenuItem("Cascade", "returns.overview", "briefings.see_cascade", 53, group=MenuGroup.LEARNING),
    MenuItem("Briefings to answer", "answering.mine", "briefings.answer", 16, group=MenuGroup.LEARNING),
)
JOBS = (
    Job("briefings.send_due", "Send briefings whose time has come", jobs.send_due, every=timedelta(minutes=1)),
    Job("briefings.follow_orders", "Follow weekly standing orders", jobs.follow_orders, every=timedelta(minutes=15)),
    Job("briefings.remind", "Remind agencies that said nothing", cascade_jobs.remind_agencies, daily_at=time(9, 0)),
)
LISTENERS = (
    Listener(BriefingPublished, listeners.send_when_published),
    Listener(BriefingCorrected, listeners.tell_of_correction),
    Listener(BriefingRecalled, listeners.take_back),
    Listener(ReviewPublished, listeners.send_when_review_is_published),
    Listener(EmbargoSet, listeners.withhold_letters),
)
PANELS = (
    Panel("briefings.briefing", briefing_panel),
    Panel("briefings.desk", desk_panel),
    Panel(THREAD, thread_step),
)
CHECKS = (
    Check("briefings.withheld", "No email about a briefing under embargo waits or can be read", checks.not_withheld),
    Check("briefings.recipients", "Everyone who was sent a briefing has an email in the outbox", checks.without_letter),
)
RECORD_SOURCES = (RecordSource("briefings.marks", record_entries),)
LINKS = (LinksOut(ANSWER.salt, "links to answer a briefing"),)
REPORT_SECTIONS = (SECTION,)
DEMONSTRATIONS = (Demonstration(load, 75),)
