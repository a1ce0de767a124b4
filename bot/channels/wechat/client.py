"""WeChat as a platform: `custom/send`, typing, subscribe messages, pictures; what its error numbers mean for a line."""

from typing import Any

import structlog

from bot.channels.wechat.access_token import AccessToken
from bot.channels.wechat.api import Api, NotDone, Unclear
from bot.channels.wechat.platform import Result, Sending

log = structlog.get_logger("bot")

SEND = "/cgi-bin/message/custom/send"
TYPING = "/cgi-bin/message/custom/business/typing"
SUBSCRIBE = "/cgi-bin/message/subscribe/send"
TOKEN = "/cgi-bin/stable_token"
PICTURE = "/cgi-bin/media/get"

TOKEN_REFUSED = frozenset({40001, 40014, 42001})
MEANINGS = {
    0: Sending.SENT,
    45047: Sending.QUOTA,
    45015: Sending.WINDOW,
    -1: Sending.LATER,
    45009: Sending.LATER,  # the day's calls are used up
    45011: Sending.LATER,  # too many calls in a minute
}
NUDGE_CHARACTERS = 20
"""A `thing` of a subscribe message has no more (47003)."""


class NoPicture(Exception):
    """WeChat does not have it any more (three days), or not now."""


async def fetch_token(api: Api, *, app_id: str, secret: str, force: bool) -> tuple[str, int]:
    """A token and its seconds. Raises NotDone, Unclear."""
    body = {"grant_type": "client_credential", "appid": app_id, "secret": secret, "force_refresh": force}
    answer = await api.post(TOKEN, body)
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not isinstance(seconds, int):
        raise NotDone(f"errcode {answer.get('errcode')}")
    return token, seconds


class Wechat:
    """`template`, `field`, `page`: the subscribe message that says that words wait; an empty template: none."""

    def __init__(
        self,
        api: Api,
        tokens: AccessToken,
        *,
        template: str = "",
        field: str = "thing1",
        page: str = "",
        nudge: str = "",
    ) -> None:
        self._api, self._tokens = api, tokens
        self._template, self._field, self._page, self._nudge = template, field, page, nudge

    async def send(self, to: str, text: str) -> Result:
        try:
            code = await self._call(SEND, {"touser": to, "msgtype": "text", "text": {"content": text}})
        except NotDone:
            return Result(Sending.LATER)
        except Unclear:
            return Result(Sending.UNCONFIRMED)
        if code in TOKEN_REFUSED:  # the new one too
            return Result(Sending.LATER, code)
        return Result(MEANINGS.get(code, Sending.REFUSED), code)

    async def typing(self, to: str) -> None:
        await self._quietly(TYPING, {"touser": to, "command": "Typing"})

    async def nudge(self, to: str) -> bool:
        if not self._template:
            return False
        data = {self._field: {"value": self._nudge[:NUDGE_CHARACTERS]}}
        body = {"touser": to, "template_id": self._template, "page": self._page, "data": data}
        return await self._quietly(SUBSCRIBE, body) == 0

    async def picture(self, media: str) -> bytes:
        """Raises NoPicture."""
        try:
            token = await self._tokens.current()
            found = await self._api.picture(PICTURE, media, token=token)
            if isinstance(found, dict) and found.get("errcode") in TOKEN_REFUSED:
                found = await self._api.picture(PICTURE, media, token=await self._tokens.renew(token))
        except (NotDone, Unclear) as error:
            raise NoPicture(str(error)) from error
        if isinstance(found, dict):
            raise NoPicture(f"errcode {found.get('errcode')}")
        return found

    async def _quietly(self, path: str, body: dict[str, Any]) -> int | None:
        """The code of a call that may fail: 43101 (no consent), 45080, 45081 (typing too often) are nothing unusual."""
        try:
            code = await self._call(path, body)
        except (NotDone, Unclear) as error:
            log.info("wechat_left_out", path=path, error=str(error))
            return None
        if code:
            log.info("wechat_left_out", path=path, code=code)
        return code

    async def _call(self, path: str, body: dict[str, Any]) -> int:
        """WeChat's code, 0 for done. A token it refuses is renewed, once. Raises NotDone, Unclear."""
        token = await self._tokens.current()
        code = _code(await self._api.post(path, body, token=token))
        if code in TOKEN_REFUSED:
            code = _code(await self._api.post(path, body, token=await self._tokens.renew(token)))
        return code


def _code(answer: dict[str, Any]) -> int:
    code = answer.get("errcode", 0)
    if not isinstance(code, int):
        raise Unclear("errcode is no number")
    return code
