"""What a hostile request must not get out of the server, and the secrets that are planted to see it."""

from __future__ import annotations

import re
import secrets
import threading
from collections import Counter
from dataclasses import dataclass, field

import httpx

_INSIDES = re.compile(
    rb'Traceback \(most recent|File "[^"\n]+\.py"|site-packages|\.venv/|sqlite3\.|psycopg2\.|<class \''
)
# Of benchmarks/fuzz/texts.py.
_MARKUP = (b"<script>alert(1)", b"<img src=x", b'href="javascript:')
_MOST_FINDINGS = 50


@dataclass(frozen=True)
class Canary:
    """Somebody else's conversation: its id may be known to an attacker, its token and text never."""

    sender: str
    token: str
    text: str
    history: bytes


def plant(url: str, count: int = 5) -> list[Canary]:
    """Conversations of other people, each with a text that occurs nowhere else."""
    canaries = []
    with httpx.Client(base_url=url, timeout=30) as client:
        for _ in range(count):
            issued = client.post("/webhooks/rest/conversations").raise_for_status().json()
            text = "canary" + secrets.token_hex(12)
            bearer = {"Authorization": f"Bearer {issued['token']}"}
            said = {"sender": issued["sender"], "message": f"I am {text}, which role fits me?"}
            client.post("/webhooks/rest/webhook", json=said, headers=bearer).raise_for_status()
            history = client.get(f"/webhooks/rest/conversations/{issued['sender']}", headers=bearer).raise_for_status()
            assert text in history.text
            canaries.append(Canary(issued["sender"], issued["token"], text, history.content))
    return canaries


@dataclass
class Watch:
    """Counts requests, and keeps what is wrong with their responses. May be used by several threads."""

    canaries: list[Canary]
    requests: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def saw(self, kind: str, status: int | None, content: bytes, sent: str, private: bool = True) -> None:
        """One request of a kind and its response; None if the server closed the connection, or waited for more.

        ``private``: nobody else's text may be in the response. Elsewhere it may, but not as a part of a page.
        """
        problem = self._problem(status, content, private)
        with self._lock:
            self.requests += 1
            self.kinds[kind] += 1
            self.statuses[str(status) if status is not None else "none"] += 1
        if problem:
            self.found(f"{kind}: {problem}; sent {sent[:400]}; got {content[:200]!r}")

    def found(self, problem: str) -> None:
        """Keep a finding."""
        with self._lock:
            if len(self.findings) < _MOST_FINDINGS:
                self.findings.append(problem)

    def afterwards(self, url: str) -> None:
        """The server is healthy, and the planted conversations are as they were."""
        with httpx.Client(base_url=url, timeout=10) as client:
            health = client.get("/health")
            if health.status_code != 200:
                self.found(f"afterwards /health is {health.status_code}: {health.text[:200]}")
            for canary in self.canaries:
                bearer = {"Authorization": f"Bearer {canary.token}"}
                history = client.get(f"/webhooks/rest/conversations/{canary.sender}", headers=bearer)
                if history.content != canary.history:
                    self.found(f"the conversation {canary.sender} was changed by somebody else")

    def _problem(self, status: int | None, content: bytes, private: bool) -> str | None:
        if status is not None and status >= 500:
            return f"status {status}"
        if _INSIDES.search(content):
            return "the insides of the program in a body"
        if not private and b"text/html" in content and any(part in content for part in _MARKUP):
            return "a person's markup in a page"
        if private and any(canary.text.encode() in content for canary in self.canaries):
            return "the text of another conversation"
        return None
