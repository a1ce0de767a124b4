"""The callers of the storm drill, in a process of their own: sends what it is told, when it is told, over real sockets.

    python -m tests.bench.storm_callers WHERE

WHERE is a folder with `requests.json` (`{"url", "token", "requests": [{"at", "path", "body"}]}`, seconds from now); it
writes `answers.jsonl`, a line for each request: how long from the moment it was due, how often it was sent, the answer.
A request that gets no 200 is sent again, as a channel would: the same body, so the same key.
"""

import http.client
import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LINES = 200
"""Connections at most: more callers than that wait for a line, which counts against the service."""
TRIES, PAUSE_S = 60, 0.5
TIMEOUT_S = 60


class Callers:
    def __init__(self, url: str, token: str) -> None:
        self._host = urlsplit(url).netloc
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._mine = threading.local()

    def send(self, number: int, request: dict[str, Any], due: float) -> dict[str, Any]:
        body = json.dumps(request["body"], ensure_ascii=False).encode()
        tries = 1
        status, answer = self._try(request["path"], body)
        while status != 200 and tries < TRIES:
            time.sleep(PAUSE_S)
            tries += 1
            status, answer = self._try(request["path"], body)
        took = round((time.monotonic() - due) * 1000, 1)
        return {"number": number, "ms": took, "tries": tries, "status": status, "answer": answer}

    def _try(self, path: str, body: bytes) -> tuple[int, Any]:
        try:
            line = self._line()
            line.request("POST", path, body, self._headers)
            answer = line.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if answer.status == 200 else content.decode()[:300]
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._mine.line = None
            return 0, type(error).__name__

    def _line(self) -> http.client.HTTPConnection:
        if getattr(self._mine, "line", None) is None:
            self._mine.line = http.client.HTTPConnection(self._host, timeout=TIMEOUT_S)
        line: http.client.HTTPConnection = self._mine.line
        return line


def main(folder: Path) -> None:
    told = json.loads((folder / "requests.json").read_text())
    callers = Callers(told["url"], told["token"])
    begin = time.monotonic() + 1.0
    with ThreadPoolExecutor(LINES) as lines, (folder / "answers.jsonl").open("w") as out:
        sent = []
        for number, request in enumerate(told["requests"]):
            due = begin + request["at"]
            time.sleep(max(0.0, due - time.monotonic()))
            sent.append(lines.submit(callers.send, number, request, due))
        for each in sent:
            out.write(json.dumps(each.result(), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
