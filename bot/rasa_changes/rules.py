"""How Rasa 3.6.21's RulePolicy looks rules up, without comparing what cannot make a difference.

Rasa compares all states of the conversation, from its first message on, with every rule, and does so twice for each
prediction: by the message's text and by its intent. A rule whose last step names another intent or action than the
conversation's last state cannot apply; no rule looks further back than the longest has steps; and rules that all name
an intent cannot apply to a text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.events import ActionExecuted
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

_ANY = None
_Names = tuple[Any, Any]
_all_possible_keys = RulePolicy._get_possible_keys
_action_from_rules = RulePolicy._find_action_from_rules


def adapt_rules() -> None:
    """Apply these changes to Rasa's class; doing so again changes nothing."""
    RulePolicy._get_possible_keys = possible_keys
    RulePolicy._prediction_states = recent_states
    RulePolicy._find_action_from_rules = action_from_rules


def possible_keys(self: Any, lookup: Mapping[str, str], states: Sequence[Mapping[str, Any]]) -> set[str]:
    """The keys of the rules that fit the states of a conversation, as Rasa finds them."""
    if states and states[-1].get(PREVIOUS_ACTION):
        index = _index(self, lookup)
        intent, action = _names(states[-1])
        fitting = {(i, a) for i in (intent, _ANY) for a in (action, _ANY)}
        lookup = {key: lookup[key] for names in fitting for key in index.get(names, ())}
    found: set[str] = _all_possible_keys(self, lookup, states)
    return found


def recent_states(
    self: Any, tracker: Any, domain: Any, use_text_for_last_user_input: bool = False, rule_only_data: Any = None
) -> list[dict[str, Any]]:
    """The last states of a conversation, as many as the longest rule has, as Rasa makes all of them."""
    events = tracker.applied_events()
    left = sum(isinstance(event, ActionExecuted) for event in events) + 1
    most = _longest(self)
    before = tracker.init_copy()
    states = []
    # There is a state before each action, and one at the end.
    for event in events:
        if isinstance(event, ActionExecuted):
            if left <= most:
                states.append(domain.get_active_state(before))
            left -= 1
        before.update(event)
    states.append(domain.get_active_state(before))
    self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
    return states


def action_from_rules(
    self: Any, tracker: Any, domain: Any, use_text_for_last_user_input: bool
) -> tuple[str | None, str | None, bool]:
    """What Rasa finds; without looking for a rule by the message's text where every rule names an intent."""
    if use_text_for_last_user_input and not tracker.active_loop_name and not _any_rule_without_intent(self):
        return None, None, False
    found: tuple[str | None, str | None, bool] = _action_from_rules(self, tracker, domain, use_text_for_last_user_input)
    return found


def _index(policy: Any, lookup: Mapping[str, str]) -> dict[_Names, list[str]]:
    """The rules of a lookup by the names in their last states. Rules are not learned after training."""
    indexes = policy.__dict__.setdefault("_rules_by_names", {})
    if id(lookup) not in indexes:
        indexes[id(lookup)] = (lookup, _by_names(lookup, policy._rule_key_to_state))
    index: dict[_Names, list[str]] = indexes[id(lookup)][1]
    return index


def _any_rule_without_intent(policy: Any) -> bool:
    """Whether a rule may apply after a message whose intent is not known."""
    index = _index(policy, policy.lookup[RULES])
    return (_ANY, ACTION_LISTEN_NAME) in index or (_ANY, _ANY) in index


def _longest(policy: Any) -> int:
    """How many states the longest rule has."""
    if "_longest_rule" not in policy.__dict__:
        lookups = (policy.lookup.get(kind) or {} for kind in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH))
        policy._longest_rule = max((len(policy._rule_key_to_state(key)) for each in lookups for key in each), default=1)
    longest: int = policy._longest_rule
    return longest


def _by_names(lookup: Mapping[str, str], states_of: Any) -> dict[_Names, list[str]]:
    index: dict[_Names, list[str]] = defaultdict(list)
    for key in lookup:
        index[_names(states_of(key)[-1])].append(key)
    return dict(index)


def _names(state: Mapping[str, Any]) -> _Names:
    """The intent and the action of a state; None where it has none or, in a rule, does not care."""
    names = (state.get(USER, {}).get(INTENT), state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME))
    intent, action = (_ANY if name in (None, "", SHOULD_NOT_BE_SET) else name for name in names)
    return intent, action
