"""Where letters leave: a mail server, or a folder with one .eml file a letter."""

import smtplib
import ssl
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

from lms.frame.deadlines import Deadline, TooSlow
from lms.mail.answers import AnswerMeaning, meaning_of
from lms.mail.messages import LetterMessage
from lms.mail.talk import Talk

LETTER_SECONDS = 60.0
"""For all that is said about one letter, a new connection included: who answers a byte a second does not keep us."""
GOODBYE_SECONDS = 5.0
LETTERS_A_CONNECTION = 100
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
TOO_LARGE = 552
LONGEST_ANSWER = 300


class NotTaken(Exception):
    """The letter did not go. The words say why, for the coordinator."""


class FailedForNow(NotTaken):
    """Another try may do better."""


class Doubtful(FailedForNow):
    """It may be about this letter, or be the server's own trouble: what becomes of others will tell."""


class RefusedForGood(NotTaken):
    """The recipient is not there: a wrong address, most likely."""


class ServerAway(NotTaken):
    """The trouble is not with this letter; the others would meet it too."""


class NeverAnswered(NotTaken):
    """The server had the whole letter and never said what became of it, so it may have arrived."""


class Transport(Protocol):
    """Takes letters while it is open."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, message: LetterMessage, name: str, handed_over: Callable[[], None]) -> None:
        """Hand the letter over; `name` is the letter's own. Raises a NotTaken.

        `handed_over` is called when all of it has been said, and only the answer is missing.
        """


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

    def send(self, message: LetterMessage, name: str, handed_over: Callable[[], None]) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = self.folder / f".{name}"
            unfinished.write_bytes(message.content)
            unfinished.replace(self.folder / f"{name}.eml")
        except OSError as error:
            raise ServerAway(f"The folder for letters cannot be written: {error.strerror}.") from error


class MailServer:
    """One mail server: connected to at the first letter, and again when it hangs up.

    Each letter has one deadline for all that is said about it. What goes wrong before the server has heard of the
    letter is the server's trouble; afterwards it is the letter's.
    """

    def __init__(self, mail_url: str) -> None:
        url = urlsplit(mail_url)
        self.is_ssl, self.must_encrypt = url.scheme == "smtps", url.scheme == "smtp+starttls"
        self.host, self.port = url.hostname or "localhost", url.port or PORTS[url.scheme]
        self.user, self.password = unquote(url.username or ""), unquote(url.password or "")
        self.talk: Talk | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    def send(self, message: LetterMessage, name: str, handed_over: Callable[[], None]) -> None:
        with Deadline(LETTER_SECONDS) as deadline:
            talk = self._connected(deadline)
            try:
                self._say(talk, message, deadline, handed_over)
            except NotTaken:
                if not deadline.has_cut:
                    raise
            if deadline.has_cut:  # half an answer may have been read as a whole one
                self._drop()
                words = f"The mail server took longer than {LETTER_SECONDS:g} seconds over it."
                raise NeverAnswered(words) if talk.has_all else Doubtful(words)

    def _say(self, talk: Talk, message: LetterMessage, deadline: Deadline, handed_over: Callable[[], None]) -> None:
        talk.has_all = False
        try:
            deadline.watch(talk.line)
            talk.take(message, handed_over)
        except smtplib.SMTPRecipientsRefused as refused:
            code, answer = next(iter(refused.recipients.values()))
            raise _not_taken(code, answer) from refused
        except smtplib.SMTPSenderRefused as refused:
            raise self._sender_refused(refused) from refused
        except smtplib.SMTPResponseException as refused:
            raise _not_taken(refused.smtp_code, refused.smtp_error, of_content=True) from refused
        except (OSError, ValueError) as error:
            self._drop()
            raise _broken_off(error, has_all=talk.has_all) from error

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
            talk.ehlo_or_helo_if_needed()
            if not self.is_ssl:
                self._encrypt(talk)
            if self.user and self.password:
                talk.login(self.user, self.password)
            talk.ehlo_or_helo_if_needed()
            if deadline.has_cut:
                raise TooSlow(f"it took longer than {LETTER_SECONDS:g} seconds")
        except BaseException:
            talk.close()
            raise
        return talk

    def _encrypt(self, talk: Talk) -> None:
        """Encrypt from here on, wherever the server offers it. Whom we talk to is proved where that matters.

        A password never travels in the open or to a stranger, and `smtp+starttls://` asks for the same for all mail;
        otherwise a certificate that proves nothing is better than none (RFC 7435).
        """
        must = self.must_encrypt or bool(self.user and self.password)
        if must or talk.has_extn("starttls"):
            talk.starttls(context=ssl.create_default_context() if must else _unproved())

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


def _broken_off(error: BaseException, *, has_all: bool) -> NotTaken:
    """What it means that a talk about a letter ended like this."""
    if has_all:
        return NeverAnswered("The mail server had the whole email and hung up before it said that it takes it.")
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return Doubtful("The mail server hung up in the middle of this email.")
    if isinstance(error, smtplib.SMTPException | ValueError):
        return FailedForNow(f"The mail server cannot be told of it: {error}.")
    return ServerAway(f"The mail server does not answer: {error}.")


_KINDS: dict[AnswerMeaning, type[NotTaken]] = {
    AnswerMeaning.NOBODY: RefusedForGood,
    AnswerMeaning.DOUBTFUL: Doubtful,
    AnswerMeaning.LATER: FailedForNow,
    AnswerMeaning.CLOSING: ServerAway,
}


def _not_taken(code: int, answer: bytes | str, *, of_content: bool = False) -> NotTaken:
    words = _text(answer)
    return _KINDS[meaning_of(code, words, of_content=of_content)](f"The mail server answered {code}: {words}")


def _unproved() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _said(refused: smtplib.SMTPResponseException) -> str:
    return f"It answered {refused.smtp_code}: {_text(refused.smtp_error)}"


def _text(answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:LONGEST_ANSWER]
