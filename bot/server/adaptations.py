"""The two places where Rasa 3.6.21 itself is changed, both in how it calls a custom action.

Rasa validates an action's reply with ``jsonschema.validate``, which checks the schema against its own meta-schema on
every call: 33 ms in which the event loop stands still. A validator that is built once takes under one.

Rasa sends the whole conversation with every call. Actions read slots, the latest message and the last few turns, so
that only those are turned into dictionaries.
"""

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


def adapt_rasa() -> None:
    """Apply the changes to Rasa's classes; doing so again changes nothing."""
    RemoteAction._validate_action_result = _validate_action_result
    RemoteAction._action_call_format = _action_call_format


def recent_events(tracker: DialogueStateTracker, turns: int = USER_TURNS_FOR_ACTIONS) -> list[dict[str, Any]]:
    """The events of the last user turns, oldest first, as dictionaries."""
    events: list[dict[str, Any]] = []
    for event in reversed(tracker.events):
        events.append(event.as_dict())
        turns -= isinstance(event, UserUttered)
        if not turns or len(events) == _MOST_EVENTS:
            break
    return events[::-1]


def _validate_action_result(_: Any, result: Any) -> bool:
    error: ValidationError | None = best_match(_validator.iter_errors(result))
    if error:
        raise error
    return True


def _action_call_format(self: Any, tracker: DialogueStateTracker, domain: Any) -> dict[str, Any]:
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
