"""Traces reach a collector, with a request's parts below it and nothing of what people wrote."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.server.live import StartServer

TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = "b7ad6b7169203331"


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """A collector's address, and what it was sent."""
    sent: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", sent
    server.shutdown()
    thread.join()
    server.server_close()


def spans_of(sent: list[bytes]) -> list[Any]:
    requests = [ExportTraceServiceRequest.FromString(body) for body in sent]
    return [
        span for each in requests for whole in each.resource_spans for part in whole.scope_spans for span in part.spans
    ]


def test_a_message_is_one_trace(running: StartServer, collector: tuple[str, list[bytes]]) -> None:
    url, sent = collector
    # The library compresses only if it is told to; here its bytes are searched.
    with running(OTEL_EXPORTER_OTLP_ENDPOINT=url, OTEL_BSP_SCHEDULE_DELAY=100) as server:
        server.ready()
        headers = {"traceparent": f"00-{TRACE}-{CALLER}-01", "X-Request-ID": "traced"}
        assert server.send("zebra words", headers=headers).status_code == 200
        assert server.send('/crash{"seconds": "zebra"}').status_code == 503
        assert server.stop() == 0
    spans = spans_of(sent)
    ours = {span.name: span for span in spans if span.trace_id.hex() == TRACE}
    assert set(ours) == {"POST /webhooks/rest/webhook", "nlu", "action"}
    request = ours["POST /webhooks/rest/webhook"]
    assert request.parent_span_id.hex() == CALLER
    assert ours["nlu"].parent_span_id == ours["action"].parent_span_id == request.span_id
    attributes = {each.key: each.value.string_value or each.value.int_value for each in request.attributes}
    assert attributes["request_id"] == "traced"
    assert attributes["http.response.status_code"] == 200
    [action] = ours["action"].attributes
    assert action.value.string_value == "action_echo"
    crashed = [span for span in spans if span.name == "action" and span.status.code == 2]
    assert [span.status.message for span in crashed] == ["ValueError"]
    assert crashed[0].trace_id.hex() != TRACE
    assert not any(b"zebra" in body for body in sent)


def test_a_collector_that_is_not_there_stops_nobody(running: StartServer) -> None:
    with running(OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9", OTEL_BSP_SCHEDULE_DELAY=100) as server:
        server.ready()
        assert server.send("hello").status_code == 200
        assert server.stop() == 0
