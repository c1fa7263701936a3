"""How the invented people of the demonstration answer."""

from dataclasses import dataclass
from random import Random
from typing import Any

from surveys.questions.rules import Answers
from surveys.stages.rules import Stage

WROTE = 0.34


PRACTICES = {
    "practice.check-what-i-see": (5.6, 1.9, 1.5),
    "practice.ask-again": (5.3, 2.1, 1.7),
    "practice.other-agency": (6.4, 0.9, -0.6),  # people meant it on the day, and fell back
    "practice.every-adult": (5.1, 2.4, 1.8),
}


KNOWN = {
    "knowledge.consent": (0.46, 0.72, ("yes", "consent", "court", "not-sure")),
    "case.bruise": (0.55, 0.81, ("today", "watch", "later", "nothing")),
}
"""The share who are right before and three months on, and the answers, the right one first."""
STRICTER = 0.8
"""By so much people put their start lower, looking back, than they had said."""
BESIDE = frozenset({*KNOWN, *(code.replace("practice", name) for code in PRACTICES for name in ("intend", "then"))})


OUTCOME = (5.5, 2.3, 1.4)


STEP = {Stage.BASELINE: 0, Stage.ON_THE_DAY: 1, Stage.IMPACT: 2}


@dataclass
class Voice:
    """How one person answers: their own level, which moves from one time to the next."""

    random: Random
    outcomes: int

    def __post_init__(self) -> None:
        self.own = self.random.gauss(0, 1.1)
        self.began: dict[str, int] = {}

    def number(self, start: float, on_day: float, later: float, step: int) -> int:
        moved = start + (0.0, on_day, later)[step] + self.own + self.random.gauss(0, 0.9)
        return min(10, max(1, round(moved)))

    def says(self, stage: Stage, said: dict[str, Any]) -> Answers:
        if stage is Stage.MANAGERS_VIEW:
            return self._manager(said)
        step = STEP[stage]
        answers: Answers = {
            "outcomes.confidence": {str(place): self.number(*OUTCOME, step) for place in range(1, self.outcomes + 1)},
            **self._practices(stage, step),
        }
        if stage is Stage.ON_THE_DAY:
            codes = ("day.relevant", "day.trainers", "day.recommend")
            answers |= {code: min(5, max(1, round(self.random.gauss(4.4, 0.7)))) for code in codes}
            answers |= self._words("day.will-do", said["will_do"]) | self._words("day.better", said["better"])
        if stage is Stage.IMPACT:
            answers |= self._impact(said)
        return answers

    def _practices(self, stage: Stage, step: int) -> Answers:
        """What they do now; on the day what they mean to do; three months on also where they were, looking back."""
        numbers = {code: self.number(*moves, step) for code, moves in PRACTICES.items()}
        if stage is Stage.ON_THE_DAY:
            return {code.replace("practice", "intend"): number for code, number in numbers.items()}
        if stage is Stage.BASELINE:
            self.began = numbers
            return {**numbers, **self._known(is_after=False)}
        then = {
            code.replace("practice", "then"): min(10, max(1, round(number - STRICTER + self.random.gauss(0, 0.6))))
            for code, number in self.began.items()
        }
        return {**numbers, **then, **self._known(is_after=True)}

    def _known(self, *, is_after: bool) -> Answers:
        return {
            code: right if self.random.random() < (after if is_after else before) else self.random.choice(wrong)
            for code, (before, after, (right, *wrong)) in KNOWN.items()
        }

    def _impact(self, said: dict[str, Any]) -> Answers:
        used = self.random.choices(["often", "once", "not-yet", "no"], [34, 41, 18, 7])[0]
        answers: Answers = {"impact.used": used, "impact.hindered": self._some(said["hindered"])}
        if used in ("often", "once"):
            answers["impact.difference"] = min(5, max(1, round(self.random.gauss(3.8, 0.8))))
            answers["impact.helped"] = self._some(said["helped"])
            answers |= self._words("impact.example", said["example"])
        return answers | self._words("impact.need", said["need"])

    def _manager(self, said: dict[str, Any]) -> Answers:
        change = self.random.choices(["clear", "some", "none", "cannot-say"], [22, 45, 14, 19])[0]
        answers: Answers = {
            "manager.change": change,
            "manager.discussed": self.random.choices(["yes", "no"], [58, 42])[0],
            "manager.hindered": self._some(said["managers_hindered"]),
        }
        if change in ("clear", "some"):
            answers["manager.results"] = min(5, max(1, round(self.random.gauss(3.6, 0.8))))
            answers |= self._words("manager.example", said["managers_example"])
        return answers

    def _some(self, weights: dict[str, float]) -> list[str]:
        return [value for value, weight in weights.items() if self.random.random() < weight] or ["nothing"]

    def _words(self, code: str, texts: list[str]) -> Answers:
        return {code: self.random.choice(texts)} if self.random.random() < WROTE else {}
