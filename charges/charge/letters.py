"""The letters about charges, and the signed links by which somebody without an account can answer."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from charges.addressees.queries import Addressee, business_managers, recipients
from charges.charge.models import Charge
from charges.charge.rules import AnsweredAs, ChargeState, said_waiver
from courses.booking.bookings.models import Booking
from courses.programme import words
from lms.agencies.models import Agency
from lms.frame.links import SignedLink, pair_of, row_number
from lms.frame.work import Work
from lms.kit.letters import Letter
from lms.kit.money import exact_pounds
from lms.kit.words import moment, pounds

NO_SUCH_LINK = "This link does not work. Open it from our newest email, or ask the training team."


def _without_account(value: Any) -> AnsweredAs:
    """The delegate and the manager have links; the agency's lead signs in."""
    said_as = AnsweredAs(value)
    if said_as is AnsweredAs.AGENCY:
        raise ValueError
    return said_as


ANSWER = SignedLink("courses.charges.answer", pair_of(row_number, _without_account), NO_SUCH_LINK)


def answer_token(work: Work, charge: Charge, said_as: AnsweredAs) -> str:
    """What makes a link open this one charge for this one reader. It works while the charge is open to answers."""
    return ANSWER.sign(work.site.settings, (charge.id, said_as))


def read_token(work: Work, token: str) -> tuple[int, AnsweredAs]:
    """The charge and reader of a link. Raises NotFound for one that we did not sign."""
    return ANSWER.read(work.site.settings, token)


def reason_asked(work: Work, charges: Sequence[Charge]) -> list[Letter]:
    """Ask the delegate and the line manager of one booking why a place was not used."""
    first = charges[0]
    booking = first.booking
    key = f"courses.charge_reason:{booking.person_id}:{booking.id}:{first.id}"
    letters = (
        []
        if said_already(booking)
        else [
            Letter(
                kind="courses.charge_reason",
                key=key,
                person_id=booking.person_id,
                context=_reason_context(work, charges, AnsweredAs.DELEGATE),
                booking_id=booking.id,
                event_id=booking.event_id,
                good_until=first.respond_by,
                can_wait=True,
            )
        ]
    )
    if booking.manager_email and booking.manager_email != booking.person.email:
        letters.append(
            Letter(
                kind="courses.charge_reason",
                key=f"{key}:manager",
                to_name=booking.manager_name or "Line manager",
                to_address=booking.manager_email,
                context=_reason_context(work, charges, AnsweredAs.MANAGER),
                booking_id=booking.id,
                event_id=booking.event_id,
                good_until=first.respond_by,
                can_wait=True,
            )
        )
    return letters


def said_already(booking: Booking) -> str:
    """What the delegate typed as the reason when they gave the place up: that is not asked again."""
    return booking.cancel_reason if booking.cancelled_by_id == booking.person_id else ""


def proposed(work: Work, agency: Agency, charges: Sequence[Charge]) -> list[Letter]:
    """Tell an agency which charges are proposed, and until when it can answer."""
    respond_by = min(charge.respond_by for charge in charges if charge.respond_by)
    context = _agency_context(agency, charges) | {"respond_by": moment(respond_by)}
    return [
        replace(letter, good_until=respond_by)
        for letter in _to_agency(work, agency, "charge_proposed", str(charges[0].id), context)
    ]


def decided(work: Work, charge: Charge) -> list[Letter]:
    """Tell the agency what was decided, first or on appeal, and why."""
    is_appeal = charge.appeal_decided_at is not None
    note = charge.appeal_note if is_appeal else charge.decision_note
    context = _agency_context(charge.agency, [charge]) | {
        "is_waived": charge.state is ChargeState.WAIVED,
        "is_appeal": is_appeal,
        "waived_for": said_waiver(charge.waiver_reason),
        "note": note,
        "appeal_until": "" if is_appeal or charge.appeal_until is None else moment(charge.appeal_until),
    }
    return _to_agency(work, charge.agency, "charge_decided", f"{charge.id}:{charge.state}", context)


def appealed(work: Work, charge: Charge) -> list[Letter]:
    """Ask those who may decide an appeal, but for the first decider."""
    context = _agency_context(charge.agency, [charge]) | {
        "appealed_by": charge.appealed_by.name if charge.appealed_by else "",
        "words": charge.appeal_words,
    }
    return [
        Letter(
            kind="courses.charge_appealed",
            key=f"courses.charge_appealed:{person.id}:{charge.id}:1",
            person_id=person.id,
            context=context,
            can_wait=True,
        )
        for person in business_managers(work.session)
        if person.id != charge.decided_by_id
    ]


def withdrawn(work: Work, charge: Charge, why: str) -> list[Letter]:
    """Tell the agency that a charge is void, or credited."""
    is_credited = charge.state is ChargeState.CREDITED
    context = _agency_context(charge.agency, [charge]) | {"why": why, "is_credited": is_credited}
    return _to_agency(work, charge.agency, "charge_withdrawn", f"{charge.id}:{charge.state}", context)


def invoiced(
    work: Work, agency: Agency, ref: str, month: str, lines: Sequence[tuple[str, int]], invoice_id: int
) -> list[Letter]:
    """Tell an agency what its invoice of a month says. The host authority's finance team sends the invoice itself."""
    context = {
        "agency": agency.name,
        "ref": ref,
        "month": month,
        "lines": [[text, exact_pounds(pence)] for text, pence in lines],
        "total": exact_pounds(sum(pence for _, pence in lines)),
        "invoice_id": invoice_id,
    }
    return _to_agency(work, agency, "charge_invoice", str(invoice_id), context)


def _to_agency(work: Work, agency: Agency, kind: str, occurrence: str, context: dict[str, Any]) -> list[Letter]:
    return [
        Letter(
            kind=f"courses.{kind}",
            key=f"courses.{kind}:{_who(each)}:{occurrence}",
            person_id=each.person_id,
            to_name="" if each.person_id else each.name,
            to_address=each.address,
            context=context,
            can_wait=True,
        )
        for each in recipients(work.session, agency)
    ]


def _who(recipient: Addressee) -> str:
    return str(recipient.person_id) if recipient.person_id else recipient.address


def _reason_context(work: Work, charges: Sequence[Charge], said_as: AnsweredAs) -> dict[str, Any]:
    first = charges[0]
    return {
        "delegate": first.booking.person.name,
        "agency": first.agency.name,
        "course": first.booking.event.version.title,
        "when": words.when(first.booking.event),
        "is_late_cancellation": first.reason.value == "late_cancellation",
        "is_manager": said_as is AnsweredAs.MANAGER,
        "total": pounds(sum(charge.pence for charge in charges)),
        "explanations": [charge.explanation for charge in charges],
        "respond_by": moment(first.respond_by) if first.respond_by else "",
        "token": answer_token(work, first, said_as),
    }


def _agency_context(agency: Agency, charges: Iterable[Charge]) -> dict[str, Any]:
    those = list(charges)
    return {
        "agency": agency.name,
        "total": pounds(sum(charge.pence for charge in those)),
        "charge_id": those[0].id,
        "charges": [
            {
                "delegate": charge.booking.person.name,
                "course": charge.booking.event.version.title,
                "explanation": charge.explanation,
                "pounds": pounds(charge.pence),
            }
            for charge in those
        ],
    }
