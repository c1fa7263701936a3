"""A certificate as page and PDF, made by hand where needed, and verified by anybody."""

from flask import Blueprint, redirect, request

from courses.booking.bookings.queries import booking_for, event_with_days
from courses.programme import words
from courses.records.certificates.documents import certificate_pdf
from courses.records.certificates.forms import ReasonForm, SurnameForm, VerifyForm
from courses.records.certificates.models import Certificate
from courses.records.certificates.queries import (
    certificate_by_serial,
    certificate_for,
    certificate_of_link,
    certificates_at,
    check_address,
    is_valid_for,
    typed_address,
)
from courses.records.certificates.rules import is_in_order, serial_as_typed
from courses.records.certificates.services import make_certificate, override_evaluation, reissue
from lms.frame.files import file_to_show
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, public, requires, say, signed_in, site, site_url, work
from lms.frame.work import Work
from lms.limits.limiter import limiter
from lms.partnership.queries import the_partnership

bp = Blueprint("certificates", __name__)

many_checks = limiter.shared_limit("120 per hour", scope="verify")
wrong_checks = limiter.shared_limit(
    "20 per hour", scope="verify-wrong", deduct_when=lambda response: response.status_code == 404
)


@bp.get("/certificates/<serial>")
@signed_in
def certificate(serial: str) -> Answer:
    """The certificate itself, readable by everything that reads pages."""
    found = certificate_for(work().session, serial, work().actor)
    address = typed_address(site().settings, found)
    in_order = is_in_order(found.serial)
    return page("courses/certificates/certificate.html", certificate=found, address=address, in_order=in_order)


@bp.get("/certificates/<serial>.pdf")
@signed_in
def pdf(serial: str) -> Answer:
    """The same on one page of A4."""
    return sheet_of(certificate_for(work().session, serial, work().actor))


def sheet_of(found: Certificate) -> Answer:
    """One page of A4."""
    sheet = certificate_pdf(
        found,
        the_partnership(work().session).name,
        typed=typed_address(site().settings, found),
        code=check_address(site().settings, found),
    )
    return file_to_show(sheet, f"certificate-{found.serial}.pdf")


@bp.route("/certificates/<serial>/issue-again", methods=["GET", "POST"])
@requires("courses.manage_certificates")
def issue_again(serial: str) -> Answer:
    """Replace a certificate, when the record behind it was wrong."""
    found = certificate_for(work().session, serial, work().actor)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            new = reissue(work(), found, reason=form.reason.data)
            say(f"Certificate {new.serial} replaces {serial}, and {new.name} has been told.")
            return back_to("certificates.certificate", serial=new.serial)
    return page("courses/certificates/issue_again.html", form=form, certificate=found)


@bp.post("/bookings/<int:booking_id>/certificate")
@signed_in
def make(booking_id: int) -> Answer:
    """Make the certificate of something attended before certificates were issued here."""
    made = make_certificate(work(), booking_id)
    say(f"Certificate {made.serial} is made.")
    return back_to("certificates.certificate", serial=made.serial)


@bp.route("/bookings/<int:booking_id>/certificate/override", methods=["GET", "POST"])
@requires("courses.manage_certificates")
def override(booking_id: int) -> Answer:
    """Issue although the evaluation was not answered."""
    booking = booking_for(work().session, booking_id, work().actor)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            made = override_evaluation(work(), booking_id, reason=form.reason.data)
            say(f"Certificate {made.serial} is issued.")
            return back_to("certificates.certificate", serial=made.serial)
    return page("courses/certificates/override.html", form=form, booking=booking, when=words.when(booking.event))


@bp.get("/events/<int:event_id>/certificates")
@requires("courses.manage_certificates")
def event_certificates(event_id: int) -> Answer:
    """Who attended, with their certificate or what it waits for."""
    event = event_with_days(work().session, event_id)
    rows = certificates_at(work().session, event_id)
    return page("courses/certificates/event.html", event=event, when=words.when(event), rows=rows)


@bp.get("/verify")
@public
@many_checks
def verify() -> Answer:
    """Ask for a number."""
    typed = serial_as_typed(request.args.get("serial", ""))
    if typed:
        return redirect(site_url("certificates.verified", serial=typed))
    return page("courses/certificates/verify.html", form=VerifyForm(formdata=None), found=None, serial="")


@bp.route("/verify/<serial>", methods=["GET", "POST"])
@public
@many_checks
@wrong_checks
def verified(serial: str) -> Answer:
    """Whether a number is a certificate. One that was given in order says nothing without the surname on it."""
    return _by_number(serial_as_typed(serial))


@bp.get("/verify/<serial>/<token>")
@public
@many_checks
@wrong_checks
def verified_by_link(serial: str, token: str) -> Answer:
    """By the code on the certificate. One that is not ours, or of a key long gone, is as good as the number on it."""
    typed = serial_as_typed(serial)
    found = certificate_of_link(work().session, site().settings, typed, token)
    return _by_number(typed) if found is None else _shown(typed, found)


def _by_number(serial: str) -> Answer:
    if is_in_order(serial):
        return _with_surname(serial)
    return _shown(serial, certificate_by_serial(work().session, serial))


def _shown(serial: str, found: Certificate | None) -> Answer:
    """Name, course, date, and whether it is still valid. Nothing else."""
    form = VerifyForm(formdata=None, serial="" if found else serial)
    html = page("courses/certificates/verify.html", form=form, found=found, serial=serial)
    return html if found or not isinstance(html, str) else (html, 404)


def _with_surname(serial: str) -> Answer:
    """Yes or no. A number that was never given reads like one whose surname is another."""
    form, is_right = SurnameForm(), None
    if form.validate_on_submit():
        is_right = is_valid_for(work().session, serial, form.surname.data)
    html = page("courses/certificates/surname.html", form=form, serial=serial, is_right=is_right)
    return html if is_right is not False or not isinstance(html, str) else (html, 404)


def event_panel(work: Work, event_id: int) -> PanelContent | None:
    """On the coordinator's page of an event that was held: how many certificates there are."""
    if not work.actor.may("courses.manage_certificates"):
        return None
    rows = certificates_at(work.session, event_id)
    if not rows:
        return None
    issued = sum(1 for _, one, _ in rows if one is not None)
    context = {"event_id": event_id, "attended": len(rows), "issued": issued}
    return PanelContent("courses/certificates/event_panel.html", context)
