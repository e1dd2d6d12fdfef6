"""Network addresses and host names, as requests tell them."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from sanic.request import Request

# Some gateways add the port of the client: 192.0.2.1:4711, [2001:db8::1]:4711.
_WITH_PORT = re.compile(r"(?:\[(?P<six>[^\[\]]*)\]|(?P<four>[\d.]+))(?::\d+)?")


def client_address(request: Request) -> str:
    """The network address of the client; of IPv6 the part that one household or host has for itself.

    Behind proxies this is what they tell, as far as ``PROXIES_COUNT`` (our TRUSTED_PROXIES) trusts them.
    """
    told = str(request.remote_addr or request.ip)
    found = _WITH_PORT.fullmatch(told)
    address = (found["six"] or found["four"] or told) if found else told
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ipaddress.ip_network((int(parsed), 64), strict=False))
        parsed = parsed.ipv4_mapped
    return str(parsed)


def host_of(request: Request) -> str:
    """The host that the client asked for, in lower case and without the port; "" if it is none."""
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether this name or address is one by which a machine calls itself."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
