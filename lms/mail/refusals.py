"""Letters that the mail server refused one after the other: is it about them, or about the server?

Each is recorded at once by itself. When the next letter is taken, the refusals stay with their letters; when so many
were refused in a row that it must be the server's own trouble, all of them are as if they had not been tried.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from lms.frame.db import writing
from lms.mail.answers import IN_A_ROW, AnswerMeaning
from lms.mail.claiming import LetterClaim
from lms.mail.models import OutboxLetter
from lms.mail.rules import DOUBT_WAITS, LetterState, try_again_at


@dataclass(frozen=True)
class Refusal:
    """What a letter was refused with, and what was in it: a code is wiped when its letter ends."""

    meaning: AnswerMeaning
    words: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass
class RefusedInARow:
    """The letters of one round that were refused since the last that was taken."""

    engine: Engine
    _since: list[Sequence[tuple[LetterClaim, Refusal]]] = field(default_factory=list)
    _has_taken: bool = False

    def one_was_taken(self, now: datetime) -> None:
        """So the server is well, and what it refused it refused for the letters' sake."""
        self._has_taken = True
        self._settle(now)

    def is_the_servers(self, refused: Sequence[tuple[LetterClaim, Refusal]], now: datetime) -> bool:
        """Add one, by its lines. True when it must be the server's own trouble; then none of them has been tried."""
        self._since.append(refused)
        meaning = refused[0][1].meaning
        alike = sum(lines[0][1].meaning is meaning for lines in self._since)
        if alike < IN_A_ROW[meaning]:
            return False
        self._take_back(now)
        return True

    def end(self, now: datetime) -> None:
        """Nothing more is sent. What was refused last, after others were taken, was refused for its own sake."""
        if self._has_taken:
            self._settle(now)

    def _settle(self, now: datetime) -> None:
        doubtful = [claim for claim, refusal in chain(*self._since) if refusal.meaning is AnswerMeaning.DOUBTFUL]
        self._since.clear()
        for claim in doubtful:
            retry_at = try_again_at(claim.tries, now)
            state = LetterState.WAITING if retry_at is not None else LetterState.GIVEN_UP
            counted = {"tries": claim.tries, "retry_at": retry_at, "state": state}
            self._write(claim, counted, OutboxLetter.tries == claim.tries - 1)

    def _take_back(self, now: datetime) -> None:
        for claim, refusal in chain(*self._since):
            if refusal.meaning is AnswerMeaning.UNANSWERED:
                continue  # it may have arrived
            waits = {
                "state": LetterState.WAITING,
                "tries": claim.tries - 1,
                "retry_at": now + DOUBT_WAITS,
                "context": refusal.context,
            }
            self._write(claim, waits, OutboxLetter.tries.in_((claim.tries - 1, claim.tries)))
        self._since.clear()

    def _write(self, claim: LetterClaim, values: dict[str, Any], as_it_was: sa.ColumnElement[bool]) -> None:
        """Unless somebody has it in hand, or decided something about it, since."""
        ended = (LetterState.WAITING, LetterState.REFUSED, LetterState.GIVEN_UP)
        with writing(self.engine) as session:
            session.execute(
                sa.update(OutboxLetter)
                .where(OutboxLetter.id == claim.id, OutboxLetter.state.in_(ended), as_it_was)
                .values(values)
            )
