"""How Rasa calls a custom action."""

from __future__ import annotations

from typing import Any

import rasa
from jsonschema import ValidationError
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

USER_TURNS_FOR_ACTIONS = 3
_MOST_EVENTS = 100

_schema = RemoteAction.action_response_format_spec()
_validator = validator_for(_schema)(_schema)


def validate_result(self: Any, result: Any) -> bool:
    """Whether an action's reply has the right form. Raises ValidationError if it has not."""
    if getattr(self.action_endpoint, "checks_itself", False):
        return True
    error: ValidationError | None = best_match(_validator.iter_errors(result))
    if error:
        raise error
    return True


def call_format(self: Any, tracker: DialogueStateTracker, domain: Any) -> dict[str, Any]:
    """What an action is told: its name, the state of the conversation with its last turns, and the domain if wanted."""
    state = tracker.current_state(EventVerbosity.NONE)
    state["events"] = recent_events(tracker)
    call = {
        "next_action": self.name(),
        "sender_id": tracker.sender_id,
        "tracker": state,
        "version": rasa.__version__,
    }
    if not self._is_selective_domain_enabled() or domain.does_custom_action_explicitly_need_domain(self.name()):
        call["domain"] = domain.as_dict()
    return call


def recent_events(tracker: DialogueStateTracker, turns: int = USER_TURNS_FOR_ACTIONS) -> list[dict[str, Any]]:
    """The events of the last user turns, oldest first, as dictionaries."""
    events: list[dict[str, Any]] = []
    for event in reversed(tracker.events):
        events.append(event.as_dict())
        turns -= isinstance(event, UserUttered)
        if not turns or len(events) == _MOST_EVENTS:
            break
    return events[::-1]
