"""The life of a thing as one table: what can be done to it when, what comes of it, and the words when not. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

from lms.kit.errors import Conflict, Reason

State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True)
class Step(Generic[State]):
    """One thing that somebody does to it, or that time does.

    `leads`: from each state in which it can be done to what it can be afterwards; to nothing else when it stays as it
    is. `before_start`: of these states only until the thing has started. `refused` and `too_late` are sentences, in
    which `{state}` says how it stands; `refused_in` has other words for some states. `reason` and `late_reason` are
    what other systems are told.
    """

    name: str
    by: str
    leads: Mapping[State, frozenset[State]]
    refused: str
    before_start: frozenset[State] = frozenset()
    too_late: str = ""
    refused_in: Mapping[State, str] = field(default_factory=dict)
    reason: Reason | None = None
    late_reason: Reason | None = None

    def is_open(self, state: State, *, has_started: bool = False) -> bool:
        """Whether it can be done now."""
        return state in self.leads and not (has_started and state in self.before_start)

    def check(self, state: State, *, has_started: bool = False) -> None:
        """Raises Conflict with the words for what cannot be done now."""
        if state not in self.leads:
            raise Conflict(self.refused_in.get(state, self.refused).format(state=said(state)), reason=self.reason)
        if has_started and state in self.before_start:
            words = self.too_late or self.refused.format(state=said(state))
            raise Conflict(words, reason=self.late_reason or self.reason)


def said(state: StrEnum) -> str:
    """A state in the middle of a sentence: awaiting manager."""
    return state.value.replace("_", " ")


def each_to(out_of: Collection[State], *into: State) -> dict[State, frozenset[State]]:
    """Out of each of these states into those; into none, it stays as it is."""
    return {state: frozenset(into) for state in out_of}


@dataclass(frozen=True)
class Life(Generic[State]):
    """All steps of one kind of thing. `begins`: what it can be at first."""

    begins: frozenset[State]
    steps: tuple[Step[State], ...]

    @cached_property
    def following(self) -> dict[State, frozenset[State]]:
        """What can come after each state that a step leads out of."""
        found: dict[State, frozenset[State]] = {}
        for step in self.steps:
            for state, into in step.leads.items():
                found[state] = found.get(state, frozenset()) | into
        return found

    def check_can_become(self, state: State | None, following: State) -> None:
        """Refuse in words what no step leads to. `state` is None for something new."""
        if state is None:
            if following not in self.begins:
                raise Conflict(f"Nothing begins as {said(following)}.")
        elif state is not following and following not in self.following.get(state, frozenset()):
            raise Conflict(f"This is {said(state)}, so it cannot become {said(following)}. Check it again.")

    def open_steps(self, state: State, *, has_started: bool = False) -> frozenset[str]:
        """The names of what can be done now, for the page that offers it."""
        return frozenset(step.name for step in self.steps if step.is_open(state, has_started=has_started))

    def as_table(self) -> Iterator[str]:
        """The life as a table in Markdown: one line a step and outcome."""
        yield "| step | by | from | to |"
        yield "|---|---|---|---|"
        for step in self.steps:
            if len(step.leads) > 1 and all(into == frozenset(step.leads) for into in step.leads.values()):
                yield f"| {step.name} | {step.by} | {_come_from(step, list(step.leads))} | another of these |"
                continue
            together: dict[frozenset[State], list[State]] = {}
            for state, into in sorted(step.leads.items(), key=lambda lead: _turn(lead[0])):
                together.setdefault(into - {state}, []).append(state)
            for into, states in together.items():
                yield f"| {step.name} | {step.by} | {_come_from(step, states)} | {_goes_to(into)} |"


def _turn(state: StrEnum) -> int:
    return list(type(state)).index(state)


def _come_from(step: Step[State], states: Collection[State]) -> str:
    limited = step.before_start.intersection(states)
    if limited == set(states):
        return ", ".join(map(said, states)) + "; before the start"
    return ", ".join(said(state) + (" (before the start)" if state in limited else "") for state in states)


def _goes_to(into: Collection[StrEnum]) -> str:
    return " or ".join(said(each) for each in sorted(into, key=_turn)) or "stays"
