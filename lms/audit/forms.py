"""What the audit is filtered by."""

from datetime import date

from wtforms import Form
from wtforms.widgets import DateInput

from lms.audit.queries import AuditSearch
from lms.frame.fields import SelectChoice, SelectField, StringField


class AuditFilters(Form):
    """Sent by GET, so that a filtered page has an address."""

    words = StringField("What, or who did it")
    person = StringField("About", description="Name or reference")
    record_type = SelectField("Record", choices=[SelectChoice("", "All")], validate_choice=False)
    record_id = StringField("Its number")
    from_day = StringField("From", widget=DateInput())
    to_day = StringField("To", widget=DateInput())

    def offer_records(self, types: list[str]) -> None:
        """The types of record that there are."""
        self.record_type.choices = [
            SelectChoice("", "All"),
            *(SelectChoice(each, record_words(each)) for each in types),
        ]

    def wanted(self, person_id: int | None) -> AuditSearch:
        """What is asked for. What is no date is left out."""
        return AuditSearch(
            words=self.words.data,
            person=self.person.data,
            person_id=person_id,
            record_type=self.record_type.data,
            record_id=(self.record_id.data).strip(),
            from_day=_day(self.from_day.data),
            to_day=_day(self.to_day.data),
        )


def record_words(record_type: str) -> str:
    """RoleGrant reads "role grant"."""
    return "".join(f" {each.lower()}" if each.isupper() else each for each in record_type).strip()


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
