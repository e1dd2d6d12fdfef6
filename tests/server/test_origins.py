"""Cross-origin requests and the headers of every response."""

import pytest

from tests.server.live import WEBHOOK, Server

ALLOWED = "https://site.example"


@pytest.mark.parametrize("path", [WEBHOOK, "/webhooks/rest/conversations", "/webhooks/rest/feedback", "/widget/config"])
def test_the_preflight_of_an_allowed_origin_is_answered(server: Server, path: str) -> None:
    response = server.client.options(path, headers={"Origin": ALLOWED, "Access-Control-Request-Method": "POST"})
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == ALLOWED
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "authorization" in response.headers["Access-Control-Allow-Headers"]


def test_allowed_and_own_origin_may_read_answers_and_errors(server: Server) -> None:
    for origin in (ALLOWED, str(server.client.base_url).rstrip("/")):
        for message in ("hello", ""):
            response = server.send(message, "cors", headers={"Origin": origin})
            assert response.headers["Access-Control-Allow-Origin"] == origin
            assert response.headers["Vary"] == "Origin"


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://evil.example",
        "http://site.example",
        "https://site.example:444",
        "https://site.example.evil.example",
        "https://sub.site.example",
        "file://",
        "http://[",
        "https://site-example",
        "http://127.0.0.1:1",
    ],
)
def test_a_foreign_origin_is_refused(server: Server, origin: str) -> None:
    headers = {"Origin": origin}
    for response in (
        server.send("hello", "cors", headers=headers),
        server.client.options(WEBHOOK, headers=headers),
        server.client.get("/widget/config", headers=headers),
    ):
        assert response.status_code == 403
        assert response.json()["error"]["code"] == "origin_not_allowed"
        assert "Access-Control-Allow-Origin" not in response.headers


def test_the_widgets_files_may_be_loaded_by_any_site(server: Server) -> None:
    assert server.client.get("/widget.js", headers={"Origin": "https://evil.example"}).status_code != 403


@pytest.mark.parametrize("path", ["/", "/health", "/widget.js", "/widget/config", "/nothing", WEBHOOK])
def test_every_response_has_the_security_headers(server: Server, path: str) -> None:
    headers = server.client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
