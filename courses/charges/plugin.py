"""What charges and invoices add to the courses plugin."""

from courses.charges import checks, listeners
from courses.charges.decisions.views import bp as charges
from courses.charges.demonstration import load
from courses.charges.grounds.views import bp as grounds
from courses.charges.invoices.views import bp as invoices
from courses.charges.replay.views import draft_panel
from courses.charges.tables import IMPORT
from courses.facts import (
    BookingCancelled,
    BookingConfirmed,
    EventCancelled,
    EventPostponed,
    MarksCorrected,
    OutcomeCorrected,
    PlaceSubstituted,
    RegisterFinalised,
)
from lms.frame.plugins import Check, Demonstration, Listener, MenuGroup, MenuItem, Panel

BLUEPRINTS = (charges, grounds, invoices)
MENU = (MenuItem("Charges", "charges.charges", "courses.see_charges", 60, group=MenuGroup.OFFICE, also=("/invoices",)),)
LISTENERS = (
    Listener(RegisterFinalised, listeners.charge_finalised_register),
    Listener(BookingCancelled, listeners.charge_late_cancellation),
    Listener(BookingConfirmed, listeners.follow_new_place),
    Listener(MarksCorrected, listeners.follow_corrected_marks),
    Listener(OutcomeCorrected, listeners.follow_corrected_outcome),
    Listener(PlaceSubstituted, listeners.follow_substitution),
    Listener(EventCancelled, listeners.follow_cancelled_event),
    Listener(EventPostponed, listeners.follow_postponed_event),
)
PANELS = (Panel("policies.draft", draft_panel),)
IMPORTS = (IMPORT,)
CHECKS = (
    Check("courses.charge_terms", "Every charge explains itself, by its booking's terms", checks.unexplained_charges),
    Check("courses.charge_twice", "No event day of a booking is charged twice", checks.duplicate_charges),
    Check("courses.charge_attended", "Nobody who attended is charged", checks.charges_of_attended),
    Check("courses.charge_invoiced", "Every charge that was invoiced is on an invoice", checks.uninvoiced_charges),
    Check("courses.charge_agency", "Every charge is of the agency on its booking", checks.charges_of_others),
    Check("courses.charge_cancelled", "Nobody is charged for a cancelled event", checks.charges_of_cancelled_events),
    Check("courses.invoice_sums", "The lines of every invoice add up to it", checks.wrong_sums),
    Check("courses.invoice_numbers", "Invoice numbers have no gap", checks.gaps_in_numbers),
)
DEMONSTRATIONS = (Demonstration(load, 70),)
