"""Feedback over HTTP: checks what a client sends, and makes the event of :mod:`bot.channels.feedback` of it."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import Event, SlotSet

from bot.channels.errors import bad_request
from bot.channels.feedback import LONGEST_ID, MOST_FACTS, RATINGS, REASONS, SLOT, all_facts, feedback
from bot.channels.messages import optional_text


def feedback_in(body: dict[str, Any]) -> Event:
    """The event that keeps the feedback of a request's body. Raises Refusal 400."""
    rating, reason = body.get("rating"), body.get("reason")
    if rating not in RATINGS:
        raise bad_request("rating must be up or down.")
    if reason is not None and (not isinstance(reason, str) or reason not in REASONS):
        raise bad_request(f"reason must be one of {', '.join(REASONS)}, or left out.")
    facts = body.get("facts", [])
    if not isinstance(facts, list) or not all_facts(facts):
        raise bad_request(f"facts must be a list of at most {MOST_FACTS} fact ids.")
    message_id = optional_text(body, "message_id", LONGEST_ID)
    return SlotSet(SLOT, feedback(rating, facts, reason, message_id))
