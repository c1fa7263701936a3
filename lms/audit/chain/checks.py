"""Whether the audit is as it was sealed, for `lms check`."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from lms.audit.chain.models import AuditSeal
from lms.audit.chain.queries import chain, left_unsealed, line_of
from lms.audit.chain.rules import BEGINNING, seal_hash
from lms.audit.models import AuditEntry
from lms.frame.work import Work
from lms.kit.words import moment
from lms.policies.queries import terms_of, versions
from lms.retention.queries import past

ERASED = "person erased"
"""The line that an erasure writes, at the very moment at which it took words away."""


def broken_seals(work: Work) -> Iterator[str]:
    """Every sealed line is as it was; only words are gone with a person who was erased, and lines past their time."""
    erasures = set(work.session.scalars(sa.select(AuditEntry.at).where(AuditEntry.event == ERASED)))
    kept_since = _kept_since(work)
    before, number = BEGINNING, 0
    for seal, entry in chain(work.session):
        if seal.number != number + 1:
            yield f"The chain of the audit lacks the seals from {number + 1} to {seal.number - 1}."
        elif seal.hash != _hash(seal, before):
            yield f"{_line(seal)}: its seal was changed."
        elif entry is None:
            if seal.at >= kept_since:
                yield f"{_line(seal)}: it was deleted before its time."
        elif why := _changed(seal, entry, erasures, kept_since):
            yield f"{_line(seal)}: {why}"
        before, number = seal.hash, seal.number
    for entry_id in left_unsealed(work.session):
        yield f"Line {entry_id} of the audit was never sealed: it came in later, under an earlier number."


def _kept_since(work: Work) -> datetime:
    """Lines of before that may have gone in time, by the shortest time that any version of the policy named."""
    years = min((terms_of(version).records_kept_years for version in versions(work.session)), default=1)
    return past(work.now, months=12 * years)


def _hash(seal: AuditSeal, before: str) -> str:
    return seal_hash(before, seal.number, (seal.entry_id, seal.at), (seal.facts_digest, seal.words_digest))


def _line(seal: AuditSeal) -> str:
    return f"Line {seal.entry_id} of the audit, of {moment(seal.at)}"


def _changed(seal: AuditSeal, entry: AuditEntry, erasures: set[datetime], kept_since: datetime) -> str:
    line = line_of(entry)
    if line.at != seal.at or line.facts_digest != seal.facts_digest:
        return "it was changed."
    if seal.salt is not None and line.words_digest(seal.salt) != seal.words_digest:
        return "its words were changed."
    gone = seal.words_gone_at
    if gone is not None and gone >= kept_since and gone not in erasures:
        return "its words are gone, and no one was erased at that moment."
    return ""
