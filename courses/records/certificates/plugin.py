"""What certificates, and who is up to date, add to the courses plugin."""

from datetime import time

from courses.facts import MarksCorrected, OutcomeCorrected, RegisterFinalised
from courses.records.certificates import checks, listeners
from courses.records.certificates.demonstration import load
from courses.records.certificates.jobs import REMIND, remind_to_refresh
from courses.records.certificates.still_true import STILL_TRUE as CERTIFICATE_STILL_VALID
from courses.records.certificates.views import bp as certificates
from courses.records.certificates.views import event_panel
from courses.records.compliance.views import bp as compliance
from lms.frame.plugins import Check, Demonstration, Job, Listener, MenuGroup, MenuItem, Panel

BLUEPRINTS = (certificates, compliance)
MENU = (MenuItem("Up to date", "compliance.compliance", "courses.see_compliance", 28, group=MenuGroup.PEOPLE),)
JOBS = (Job(REMIND, "Remind people to refresh courses in time", remind_to_refresh, daily_at=time(9, 0)),)
LISTENERS = (
    Listener(RegisterFinalised, listeners.issue_certificates),
    Listener(MarksCorrected, listeners.follow_marks),
    Listener(OutcomeCorrected, listeners.follow_correction),
)
STILL_TRUE = (CERTIFICATE_STILL_VALID,)
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
