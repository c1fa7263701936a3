"""Invoices and credit notes: numbered without gaps, and frozen once issued."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from charges.charge.models import Charge
from charges.invoices.rules import InvoiceKind
from lms.agencies.models import Agency
from lms.frame.db import Base
from lms.frame.keeping import MustBe, Stays, kept
from lms.frame.together import Together
from lms.people.models import Person


class InvoiceNumber(Base):
    """The last number given of each kind. Its row is locked by whoever takes the next, so there is never a gap."""

    __tablename__ = "invoice_number"

    kind: Mapped[InvoiceKind] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Invoice(Base):
    """An invoice of one agency for one month, or a credit note to one. Every word and penny is as it was issued."""

    __tablename__ = "invoice"
    __table_args__ = (
        sa.UniqueConstraint("kind", "number"),
        sa.Index(
            "uq_invoice_month",
            "agency_id",
            "month",
            unique=True,
            sqlite_where=sa.text("kind = 'invoice'"),
            postgresql_where=sa.text("kind = 'invoice'"),
        ),
        sa.CheckConstraint("number > 0", name="numbers_from_one"),
        sa.CheckConstraint("total_pence > 0", name="more_than_nothing"),
        sa.CheckConstraint("(kind = 'credit_note') = (credits_id IS NOT NULL)", name="credit_names_invoice"),
        sa.CheckConstraint("kind <> 'credit_note' OR why <> ''", name="credit_says_why"),
        sa.CheckConstraint("credits_id <> id", name="credits_another"),
        sa.UniqueConstraint("id", "agency_id"),
        Together("credits_id, agency_id", "invoice(id, agency_id)"),
        {"info": kept(Stays("what was issued", words=("agency_name", "host_authority", "issued_by_name", "why")))},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[InvoiceKind]
    number: Mapped[int]
    ref: Mapped[str] = mapped_column(unique=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    agency_name: Mapped[str]
    agency_code: Mapped[str]
    host_authority: Mapped[str] = mapped_column(default="")
    month: Mapped[date]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    issued_by_name: Mapped[str] = mapped_column(default="")
    total_pence: Mapped[int]
    credits_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice.id"), index=True)
    why: Mapped[str] = mapped_column(default="")

    agency: Mapped[Agency] = relationship()
    issued_by: Mapped[Person | None] = relationship()
    credits: Mapped["Invoice | None"] = relationship(remote_side=[id], back_populates="credit_notes")
    credit_notes: Mapped[list["Invoice"]] = relationship(order_by="Invoice.id", back_populates="credits")
    lines: Mapped[list["InvoiceLine"]] = relationship(order_by="InvoiceLine.position", back_populates="invoice")
    payment: Mapped["Payment | None"] = relationship(back_populates="invoice")

    @property
    def credited_pence(self) -> int:
        return sum(note.total_pence for note in self.credit_notes)

    @property
    def owed_pence(self) -> int:
        """What is still to come: nothing once it was paid."""
        return 0 if self.payment is not None else self.total_pence - self.credited_pence - self.written_off_pence

    @property
    def written_off_pence(self) -> int:
        return sum(line.pence for line in self.lines if line.charge.written_off_on is not None)


class InvoiceLine(Base):
    """A line as it was issued: text and pence. A credit note's line names the line that it takes back."""

    __tablename__ = "invoice_line"
    __table_args__ = (
        sa.UniqueConstraint("invoice_id", "position"),
        sa.CheckConstraint("pence > 0", name="more_than_nothing"),
        sa.CheckConstraint("text <> ''", name="says_what_for"),
        sa.Index(
            "uq_invoice_line_charge",
            "charge_id",
            unique=True,
            sqlite_where=sa.text("credits_id IS NULL"),
            postgresql_where=sa.text("credits_id IS NULL"),
        ),
        sa.CheckConstraint("credits_id <> id", name="credits_another"),
        {"info": kept(Stays("what was issued", words=("text",)))},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"))
    position: Mapped[int]
    charge_id: Mapped[int] = mapped_column(sa.ForeignKey("charge.id"))
    text: Mapped[str]
    pence: Mapped[int]
    credits_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice_line.id"), unique=True)

    invoice: Mapped[Invoice] = relationship(back_populates="lines")
    charge: Mapped[Charge] = relationship()


PAYS_AN_INVOICE = MustBe(
    name="invoice",
    holds="EXISTS (SELECT 1 FROM invoice WHERE invoice.id = new.invoice_id AND invoice.kind = 'invoice')",
    columns=("invoice_id",),
    words="a credit note is not paid.",
)


class Payment(Base):
    """The day on which an invoice was paid, as the finance system says."""

    __tablename__ = "invoice_payment"
    __table_args__ = (
        sa.CheckConstraint("pence > 0", name="more_than_nothing"),
        {"info": kept(PAYS_AN_INVOICE)},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"), unique=True)
    pence: Mapped[int]
    paid_on: Mapped[date]
    reference: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)

    invoice: Mapped[Invoice] = relationship(back_populates="payment")


def _refuse_change(_mapper: Any, _connection: Any, target: Any) -> None:
    """What was issued stays as it is. A mistake is put right by a credit note."""
    session = object_session(target)
    if session is None or session.is_modified(target, include_collections=False):
        raise TypeError(f"{type(target).__name__} {target.id} was issued and cannot be changed.")


for _frozen in (Invoice, InvoiceLine):
    event.listen(_frozen, "before_update", _refuse_change)
    event.listen(_frozen, "before_delete", _refuse_change)
