"""Where letters leave: a mail server, or a folder with one .eml file a letter."""

import smtplib
import socket
import ssl
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

from lms.frame.deadlines import Deadline, TooSlow
from lms.mail.messages import LetterMessage
from lms.mail.rules import is_final

CONNECTING_SECONDS = 20.0
LETTER_SECONDS = 60.0
"""For all that is said about one letter, a new connection included: who answers a byte a second does not keep us."""
GOODBYE_SECONDS = 5.0
LETTERS_A_CONNECTION = 100
SERVICE_CLOSES = 421
TOO_LARGE = 552
LONGEST_ANSWER = 300


class NotTaken(Exception):
    """The letter did not go. The words say why, for the coordinator."""


class FailedForNow(NotTaken):
    """Another try may do better."""


class TookTooLong(FailedForNow):
    """The server had heard of this letter, and did not come to an end with it."""


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
            unfinished.write_bytes(message.content)
            unfinished.replace(self.folder / f"{name}.eml")
        except OSError as error:
            raise ServerAway(f"The folder for letters cannot be written: {error.strerror}.") from error


class Talk(smtplib.SMTP):
    """A talk with a mail server, every step of which has to end before the letter's deadline does.

    `is_secure`: encrypted from the first byte on.
    """

    def __init__(self, host: str, port: int, deadline: Deadline, *, is_secure: bool) -> None:
        self.deadline, self.is_secure = deadline, is_secure
        self.letters = 0
        super().__init__(host, port, _own_name(deadline))

    @property
    def line(self) -> socket.socket:
        """The line to the server. Raises OSError when it is closed."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the line is closed")
        return self.sock

    def connect(self, host: str = "localhost", port: int = 0, source_address: object = None) -> tuple[int, bytes]:
        """Open the line, which the deadline has in hand, and hear the server's greeting."""
        line = self.deadline.connect(host, port, each=CONNECTING_SECONDS)
        self.sock = ssl.create_default_context().wrap_socket(line, server_hostname=host) if self.is_secure else line
        return self.getreply()


def _own_name(deadline: Deadline) -> str:
    """How this machine calls itself to the server: by its full name, which may have to be looked up."""
    return deadline.ask(socket.getfqdn)


class MailServer:
    """One mail server: connected to at the first letter, and again when it hangs up.

    Each letter has one deadline for all that is said about it. What goes wrong before the server has heard of the
    letter is the server's trouble; afterwards it is the letter's.
    """

    def __init__(self, mail_url: str) -> None:
        url = urlsplit(mail_url)
        self.is_ssl = url.scheme == "smtps"
        self.host, self.port = url.hostname or "localhost", url.port or (465 if self.is_ssl else 25)
        self.user, self.password = unquote(url.username or ""), unquote(url.password or "")
        self.talk: Talk | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    def send(self, message: LetterMessage, name: str) -> None:
        with Deadline(LETTER_SECONDS) as deadline:
            talk = self._connected(deadline)
            try:
                self._say(talk, message, deadline)
            except NotTaken:
                if not deadline.has_cut:
                    raise
            if deadline.has_cut:  # half an answer may have been read as a whole one
                self._drop()
                raise TookTooLong(f"The mail server took longer than {LETTER_SECONDS:g} seconds over it.")

    def _say(self, talk: Talk, message: LetterMessage, deadline: Deadline) -> None:
        try:
            deadline.watch(talk.line)
            talk.sendmail(message.from_address, [message.to_address], message.content)
            talk.letters += 1
        except smtplib.SMTPRecipientsRefused as refused:
            code, answer = next(iter(refused.recipients.values()))
            raise _not_taken(code, answer) from refused
        except smtplib.SMTPSenderRefused as refused:
            raise self._sender_refused(refused) from refused
        except smtplib.SMTPResponseException as refused:
            raise _not_taken(refused.smtp_code, refused.smtp_error) from refused
        except (OSError, ValueError) as error:
            self._drop()
            raise _broken_off(error) from error

    def _connected(self, deadline: Deadline) -> Talk:
        """The talk that is under way, or a new one. Raises ServerAway."""
        if self.talk is not None and self.talk.letters >= LETTERS_A_CONNECTION:
            self._hang_up()
        if self.talk is None:
            try:
                self.talk = self._begin(deadline)
            except smtplib.SMTPResponseException as refused:
                raise ServerAway(f"The mail server turns us away. {_said(refused)}") from refused
            except (OSError, ValueError) as gone:
                raise ServerAway(f"The mail server cannot be reached: {gone}.") from gone
        return self.talk

    def _begin(self, deadline: Deadline) -> Talk:
        talk = Talk(self.host, self.port, deadline, is_secure=self.is_ssl)
        try:
            if self.user and self.password:
                if not self.is_ssl:  # a password never travels in the open
                    talk.starttls(context=ssl.create_default_context())
                talk.login(self.user, self.password)
            talk.ehlo_or_helo_if_needed()
            if deadline.has_cut:
                raise TooSlow(f"it took longer than {LETTER_SECONDS:g} seconds")
        except BaseException:
            talk.close()
            raise
        return talk

    def _sender_refused(self, refused: smtplib.SMTPSenderRefused) -> NotTaken:
        """Said to the sender, but about the size of this one letter; anything else would meet the next one too."""
        if refused.smtp_code == TOO_LARGE:
            return RefusedForGood(f"The mail server finds it too large. {_said(refused)}")
        self._hang_up()
        return ServerAway(f"The mail server refuses our sender. {_said(refused)}")

    def _hang_up(self) -> None:
        talk, self.talk = self.talk, None
        if talk is None or talk.sock is None:
            return
        with Deadline(GOODBYE_SECONDS) as deadline:
            try:
                deadline.watch(talk.line)
                talk.quit()
            except (OSError, ValueError):
                talk.close()

    def _drop(self) -> None:
        """Nobody knows what the server heard last, so the next letter gets a new connection."""
        talk, self.talk = self.talk, None
        if talk is not None:
            talk.close()


def _broken_off(error: BaseException) -> NotTaken:
    """What it means that a talk about a letter ended like this."""
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return FailedForNow("The mail server hung up in the middle of this letter.")
    if isinstance(error, smtplib.SMTPException | ValueError):
        return FailedForNow(f"The mail server cannot be told of it: {error}.")
    return ServerAway(f"The mail server does not answer: {error}.")


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
