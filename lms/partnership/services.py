"""Founding and describing the partnership."""

from collections.abc import Mapping

from lms.partnership.models import Partnership
from lms.partnership.rules import check_brand, clean_colour
from lms.people.rules import clean_address
from lms.work import Work

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
    values = {name: typed[name].strip() for name in PLAIN}
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
