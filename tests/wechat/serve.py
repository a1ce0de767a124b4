"""The simulator as a server of its own: `python -m tests.wechat.serve --port 8031`. Sent so far: GET /_world."""

import argparse

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.wechat.clock import Clock
from tests.wechat.servers import app
from tests.wechat.world import World


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8031)
    parser.add_argument("--app-id", default="wx0123456789abcdef")
    parser.add_argument("--secret", default="app-secret")
    asked = parser.parse_args()
    world = World(Clock(), app_id=asked.app_id, secret=asked.secret)

    async def look(_: Request) -> JSONResponse:
        return JSONResponse({openid: person.texts for openid, person in world.people.items()})

    servers = app(world)
    servers.router.routes.append(Route("/_world", look))
    uvicorn.run(servers, host="127.0.0.1", port=asked.port, log_level="warning")


if __name__ == "__main__":
    main()
