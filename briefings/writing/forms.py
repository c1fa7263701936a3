"""What a writer types. Bodies are Markdown: a toolbar helps where scripts run, its signs can be typed without."""

from typing import Any

from wtforms import FieldList, FormField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, Optional

from briefings.writing.models import BriefingVersion
from briefings.writing.rules import SHAPES, BriefingKind, Part, parts_of, questions_of
from briefings.writing.shapes.rules import Source
from briefings.writing.written import VersionWritten
from lms.frame.fields import HiddenField, RadioField, SelectChoice, StringField, TextAreaField, TicksField, choices_of
from lms.frame.web import Form

ABOUT = {
    BriefingKind.SEVEN_MINUTE: "Seven parts and questions for a team, at most 1,400 words.",
    BriefingKind.LEARNING_NOTE: "What was seen and what to do, at most 700 words.",
    BriefingKind.ONE_PAGE: "A change of practice or procedure on one page, at most 600 words.",
    BriefingKind.NEWSLETTER_ITEM: "A few sentences for a newsletter, at most 200 words.",
}


class BeginBriefingForm(Form):
    """Begin a briefing, empty or from a text that was written elsewhere."""

    kind = RadioField(
        "What do you want to write?",
        coerce=BriefingKind,
        default=BriefingKind.SEVEN_MINUTE,
        choices=[SelectChoice(kind.value, shape.name, {"hint": ABOUT[kind]}) for kind, shape in SHAPES.items()],
    )
    title = StringField("Title", [InputRequired("Enter a title.")])
    text = TextAreaField(
        "Paste a text",
        [Optional(), Length(max=30_000, message="Paste at most 30,000 characters.")],
        description="Use this if it is already written. Put ## before the heading of each part. You can change it "
        "later.",
    )

    @property
    def written(self) -> VersionWritten:
        """The parts that were pasted, in their order, then the usual ones that are missing; or only the usual ones."""
        titles = SHAPES[self.kind.data].titles
        pasted = parts_of(self.text.data)
        parts = [*pasted, *(Part(title, "") for title in titles[len(pasted) :])]
        return VersionWritten(title=self.title.data, parts=tuple(parts))


class PartForm(PlainForm):
    """One part."""

    title = StringField("Heading")
    body = TextAreaField("Words", [Length(max=12_000, message="Shorten this part to 12,000 characters.")])


class VersionForm(Form):
    """A version, all of it on one page."""

    title = StringField("Title", [InputRequired("Enter a title.")])
    summary = StringField(
        "In one sentence", [Optional(), Length(max=240, message="Shorten this to 240 characters.")],
        description="Shown under the title, in lists and in emails.",
    )  # fmt: skip
    parts = FieldList(FormField(PartForm), label="Parts")
    questions = TextAreaField(
        "Questions for the team",
        [Length(max=4000, message="Shorten the questions to 4,000 characters.")],
        description="One on each line, at least three. Good questions ask about the team’s own cases.",
    )
    point_ids = TicksField("Which learning is it about?", coerce=int)
    is_public = RadioField(
        "Who may read it?",
        choices=choices_of([("yes", "Everyone"), ("no", "People who sign in")]),
        default="yes",
    )
    correction = StringField(
        "What has changed since the last version?",
        [Optional(), Length(max=400, message="Shorten this to 400 characters.")],
        description="We tell people who got the last version.",
    )
    edition = HiddenField(default="1")

    def offer(self, points: list[tuple[int, str]]) -> "VersionForm":
        self.point_ids.choices = choices_of(points)
        return self

    @property
    def written(self) -> VersionWritten:
        edition = self.edition.data
        return VersionWritten(
            title=self.title.data,
            summary=self.summary.data,
            parts=tuple(Part(each.data["title"] or "", each.data["body"] or "") for each in self.parts.entries),
            questions=tuple(questions_of(self.questions.data)),
            point_ids=tuple(self.point_ids.data or ()),
            is_public=self.is_public.data != "no",
            correction=self.correction.data,
            edition=int(edition) if edition.isascii() and edition.isdigit() else 0,
        )

    def source(self, kind: BriefingKind, number: int) -> Source:
        """What is typed, to be measured before it is saved."""
        written = self.written
        return Source(kind, number, written.title, written.summary, written.parts, written.questions)


def as_typed(version: BriefingVersion) -> dict[str, Any]:
    """A version as the form shows it."""
    return {
        "title": version.title,
        "summary": version.summary,
        "parts": [{"title": part.title, "body": part.body} for part in version.parts],
        "questions": "\n".join(version.questions),
        "point_ids": [point.id for point in version.points],
        "is_public": "yes" if version.is_public else "no",
        "correction": version.correction,
        "edition": str(version.edition),
    }
