"""What records add to the courses plugin: certificates, who is up to date, e-learning, and one's own learning."""

from datetime import time

from courses.facts import MarksCorrected, OutcomeCorrected, RegisterFinalised
from courses.permissions import CERTIFICATE_PERMISSIONS, COMPLIANCE_PERMISSIONS
from courses.questions import LearnedWithoutEvent
from courses.records.by_letter.views import bp as by_letter
from courses.records.certificates import checks, listeners
from courses.records.certificates.demonstration import load as load_certificates
from courses.records.certificates.jobs import REMIND, remind_to_refresh
from courses.records.certificates.queries import LINK, PDF, PDF_LINK
from courses.records.certificates.still_true import STILL_TRUE
from courses.records.certificates.views import bp as certificates
from courses.records.certificates.views import event_panel
from courses.records.completions.demonstration import load as load_completions
from courses.records.completions.queries import completed_by, entries
from courses.records.completions.sections import SECTIONS
from courses.records.completions.tables import IMPORT
from courses.records.compliance.views import bp as compliance
from courses.records.following.api import OPERATIONS
from courses.records.learning.views import after_the_event
from courses.records.learning.views import bp as learning
from courses.records.materials.views import bp as materials
from courses.records.materials.views import event_panel as materials_of_event
from courses.records.reminding.still_true import STILL_TRUE as REMINDER_STILL_TRUE
from courses.records.reminding.views import bp as reminding
from courses.records.staff.views import bp as staff
from lms.frame.plugins import (
    Answer,
    Check,
    Demonstration,
    Job,
    LinksOut,
    Listener,
    MenuGroup,
    MenuItem,
    Panel,
    PanelPlace,
    Plugin,
    RecordSource,
)

RECORDS = Plugin(
    name="courses",
    title="Records",
    places=(
        PanelPlace("courses.booking", "The page of one's own booking, by its id"),
        PanelPlace("courses.learning", "My learning, what there is to do (the number is 0)", is_list=True),
    ),
    blueprints=(learning, certificates, by_letter, compliance, materials, staff, reminding),
    permissions=(*CERTIFICATE_PERMISSIONS, *COMPLIANCE_PERMISSIONS),
    menu=(
        MenuItem("My learning", "learning.my", None, 12),
        MenuItem("My team", "staff.staff", "courses.book_team", 13),
        MenuItem("Up to date", "compliance.compliance", "courses.see_compliance", 28, group=MenuGroup.PEOPLE),
    ),
    jobs=(Job(REMIND, "Remind people to refresh courses in time", remind_to_refresh, daily_at=time(9, 0)),),
    listeners=(
        Listener(RegisterFinalised, listeners.issue_certificates),
        Listener(MarksCorrected, listeners.follow_marks),
        Listener(OutcomeCorrected, listeners.follow_correction),
    ),
    still_true=(STILL_TRUE, REMINDER_STILL_TRUE),
    own_links=(PDF_LINK,),
    panels=(
        Panel("courses.event", event_panel),
        Panel("courses.event", materials_of_event),
        Panel("courses.booking", after_the_event),
    ),
    record_sources=(RecordSource("courses.completions", entries),),
    answers=(Answer(LearnedWithoutEvent, completed_by),),
    report_sections=SECTIONS,
    operations=OPERATIONS,
    imports=(IMPORT,),
    checks=(
        Check(
            "courses.missing_certificates",
            "Everyone who attended has a certificate, or waits for an evaluation",
            checks.missing_certificates,
        ),
        Check(
            "courses.undeserved_certificates",
            "Every valid certificate is of an attendance",
            checks.undeserved_certificates,
        ),
    ),
    links=(
        LinksOut(LINK.salt, "codes on certificates"),
        LinksOut(PDF.salt, "links to the PDF of a certificate in its email"),
    ),
    demonstrations=(Demonstration(load_certificates, 66), Demonstration(load_completions, 66)),
)
