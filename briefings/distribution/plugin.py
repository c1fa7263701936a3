"""What sending briefings adds to the plugin."""

from lms.plugins import MailingList

LIST = MailingList(
    "briefings.briefings", "7-minute briefings", "What reviews taught us, on one page, some times a year."
)
