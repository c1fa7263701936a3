"""What certificates, and who is up to date, add to the courses plugin."""

from datetime import time

from courses.certificates import checks, listeners
from courses.certificates.demonstration import load
from courses.certificates.jobs import REMIND, remind_to_refresh
from courses.certificates.views import bp as certificates
from courses.certificates.views import event_panel
from courses.compliance.views import bp as compliance
from courses.facts import MarksCorrected, OutcomeCorrected, RegisterFinalised
from lms.plugins import Check, Demonstration, Job, Listener, MenuGroup, MenuItem, Panel

BLUEPRINTS = (certificates, compliance)
MENU = (MenuItem("Up to date", "compliance.compliance", "courses.see_compliance", 28, group=MenuGroup.PEOPLE),)
JOBS = (Job(REMIND, "Remind people to refresh courses in time", remind_to_refresh, daily_at=time(9, 0)),)
LISTENERS = (
    Listener(RegisterFinalised, listeners.issue_certificates),
    Listener(MarksCorrected, listeners.follow_marks),
    Listener(OutcomeCorrected, listeners.follow_correction),
)
PANELS = (Panel("courses.event", event_panel),)
CHECKS = (
    Check(
        "courses.missing_certificates",
        "Everybody who attended has a certificate, or waits for an evaluation",
        checks.missing_certificates,
    ),
    Check(
        "courses.undeserved_certificates",
        "Every valid certificate is of an attendance",
        checks.undeserved_certificates,
    ),
)
DEMONSTRATIONS = (Demonstration(load, 66),)
