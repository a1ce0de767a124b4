"""A real Sanic server on loopback, and a way to post to it: Rasa's lock brings no test client."""

import asyncio
import json

import aiohttp

PORT = 18121


class Client:
    """Serves an app until it is closed."""

    def __init__(self, app):
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(self._start(app))

    async def _start(self, app):
        server = await app.create_server(host="127.0.0.1", port=PORT, return_asyncio_server=True, access_log=False)
        await server.startup()
        return server

    def post(self, body, token="secret"):
        """(status, JSON) of one turn."""
        return self.loop.run_until_complete(self._post(body, token))

    def post_together(self, bodies, token="secret"):
        """The same of several turns that are sent at once."""

        async def together():
            return await asyncio.gather(*(self._post(body, token) for body in bodies))

        return self.loop.run_until_complete(together())

    async def _post(self, body, token):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        url = f"http://127.0.0.1:{PORT}/webhooks/lamplighter/turn"
        async with aiohttp.ClientSession() as session:
            async with session.post(url, data=json.dumps(body).encode(), headers=headers) as answer:
                return answer.status, json.loads(await answer.text())

    def close(self):
        self.server.close()
        self.loop.run_until_complete(self.server.wait_closed())
        self.loop.close()
