"""The engine from outside on DBOS: start, signal, cancel and retry flows from any process, without running them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dbos import DBOSClient, EnqueueOptions, WorkflowStatus
from dbos._error import DBOSNonExistentWorkflowError
from dbos._serialization import DBOSPortableJSON
from sqlalchemy.engine import Engine

from ticketing.automation.port import FlowNotFound, Known, Status, StepNotFound, StepTaken

APPLICATION = "lamplighter"
VERSION = "1"
"""Pinned. DBOS resumes a flow only under the version that started it, so a version computed from the code (its default)
would strand every running order at each release. Flows stay resumable because decisions are kept, not computed anew."""
QUEUE = "flows"
TOPIC = "bell"
OVER = {"SUCCESS": Status.DONE, "ERROR": Status.FAILED, "MAX_RECOVERY_ATTEMPTS_EXCEEDED": Status.FAILED}
STATUSES = OVER | {"CANCELLED": Status.CANCELLED, "PENDING": Status.RUNNING}
ACTIVE = ["PENDING", "ENQUEUED", "DELAYED"]


class DbosFlows:
    """`Flows` on DBOS. One for each process; safe to use from several threads."""

    def __init__(self, store: Engine) -> None:
        # lazy: the store may be away for a moment, and is made by the first worker.
        self._client = DBOSClient(
            system_database_engine=store, serializer=DBOSPortableJSON, application_name=APPLICATION, lazy=True
        )

    def start(self, flow: str, id: str, facts: Mapping[str, Any]) -> None:
        options: EnqueueOptions = {
            "workflow_name": flow,
            "queue_name": QUEUE,
            "workflow_id": id,
            "app_version": VERSION,
        }
        self._client.enqueue(options, dict(facts))

    def signal(self, id: str, *, key: str, bell: str) -> None:
        try:
            self._client.send(id, bell, TOPIC, idempotency_key=key)
        except DBOSNonExistentWorkflowError as error:
            raise FlowNotFound(id) from error

    def cancel(self, id: str) -> None:
        if self.find(id) is None:
            raise FlowNotFound(id)
        self._client.cancel_workflow(id)

    def retry_from(self, id: str, step: str | None = None) -> None:
        known = self.find(id)
        if known is None:
            raise FlowNotFound(id)
        number = self._number(id, step) if step else 1
        if known.status in {Status.RUNNING, Status.WAITING}:
            self._client.cancel_workflow(id)  # only what has ended can be rewound
        self._client.rewind_workflow(id, start_step=number, application_version=VERSION, queue_name=QUEUE)

    def _number(self, id: str, step: str) -> int:
        for taken in self.steps(id):
            if taken.name == step:
                return taken.number
        raise StepNotFound(f"{id} has no step '{step}'")

    def find(self, id: str) -> Known | None:
        found = self._client.list_workflows(workflow_ids=[id], load_input=False, load_output=False)
        return _known(found[0]) if found else None

    def unfinished(self) -> list[Known]:
        listed = self._client.list_workflows(status=ACTIVE, load_input=False, load_output=False)
        return [_known(each) for each in listed]

    def failed(self) -> list[Known]:
        listed = self._client.list_workflows(status="ERROR", load_input=False, load_output=False)
        return [_known(each) for each in listed]

    def steps(self, id: str) -> list[StepTaken]:
        listed = self._client.list_workflow_steps(id, load_output=False)
        return [
            StepTaken(
                each["function_id"],
                each["function_name"],
                _moment(each["started_at_epoch_ms"]),
                _moment(each["completed_at_epoch_ms"]),
            )
            for each in listed
        ]

    def close(self) -> None:
        self._client.destroy()


def _known(status: WorkflowStatus) -> Known:
    started, changed = _moment(status.created_at), _moment(status.updated_at)
    assert started
    return Known(
        id=status.workflow_id,
        flow=status.name,
        status=STATUSES.get(status.status, Status.WAITING),
        worker=status.executor_id,
        started=started,
        changed=changed or started,
    )


def _moment(epoch_ms: int | None) -> datetime | None:
    return None if epoch_ms is None else datetime.fromtimestamp(epoch_ms / 1000, UTC)
