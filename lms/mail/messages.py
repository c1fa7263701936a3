"""A letter as mail: one message, text first, then HTML, and the invitation last."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any

from flask_mail import Message

from lms.mail.rendering import Words
from lms.mail.rules import one_line


class WholeHeader(UnstructuredHeader, BaseHeader):
    """A header that stays one line: one long address, folded or encoded, would not be understood (RFC 8058)."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _headers() -> HeaderRegistry:
    registry = HeaderRegistry()
    registry.map_to_type("list-unsubscribe", WholeHeader)
    return registry


POLICY = SMTP.clone(cte_type="7bit", header_factory=_headers())
"""Lines as mail wants them, and nothing beyond ASCII on the wire."""


@dataclass(frozen=True)
class ListHeaders:
    """What says to a mail program that a letter is one of a list, and how to leave it by one click."""

    list_id: str
    unsubscribe_url: str

    def lines(self) -> dict[str, str]:
        """The headers of RFC 2919, RFC 2369 and RFC 8058."""
        return {
            "List-Id": self.list_id,
            "List-Unsubscribe": f"<{self.unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }


@dataclass(frozen=True)
class Sender:
    """LMS_MAIL_FROM, taken apart: whom letters are from and whom an answer goes to."""

    name: str
    address: str


def read_sender(mail_from: str) -> Sender:
    """`Training team <training@example.org>` or the address alone."""
    name, address = parseaddr(mail_from)
    return Sender(one_line(name), one_line(address))


class LetterMessage(Message):
    """Flask-Mail's message with an invitation, which Outlook wants last and with its method in the type."""

    def __init__(self, *, calendar: tuple[str, str] | None = None, **values: Any) -> None:
        super().__init__(**values)
        self.calendar = calendar

    def _message(self) -> EmailMessage:  # type: ignore[override]
        message = EmailMessage(policy=POLICY)
        for name, value in {
            "Subject": self.subject,
            "From": self.sender,
            "To": self.recipients[0],
            "Reply-To": self.reply_to,
            "Message-ID": self.msgId,
            **(self.extra_headers or {}),
        }.items():
            message[name] = value
        message.set_content(self.body or "", cte="quoted-printable")
        message.add_alternative(self.html or "", subtype="html", cte="quoted-printable")
        if self.calendar is not None:
            message.attach(_calendar_part(*self.calendar))
        return message


def _calendar_part(method: str, text: str) -> EmailMessage:
    part = EmailMessage(policy=POLICY)
    part.set_content(text, subtype="calendar", charset="utf-8", cte="base64", params={"method": method})
    del part["MIME-Version"]
    return part


def compose(
    words: Words,
    *,
    to_name: str,
    to_address: str,
    sender: Sender,
    message_id: str,
    sent_at: datetime,
    calendar: tuple[str, str] | None = None,
    of_list: ListHeaders | None = None,
) -> LetterMessage:
    """The message of a letter. Everything that goes into a header is one line."""
    from_line = _address_line(sender.name, sender.address)
    message = LetterMessage(
        subject=words.subject,
        sender=from_line,
        reply_to=from_line,
        recipients=[_address_line(one_line(to_name), to_address)],
        body=words.text,
        html=words.html,
        calendar=calendar,
        extra_headers={
            "Date": format_datetime(sent_at),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            **(of_list.lines() if of_list else {}),
        },
    )
    message.msgId = message_id
    return message


def _address_line(name: str, address: str) -> str:
    """Name <address>, with the domain as the wire wants it. Raises UnicodeError for a domain that cannot be."""
    local, _, domain = address.rpartition("@")
    return formataddr((name, f"{local}@{domain.encode('idna').decode()}"), charset="utf-8")
