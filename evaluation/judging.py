"""Whether a reply is what a behavioural case expects; the same checks for a bot in this process and a live one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.knowledge import KnowledgeBase
from evaluation.behaviour import Case
from evaluation.reply import Reply

_RELATIONS: Mapping[str, Callable[[Reply, Reply], bool]] = {
    "fewer words": lambda new, old: len(new.text.split()) < len(old.text.split()),
    "other facts": lambda new, old: bool(new.facts) and new.facts != old.facts,
    "same facts": lambda new, old: new.facts == old.facts,
    "only new facts": lambda new, old: bool(new.facts) and set(new.facts).isdisjoint(old.facts),
    "same topics": lambda new, old: new.topics == old.topics,
    "same roles": lambda new, old: new.roles == old.roles,
    "other roles": lambda new, old: new.roles != old.roles,
    "other kind": lambda new, old: new.kind != old.kind,
}


def problems(case: Case, reply: Reply, base: Reply | None, kb: KnowledgeBase) -> list[str]:
    """What is wrong with ``reply``; empty if nothing is. ``base`` is the reply to the unchanged message."""
    if not reply.text.strip():
        return ["empty reply"]
    found = list(_wrong(case.expect, reply, base, kb))
    if case.suite == "invariance" and base is not None:
        # The words of small talk vary on purpose; what an answer or decline says does not.
        compared = (
            ("kind",) if base.kind in ("smalltalk", "off_topic") else ("kind", "roles", "topics", "facts", "text")
        )
        for name in compared:
            if getattr(reply, name) != getattr(base, name):
                found.append(f"{name} changed: {str(getattr(base, name))[:80]!r} -> {str(getattr(reply, name))[:80]!r}")
                break
    return found


def _wrong(expect: Mapping[str, Any], reply: Reply, base: Reply | None, kb: KnowledgeBase) -> list[str]:
    found = []
    kinds = _list(expect.get("kind"))
    if kinds and reply.kind not in kinds:
        found.append(f"kind {reply.kind}, not {' or '.join(kinds)}")
    roles = expect.get("roles")
    if roles is not None and set(_list(roles)) != set(reply.roles):
        found.append(f"roles {sorted(reply.roles)}, not {sorted(_list(roles))}")
    missing = set(_list(expect.get("topics"))) - set(reply.topics)
    if missing:
        found.append(f"topics {sorted(reply.topics)} without {sorted(missing)}")
    thing = expect.get("thing")
    if thing and not any(thing in kb.facts[fact].entities for fact in reply.facts if fact in kb.facts):
        found.append(f"no fact about {thing}")
    if expect.get("intent") and reply.intent and reply.intent not in _list(expect["intent"]):
        found.append(f"read as {reply.intent}, not {' or '.join(_list(expect['intent']))}")
    found += [f"does not say {p}" for p in _list(expect.get("says")) if not re.search(p, reply.text, re.I | re.S)]
    found += [f"says {p}" for p in _list(expect.get("says_not")) if re.search(p, reply.text, re.I | re.S)]
    if expect.get("words") and len(reply.text.split()) > int(expect["words"]):
        found.append(f"{len(reply.text.split())} words, more than {expect['words']}")
    if base is not None:
        found += [f"not {name}" for name in _list(expect.get("compared")) if not _RELATIONS[name](reply, base)]
    return found


def _list(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)
