"""WeChat's parts, put together from the settings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from redis.asyncio import Redis

from bot.channels.wechat import words
from bot.channels.wechat.access_token import AccessToken
from bot.channels.wechat.api import Api
from bot.channels.wechat.client import Wechat, fetch_token
from bot.channels.wechat.envelope import Envelope
from bot.channels.wechat.gateway import Gateway
from bot.channels.wechat.push import Mode, Reader
from bot.channels.wechat.window import Rules
from bot.config import Settings
from bot.delivery.store import Store
from bot.lanes import Lanes
from bot.turn import Turns

CROWD = 4
"""Conversations served at once, as a multiple of the turns that make a storm: so the storm desk sees the storm."""


@dataclass(frozen=True)
class Wiring:
    reader: Reader
    gateway: Gateway
    platform: Wechat
    tokens: AccessToken
    api: Api
    clock: Callable[[], datetime]


def build(
    settings: Settings,
    *,
    store: Store,
    turns: Turns,
    redis: Redis | None,
    lanes: Lanes,
    book: words.Book,
    receipts_ring: Callable[[], None],
    clock: Callable[[], datetime],
) -> Wiring | None:
    """None when WeChat is not set up."""
    if not settings.wechat_app_id:
        return None
    app_id, secret = settings.wechat_app_id, settings.wechat_secret.get_secret_value()
    mode, aes_key = settings.wechat_mode, settings.wechat_aes_key.get_secret_value()
    envelope = None if mode is Mode.PLAIN else Envelope(aes_key, app_id=app_id)
    api = Api(settings.wechat_api_url, patience_s=settings.wechat_timeout_s)
    fetch = partial(_fetch, api, app_id, secret)
    tokens = AccessToken(fetch, app_id=app_id, redis=redis, lanes=lanes, cipher=store.cipher, clock=clock)
    platform = Wechat(
        api,
        tokens,
        template=settings.wechat_nudge_template,
        field=settings.wechat_nudge_field,
        page=settings.wechat_nudge_page,
        nudge=book.nudge,
    )
    gateway = Gateway(
        store=store,
        turns=turns,
        platform=platform,
        book=book,
        rules=Rules(
            per_message=settings.wechat_quota,
            open_for=timedelta(hours=settings.wechat_window_hours),
            on_entering=settings.wechat_quota_on_entering,
        ),
        id_key=settings.data_key.get_secret_value().encode(),
        clock=clock,
        receipts_ring=receipts_ring,
        at_once=CROWD * settings.turns_at_once,
        keep=timedelta(hours=settings.wechat_keep_hours),
        can_nudge=bool(settings.wechat_nudge_template),
    )
    reader = Reader(token=settings.wechat_token.get_secret_value(), mode=mode, envelope=envelope, clock=clock)
    return Wiring(reader, gateway, platform, tokens, api, clock)


async def _fetch(api: Api, app_id: str, secret: str, force: bool) -> tuple[str, int]:
    return await fetch_token(api, app_id=app_id, secret=secret, force=force)
