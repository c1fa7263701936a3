"""Sealing what was written since, line after line."""

import secrets

from lms.audit.chain.models import AuditSeal
from lms.audit.chain.queries import last_seal, line_of, unsealed
from lms.audit.chain.rules import BEGINNING, seal_hash
from lms.frame.work import Work

AT_A_TIME = 1000


def seal_lines(work: Work, *, limit: int = AT_A_TIME) -> int:
    """Seal the next lines in the order of their numbers; how many there were.

    Never in the transaction that wrote them: everybody would wait for the end of the chain. Two who seal at once would
    give the same number, which the database refuses the second.
    """
    last = last_seal(work.session)
    before, number = (last.hash, last.number) if last is not None else (BEGINNING, 0)
    entries = unsealed(work.session, limit)
    for number, entry in enumerate(entries, start=number + 1):  # noqa: B020  (counted on)
        line, salt = line_of(entry), secrets.token_hex(16)
        digests = line.facts_digest, line.words_digest(salt)
        before = seal_hash(before, number, (line.entry_id, line.at), digests)
        seal = AuditSeal(number=number, entry_id=entry.id, at=entry.at, salt=salt, hash=before)
        seal.facts_digest, seal.words_digest = digests
        work.session.add(seal)
    work.session.flush()
    return len(entries)
