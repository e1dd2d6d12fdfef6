"""Which web sites may use the server from a browser, and the headers that keep browsers careful."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from sanic import Blueprint
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, empty

from bot.channels.addresses import host_of, is_loopback
from bot.channels.errors import Refusal
from bot.settings import Settings

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_NOT_ALLOWED = (
    "This web site is not allowed to use this server. Its owner can add it to ALLOWED_ORIGINS, "
    "or its name to OWN_HOSTS if it is the server's own."
)
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Origins:
    """The exact origins that may talk to the server, besides its own pages."""

    def __init__(self, settings: Settings) -> None:
        self._allowed = frozenset(settings.allowed_origins)
        self._own_hosts = frozenset((*settings.own_hosts, settings.host.lower()))

    def guard(self, blueprint: Blueprint, check: Callable[[Request], Awaitable[None]] | None = None) -> None:
        """Answer preflights, refuse foreign origins on all routes of a blueprint, then run ``check``.

        The routes have to list the method OPTIONS, else Sanic refuses preflights before this is asked.
        """

        async def before(request: Request) -> HTTPResponse | None:
            if not self.allows(request):
                raise Refusal(403, "origin_not_allowed", _NOT_ALLOWED)
            if request.method == "OPTIONS":
                return empty(204)
            if check:
                await check(request)
            return None

        def after(request: Request, response: BaseHTTPResponse) -> None:
            response.headers["Vary"] = "Origin"
            origin = request.headers.get("origin")
            if origin and self.allows(request):
                response.headers["Access-Control-Allow-Origin"] = origin
                response.headers["Access-Control-Expose-Headers"] = "Retry-After"
                if request.method == "OPTIONS":
                    response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
                    response.headers["Access-Control-Allow-Headers"] = "authorization, content-type"
                    response.headers["Access-Control-Max-Age"] = "600"
            add_security_headers(request, response)

        blueprint.middleware(before, "request")
        blueprint.middleware(after, "response")

    def allows(self, request: Request) -> bool:
        """True without an Origin header (no browser, or a page of ours), for our own origin and for a listed one."""
        origins: list[str] = request.headers.getall("origin", [])
        if not origins:
            return True
        # A browser sends one; of several, nobody knows which one a proxy in front has looked at.
        if len(origins) > 1:
            return False
        return origins[0].lower() in self._allowed or self._is_own(origins[0], request)

    def _is_own(self, origin: str, request: Request) -> bool:
        """Whether a page of this origin is one of ours: it came from the host that is asked, and that is our name.

        Anybody can let a name of their own point here once their page is loaded ("DNS rebinding"): that the two agree
        is not enough.
        """
        host = host_of(request)
        return (is_loopback(host) or host in self._own_hosts) and _same_host(origin, request.headers.get("host", ""))


def add_security_headers(_: Request | None, response: BaseHTTPResponse) -> None:
    """Set the headers of every response; a page brings its own content policy."""
    for name, value in _ALWAYS.items():
        response.headers[name] = value
    response.headers.setdefault("Content-Security-Policy", _DATA_POLICY)


def add_transport_security(seconds: int) -> Callable[[Request, BaseHTTPResponse], None]:
    """What sets Strict-Transport-Security (RFC 6797): browsers come back over https only, for that long.

    Only for this host: what its subdomains can do is not known here.
    """

    def add(_: Request, response: BaseHTTPResponse) -> None:
        response.headers["Strict-Transport-Security"] = f"max-age={seconds}"

    return add


def _same_host(origin: str, host: str) -> bool:
    """Whether a page of this origin came from this host. A proxy may have taken off the TLS, so schemes may differ."""
    try:
        theirs = urlsplit(origin)
        ours = urlsplit(f"{theirs.scheme}://{host}")
        default = _DEFAULT_PORTS[theirs.scheme]
        return bool(ours.hostname) and (theirs.hostname, theirs.port or default) == (
            ours.hostname,
            ours.port or default,
        )
    except (KeyError, ValueError):
        return False
