"""Cross-origin requests and the headers of every response."""

import pytest

from tests.server.live import WEBHOOK, Server, StartServer

ALLOWED = "https://site.example"
CONFIG = "/widget/config"


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
        # Near to the listed one: before it, after it, inside it.
        "https://xsite.example",
        "https://site.exampl",
        "https://site.example.",
        "https://site.example/",
        "https://site.example/path",
        "https://site.example:443.evil.example",
        "https://site.example@evil.example",
        "https://evil.example#https://site.example",
        "https://site.example,https://evil.example",
        "https://evil.example https://site.example",
        "https://site.example%00",
        "https://site.example?",
        "site.example",
        "//site.example",
        "*",
        "",
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
        assert response.headers["Vary"] == "Origin"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.", "xlocalhost", "192.0.2.1"])
def test_a_name_that_points_here_is_not_one_of_ours_for_it(server: Server, host: str) -> None:
    """DNS rebinding: the page of evil.example asks evil.example, which is this machine by now."""
    for port in ("", ":5005"):
        headers = {"Origin": f"http://{host}{port}", "Host": f"{host}{port}"}
        for response in (server.send("hello", "cors", headers=headers), server.client.get(CONFIG, headers=headers)):
            assert response.status_code == 403
            assert response.json()["error"]["code"] == "origin_not_allowed"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "[::1]", "LOCALHOST"])
def test_a_loopback_name_is_ours_on_the_same_port(server: Server, host: str) -> None:
    assert server.client.get(CONFIG, headers={"Origin": f"http://{host}:1", "Host": f"{host}:1"}).status_code == 200
    assert server.client.get(CONFIG, headers={"Origin": f"http://{host}:1", "Host": f"{host}:2"}).status_code == 403


def test_the_names_of_the_setting_are_ours_with_and_without_tls(running: StartServer) -> None:
    with running(OWN_HOSTS="chat.example, [2001:db8::1]") as process:
        client = process.ready().client
        for host in ("chat.example", "CHAT.example", "[2001:db8::1]", "[2001:DB8::1]:8080", "localhost"):
            for scheme in ("http", "https"):
                headers = {"Origin": f"{scheme}://{host.lower()}", "Host": host}
                assert client.get(CONFIG, headers=headers).status_code == 200, headers
        for host in ("x.chat.example", "chat.example.evil.example", "2001:db8::1"):
            assert client.get(CONFIG, headers={"Origin": f"http://{host}", "Host": host}).status_code in (400, 403)


def test_two_origins_at_once_are_none(server: Server) -> None:
    headers = [("Origin", ALLOWED), ("Origin", "https://evil.example")]
    for given in (headers, headers[::-1]):
        response = server.client.get("/widget/config", headers=given)
        assert response.status_code == 403
        assert "Access-Control-Allow-Origin" not in response.headers


def test_what_is_not_from_another_site_varies_by_origin_too(server: Server) -> None:
    response = server.send("hello", "cors")
    assert response.headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Origin" not in response.headers


def test_browsers_are_told_to_insist_on_https_only_where_that_is_set(server: Server, running: StartServer) -> None:
    paths = ["/", "/health", "/widget.js", "/widget/config", "/openapi.json", "/nothing", WEBHOOK]
    for path in paths:
        assert "Strict-Transport-Security" not in server.client.get(path).headers
    with running(HSTS_SECONDS=3600) as process:
        client = process.ready().client
        for path in paths:
            for answer in (client.get(path), client.options(path), client.get(path, headers={"Origin": "null"})):
                assert answer.headers.get_list("Strict-Transport-Security") == ["max-age=3600"], path


def test_the_widgets_files_may_be_loaded_by_any_site(server: Server) -> None:
    assert server.client.get("/widget.js", headers={"Origin": "https://evil.example"}).status_code != 403


@pytest.mark.parametrize("path", ["/", "/health", "/widget.js", "/widget/config", "/nothing", WEBHOOK])
def test_every_response_has_the_security_headers(server: Server, path: str) -> None:
    headers = server.client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
