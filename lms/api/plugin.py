"""What the API adds to the site: its tokens, and what it keeps. The routes are made from the plugins' operations."""

from datetime import time

from lms.access import Role
from lms.api.services import forget_answers
from lms.api.tokens.views import bp as tokens
from lms.plugins import Job, MenuItem, Permission, Plugin

PLUGIN = Plugin(
    name="api",
    title="For other systems",
    blueprints=(tokens,),
    permissions=(
        Permission(
            "api.manage_tokens",
            "let other systems in, and tell them facts",
            frozenset({Role.BUSINESS_MANAGER}),
            is_for_people=True,
        ),
    ),
    menu=(MenuItem("Other systems", "tokens.tokens", "api.manage_tokens", 95),),
    jobs=(
        Job(
            "api.forget_answers",
            "Forget what was answered to other systems a week ago",
            forget_answers,
            daily_at=time(3, 40),
        ),
    ),
)
