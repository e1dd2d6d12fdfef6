"""What people write in Slack, as plain text: Slack sends it escaped, and mentions and links in angle brackets."""

from __future__ import annotations

import re

from bot.channels.text import normalised

_MARKUP = re.compile(r"<([^<>]*)>")
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
_SPACES = re.compile(r"[ \t\u00a0]+")


def mentioned(text: str) -> list[str]:
    """The ids of the people who are mentioned, in order."""
    return _MENTION.findall(text)


def plain(text: str, bot_user: str = "") -> str:
    """The text as a person would read it, without mentions of the bot."""
    text = _MARKUP.sub(lambda found: _shown(found[1], bot_user), text)
    # Last, so that an escaped bracket does not become markup.
    return _SPACES.sub(" ", normalised(unescaped(text))).strip()


def unescaped(text: str) -> str:
    """The text with the three characters that Slack escapes."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _shown(markup: str, bot_user: str) -> str:
    target, _, label = markup.partition("|")
    if target.startswith("@"):
        return "" if target[1:] == bot_user else label or "someone"
    if target.startswith("#"):
        return f"#{label}" if label else "a channel"
    if target.startswith(("!subteam", "!date")):
        return label.lstrip("@")
    if target.startswith("!"):
        return ""
    return label or target
