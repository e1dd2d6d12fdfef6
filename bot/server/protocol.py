"""A guard for Sanic's reading of HTTP."""

from __future__ import annotations

import re

from sanic.exceptions import InvalidUsage
from sanic.request import Request


async def refuse_bad_length(request: Request) -> None:
    """Refuse a head whose Content-Length is no length, or that tells the length in two ways. Raises InvalidUsage.

    Sanic 21.12 takes a negative length for a body that never ends, and one such request stops the whole event loop.
    """
    lengths = request.headers.getall("content-length", [])
    encodings = request.headers.getall("transfer-encoding", [])
    well_formed = all(re.fullmatch(r"\d{1,15}", length, re.ASCII) for length in lengths)
    if not well_formed or len(lengths) + len(encodings) > 1:
        raise InvalidUsage("Bad Request")
