"""Many who write at once all get their answer: none waits for a thread with the write lock in its hands."""

import asyncio
from datetime import UTC, datetime

import httpx
from fastapi import FastAPI

from tests.bot.serving import serving
from ticketing.config import Settings
from ticketing.main import app

CROWD = 120
"""Three times as many as there are threads."""


async def test_a_crowd_that_writes_does_not_stand_still(settings: Settings) -> None:
    service: FastAPI = app(settings)
    with serving(service) as url:
        limits = httpx.Limits(max_connections=CROWD)
        headers = {"Authorization": "Bearer bot-token"}
        async with httpx.AsyncClient(base_url=url, headers=headers, limits=limits, timeout=60) as client:

            async def say(number: int) -> int:
                body = {"id": "m-1", "channel": "web", "kind": "text", "text": "停电", "reply_to": f"web:{number}"}
                body |= {"at": datetime.now(UTC).isoformat()}
                return (await client.post(f"/api/conversations/c-{number}/messages", json=body)).status_code

            assert await asyncio.gather(*(say(number) for number in range(CROWD))) == [200] * CROWD
