"""What actions are told, and which replies they may give."""

from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_changes.actions import recent_events
from bot.rasa_changes.changes import apply


@pytest.fixture
def action() -> RemoteAction:
    apply("server")
    return RemoteAction("action_x", None)


@pytest.mark.parametrize(
    "good", [{}, {"events": [], "responses": [{"text": "a"}]}, {"events": [{"event": "slot", "name": "a", "value": 1}]}]
)
def test_replies_of_the_right_form_pass(action: RemoteAction, good: dict[str, Any]) -> None:
    assert action._validate_action_result(good)


@pytest.mark.parametrize("bad", [None, [], {"events": {}}, {"responses": ["a"]}, {"events": [{"event": "nonsense"}]}])
def test_other_replies_are_refused_as_by_rasa(action: RemoteAction, bad: Any) -> None:
    with pytest.raises(ValidationError):
        action._validate_action_result(bad)


def test_only_the_last_turns_are_passed_on() -> None:
    tracker = DialogueStateTracker("a", [])
    for number in range(5):
        for event in (ActionExecuted("action_listen"), UserUttered(str(number)), BotUttered(f"re {number}")):
            tracker.update(event)
    events = recent_events(tracker, turns=2)
    assert [event["text"] for event in events if event["event"] == "user"] == ["3", "4"]
    assert events[0]["event"] == "user"
    assert events[-1]["text"] == "re 4"
