"""计量 figures for the machine's collector: requests by route and status, how long, log heads."""

import time
from collections.abc import Iterable

from litestar.enums import ScopeType
from litestar.types import Message, Scope
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from registry.actions.office import Office
from registry.actions.paying.carrying import queues

SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
MEDIA = CONTENT_TYPE_LATEST


class Meters:
    """计量: one set per application, so that two in one process do not mix."""

    def __init__(self, office: Office) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "registry_http_requests", "Requests answered.", ("route", "method", "status"),
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "registry_http_seconds", "Time to the first byte of the answer.", ("route",),
            registry=self.registry,
        )  # fmt: skip
        self.registry.register(_Heads(office))
        self.registry.register(_Decider(office))
        self.registry.register(_Payments(office))
        self.registry.register(_Failed(office))

    def page(self) -> bytes:
        """Everything measured, in Prometheus's text form."""
        return generate_latest(self.registry)

    async def sending(self, message: Message, scope: Scope) -> None:
        """Before an answer leaves: count it, and set the headers every answer has, where it does
        not say them otherwise itself: a browser that is told twice believes the last."""
        if message["type"] != "http.response.start" or scope["type"] != ScopeType.HTTP:
            return
        headers = list(message["headers"])
        told = {name.lower() for name, _ in headers}
        message["headers"] = headers + [one for one in (*SECURITY, POLICY) if one[0] not in told]
        path = template(scope)
        self._requests.labels(path, scope["method"], message["status"]).inc()
        began = scope["state"].get("started")
        if began is not None:
            self._seconds.labels(path).observe(time.perf_counter() - began)


def template(scope: Scope) -> str:
    """The route a request met, as figures name it: a path never met is no label."""
    return scope.get("path_template") or "none"


class _Heads(Collector):
    def __init__(self, office: Office) -> None:
        self._office = office

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing is read at registration."""
        return []

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Last event number of each county's log."""
        heads = GaugeMetricFamily(
            "registry_log_head", "Last event of a county's log.", labels=("county",)
        )
        for county, seq in sorted(self._office.store.reader.counts().items()):
            heads.add_metric([county], float(seq))
        yield heads


class _Decider(Collector):
    def __init__(self, office: Office) -> None:
        self._office = office

    def describe(self) -> Iterable[CounterMetricFamily]:
        """Nothing is read at registration."""
        return []

    def collect(self) -> Iterable[CounterMetricFamily]:
        """How many live decisions were made again, and how many came out otherwise."""
        sentinel = self._office.rulebooks.sentinel
        yield CounterMetricFamily(
            "registry_decider_checked", "Live decisions made again by the stock decider.",
            value=sentinel.checked,
        )  # fmt: skip
        yield CounterMetricFamily(
            "registry_decider_differences", "Of those, how many came out otherwise.",
            value=sentinel.differed,
        )  # fmt: skip


class _Payments(Collector):
    def __init__(self, office: Office) -> None:
        self._office = office

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing is read at registration."""
        return []

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """What waits for each treasury, and since when."""
        waiting = GaugeMetricFamily(
            "registry_payments_waiting", "Payments whose outcome is not known.", labels=("county",)
        )
        oldest = GaugeMetricFamily(
            "registry_payments_oldest_seconds", "Age of the oldest of them.", labels=("county",)
        )
        for county, (many, seconds) in queues(self._office).items():
            waiting.add_metric([county], float(many))
            oldest.add_metric([county], seconds)
        yield waiting
        yield oldest


class _Failed(Collector):
    def __init__(self, office: Office) -> None:
        self._office = office

    def describe(self) -> Iterable[CounterMetricFamily]:
        """Nothing is read at registration."""
        return []

    def collect(self) -> Iterable[CounterMetricFamily]:
        """What the passing of time was to bring and could not be done, since the start."""
        failed = CounterMetricFamily(
            "registry_tick_failures", "Things a tick could not do.", labels=("what",)
        )
        for what, many in sorted(self._office.failed.items()):
            failed.add_metric([what], float(many))
        yield failed
