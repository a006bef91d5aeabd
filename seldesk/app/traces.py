"""Traces: a span for each request, each call and each statement. Loaded only where the settings name a collector, for
it needs the extra `traces`.

What leaves are names, times and statements without their parameters. Addresses of pages, which may open a ticket, and
the words of errors, which may quote somebody, are taken out of every span before it is exported.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
from opentelemetry.trace import Status
from starlette.types import ASGIApp, Scope

import seldesk
from seldesk.settings import Traces

TOLD = frozenset(
    {
        "db.name",
        "db.statement",
        "db.system",
        "http.method",
        "http.status_code",
        "seldesk.kind",
        "seldesk.outcome",
    }
)


class Tracing:
    """Until it is closed. exporter: where spans go, the collector of the settings by default."""

    def __init__(self, settings: Traces, exporter: SpanExporter | None = None) -> None:
        resource = Resource({"service.name": "seldesk", "service.version": seldesk.__version__})
        self._provider = TracerProvider(sampler=ParentBasedTraceIdRatio(settings.share), resource=resource)
        chosen = exporter or OTLPSpanExporter(endpoint=settings.endpoint)
        self._provider.add_span_processor(BatchSpanProcessor(Quiet(chosen)))
        self._tracer = self._provider.get_tracer("seldesk")
        self._statements = AsyncPGInstrumentor()  # type: ignore[no-untyped-call]  # it has no types
        self._statements.instrument(tracer_provider=self._provider)

    @contextmanager
    def call(self, method: str, kind: str) -> Iterator[None]:
        """The span of a public method."""
        with self._tracer.start_as_current_span(method, attributes={"seldesk.kind": kind}) as span:
            try:
                yield
            except BaseException as error:
                span.set_attribute("seldesk.outcome", type(error).__name__)
                raise

    def around(self, web: ASGIApp) -> ASGIApp:
        wrapped: ASGIApp = OpenTelemetryMiddleware(
            web, tracer_provider=self._provider, default_span_details=_named, exclude_spans=["receive", "send"]
        )
        return wrapped

    def flush(self) -> None:
        self._provider.force_flush()

    def close(self) -> None:
        self._statements.uninstrument()
        self._provider.shutdown()


class Quiet(SpanExporter):
    """Passes spans on without what they must not tell."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([_quiet(span) for span in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _quiet(span: ReadableSpan) -> ReadableSpan:
    attributes = {name: value for name, value in (span.attributes or {}).items() if name in TOLD}
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=attributes,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _named(scope: Scope) -> tuple[str, dict[str, str]]:
    """Not by its path: that may be a secret."""
    return f"{scope.get('method', '')} request".strip(), {}
