"""What is typed about evidence."""

from wtforms.validators import InputRequired, Optional

from lms.frame.fields import DayField, RadioField, SelectField, StringField, TextAreaField, WholeNumberField, choices_of
from lms.frame.web import Form
from reviews.evidence.written import EvidenceFound
from reviews.learning.rules import EvidenceKind, Verdict

KINDS = {
    EvidenceKind.AUDIT: "Audit",
    EvidenceKind.SURVEY: "Survey",
    EvidenceKind.OBSERVATION: "Observation of practice",
    EvidenceKind.DATA: "Data",
    EvidenceKind.OTHER: "Other",
}
VERDICTS = {
    Verdict.EMBEDDED: "It is embedded in practice",
    Verdict.PARTLY: "It has changed, but is not embedded yet",
    Verdict.NOT_YET: "It has not changed yet",
}


class EvidenceForm(Form):
    """What was looked at and what it showed."""

    kind = SelectField("How it was looked at", choices=choices_of([(k.value, w) for k, w in KINDS.items()]))
    title = StringField(
        "What it was", [InputRequired("Say what it was.")], description="Multi-agency audit, October 2025"
    )
    dated_on = DayField("Date of the evidence", [InputRequired("Enter the date of the evidence.")])
    finding = TextAreaField("What it found", [InputRequired("Say what it found.")])
    met = WholeNumberField(
        "How many met what was asked",
        [Optional()],
        description="31, of 40 files. Leave empty when nothing was counted.",
    )
    of_all = WholeNumberField("Of how many", [Optional()])
    verdict = RadioField(
        "What it shows",
        choices=choices_of([(v.value, w) for v, w in VERDICTS.items()]),
        validators=[InputRequired("Say what it shows.")],
    )

    @property
    def found(self) -> EvidenceFound:
        return EvidenceFound(
            kind=EvidenceKind(self.kind.data),
            title=self.title.data,
            dated_on=self.dated_on.day,
            finding=self.finding.data,
            verdict=Verdict(self.verdict.data),
            met=self.met.data,
            of_all=self.of_all.data,
        )
