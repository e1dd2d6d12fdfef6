"""How Rasa 3.6.21 predicts what to do next, without what a message does not need.

- The graph is run in the order of a plan that is made once (``DaskGraphRunner.run`` plans it for every run). Its nodes
  run one after another anyway.
- ``RulePolicy`` looks rules up by the names in their last state before it compares them, makes no more states than the
  longest rule has, and does not look by a message's text where all rules name an intent.
- Classes of events are found by name in a dictionary.
- What debug lines would show is not copied where they are not written.
"""

from __future__ import annotations

import copy
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.nlu.constants import ACTION_NAME, INTENT
from rasa.shared.utils.common import all_subclasses

_ANY = None
_Names = tuple[Any, Any]
_all_possible_keys = RulePolicy._get_possible_keys
_action_from_rules = RulePolicy._find_action_from_rules
_event_classes: dict[str, type[Event]] = {}
_rasa_logger = logging.getLogger("rasa")


class CopyForDebugging:
    """Stands in for the module ``copy`` where copies are made for debug lines only."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        """A copy if debug lines are written, else the value itself."""
        return copy.deepcopy(value) if _rasa_logger.isEnabledFor(logging.DEBUG) else value


def run_in_order(
    self: Any, inputs: Mapping[str, Any] | None = None, targets: Sequence[str] | None = None
) -> dict[str, Any]:
    """Run the nodes that ``targets`` need, each after those whose output it takes; returns the targets' outputs.

    Raises what nodes raise, and GraphRunError for an input that is named like a node.
    """
    wanted = tuple(targets or self._graph_schema.target_names)
    plans = self.__dict__.setdefault("_plans", {})
    if wanted not in plans:
        plans[wanted] = _plan(self._graph_schema.minimal_graph_schema(list(wanted)))
    outputs: dict[str, Any] = {}
    for name, value in (inputs or {}).items():
        if isinstance(value, str) and value in self._graph_schema.nodes:
            raise GraphRunError(f"Input value '{value}' clashes with a node name.")
        outputs[name] = (name, value)
    try:
        for name, needs in plans[wanted]:
            outputs[name] = self._instantiated_nodes[name](*[outputs.get(need, need) for need in needs])
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(outputs[name] for name in wanted)


def _plan(schema: Any) -> list[tuple[str, list[str]]]:
    """The nodes in an order in which all inputs are there before they are needed."""
    order: dict[str, list[str]] = {}

    def visit(name: str) -> None:
        if name in order or name not in schema.nodes:  # What is no node is an input of the run.
            return
        needs = list(schema.nodes[name].needs.values())
        for need in needs:
            visit(need)
        order[name] = needs

    for name in schema.nodes:
        visit(name)
    return list(order.items())


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
