"""What charges and invoices add to the site: read this first."""

from charges import checks
from charges.charge.letters import ANSWER
from charges.charge.queries import last_charge_to_answer
from charges.charge.still_true import STILL_TRUE
from charges.charge.tables import IMPORT
from charges.decisions.views import bp as charging
from charges.demonstration import load
from charges.exports import EXPORTS
from charges.figures.queries import charged_to
from charges.figures.sections import SECTIONS
from charges.following.api import OPERATIONS
from charges.grounds.views import bp as grounds
from charges.invoices.views import bp as invoices
from charges.permissions import PERMISSIONS
from charges.personal_data import PERSONAL_DATA, forget_with_bookings
from charges.replay.views import draft_panel
from charges.settling import listeners
from charges.waiting import WAITING
from courses.facts import (
    BookingCancelled,
    BookingConfirmed,
    BookingsForgotten,
    EventCancelled,
    EventPostponed,
    MarksCorrected,
    OutcomeCorrected,
    PlaceSubstituted,
    RegisterFinalised,
)
from courses.questions import ChargedTo
from lms.frame.plugins import Answer, Check, Demonstration, LinksOut, Listener, MenuGroup, MenuItem, Panel, Plugin

PLUGIN = Plugin(
    name="charges",
    package=__package__,
    title="Charges and invoices",
    requires=("courses",),
    blueprints=(charging, grounds, invoices),
    permissions=PERMISSIONS,
    menu=(
        MenuItem("Charges", "charging.charges", "charges.see_charges", 60, group=MenuGroup.OFFICE, also=("/invoices",)),
    ),
    listeners=(
        Listener(RegisterFinalised, listeners.charge_finalised_register),
        Listener(BookingCancelled, listeners.charge_late_cancellation),
        Listener(BookingConfirmed, listeners.follow_new_place),
        Listener(MarksCorrected, listeners.follow_corrected_marks),
        Listener(OutcomeCorrected, listeners.follow_corrected_outcome),
        Listener(PlaceSubstituted, listeners.follow_substitution),
        Listener(EventCancelled, listeners.follow_cancelled_event),
        Listener(EventPostponed, listeners.follow_postponed_event),
        Listener(BookingsForgotten, forget_with_bookings),
    ),
    still_true=(STILL_TRUE,),
    answers=(Answer(ChargedTo, charged_to),),
    panels=(Panel("policies.draft", draft_panel),),
    imports=(IMPORT,),
    exports=EXPORTS,
    operations=OPERATIONS,
    waiting=WAITING,
    report_sections=SECTIONS,
    checks=(
        Check("charges.terms", "Every charge explains itself, by its booking's terms", checks.unexplained_charges),
        Check("charges.twice", "No event day of a booking is charged twice", checks.duplicate_charges),
        Check("charges.attended", "No one who attended is charged", checks.charges_of_attended),
        Check("charges.invoiced", "Every charge that was invoiced is on an invoice", checks.uninvoiced_charges),
        Check("charges.agency", "Every charge is of the agency on its booking", checks.charges_of_others),
        Check("charges.cancelled", "No one is charged for a cancelled event", checks.charges_of_cancelled_events),
        Check("charges.invoice_sums", "The lines of every invoice add up to it", checks.wrong_sums),
        Check("charges.payments", "Every payment is of the sum that was owed", checks.payments_of_another_sum),
        Check("charges.invoice_numbers", "Invoice numbers have no gap", checks.gaps_in_numbers),
    ),
    links=(LinksOut(ANSWER.salt, "links to answer a charge", last_charge_to_answer),),
    demonstrations=(Demonstration(load, 70),),
    personal_data=PERSONAL_DATA,
)
