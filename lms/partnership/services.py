"""Founding and describing the partnership."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from lms.frame.work import Work
from lms.kit.addresses import clean_address
from lms.kit.errors import Invalid
from lms.kit.names import read_name
from lms.kit.telephones import clean_telephone
from lms.kit.working_days import london_date
from lms.partnership.models import Partnership
from lms.partnership.rules import check_brand, clean_colour

COLOURS = ("brand", "brand_dark", "brand_mid", "brand_tint")
PLAIN = (
    "short_name",
    "rest_of_name",
    "host_authority",
    "team_name",
    "team_phone",
    "front_door_name",
    "front_door_phone",
    "ref_prefix",
)


@dataclass(frozen=True)
class Statements:
    """What the privacy notice and the accessibility statement say of this partnership."""

    dpo_name: str = ""
    dpo_email: str = ""
    ico_number: str = ""
    privacy_more: str = ""
    accessibility_problems: str = ""
    accessibility_tested: str = ""
    accessibility_tested_on: date | None = None


def found_partnership(work: Work) -> Partnership:
    """The partnership's row, made with a plain name when it is not there yet."""
    found = work.session.get(Partnership, 1)
    if found is None:
        found = Partnership(short_name="Safeguarding", rest_of_name="Children Partnership")
        work.session.add(found)
        work.record("partnership founded", found)
    return found


def describe_partnership(work: Work, typed: Mapping[str, str]) -> Partnership:
    """Change names, addresses and colours. Colours that could not be read are refused."""
    partnership = found_partnership(work)
    values = {name: read_name(typed[name], field=name) for name in PLAIN}
    values |= {name: clean_telephone(values[name], field=name) for name in ("team_phone", "front_door_phone")}
    values["team_email"] = clean_address(typed["team_email"], field="team_email")
    colours = {name: clean_colour(typed[name], field=name) for name in COLOURS}
    check_brand(**colours)
    values |= colours
    before = {name: getattr(partnership, name) for name in values if getattr(partnership, name) != values[name]}
    for name, value in values.items():
        setattr(partnership, name, value)
    if before:
        work.record("partnership changed", partnership, before=before)
    return partnership


def write_statements(work: Work, said: Statements) -> Partnership:
    """Change the statements, and note the day. Raises Invalid for a test that is still to come or has no tester."""
    partnership, today = found_partnership(work), london_date(work.now)
    tested_on = said.accessibility_tested_on
    if tested_on is not None and tested_on > today:
        raise Invalid("This date is in the future. Add it after the test.", field="accessibility_tested_on")
    if bool(said.accessibility_tested.strip()) != (tested_on is not None):
        field = "accessibility_tested" if tested_on else "accessibility_tested_on"
        raise Invalid("Enter both who tested it and when, or neither.", field=field)
    values = {
        name: value.replace("\r\n", "\n").strip() if isinstance(value, str) else value
        for name, value in asdict(said).items()
    }
    values["dpo_name"] = read_name(said.dpo_name, field="dpo_name")
    values["dpo_email"] = clean_address(said.dpo_email, field="dpo_email")
    changed = [name for name, value in values.items() if getattr(partnership, name) != value]
    for name in changed:
        setattr(partnership, name, values[name])
    if changed:
        partnership.statements_changed_on = today
        work.record("statements changed", partnership, changed=changed)
    return partnership
