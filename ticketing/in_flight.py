"""No more requests at work at once than there are threads for.

A request takes a thread for its work, another for its answer, and ends its transaction after that. Were all threads
taken by requests that wait for the write lock, the one that has the lock would find none to end in: then nothing moves
until the time-outs fall (seen with a crew app that told of a thousand orders at once). So the others wait at the door.
"""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

PASSED_ON = "/console"
"""Only handed on to another process, without a thread or a transaction; some such requests stay open for long."""
MOST = 32
"""Below the 40 threads that Starlette's pool has."""


class InFlight:
    def __init__(self, app: ASGIApp, *, most: int = MOST) -> None:
        self._app, self._room = app, asyncio.Semaphore(most)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(PASSED_ON):
            await self._app(scope, receive, send)
            return
        async with self._room:
            await self._app(scope, receive, send)
