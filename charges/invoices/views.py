"""Invoices: issuing a month, one in full, payments and credits, statements, and the file for finance."""

from datetime import date

from flask import Blueprint, request

from charges.charge.queries import charge_for
from charges.charge.rules import month_of, next_month
from charges.invoices import documents, queries, services
from charges.invoices.forms import IssueForm, PaymentForm, WhyForm
from charges.invoices.rules import month_words, read_month
from lms.frame.files import file_to_keep, file_to_show
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.errors import Invalid, NotFound
from lms.kit.money import exact_pounds
from lms.kit.words import count, file_name, long_date
from lms.kit.working_days import london_date
from lms.partnership.queries import the_partnership

bp = Blueprint("invoices", __name__)
MONTHS_BACK = 12


@bp.get("/invoices")
@requires("charges.manage_invoices")
def invoices() -> Answer:
    """Every invoice and credit note of a month, or of all."""
    month = _asked_month()
    session = work().session
    return page(
        "charges/invoices/invoices.html",
        month=month,
        months=queries.months_with_invoices(session),
        invoices=queries.invoices(session, month=month),
        month_words=month_words,
        exact_pounds=exact_pounds,
    )


@bp.route("/invoices/issue", methods=["GET", "POST"])
@requires("charges.manage_invoices")
def issue() -> Answer:
    """Look at what a month's invoices would say, then issue them."""
    months = _months_over()
    month = _asked_month() or months[0]
    form = IssueForm(month=f"{month:%Y-%m}").offer(months)
    if form.validate_on_submit():
        with form.refusals():
            month = read_month(form.month.data)
            made = services.issue_invoices(work(), month)
            say(f"Issued {count(len(made), 'invoice')} for {month_words(month)}.")
            return back_to("invoices.invoices", month=f"{month:%Y-%m}")
    return page(
        "charges/invoices/issue.html",
        form=form,
        month=month,
        waiting=queries.to_issue(work().session, month),
        done=queries.agencies_invoiced(work().session, month),
        month_words=month_words,
        exact_pounds=exact_pounds,
    )


@bp.get("/invoices/<int:invoice_id>")
@requires("charges.see_charges")
def invoice(invoice_id: int) -> Answer:
    found = queries.invoice_for(work().session, invoice_id, work().actor)
    return page("charges/invoices/invoice.html", invoice=found, month_words=month_words, exact_pounds=exact_pounds)


@bp.get("/invoices/<int:invoice_id>.pdf")
@requires("charges.see_charges")
def invoice_pdf(invoice_id: int) -> Answer:
    found = queries.invoice_for(work().session, invoice_id, work().actor)
    return file_to_show(documents.invoice_pdf(found, _owner()), file_name(f"{found.ref}.pdf"))


@bp.get("/invoices.csv")
@requires("charges.manage_invoices")
def finance_csv() -> Answer:
    """Every line of a month's documents, for the host authority's finance system."""
    month = _asked_month()
    text = documents.finance_csv(queries.invoices(work().session, month=month))
    name = f"invoices-{month:%Y-%m}.csv" if month else "invoices.csv"
    return file_to_keep(("\ufeff" + text).encode(), name)


@bp.route("/invoices/<int:invoice_id>/paid", methods=["GET", "POST"])
@requires("charges.manage_invoices")
def paid(invoice_id: int) -> Answer:
    found = queries.invoice_for(work().session, invoice_id, work().actor)
    form = PaymentForm(data={"amount": found.owed_pence, "paid_on": london_date(work().now)})
    if form.validate_on_submit() and form.paid_on.data:
        with form.refusals():
            services.record_payment(
                work(),
                found,
                pence=form.amount.data or 0,
                paid_on=form.paid_on.data,
                reference=form.reference.data,
            )
            say(f"{found.ref} is paid.")
            return back_to("invoices.invoice", invoice_id=invoice_id)
    return page("charges/invoices/paid.html", form=form, invoice=found, exact_pounds=exact_pounds)


@bp.route("/charges/<int:charge_id>/credit", methods=["GET", "POST"])
@requires("charges.manage_invoices")
def credit(charge_id: int) -> Answer:
    """Take an invoiced charge back by a credit note."""
    found = charge_for(work().session, charge_id, work().actor)
    form = WhyForm()
    if form.validate_on_submit():
        with form.refusals():
            note = services.credit_charge(work(), found, form.why.data)
            say(f"Credit note {note.ref} is issued. The agency is told.")
            return back_to("invoices.invoice", invoice_id=note.id)
    return page("charges/invoices/why.html", form=form, charge=found, verb="Credit", exact_pounds=exact_pounds)


@bp.route("/charges/<int:charge_id>/write-off", methods=["GET", "POST"])
@requires("charges.manage_invoices")
def write_off(charge_id: int) -> Answer:
    """Give up asking for it."""
    found = charge_for(work().session, charge_id, work().actor)
    form = WhyForm()
    if form.validate_on_submit():
        with form.refusals():
            services.write_off_charge(work(), found, form.why.data)
            say("The charge is written off.")
            return back_to("charging.charge", charge_id=charge_id)
    return page("charges/invoices/why.html", form=form, charge=found, verb="Write off", exact_pounds=exact_pounds)


@bp.get("/agencies/<int:agency_id>/statement")
@requires("charges.see_charges")
def statement(agency_id: int) -> Answer:
    """What an agency was invoiced, what came back, what was paid, and what is owed."""
    found = queries.statement_of(work().session, agency_id, work().actor)
    return page(
        "charges/invoices/statement.html", statement=found, exact_pounds=exact_pounds, today=london_date(work().now)
    )


@bp.get("/agencies/<int:agency_id>/statement.pdf")
@requires("charges.see_charges")
def statement_pdf(agency_id: int) -> Answer:
    found = queries.statement_of(work().session, agency_id, work().actor)
    data = documents.statement_pdf(found, _owner(), f"As at {long_date(work().now)}")
    return file_to_show(data, file_name("statement", f"{found.agency.code}.pdf"))


def _asked_month() -> date | None:
    asked = request.args.get("month", "")
    if not asked:
        return None
    try:
        return read_month(asked)
    except Invalid:
        raise NotFound("That is not a month. Choose one from the list.") from None


def _months_over() -> list[date]:
    """The last twelve months that are over, the latest first."""
    this = month_of(london_date(work().now))
    first = date(this.year - 1, this.month, 1)
    months = [first]
    while next_month(months[-1]) < this:
        months.append(next_month(months[-1]))
    return months[::-1][:MONTHS_BACK]


def _owner() -> str:
    return the_partnership(work().session).name
