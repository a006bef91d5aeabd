"""What a process counts of itself, for Prometheus. No label is made of what a customer or a stranger chose."""

from collections.abc import Callable, Iterator
from time import perf_counter

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import orm
import rpc

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
UNKNOWN = "unknown"


class Measures:
    def __init__(self) -> None:
        # When each counter began is three more lines for each method, and nobody asks.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # it has no types
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._calls = self._counter("calls", "Calls of public methods that ended.", "method", "kind", "outcome")
        self._seconds = self._histogram("call_seconds", "How long calls took.", "method")
        self._requests = self._counter("requests", "Requests that were answered.", "status")
        self._answers = self._histogram("request_seconds", "How long until an answer began.")
        self._security = self._counter("security_events", "Refused sign-ins, lockouts and refusals.", "what", "who")

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"seldesk_{name}", says, labels, registry=self.registry)

    def _histogram(self, name: str, says: str, *labels: str) -> Histogram:
        return Histogram(f"seldesk_{name}", says, labels, buckets=SECONDS, registry=self.registry)

    def called(self, observation: rpc.Observation) -> None:
        method = observation.method or UNKNOWN
        self._calls.labels(method, observation.kind, observation.error or "done").inc()
        if observation.method is not None:
            self._seconds.labels(method).observe(observation.seconds)

    def happened(self, what: str, *, staff: bool) -> None:
        """Of security: what is one of a few words."""
        self._security.labels(what, "staff" if staff else "customers").inc()

    def watch(self, pools: Callable[[], dict[str, orm.Usage]], streams: Callable[[], int]) -> None:
        """Also tell how the connections of each pool are used, and how many pages listen."""
        self.registry.register(_Process(pools, streams))

    def page(self) -> bytes:
        return generate_latest(self.registry)

    def around(self, web: ASGIApp) -> ASGIApp:
        """The same pages, with each answer counted."""

        async def measured(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await web(scope, receive, send)
                return
            began = perf_counter()

            async def answered(message: Message) -> None:
                if message["type"] == "http.response.start":
                    self._requests.labels(message["status"]).inc()
                    self._answers.observe(perf_counter() - began)
                await send(message)

            await web(scope, receive, answered)

        return measured


class _Process(Collector):
    """What is looked up when it is asked for."""

    def __init__(self, pools: Callable[[], dict[str, orm.Usage]], streams: Callable[[], int]) -> None:
        self._pools, self._streams = pools, streams

    def collect(self) -> Iterator[GaugeMetricFamily]:
        connections = GaugeMetricFamily("seldesk_connections", "Open connections.", labels=["pool", "state"])
        most = GaugeMetricFamily("seldesk_connections_most", "Connections that there may be.", labels=["pool"])
        waiting = GaugeMetricFamily("seldesk_connections_waiting", "Calls that wait for one.", labels=["pool"])
        for name, usage in self._pools().items():
            connections.add_metric([name, "used"], usage.used)
            connections.add_metric([name, "idle"], usage.idle)
            most.add_metric([name], usage.ceiling)
            waiting.add_metric([name], usage.waiting)
        streams = GaugeMetricFamily("seldesk_streams", "Pages that listen.")
        streams.add_metric([], self._streams())
        yield from (connections, most, waiting, streams)
