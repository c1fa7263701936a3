"""Moments as they are typed after an option."""

from datetime import datetime

import click

from lms.kit.errors import Invalid
from lms.kit.working_days import parse_wall


def read_moment(text: str, option: str) -> datetime:
    """2026-04-01T06:00 in London, or with an offset: 2026-04-01T06:00Z."""
    try:
        given = datetime.fromisoformat(text)
        return given if given.tzinfo else parse_wall(text if len(text) > 10 else f"{text}T00:00")
    except (ValueError, Invalid) as wrong:
        words = wrong.words if isinstance(wrong, Invalid) else f"{text} is not a moment. Enter 2026-04-01T06:00."
        raise click.BadParameter(words, param_hint=option) from wrong
