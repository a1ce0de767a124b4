"""People at the talk tracks' desk: who writes, who reads over, who publishes."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

WRITER, READER, PUBLISHER, FOURTH = "甲", "乙", "丙", "丁"
Answer = dict[str, Any]


class Desk:
    """The API as the people use it; `expect` is the status that the answer must have."""

    def __init__(self, client: TestClient) -> None:
        self._client = client

    def post(self, path: str, *, by: str, expect: int = 200, **body: Any) -> Answer:
        answer = self._client.post(f"/api/talk-tracks{path}", json={"by": by, **body})
        assert answer.status_code == expect, answer.text
        result: Answer = answer.json()
        return result

    def get(self, path: str, *, expect: int = 200, **query: Any) -> Any:
        answer = self._client.get(f"/api/talk-tracks{path}", params=query)
        assert answer.status_code == expect, answer.text
        return answer.json()

    def draft(self, name: str, *, by: str = WRITER, **words: Any) -> int:
        return int(self.post(f"/{name}/versions", by=by, expect=201, **words)["version"])

    def step(self, name: str, number: int, what: str, *, by: str, expect: int = 200, **body: Any) -> Answer:
        return self.post(f"/{name}/versions/{number}/{what}", by=by, expect=expect, **body)

    def approved(self, name: str, **words: Any) -> int:
        number = self.draft(name, **words)
        self.step(name, number, "submit", by=WRITER)
        self.step(name, number, "review", by=READER, accept=True)
        return number

    def published(self, name: str, **words: Any) -> int:
        number = self.approved(name, **words)
        self.step(name, number, "publish", by=PUBLISHER)
        return number


@pytest.fixture
def desk(demo: TestClient) -> Desk:
    return Desk(demo)
