"""Counters and gauges for Prometheus, in a registry of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0)


@dataclass(frozen=True)
class WorkerFigures:
    """One media process now. `cpu_share` is of one core; `facts` are numbers by name, such as `people_connected`."""

    worker: str
    is_up: bool
    restarts: int
    cpu_share: float
    facts: Mapping[str, int]


class Metrics:
    """What an operator watches. Labels are closed sets: route templates, codes, states; never an id or a name."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "cloudcourt_http_requests",
            "HTTP requests answered.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "cloudcourt_http_seconds",
            "Seconds until an HTTP answer was ready to be sent.",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._hearings = Gauge(
            "cloudcourt_hearings", "Hearings by session state.", ["session"], registry=self._registry
        )
        self._sockets = Gauge("cloudcourt_sockets", "Open signaling connections.", registry=self._registry)
        self._signaling_errors = Counter(
            "cloudcourt_signaling_errors",
            "Refused signaling messages by error code.",
            ["code"],
            registry=self._registry,
        )
        self._workers_up = self._of_worker("up", "1 while the media worker runs.")
        self._worker_restarts = self._of_worker("restarts", "How often the media worker was started again.")
        self._worker_cpu = self._of_worker("cpu_cores", "Cores that the media worker took over the last ten seconds.")
        self._media = Gauge(
            "cloudcourt_media",
            "What a media worker counts: what is open now, and what was done since it started.",
            ["worker", "fact"],
            registry=self._registry,
        )
        self._counts = Counter(
            "cloudcourt_events",
            "Things that happened, by name: media faults and the like.",
            ["name"],
            registry=self._registry,
        )

    def http_answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """One HTTP answer; `route` is the template, such as `/api/cases/{case_id}`."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def hearings_now(self, by_session: Mapping[str, int]) -> None:
        """Replace the number of hearings in each session state."""
        self._hearings.clear()
        for session, number in by_session.items():
            self._hearings.labels(session).set(number)

    def media_now(self, workers: Sequence[WorkerFigures]) -> None:
        """Replace what is known of the media workers."""
        self._media.clear()
        for figures in workers:
            self._workers_up.labels(figures.worker).set(figures.is_up)
            self._worker_restarts.labels(figures.worker).set(figures.restarts)
            self._worker_cpu.labels(figures.worker).set(figures.cpu_share)
            for fact, number in figures.facts.items():
                self._media.labels(figures.worker, fact).set(number)

    def sockets_now(self, number: int) -> None:
        self._sockets.set(number)

    def signaling_error(self, code: str) -> None:
        self._signaling_errors.labels(code).inc()

    def count(self, name: str, amount: float = 1) -> None:
        """Add to a named counter. Names are constants in the code, such as `media_nack`."""
        self._counts.labels(name).inc(amount)

    def _of_worker(self, name: str, help_text: str) -> Gauge:
        return Gauge(f"cloudcourt_media_worker_{name}", help_text, ["worker"], registry=self._registry)

    def text(self) -> bytes:
        """The Prometheus text format (0.0.4); its media type is `CONTENT_TYPE`."""
        return generate_latest(self._registry)
