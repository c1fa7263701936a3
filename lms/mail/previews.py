"""How a letter reads in the office: before it goes, afterwards, and when its words cannot be put together."""

from dataclasses import dataclass

from lms.mail.queries import LetterRow
from lms.mail.rendering import Renderer

NOT_SHOWN = "Not shown: this email holds a code"
FORGOTTEN = "No longer kept"
BROKEN = "Cannot be put together"


@dataclass(frozen=True)
class Preview:
    """The text of a letter as it goes, or would go now. `is_shown` is false for a secret or broken one."""

    subject: str
    text: str
    is_shown: bool


def subject_of(renderer: Renderer, letter: LetterRow) -> str:
    """The subject that was sent, or the one it would have now."""
    if letter.is_secret:
        return NOT_SHOWN
    if letter.is_forgotten:
        return FORGOTTEN
    if letter.subject:
        return letter.subject
    try:
        return renderer.subject(letter.kind, letter.context, letter.name)
    except Exception as error:  # a broken template must not hide the rest of the outbox
        return f"{BROKEN}: {error}"


def preview(renderer: Renderer, letter: LetterRow) -> Preview:
    """The letter's subject and text."""
    subject = subject_of(renderer, letter)
    if letter.is_secret or letter.is_forgotten:
        return Preview(subject, "", is_shown=False)
    try:
        return Preview(subject, renderer.words(letter.kind, letter.context, letter.name).text, is_shown=True)
    except Exception as error:
        return Preview(subject, f"{BROKEN}: {error}", is_shown=False)
