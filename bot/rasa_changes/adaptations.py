"""Where Rasa 3.6.21 itself is changed: how it calls a custom action, and what every message pays for without use.

``docs/performance.md`` says what each change brings. See also ``bot/rasa_changes/parsing.py`` and
``bot/rasa_changes/prediction.py``.

Rasa validates an action's reply with ``jsonschema.validate``, which checks the schema against its own meta-schema on
every call: 33 ms in which the event loop stands still. A validator that is built once takes under one.

Rasa sends the whole conversation with every call. Actions read slots, the latest message and the last few turns, so
that only those are turned into dictionaries. ``RemoteAction._action_call_format`` is the place.

``Event.resolve_by_type`` searches all subclasses of ``Event``, recursively, for every event that it reads.

The processor and the policies make deep copies of messages and states for debug lines that nobody reads. Where the
log level is above debug, the copies are left out; these modules copy nothing else.
"""

from __future__ import annotations

import logging
from typing import Any

import rasa
import rasa.core.policies.memoization
import rasa.core.policies.rule_policy
import rasa.core.processor
from jsonschema import ValidationError
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.utils.common import all_subclasses

from bot.rasa_changes.parsing import adapt_parsing
from bot.rasa_changes.prediction import adapt_prediction

USER_TURNS_FOR_ACTIONS = 3
_MOST_EVENTS = 100

_schema = RemoteAction.action_response_format_spec()
_validator = validator_for(_schema)(_schema)


class _NoCopies:
    """Stands in for the module ``copy`` where copies are made for debug lines only."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        return value


def adapt_rasa() -> None:
    """Apply the changes to Rasa's classes; doing so again changes nothing."""
    adapt_parsing()
    adapt_prediction()
    Event.resolve_by_type = staticmethod(resolve_by_type)
    if not logging.getLogger("rasa").isEnabledFor(logging.DEBUG):
        for module in (rasa.core.processor, rasa.core.policies.memoization, rasa.core.policies.rule_policy):
            module.copy = _NoCopies
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


_event_classes: dict[str, type[Event]] = {}


def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """The class of the events of that name, ``default``, or None for a kind long gone. Raises ValueError."""
    if type_name not in _event_classes:
        # Of two classes with one name Rasa takes the first.
        _event_classes.update({each.type_name: each for each in reversed(all_subclasses(Event))})
    found = _event_classes.get(type_name)
    if found is not None or type_name == "topic":
        return found
    if default is None:
        raise ValueError(f"Unknown event name '{type_name}'.")
    return default


def _validate_action_result(self: Any, result: Any) -> bool:
    if getattr(self.action_endpoint, "checks_itself", False):
        return True
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
