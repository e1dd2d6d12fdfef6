"""The bodies of requests: read, checked, and made into values that the rest can rely on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sanic.request import Request

from bot.channels.errors import MAX_BODY, Refusal, bad_request, body_too_large
from bot.channels.payloads import without_payload
from bot.channels.text import is_blank, normalised

MAX_MESSAGE = 1_000
MAX_SENDER = 128
_MAX_MESSAGE_ID = 64
_MAX_METADATA = 4 * 1024


@dataclass(frozen=True)
class Incoming:
    """One message of a person."""

    sender: str
    text: str
    message_id: str | None
    metadata: dict[str, Any] | None


def json_object(request: Request) -> dict[str, Any]:
    """The JSON object in the body. Raises Refusal 400, 413 or 415."""
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.replace('"', "").replace(" ", "")
    if kind.strip() != "application/json" or charset not in ("", "charset=utf-8", "charset=utf8"):
        raise Refusal(415, "unsupported_media_type", "Please send JSON with the content type application/json.")
    if len(request.body) > MAX_BODY:
        raise body_too_large()
    try:
        body = json.loads(request.body.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):  # among the former: bytes that are not UTF-8, numbers that are too long
        raise bad_request("This is not valid JSON in UTF-8.", "malformed_json") from None
    if not isinstance(body, dict):
        raise bad_request("Please send a JSON object.")
    return body


def sender_in(body: dict[str, Any]) -> str:
    """The conversation id. Raises Refusal 400."""
    return checked_sender(body.get("sender"))


def checked_sender(sender: Any) -> str:
    """The conversation id if it can be one. Raises Refusal 400."""
    if not isinstance(sender, str) or not sender.strip():
        raise bad_request("Please name the conversation: sender is missing or empty.", "missing_sender")
    if len(sender) > MAX_SENDER or not sender.isprintable():
        raise bad_request(f"Please use at most {MAX_SENDER} printable characters for sender.", "bad_sender")
    return sender


def message_in(body: dict[str, Any]) -> Incoming:
    """The message of a webhook call. Raises Refusal 400 or 413."""
    sender = sender_in(body)
    text = body.get("message")
    if not isinstance(text, str):
        raise bad_request("Please write a message: message is missing or is not text.", "missing_message")
    # One character may stand for several: the limit is for what is sent and for what is read.
    if len(text) > MAX_MESSAGE or len(text := normalised(text)) > MAX_MESSAGE:
        raise Refusal(413, "message_too_long", f"Please keep your message to {MAX_MESSAGE:,} characters.")
    if is_blank(text):
        raise bad_request("Please write a message.", "missing_message")
    message_id = optional_text(body, "message_id", _MAX_MESSAGE_ID)
    return Incoming(sender, without_payload(text), message_id, _metadata(body.get("metadata")))


def optional_text(body: dict[str, Any], name: str, longest: int) -> str | None:
    """A short printable text that may be left out. Raises Refusal 400."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        raise bad_request(f"{name} must be text of at most {longest} printable characters.")
    return value


def _metadata(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise bad_request("metadata must be an object.")
    try:
        size = len(json.dumps(value, ensure_ascii=False).encode())
    except (UnicodeEncodeError, RecursionError):
        raise bad_request("metadata must be valid Unicode, and not nested so deeply.") from None
    if size > _MAX_METADATA:
        raise bad_request("metadata must be at most 4 KB.")
    return value


def _refuse(constant: str) -> None:
    raise ValueError(constant)
