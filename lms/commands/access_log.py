"""The web server's log: what was asked for, never by whom. No address, no query, no secret that is part of a path."""

import re
from typing import Any

from gunicorn.glogging import Logger

from lms.frame.logs import WithRequest, formatter_of
from lms.frame.observed import HEADER, IN_ENVIRON, Observed
from lms.frame.settings import Settings

LINE = f"%(t)s %(m)s %(U)s %(s)s %(b)s bytes %(M)s ms %({{{HEADER.lower()}}}o)s"
PROBES = frozenset({"/health", "/health/ready", "/metrics"})
"""What programs ask all day, and nobody reads of."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{20,}")


class AccessLog(Logger):  # type: ignore[misc]
    """Gunicorn's own log, without people."""

    settings: Settings | None = None

    def setup(self, cfg: Any) -> None:
        """Gunicorn's own lines look as all others do."""
        super().setup(cfg)
        if self.settings is None or self.settings.log_format != "json":
            return
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(formatter_of(self.settings))
            handler.addFilter(WithRequest())

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """What a line may hold."""
        atoms: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return {**atoms, "U": _SECRET.sub("...", str(atoms.get("U", "")))}

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """A line for each request, but for those of programs that watch."""
        if environ.get("PATH_INFO") in PROBES:
            return
        if self.settings is None or self.settings.log_format != "json":
            super().access(resp, req, environ, request_time)
            return
        atoms, seen = self.atoms(resp, req, environ, request_time), environ.get(IN_ENVIRON)
        told = {"method": atoms["m"], "path": atoms["U"], "status": int(atoms["s"]), "bytes": atoms["B"]}
        self.access_log.info("request", extra={**told, "ms": round(request_time.total_seconds() * 1000), **_of(seen)})


def _of(seen: Observed | None) -> dict[str, Any]:
    """What the application knows of a request that reached it."""
    if seen is None:
        return {}
    milliseconds = round(seen.database_seconds * 1000)
    return {"request_id": seen.id, "view": seen.view, "database_ms": milliseconds, "statements": seen.statements}


def access_log_of(settings: Settings) -> type[AccessLog]:
    """The class that the server makes its log of."""
    return type("AccessLogHere", (AccessLog,), {"settings": settings})
