"""Reports of errors to a service that speaks Sentry's protocol, where LMS_ERROR_DSN names one: what failed and where.

Nothing of whoever asked goes there: no address, path, query, form, cookie or variable, and not the words of an error,
which may hold what somebody typed.
"""

from importlib.metadata import version
from typing import Any

from lms.frame.observed import observed_here
from lms.frame.settings import Settings

KEPT = ("event_id", "level", "logger", "platform", "timestamp", "release", "environment", "transaction", "sdk")
KEPT_OF_FRAMES = ("abs_path", "filename", "function", "lineno", "module", "in_app")


def start_error_reports(settings: Settings) -> None:
    """Send reports from here on. The library is loaded only where reports are wanted."""
    if not settings.error_dsn:
        return
    import sentry_sdk  # noqa: PLC0415  (see above)

    sentry_sdk.init(
        settings.error_dsn,
        release=version("golden-thread"),
        before_send=without_people,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        server_name="",
        traces_sample_rate=None,
        auto_session_tracking=False,
        send_client_reports=False,
    )


def without_people(event: Any, _hint: Any) -> Any:
    """What is left of a report: kinds of errors, places in the code, the view, and the request's id."""
    seen = observed_here()
    told = {name: event[name] for name in KEPT if name in event}
    told["tags"] = {"request_id": seen.id, "view": seen.view} if seen else {}
    told["exception"] = {"values": [_kind_and_places(each) for each in event.get("exception", {}).get("values", [])]}
    if seen:
        told["transaction"] = seen.view
    return told


def _kind_and_places(error: dict[str, Any]) -> dict[str, Any]:
    frames = (error.get("stacktrace") or {}).get("frames", [])
    places = [{name: frame[name] for name in KEPT_OF_FRAMES if name in frame} for frame in frames]
    return {"type": error.get("type"), "module": error.get("module"), "value": "", "stacktrace": {"frames": places}}
