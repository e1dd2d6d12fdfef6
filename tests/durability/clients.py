"""People who write to a live bot and send again what was not answered, as the widget does."""

import json
import sqlite3
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def request(
    url: str, method: str, path: str, body: Any = None, token: str | None = None
) -> tuple[int, dict[str, str], Any]:
    """One request; status, headers and the JSON of the answer. Raises OSError or HTTPException without one."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    return (
        answer.status,
        {name.lower(): value for name, value in answer.getheaders()},
        json.loads(content) if content else None,
    )


def say(url: str, sender: str, message: str, **more: Any) -> tuple[int, dict[str, str], Any]:
    return request(url, "POST", "/webhooks/rest/webhook", {"sender": sender, "message": message, **more})


class Visitor:
    """Asks numbered questions; ``acknowledged`` are those that were answered."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.number = 0
        self.acknowledged: list[str] = []
        self.replies: dict[str, list[dict[str, Any]]] = {}

    def ask(self, url: str) -> bool:
        """Ask the next question, or the last one again if it was not answered; False if it is not."""
        message_id = f"{self.name}-{self.number}"
        question = ("what tools do ML engineers use?", "and AI?", "thanks")[self.number % 3]
        try:
            status, _, reply = say(url, self.name, question, message_id=message_id)
        except (OSError, HTTPException):
            return False
        if status != 200:
            return False
        self.acknowledged.append(message_id)
        self.replies[message_id] = reply
        self.number += 1
        return True


def stored_messages(database: Path, sender: str) -> list[str]:
    """The ids of the user messages of a conversation as they are stored, oldest first."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "SELECT data FROM events WHERE sender_id = ? AND type = 'user' ORDER BY id", [sender]
        ).fetchall()
    return [json.loads(data)["message_id"] for (data,) in rows]
