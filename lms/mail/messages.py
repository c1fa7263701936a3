"""A letter as mail: one message, text first, then HTML, and the invitation last."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from lms.kit.names import clean_name, read_mailbox
from lms.mail.headers import ReadyHeader, WholeHeader, address_line, text_line, wire_address
from lms.mail.rendering import LetterWords


def _headers() -> HeaderRegistry:
    registry = HeaderRegistry()
    for name in ("subject", "from", "to", "reply-to", "list-id"):
        registry.map_to_type(name, ReadyHeader)
    for name in ("message-id", "list-unsubscribe"):
        registry.map_to_type(name, WholeHeader)
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
    return Sender(*read_mailbox(mail_from))


@dataclass(frozen=True)
class LetterMessage:
    """A letter as it travels: what stands on the envelope, its subject as it reads, and every byte of it."""

    from_address: str
    to_address: str
    subject: str
    content: bytes


def compose(
    words: LetterWords,
    *,
    to_name: str,
    to_address: str,
    sender: Sender,
    message_id: str,
    sent_at: datetime,
    calendar: tuple[str, str] | None = None,
    of_list: ListHeaders | None = None,
) -> LetterMessage:
    """The message of a letter, finished to the last byte, so that whatever is wrong with it shows here.

    Names are cleaned of what no name holds. Raises UnicodeError for an address whose domain cannot be.
    """
    message = EmailMessage(policy=POLICY)
    for name, value in {
        "Subject": text_line(words.subject, after="Subject"),
        "From": address_line(clean_name(sender.name), sender.address, after="From"),
        "To": address_line(clean_name(to_name), to_address, after="To"),
        "Reply-To": address_line(clean_name(sender.name), sender.address, after="Reply-To"),
        "Message-ID": message_id,
        "Date": format_datetime(sent_at),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        **(of_list.lines() if of_list else {}),
    }.items():
        message[name] = value
    message.set_content(words.text, cte="quoted-printable")
    message.add_alternative(words.html, subtype="html", cte="quoted-printable")
    if calendar is not None:
        message.attach(_calendar_part(*calendar))
    return LetterMessage(
        from_address=wire_address(sender.address),
        to_address=wire_address(to_address),
        subject=words.subject,
        content=message.as_bytes(),
    )


def _calendar_part(method: str, text: str) -> EmailMessage:
    """The invitation, which Outlook wants last and with its method in the type."""
    part = EmailMessage(policy=POLICY)
    part.set_content(text, subtype="calendar", charset="utf-8", cte="base64", params={"method": method})
    del part["MIME-Version"]
    return part
