"""How long an invitation lasts."""

from datetime import timedelta

INVITATION_LASTS = timedelta(days=14)
NOT_INVITED = (
    "Your role needs a second factor, and you set up the first one by invitation from a business manager. You have "
    "none that is open. Ask for one on this page."
)
