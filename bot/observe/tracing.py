"""OpenTelemetry traces, where ``OTEL_EXPORTER_OTLP_ENDPOINT`` is set; without it nothing is imported and nothing kept.

A request is a span with the spans "nlu" and "action" in it. They carry routes, names of actions and intents, and the
request's id, never what people wrote. OpenTelemetry's own variables (``OTEL_SERVICE_NAME``, ``OTEL_TRACES_SAMPLER``,
``OTEL_EXPORTER_OTLP_HEADERS``, ...) are read by its library.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
SERVICE = "career-advisor"
_Attributes = dict[str, str | int]
_provider: Any = None


def start_tracing(exporter: Any = None) -> None:
    """From now on spans go, from a thread, to ``exporter``: by default to the collector that the environment names."""
    global _provider
    if exporter is None and not os.environ.get(ENDPOINT):
        return
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    if exporter is None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter()
    os.environ.setdefault("OTEL_SERVICE_NAME", SERVICE)
    _provider = TracerProvider(resource=Resource.create())
    _provider.add_span_processor(BatchSpanProcessor(exporter))


def stop_tracing() -> None:
    """Send what is left, within a few seconds."""
    global _provider
    if _provider:
        _provider.force_flush(3000)
        _provider.shutdown()
        _provider = None


def begin_request(parent: str | None, attributes: _Attributes) -> Any:
    """A span for a request, below the caller's if ``parent`` (its header "traceparent") names one; None when off."""
    if not _provider:
        return None
    from opentelemetry import context, trace
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    # Of the span of the request before on the same connection nothing may be left.
    around = TraceContextTextMapPropagator().extract({"traceparent": parent or ""}, context.Context())
    span = _tracer().start_span("request", around, trace.SpanKind.SERVER, attributes)
    context.attach(trace.set_span_in_context(span, around))
    return span


def end_request(span: Any, name: str, attributes: _Attributes, failed: bool) -> None:
    """End the span of a request under its final name."""
    if span is None:
        return
    from opentelemetry.trace import StatusCode

    span.update_name(name)
    span.set_attributes(attributes)
    if failed:
        span.set_status(StatusCode.ERROR)
    span.end()


@contextmanager
def span(name: str, attributes: _Attributes) -> Iterator[Any]:
    """A span for a part of the work; None when off. An exception is noted by its type alone, its text may be quoted."""
    if not _provider:
        yield None
        return
    from opentelemetry.trace import StatusCode

    with _tracer().start_as_current_span(
        name, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current
        except BaseException as error:
            current.set_status(StatusCode.ERROR, type(error).__name__)
            raise


def pass_on(headers: MutableMapping[str, str]) -> None:
    """Add the header by which another server puts its spans below the current one."""
    if _provider:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        TraceContextTextMapPropagator().inject(headers)


def _tracer() -> Any:
    return _provider.get_tracer(SERVICE)
