"""The worker that carries out jobs and delivers mail."""

from lms.settings import Settings


def wake_mail(settings: Settings) -> None:
    """Tell the worker that there is mail to deliver now."""
