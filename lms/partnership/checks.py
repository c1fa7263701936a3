"""What must be true of the partnership's settings, for `lms check`."""

from collections.abc import Iterator

from lms.frame.work import Work
from lms.kit.names import shown_with_why
from lms.partnership.queries import the_partnership

NAMES = ("short_name", "rest_of_name", "host_authority", "team_name", "front_door_name", "dpo_name")


def names_that_nobody_has(work: Work) -> Iterator[str]:
    """Names from before there was a rule. They are sent cleaned; correct them in the settings."""
    partnership = the_partnership(work.session)
    for name in NAMES:
        if said := shown_with_why(getattr(partnership, name)):
            yield f"The partnership, {name} {said}"
