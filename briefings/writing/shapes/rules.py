"""A version as all shapes take it: plain values, so that a draft that is not saved yet can be measured too. Pure."""

from dataclasses import dataclass

from briefings.text.rules import words_in
from briefings.writing.rules import QUESTIONS_PART, BriefingKind, Part


@dataclass(frozen=True)
class Source:
    """The one source. `questions` stand at the end of the part "Questions", or in a part of their own.

    `about` is the line of facts ("Version 2, 16 January 2025."); `number` is the briefing's, as in /b/12.
    """

    kind: BriefingKind
    number: int
    title: str
    summary: str
    parts: tuple[Part, ...]
    questions: tuple[str, ...]
    about: str = ""

    @property
    def sections(self) -> tuple["Section", ...]:
        """The parts that say something, numbered, with the questions in their place."""
        made: list[Section] = []
        is_seven = self.kind is BriefingKind.SEVEN_MINUTE
        for number, part in enumerate(self.parts, start=1):
            asks = self.questions if is_seven and number == QUESTIONS_PART else ()
            if is_seven or part.body.strip():
                made.append(Section(len(made) + 1, part.title, part.body, asks))
        if self.questions and not is_seven:
            made.append(Section(len(made) + 1, "Questions for your team", "", self.questions))
        return tuple(made)

    @property
    def words(self) -> int:
        """How many words are read: title, summary, headings, bodies and questions."""
        texts = (part.body for part in self.parts)
        plain = (self.title, self.summary, *self.questions, *(section.title for section in self.sections))
        return sum(map(words_in, texts)) + sum(len(each.split()) for each in plain)


@dataclass(frozen=True)
class Section:
    """A part as it is shown."""

    number: int
    title: str
    body: str
    questions: tuple[str, ...] = ()
