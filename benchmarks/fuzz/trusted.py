"""Requests that come past the doors: signed as Slack signs them, or with the owner's password or token.

What is in them is hostile all the same: people write in Slack, and its payloads may change their shapes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import time
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks.fuzz.texts import texts

SETTINGS = {
    "INSIGHTS_PASSWORD": "only for this run",
    "METRICS_TOKEN": "only-for-this-run-as-well",
    "SLACK_BOT_TOKEN": "xoxb-fuzz",
    "SLACK_SIGNING_SECRET": "0123456789abcdef",
    # Nobody listens there.
    "SLACK_API_URL": "http://127.0.0.1:9/",
    # What guesses of others use up by address is not the owner's.
    "TRUSTED_PROXIES": "1",
}
"""The keys to everything that can be switched on."""

_ODD: tuple[Any, ...] = (None, True, 0, -1, 1e308, "", "x" * 3_000, "\x00", "\ud800", [], [[]], {}, {"a": {}}, [None])
_TYPES = ("message", "app_mention", "app_home_opened", "tokens_revoked", "app_uninstalled", "reaction_added")
_ACTIONS = ("choose-0", "choose-1", "rate-up", "rate-down", "reason-wrong", "reason-nonsense", "reason-", "other", "")
_DAYS = ("7", "7", "30", "0", "-1", "7;", "7'", "1e1", "365000", "%00", "%ff", "7&days=30", "\u0667", "")
_TABLES = (
    "messages",
    "topics",
    "unanswered",
    "..%2f..%2fconversations",
    "%2e%2e%2fsecret",
    "x" * 41,
    "A",
    "a%0d%0aX:%201",
)
_BODIES = (
    *(b"", b"null", b"[]", b"{", b"7", b"payload=", b"payload=%7b", b"payload=null", b"command=", b"a=&&=b", b"{}"),
    *(b"\xff\xfe{}", b"[" * 50_000, b'{"event":' * 20_000, b"%ff=%00", b'{"type":"event_callback"}', b"ssl_check=1"),
)


def signed(body: bytes, kind: str = "application/json") -> bytes:
    """A POST to the Slack channel with the signature that Slack would give it now."""
    now = str(int(time.time()))
    secret = SETTINGS["SLACK_SIGNING_SECRET"].encode()
    signature = hmac.new(secret, b"v0:" + now.encode() + b":" + body, hashlib.sha256).hexdigest()
    lines = [
        "POST /webhooks/slack/webhook HTTP/1.1",
        *["Host: x", "Connection: close", f"Content-Type: {kind}", f"Content-Length: {len(body)}"],
        *[f"X-Slack-Request-Timestamp: {now}", f"X-Slack-Signature: v0={signature}"],
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def _form(fields: dict[str, Any]) -> bytes:
    body = urlencode({name: str(value) for name, value in fields.items()}, errors="surrogatepass")
    return signed(body.encode(), "application/x-www-form-urlencoded")


def _spoilt(chance: random.Random, value: dict[str, Any]) -> dict[str, Any]:
    """The same with fields replaced or left out, at any depth: half of the time, else as it was."""
    if chance.random() < 0.5:
        return value
    spoilt = dict(value)
    for _ in range(chance.randrange(1, 3)):
        name = chance.choice(tuple(spoilt))
        if isinstance(spoilt[name], dict) and spoilt[name] and chance.random() < 0.7:
            spoilt[name] = {**spoilt[name], chance.choice(tuple(spoilt[name])): chance.choice(_ODD)}
        else:
            spoilt[name] = chance.choice(_ODD)
    return spoilt


def _moment(chance: random.Random) -> str:
    return f"{1_700_000_000 + chance.randrange(100_000)}.{chance.randrange(1_000_000):06}"


def _event(chance: random.Random) -> bytes:
    """A message, a mention or another event."""
    user, channel = f"U{chance.randrange(30)}", chance.choice(["D1", "C1", "G1", f"D{chance.randrange(30)}"])
    inner = {
        "type": chance.choice(_TYPES),
        "user": user,
        "channel": channel,
        "text": chance.choice(["", "<@UBOT> ", "<@UBOT|x> <!channel> "]) + next(texts(chance)),
        "ts": _moment(chance),
        "tab": "home",
        "thread_ts": chance.choice([None, _moment(chance)]),
    }
    bot = {"user_id": "UBOT", "is_bot": True, "team_id": "T1", "enterprise_id": None}
    whole = {
        "type": chance.choice(["event_callback"] * 9 + ["url_verification"]),
        "challenge": next(texts(chance)),
        "team_id": "T1",
        "event_id": f"Ev{chance.randrange(10**9)}",
        "event": _spoilt(chance, inner),
        "authorizations": [bot],
    }
    return signed(json.dumps(_spoilt(chance, whole)).encode())


def _command(chance: random.Random) -> bytes:
    """A slash command."""
    fields = {
        "command": chance.choice(["/career", "/career", "/other", "/"]),
        "text": next(texts(chance)),
        "team_id": "T1",
        "channel_id": "C1",
        "user_id": f"U{chance.randrange(30)}",
        "trigger_id": str(chance.random()),
        # Wherever that is, answers to it get nowhere.
        "response_url": "http://127.0.0.1:9/" + chance.choice(["", "a", "%zz"]),
    }
    return _form(_spoilt(chance, fields))


def _interaction(chance: random.Random) -> bytes:
    """A click on a button, or an interaction of a kind that the bot does not offer."""
    value = next(texts(chance))
    if chance.random() < 0.5:
        rated = {"conversation": chance.choice(["slack-T1-dm-U1", "raw1", value]), "facts": [value], "message": value}
        value = json.dumps(chance.choice([rated, _spoilt(chance, rated), list(rated)]))
    action = {
        "type": "button",
        "action_id": chance.choice(_ACTIONS),
        "block_id": chance.choice(["choices-0", "rating", "reason", value[:50]]),
        "text": {"type": "plain_text", "text": next(texts(chance))},
        "value": value,
        "action_ts": _moment(chance),
    }
    message_ts = _moment(chance)
    section = {"type": "section", "block_id": "rating", "text": {"type": "mrkdwn", "text": next(texts(chance))}}
    whole = {
        "type": chance.choice(["block_actions"] * 8 + ["view_submission", "shortcut", "block_suggestion"]),
        "team": {"id": "T1"},
        "user": {"id": f"U{chance.randrange(30)}", "team_id": "T1"},
        "channel": {"id": chance.choice(["C1", "D1"])},
        "container": {
            "type": chance.choice(["message", "message", "view"]),
            "message_ts": message_ts,
            "channel_id": "C1",
            "is_ephemeral": chance.random() < 0.3,
        },
        "message": {"ts": message_ts, "blocks": [_spoilt(chance, section)]},
        "view": {"id": "V1", "callback_id": value[:50], "type": "modal"},
        "callback_id": value[:50],
        "actions": [_spoilt(chance, action)],
        "response_url": "http://127.0.0.1:9/",
        "trigger_id": str(chance.random()),
    }
    return _form({"payload": json.dumps(_spoilt(chance, whole))})


def _odd_body(chance: random.Random) -> bytes:
    """Something that Slack never sends, with its signature."""
    body = chance.choice((*_BODIES, chance.randbytes(chance.randrange(200))))
    return signed(body, chance.choice(["application/json", "application/x-www-form-urlencoded", "text/plain", ""]))


def _owner(chance: random.Random) -> bytes:
    """The owner's pages, with their password or token and hostile values."""
    credentials = base64.b64encode(b"me:" + SETTINGS["INSIGHTS_PASSWORD"].encode()).decode()
    authorization = f"Basic {credentials}"
    page = chance.choice(["/insights", "/insights.json", f"/insights/{chance.choice(_TABLES)}.csv", "/metrics"])
    if page == "/metrics":
        authorization = f"Bearer {SETTINGS['METRICS_TOKEN']}"
    days = chance.choice([*_DAYS, quote(next(texts(chance))[:200], errors="surrogatepass")])
    lines = [
        f"GET {page}?days={days} HTTP/1.1",
        *["Host: x", "Connection: close", f"Authorization: {authorization}", "X-Forwarded-For: 192.0.2.1"],
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogatepass")


ATTACKS = {
    "slack events": _event,
    "slack commands": _command,
    "slack interactions": _interaction,
    "slack odd bodies": _odd_body,
    "owner": _owner,
}
OWNER = frozenset({"owner"})
"""The owner may read what people wrote."""
