"""The thread of a learning point, and how a plugin adds a step to it.

A plugin's panel at `PLACE` is given the learning point's id and answers `thread_panel(ThreadStep(...), template, ...)`.
The page draws the line, the knot, the number, the step's name and its heading; the template draws what stands under
them, with the context that was given. Steps stand in the order of `position`; ours are 10 (where it began), 20 (what
should change), 25 (who acts on it), 70 (what changed) and 90 (where the thread is thin).

* `figure` and `figure_words` are the step's place in the strand on top: "3", "courses cover it". Without a figure the
  step is left out of the strand.
* A step with the anchor of another ("changed") stands inside that one, side by side, and adds nothing to the strand.
* `gaps` and `next_dates` of all panels are gathered in the last step.
* A panel answers None when it has nothing to say to this reader. It is only asked about points that the reader sees;
  whatever else it shows, it answers for itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from lms.frame.plugins import PanelContent

PLACE = "reviews.learning_point"


@dataclass(frozen=True)
class Gap:
    """Where there are gaps: "Police: 21 of 165 people reached", and a link to do something about it."""

    words: str
    url: str = ""
    link_words: str = ""


@dataclass(frozen=True)
class NextDate:
    """A coming event: "Thu 9 Apr 2026", its title and place, places left and how full it is in per cent."""

    day: str
    words: str
    url: str = ""
    places: str = ""
    per_cent: float | None = None


@dataclass(frozen=True)
class ThreadStep:
    """What the page needs to know of a step. `strands` is 1 to 3: how many courses carry it from here on."""

    anchor: str
    position: int
    step: str
    heading: str
    figure: str = ""
    figure_words: str = ""
    strands: int = 1
    is_thin: bool = False
    gaps: tuple[Gap, ...] = ()
    next_dates: tuple[NextDate, ...] = ()


class DrawnPanel(Protocol):
    """A panel as the page has it: with its context, and drawn (`html`)."""

    @property
    def context(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class DrawnStep:
    """A step with the panels inside it."""

    about: ThreadStep
    panels: tuple[DrawnPanel, ...] = field(default=())


def thread_panel(step: ThreadStep, template: str, **context: Any) -> PanelContent:
    """What a panel at `PLACE` answers."""
    return PanelContent(template, {**context, "thread": step})


OF_NO_STEP = ThreadStep("more", position=80, step="And more", heading="What else is known about this")
"""Where a panel stands that carries no step: one of a plugin that does not know of threads, or one that failed."""


def drawn_steps(panels: Iterable[DrawnPanel]) -> list[DrawnStep]:
    """The steps in their order, those with the same anchor together."""
    steps: dict[str, DrawnStep] = {}
    for panel in sorted(panels, key=lambda each: _step(each).position):
        about = _step(panel)
        there = steps.get(about.anchor)
        if there is None:
            steps[about.anchor] = DrawnStep(about, (panel,))
        else:
            steps[about.anchor] = replace(there, panels=(*there.panels, panel))
    return list(steps.values())


def _step(panel: DrawnPanel) -> ThreadStep:
    found: ThreadStep = panel.context.get("thread", OF_NO_STEP)
    return found


def gaps_and_dates(steps: Iterable[DrawnStep]) -> tuple[list[Gap], list[NextDate]]:
    """What the last step gathers from all panels."""
    about = [_step(panel) for step in steps for panel in step.panels]
    return [gap for each in about for gap in each.gaps], [day for each in about for day in each.next_dates]
