"""Who let other systems in. What is kept of a fact on its way are numbers, never words about a person."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lms.api.tokens.models import ApiToken
from lms.api.webhooks.models import Webhook
from lms.frame.plugins import PersonalData
from lms.frame.work import Work


def _export(work: Work, person_id: int) -> Mapping[str, Any]:
    tokens = sa.select(ApiToken).where(ApiToken.created_by_id == person_id).order_by(ApiToken.id)
    hooks = sa.select(Webhook).where(Webhook.created_by_id == person_id).order_by(Webhook.id)
    return {
        "Systems that you let in": [
            {"Name": each.name, "When": each.created_at.isoformat()} for each in work.session.scalars(tokens)
        ],
        "Addresses that you had facts sent to": [
            {"Address": each.url, "When": each.created_at.isoformat()} for each in work.session.scalars(hooks)
        ],
    }


def _erase(work: Work, person_id: int) -> None:
    """Nothing but a number says who let a system in, and the person behind it has no name any more."""


PERSONAL_DATA = PersonalData(tables=("api_token", "webhook"), export=_export, erase=_erase)
