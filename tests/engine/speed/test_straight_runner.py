"""A trained graph run straight gives what dask makes of it, and fails as it fails."""

import dask
import pytest
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage

from bot.engine.speed.straight_runner import plan, run

RAN = []


class Sum(GraphComponent):
    @classmethod
    def create(cls, config, model_storage, resource, execution_context):
        made = cls()
        made.name = execution_context.node_name
        return made

    def add(self, left, right):
        RAN.append(self.name)
        if left is None:
            raise RuntimeError("nothing to add")
        return left + right


def node(left, right, **more):
    needs = {"left": left, "right": right}
    return SchemaNode(needs=needs, uses=Sum, constructor_name="create", fn="add", config={}, eager=True, **more)


SCHEMA = GraphSchema(
    {
        "last": node("double", "once", is_target=True),
        "double": node("once", "once"),
        "once": node("a", "b"),
        "beside": node("a", "a", is_target=True),
    }
)


@pytest.fixture
def runner(tmp_path):
    RAN.clear()
    return DaskGraphRunner.create(SCHEMA, LocalModelStorage(tmp_path), ExecutionContext(SCHEMA, "model"))


def by_dask(runner, inputs, targets):
    graph = runner._build_dask_graph(SCHEMA.minimal_graph_schema(targets))
    runner._add_inputs_to_graph(inputs, graph)
    return dict(dask.get(graph, targets))


@pytest.mark.parametrize("targets", [["last"], ["beside"], ["last", "beside"], ["once", "last"]])
def test_it_answers_as_dask_does(runner, targets):
    inputs = {"a": 2, "b": 5}
    expected = by_dask(runner, inputs, targets)
    for _ in range(2):
        assert run(runner, inputs, targets) == expected


def test_without_targets_it_gives_those_of_the_graph(runner):
    assert run(runner, {"a": 2, "b": 5}) == {"last": 21, "beside": 4}


def test_each_node_runs_once_and_only_when_it_is_needed(runner):
    run(runner, {"a": 2, "b": 5}, ["last"])
    assert RAN == ["once", "double", "last"]


def test_a_missing_input_is_refused_as_before(runner):
    with pytest.raises(GraphRunError, match="Missing input"):
        run(runner, {"a": 2}, ["last"])


def test_an_error_in_a_node_is_the_error_that_dask_lets_through(runner):
    with pytest.raises(Exception) as before:
        by_dask(runner, {"a": None, "b": 5}, ["last"])
    with pytest.raises(type(before.value)) as now:
        run(runner, {"a": None, "b": 5}, ["last"])
    assert str(now.value) == str(before.value)


def test_the_plan_has_each_node_after_those_it_needs():
    assert [name for name, _ in plan(SCHEMA, ("last", "beside"))] == ["once", "double", "last", "beside"]
