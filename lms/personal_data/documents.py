"""A copy of what is held about somebody, as JSON and as a page that needs nothing else."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from lms.kit.words import long_date, moment

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+]\d\d:\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def as_json(data: dict[str, Any]) -> str:
    """The copy as JSON."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def as_page(data: dict[str, Any], render: Callable[..., str]) -> str:
    """The copy as a page that needs nothing else, to be read or printed. `render` fills a template in."""
    return render("personal_data/copy.html", copy=readable(data))


def readable(value: Any) -> Any:
    """The same values, with moments and days as people read them."""
    if isinstance(value, dict):
        return {name: readable(each) for name, each in value.items()}
    if isinstance(value, list):
        return [readable(each) for each in value]
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return moment(datetime.fromisoformat(value))
    return long_date(date.fromisoformat(value)) if isinstance(value, str) and DAY.fullmatch(value) else value
