"""Logs and traces. Logs are JSON lines in UTC with the trace they belong to, and refuse personal fields; traces always have ids, and are sent only
where OTEL_EXPORTER_OTLP_ENDPOINT names a collector.
"""

import logging
import os
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

from shared.trust.personal import HIDDEN, PERSONAL_NAMES

_TRACEPARENT = re.compile(r"^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$")
_ids = RandomIdGenerator()
_tracer: trace.Tracer | None = None


def start_tracing(service: str, processor: SpanProcessor | None = None) -> None:
    """Sends spans to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names (or to `processor`); without one, only ids are made."""
    global _tracer  # noqa: PLW0603
    if processor is None and os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        processor = BatchSpanProcessor(OTLPSpanExporter())
    if processor is None:
        _tracer = None
        return
    provider = TracerProvider(resource=Resource.create({"service.name": f"gongkai-{service}"}))
    provider.add_span_processor(processor)
    _tracer = provider.get_tracer("gongkai")


def context_of(traceparent: str | None) -> SpanContext | None:
    """The span context of a W3C `traceparent`; None if there is none or it is malformed."""
    found = _TRACEPARENT.match(traceparent) if traceparent else None
    if found is None:
        return None
    trace_id, span_id = int(found[1], 16), int(found[2], 16)
    if not trace_id or not span_id:
        return None
    return SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(int(found[3], 16)))


@contextmanager
def span(name: str, parent: str | None = None, **attributes: str | int) -> Iterator[None]:
    """A span around what follows: child of `parent` (a traceparent) or of the current one. Costs a few microseconds where nobody listens."""
    remote = context_of(parent)
    if _tracer is not None:
        around = trace.set_span_in_context(NonRecordingSpan(remote)) if remote else None
        with _tracer.start_as_current_span(name, context=around, attributes=attributes):
            yield
        return
    above = remote or trace.get_current_span().get_span_context()
    own = SpanContext(
        above.trace_id if above.is_valid else _ids.generate_trace_id(), _ids.generate_span_id(), is_remote=False, trace_flags=TraceFlags(1)
    )
    with trace.use_span(NonRecordingSpan(own)):
        yield


def current_traceparent() -> str | None:
    """The `traceparent` of the current span, to be stored with events and sent with messages."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def start_logging(level: str = "INFO") -> None:
    """Sets structlog up: one JSON line an entry on standard error; readable lines on a terminal."""
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if sys.stderr.isatty():
        renderer = structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            add_trace,
            keep_private,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        # One write an entry, its newline included: the worker writes to the same file, and nothing may come between.
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")


def add_trace(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Adds the ids of the current trace."""
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        entry["trace_id"] = f"{context.trace_id:032x}"
        entry["span_id"] = f"{context.span_id:016x}"
    return entry


def keep_private(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Personal fields are hidden whoever logs them, and nobody can forge a line by a newline in a value."""
    for name, value in entry.items():
        if name in PERSONAL_NAMES:
            entry[name] = HIDDEN
        elif isinstance(value, str) and ("\n" in value or "\r" in value):
            entry[name] = value.replace("\r", "\\r").replace("\n", "\\n")
    return entry
