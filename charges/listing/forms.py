"""The filters of the list of charges."""

from charges.listing.queries import STAGES, ChargeSearch
from lms.frame.fields import SearchField, SelectField, choices_of
from lms.frame.web import Form


class FilterForm(Form):
    """Which charges to show; it is sent by a GET, so that a view has an address."""

    class Meta:
        csrf = False

    stage = SelectField(
        "Stage", default="decide", choices=choices_of([(stage, words) for stage, (words, _) in STAGES.items()])
    )
    agency = SelectField("Agency", default="", choices=[], validate_choice=False)
    q = SearchField("Person or agency")

    def offer(self, agencies: list[tuple[int, str]]) -> "FilterForm":
        """The agencies that have a charge."""
        self.agency.choices = choices_of([(str(each), name) for each, name in agencies], ("", "All agencies"))
        return self

    @property
    def wanted(self) -> ChargeSearch:
        """What was chosen; anything that makes no sense counts as not chosen."""
        agency = self.agency.data
        return ChargeSearch(
            stage=self.stage.data if self.stage.data in STAGES else "decide",
            agency_id=int(agency) if agency.isascii() and agency.isdigit() and len(agency) < 10 else None,
            words=(self.q.data)[:100],
        )
