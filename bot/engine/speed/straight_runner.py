"""Rasa hands each message to dask, which plans the same six steps anew, in threads' clothes; here the plan is kept.

A plan is the order of the nodes that some targets need; it depends on the trained graph alone.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text, Tuple
from weakref import WeakKeyDictionary

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner

from bot.engine.speed.patch import replace

EXPECTED = "45f0f52f574f3aa9"
Plan = List[Tuple[Text, List[Text]]]  # each node with those whose output it takes, in the order of running
_plans: "WeakKeyDictionary[DaskGraphRunner, Dict[Tuple[Text, ...], Plan]]" = WeakKeyDictionary()


def run(
    self: DaskGraphRunner, inputs: Optional[Dict[Text, Any]] = None, targets: Optional[List[Text]] = None
) -> Dict[Text, Any]:
    """In place of `DaskGraphRunner.run`: each node once, after those it needs. Raises GraphRunError as that does."""
    wanted = tuple(targets or self._graph_schema.target_names)
    plans = _plans.setdefault(self, {})
    if wanted not in plans:
        plans[wanted] = plan(self._graph_schema, wanted)
    outputs: Dict[Text, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
    try:
        for name, needs in plans[wanted]:
            outputs[name] = self._instantiated_nodes[name](*(outputs.get(need, need) for need in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(outputs[name] for name in wanted)


def plan(schema: GraphSchema, targets: Tuple[Text, ...]) -> Plan:
    """The nodes that `targets` need, each after those it takes from."""
    nodes = schema.minimal_graph_schema(list(targets)).nodes
    placed: Dict[Text, List[Text]] = {}

    def place(name: Text) -> None:
        if name in nodes and name not in placed:
            for need in nodes[name].needs.values():
                place(need)
            placed[name] = list(nodes[name].needs.values())

    for target in targets:
        place(target)
    return list(placed.items())


def install() -> None:
    replace(DaskGraphRunner, "run", run, expected=EXPECTED)
