"""Every response of every described route keeps browsers careful."""

import httpx

ELSEWHERE = "https://elsewhere.example"


def test_every_route_sets_the_security_headers_also_when_it_refuses(url: str) -> None:
    with httpx.Client(base_url=url, timeout=30) as client:
        paths = client.get("/openapi.json").json()["paths"]
        assert len(paths) >= 10
        for path in [*paths, "/no/such/address"]:
            for method in ("GET", "POST", "DELETE", "OPTIONS"):
                answer = client.request(method, path.replace("{", "").replace("}", ""), headers={"Origin": ELSEWHERE})
                headers = answer.headers
                assert headers["x-content-type-options"] == "nosniff", (method, path)
                assert headers["x-frame-options"] == "DENY", (method, path)
                assert "frame-ancestors 'none'" in headers["content-security-policy"], (method, path)
                assert headers["referrer-policy"] in ("no-referrer", "strict-origin-when-cross-origin"), (method, path)
                assert "camera=()" in headers["permissions-policy"], (method, path)
                # Files are for all sites, without credentials; answers only for those that are listed.
                assert headers.get("access-control-allow-origin") in (None, "*"), (method, path)
                assert "access-control-allow-credentials" not in headers, (method, path)
                if path.startswith("/webhooks/rest"):
                    assert "access-control-allow-origin" not in headers, (method, path)
