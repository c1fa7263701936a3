"""The letters that carry a briefing, correct it and take it back; and the link by which a lead answers.

All but the nameless one begin their key with `briefing:<id>:`, so that an embargo or a recall finds every one of them.
No letter tells us that it was opened: no pixel, and no address of its own for each reader but the lead's.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from briefings.distribution.rules import LIST_NAME, Drawn, said_readers
from briefings.writing.models import BriefingVersion
from briefings.writing.shapes.letters import letter_of
from lms.frame.links import SignedLink, pair_of, row_number
from lms.frame.work import Work
from lms.kit.letters import Copy, ForMany
from lms.kit.words import long_date

NO_SUCH_LINK = "This link does not work. Open it from our newest email, or ask the training team."
ANSWER = SignedLink("briefings.cascade.answer", pair_of(row_number, row_number), NO_SUCH_LINK)


def answer_token(work: Work, briefing_id: int, person_id: int) -> str:
    """What makes a link open one briefing for one agency lead, for as long as they lead the agency and it is out."""
    return ANSWER.sign(work.site.settings, (briefing_id, person_id))


def read_answer_token(work: Work, token: str) -> tuple[int, int]:
    """The briefing and the lead of a link. Raises NotFound for one that we did not sign."""
    return ANSWER.read(work.site.settings, token)


def briefing_letter(work: Work, version: BriefingVersion) -> ForMany:
    """The briefing itself, which people may choose not to get."""
    return ForMany(
        kind="briefings.briefing",
        key=f"briefing:{version.briefing_id}:copy:{version.id}",
        context={"briefing": _said(work, version)},
        list_name=LIST_NAME,
        can_wait=True,
    )


def lead_letter(work: Work, version: BriefingVersion, answer_by: str, occurrence: int) -> ForMany:
    """The briefing, and the question what the teams of an agency did with it. It comes with the role."""
    return ForMany(
        kind="briefings.cascade",
        key=f"briefing:{version.briefing_id}:cascade:{version.id}:{occurrence}",
        context={"briefing": _said(work, version), "answer_by": answer_by},
        fills=frozenset({"agencies", "answer_token"}),
        can_wait=True,
    )


def reminder_letter(version: BriefingVersion, number: int) -> ForMany:
    """The question alone: to a lead who has the briefing (0), and to the silent (1, 2, 3)."""
    return ForMany(
        kind="briefings.cascade_reminder",
        key=f"briefing:{version.briefing_id}:reminder:{version.id}:{number}",
        context={"title": version.title, "is_first": number == 0, "is_last": number >= 3},
        fills=frozenset({"agencies", "answer_token"}),
        can_wait=True,
    )


def correction_letter(work: Work, version: BriefingVersion) -> ForMany:
    """A new version, to those who got an old one: what is different, and all of it."""
    return ForMany(
        kind="briefings.correction",
        key=f"briefing:{version.briefing_id}:correction:{version.id}",
        context={"briefing": _said(work, version), "correction": version.correction},
        can_wait=True,
    )


def recall_letter(version: BriefingVersion, reason: str) -> ForMany:
    """It is taken back: to those who got it."""
    return ForMany(
        kind="briefings.recalled",
        key=f"briefing:{version.briefing_id}:recall:{version.id}",
        context={"title": version.title, "reason": reason, "number": version.briefing_id, "out_on": _out_on(version)},
    )


def nameless_recall_letter(version: BriefingVersion) -> ForMany:
    """The same under an embargo: neither what it was called nor why."""
    return ForMany(
        kind="briefings.recalled",
        key=f"nameless:{version.briefing_id}:recall:{version.id}",
        context={"title": "", "reason": "", "number": version.briefing_id, "out_on": _out_on(version)},
    )


def copies(name: str, version: BriefingVersion, mailboxes: Iterable[Sequence[Drawn]]) -> Iterator[Copy]:
    """A copy for each person, or for each address that several share."""
    for readers in mailboxes:
        yield copy_for(name, version, readers)


def copy_for(name: str, version: BriefingVersion, readers: Sequence[Drawn]) -> Copy:
    """One copy. Its key says for whom, so that it is never written twice."""
    key = copy_key(name, version, readers)
    if len(readers) == 1:
        return Copy(key=key, person_id=readers[0].id)
    return Copy(key=key, to_name=said_readers(readers), to_address=readers[0].email)


def copy_key(name: str, version: BriefingVersion, readers: Sequence[Drawn]) -> str:
    """`briefings.briefing:<person>:<briefing>:<version>`; a mailbox that is shared stands for its readers."""
    who = str(readers[0].id)
    if len(readers) > 1:
        who = f"mailbox-{hashlib.sha256(readers[0].email.encode()).hexdigest()[:20]}"
    return f"briefings.{name}:{who}:{version.briefing_id}:{version.id}"


def _said(work: Work, version: BriefingVersion) -> dict[str, Any]:
    return letter_of(work.session, version.id, work.site.settings.base_url)


def _out_on(version: BriefingVersion) -> str:
    return long_date(version.published_at) if version.published_at else ""
