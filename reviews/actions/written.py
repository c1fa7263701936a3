"""What is written of recommendations and actions, between their forms and the services that keep them."""

from dataclasses import dataclass
from datetime import date

from reviews.actions.rules import Response


@dataclass(frozen=True)
class Recommended:
    """What is written of a recommendation. `point_ref` names the learning point that it follows from, if one."""

    text: str
    response: Response = Response.CONSIDERED
    not_accepted_reason: str = ""
    point_ref: str = ""


@dataclass(frozen=True)
class Owed:
    """What is written of an action: what, by which agency, by whom, by when."""

    text: str
    agency_id: int | None
    owner_ref: str
    due_on: date | None
