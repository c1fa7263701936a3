"""Hearing the facts that services tell, where no plugin listens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lms.frame.work import Work


@dataclass
class Heard:
    """A site whose only listener writes down what it hears."""

    facts: list[object] = field(default_factory=list)

    def listeners_to(self, fact: object) -> tuple[Callable[[Work, object], None], ...]:
        return (lambda _work, told: self.facts.append(told),)

    def answer_to(self, question: object) -> None:
        """Nobody knows anything."""

    def setting(self, name: str) -> Any:
        raise KeyError(name)


def hearing(work: Work) -> Heard:
    """Let this Work's facts be heard."""
    heard = Heard()
    work.site = heard
    return heard
