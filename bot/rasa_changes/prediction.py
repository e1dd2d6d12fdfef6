"""How Rasa 3.6.21 runs its graph, without what a message does not need.

``DaskGraphRunner.run`` plans the graph anew for every run (three a message) and hands each node to an executor. The
plan is the same every time and the nodes run one after another anyway: here they are called in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner

from bot.rasa_changes.rules import adapt_rules


def adapt_prediction() -> None:
    """Apply this and the changes of bot/rasa_changes/rules.py to Rasa's classes; doing so again changes nothing."""
    DaskGraphRunner.run = run_in_order
    adapt_rules()


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
