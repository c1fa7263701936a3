"""Counts of requests, in the form that Prometheus reads, over all processes of a server.

Each process writes its own counts into files of the instance, and whoever is asked adds them up: so says the library
for servers of several processes. The files of a server that has ended are taken away when the next one starts.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lms.frame.observed import Observed

FOLDER = "metrics"
OF_PROCESSES = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "golden_thread_"


@dataclass(frozen=True)
class Gauge:
    """A number of now, with what it counts. `labels` are pairs of name and value, the same names for one gauge."""

    name: str
    words: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


class Metrics:
    """The counts of this process, and all of them as text. The library is loaded here, and not where nobody asks."""

    def __init__(self, instance: Path) -> None:
        self.folder = instance / FOLDER
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.environ[OF_PROCESSES] = str(self.folder)  # read when the library is loaded
        from prometheus_client import Counter, Histogram  # noqa: PLC0415  (see above)

        of_view = ("view",)
        self._requests = Counter(f"{PREFIX}requests", "Requests answered", ("view", "method", "status"), registry=None)
        self._seconds = Histogram(
            f"{PREFIX}request_seconds", "Seconds from a request to its answer", of_view, registry=None, buckets=BUCKETS
        )
        self._database = Counter(
            f"{PREFIX}database_seconds", "Seconds that requests waited for the database", of_view, registry=None
        )
        self._statements = Counter(f"{PREFIX}statements", "Statements of requests", of_view, registry=None)

    def note(self, seen: Observed) -> None:
        """Count a request that was answered."""
        self._requests.labels(seen.view, seen.method, str(seen.status)).inc()
        self._seconds.labels(seen.view).observe(seen.seconds)
        self._database.labels(seen.view).inc(seen.database_seconds)
        self._statements.labels(seen.view).inc(seen.statements)

    def text(self, gauges: Iterable[Gauge]) -> bytes:
        """What all processes counted, and these numbers of now."""
        from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415
        from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415

        counted = CollectorRegistry()
        MultiProcessCollector(counted, str(self.folder))  # type: ignore[no-untyped-call]
        return generate_latest(counted) + _told(gauges)

    def forget(self) -> None:
        """Begin at nothing: a server starts."""
        for file in self.folder.glob("*.db"):
            file.unlink(missing_ok=True)


def _told(gauges: Iterable[Gauge]) -> bytes:
    from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415

    families: dict[str, GaugeMetricFamily] = {}
    for each in gauges:
        names = [name for name, _ in each.labels]
        family = families.setdefault(each.name, GaugeMetricFamily(f"{PREFIX}{each.name}", each.words, labels=names))
        family.add_metric([value for _, value in each.labels], each.value)

    class Now:
        def collect(self) -> Iterable[GaugeMetricFamily]:
            return families.values()

    registry = CollectorRegistry()
    registry.register(Now())
    return generate_latest(registry)
