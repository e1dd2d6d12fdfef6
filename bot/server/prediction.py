"""How Rasa 3.6.21 runs its graph and looks rules up, without what a message does not need.

``DaskGraphRunner.run`` plans the graph anew for every run (three a message) and hands each node to an executor. The
plan is the same every time and the nodes run one after another anyway: here they are called in order.

``RulePolicy._get_possible_keys`` compares the conversation with every rule. A rule whose last step names another intent
or action than the conversation's last state cannot apply, so that only those that name these (or none) are compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

_ANY = None
_Names = tuple[Any, Any]
_all_possible_keys = RulePolicy._get_possible_keys


def adapt_prediction() -> None:
    """Apply both changes to Rasa's classes; doing so again changes nothing."""
    DaskGraphRunner.run = run_in_order
    RulePolicy._get_possible_keys = possible_keys


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
        indexes = self.__dict__.setdefault("_rules_by_names", {})
        # Rules are not learned after training, and each kind of them is one dictionary.
        if id(lookup) not in indexes:
            indexes[id(lookup)] = (lookup, _by_names(lookup, self._rule_key_to_state))
        index = indexes[id(lookup)][1]
        intent, action = _names(states[-1])
        fitting = {(i, a) for i in (intent, _ANY) for a in (action, _ANY)}
        lookup = {key: lookup[key] for names in fitting for key in index.get(names, ())}
    found: set[str] = _all_possible_keys(self, lookup, states)
    return found


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
