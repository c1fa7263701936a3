"""Where letters leave: a mail server through Flask-Mail, or a folder with one .eml file a letter."""

import smtplib
import ssl
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

from flask_mail import Connection, Mail

from lms.mail.messages import LetterMessage
from lms.mail.rules import is_final

TIMEOUT_SECONDS = 30
LETTERS_A_CONNECTION = 100
SERVICE_CLOSES = 421
LONGEST_ANSWER = 300


class NotTaken(Exception):
    """The letter did not go. The words say why, for the coordinator."""


class FailedForNow(NotTaken):
    """Another try may do better."""


class RefusedForGood(NotTaken):
    """The server will say the same next time: a wrong address, most likely."""


class ServerAway(NotTaken):
    """The trouble is not with this letter; the others would meet it too."""


class Transport(Protocol):
    """Takes letters while it is open."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, message: LetterMessage, name: str) -> None:
        """Hand the letter over; `name` is the letter's own. Raises a NotTaken."""


def transport_for(mail_url: str) -> Transport:
    """What LMS_MAIL_URL names."""
    url = urlsplit(mail_url)
    return FileMailbox(mailbox_folder(mail_url)) if url.scheme == "file" else MailServer(mail_url)


def mailbox_folder(mail_url: str) -> Path:
    """The folder of a file mailbox."""
    return Path(unquote(urlsplit(mail_url).path))


class FileMailbox:
    """A folder. The same letter always has the same file, so a repeat replaces it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is kept open."""

    def send(self, message: LetterMessage, name: str) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = self.folder / f".{name}"
            unfinished.write_bytes(message.as_bytes())
            unfinished.replace(self.folder / f"{name}.eml")
        except OSError as error:
            raise ServerAway(f"The folder for letters cannot be written: {error.strerror}.") from error


class ServerConnection(Connection):
    """Flask-Mail's connection, which waits only so long and checks the server's certificate."""

    def configure_host(self) -> smtplib.SMTP:
        server, port = self.mail.server, self.mail.port or 0
        if self.mail.use_ssl:
            checked = ssl.create_default_context()
            host: smtplib.SMTP = smtplib.SMTP_SSL(server, port, timeout=TIMEOUT_SECONDS, context=checked)
        else:
            host = smtplib.SMTP(server, port, timeout=TIMEOUT_SECONDS)
        if self.mail.username and self.mail.password:
            if not self.mail.use_ssl:  # a password never travels in the open
                host.starttls(context=ssl.create_default_context())
            host.login(self.mail.username, self.mail.password)
        return host


class MailServer:
    """One mail server: connected to at the first letter, and again when it hangs up."""

    def __init__(self, mail_url: str) -> None:
        url = urlsplit(mail_url)
        is_ssl = url.scheme == "smtps"
        self.mail = Mail()
        self.mail.state = self.mail.init_mail(
            {
                "MAIL_SERVER": url.hostname or "localhost",
                "MAIL_PORT": url.port or (465 if is_ssl else 25),
                "MAIL_USE_SSL": is_ssl,
                "MAIL_USERNAME": unquote(url.username or ""),
                "MAIL_PASSWORD": unquote(url.password or ""),
            }
        )
        self.connection: ServerConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    def send(self, message: LetterMessage, name: str) -> None:
        connection = self._connected()
        try:
            connection.send(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code, answer = next(iter(refused.recipients.values()))
            raise _not_taken(code, answer) from refused
        except smtplib.SMTPSenderRefused as refused:
            self._hang_up()
            raise ServerAway(f"The mail server refuses our sender. {_said(refused)}") from refused
        except smtplib.SMTPResponseException as refused:
            raise _not_taken(refused.smtp_code, refused.smtp_error) from refused
        except smtplib.SMTPServerDisconnected as gone:
            self.connection = None
            raise FailedForNow("The mail server hung up in the middle of this letter.") from gone
        except OSError as gone:
            self.connection = None
            raise ServerAway(f"The mail server does not answer: {gone}.") from gone

    def _connected(self) -> ServerConnection:
        if self.connection is not None and self.connection.num_emails >= LETTERS_A_CONNECTION:
            self._hang_up()
        if self.connection is None:
            try:
                self.connection = ServerConnection(self.mail).__enter__()
            except smtplib.SMTPResponseException as refused:
                raise ServerAway(f"The mail server turns us away. {_said(refused)}") from refused
            except (OSError, smtplib.SMTPException) as gone:
                raise ServerAway(f"The mail server cannot be reached: {gone}.") from gone
        return self.connection

    def _hang_up(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None and connection.host is not None:
            try:
                connection.host.quit()
            except (OSError, smtplib.SMTPException):
                connection.host.close()


def _not_taken(code: int, answer: bytes | str) -> NotTaken:
    words = f"The mail server answered {code}: {_text(answer)}"
    if code == SERVICE_CLOSES:
        return ServerAway(words)
    return RefusedForGood(words) if is_final(code) else FailedForNow(words)


def _said(refused: smtplib.SMTPResponseException) -> str:
    return f"It answered {refused.smtp_code}: {_text(refused.smtp_error)}"


def _text(answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:LONGEST_ANSWER]
