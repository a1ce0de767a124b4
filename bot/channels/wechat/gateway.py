"""WeChat's gateway: keeps a push, then serves its conversation step by step, one process and one step at a time.

Read `_serve` first. The rows are the truth; a bell only says where to look now, and every second all that is due is
looked for, so a bell that was lost, or a process that died, costs a moment.
"""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from bot.channels.wechat import attachments, claims, customers, inbox, outbox, words
from bot.channels.wechat.compose import compose
from bot.channels.wechat.inbox import Told
from bot.channels.wechat.messages import messages
from bot.channels.wechat.platform import Platform
from bot.channels.wechat.push import Signed
from bot.channels.wechat.steps import Answer, Nudge, Send, Step, Steps
from bot.channels.wechat.window import Rules
from bot.delivery.store import Store
from bot.errors import StoreUnavailable
from bot.message import Spoken
from bot.turn import Turns

log = structlog.get_logger("bot")

LOOK_S = 1.0
TYPING_AFTER_S = 1.0
"""A quick answer needs no dots; they would cost a call each."""


class Gateway:
    def __init__(
        self,
        *,
        store: Store,
        turns: Turns,
        platform: Platform,
        book: words.Book,
        rules: Rules,
        id_key: bytes,
        clock: Callable[[], datetime],
        receipts_ring: Callable[[], None],
        at_once: int,
        keep: timedelta,
        can_nudge: bool,
    ) -> None:
        """`at_once`: conversations that are served at the same time; `id_key` makes the pseudonyms."""
        self._store, self._turns, self._platform, self._book = store, turns, platform, book
        self._clock, self._receipts_ring, self._id_key, self._keep = clock, receipts_ring, id_key, keep
        self.rules = rules
        self._worker = secrets.token_hex(8)
        self._steps = Steps(self._worker, store.cipher, rules, keep, can_nudge)
        self._room = asyncio.Semaphore(at_once)
        self._serving: dict[str, asyncio.Task[None]] = {}
        self._rung: set[str] = set()
        self._is_closing = False

    # in

    async def accept(self, signed: Signed) -> Told:
        """Keep the push. When this returns WeChat may be told `success`. Raises StoreUnavailable."""
        conversation, cipher = self.conversation_of(signed.push.openid), self._store.cipher
        told = await self._store.write(
            lambda connection: inbox.accept(connection, signed, conversation, at=self._clock(), cipher=cipher)
        )
        if told is Told.NEW:
            self.ring(conversation)
        return told

    def conversation_of(self, openid: str) -> str:
        return customers.conversation_of(openid, key=self._id_key)

    # out

    def enqueue(
        self, connection: Connection, conversation: str, openid: str, said: Spoken, *, name: str | None
    ) -> None:
        """Words from outside a turn, within the caller's transaction; ring afterwards."""
        cipher = self._store.cipher
        customers.meet(connection, conversation, openid, cipher=cipher)
        shown = said.model_copy(update={"text": self._book.of_agent(said.text, name)})
        pieces, choices = compose([shown], self._book.forms)
        outbox.put(connection, conversation, pieces, key=f"out:{said.id}", at=self._clock(), cipher=cipher)
        customers.offer(connection, conversation, choices, cipher=cipher)

    # served

    def ring(self, conversation: str) -> None:
        """There is something to do in this conversation."""
        if conversation in self._serving:
            self._rung.add(conversation)
        elif not self._is_closing:
            self._serving[conversation] = asyncio.create_task(self._serve_until_quiet(conversation))

    async def _serve_until_quiet(self, conversation: str) -> None:
        try:
            async with self._room:
                while not self._is_closing:
                    self._rung.discard(conversation)
                    await self._serve(conversation)
                    if conversation not in self._rung:
                        return
        except StoreUnavailable:
            log.warning("wechat_put_off", conversation=conversation)
        except Exception:
            log.exception("wechat_failed", conversation=conversation)
        finally:
            del self._serving[conversation]

    async def _serve(self, conversation: str) -> None:
        step = await self._store.write(lambda connection: self._steps.begin(connection, conversation, at=self._clock()))
        while step is not None:
            step = await self._take(step)

    async def _take(self, step: Step) -> Step | None:
        match step:
            case Send():
                return await self._send(step)
            case Answer():
                return await self._answer(step)
            case Nudge():
                is_told = await self._platform.nudge(step.customer.openid)
                log.info("wechat_nudged", conversation=step.customer.conversation, told=is_told)
                return await self._next(step.customer.conversation)

    async def _send(self, send: Send) -> Step | None:
        result = await self._platform.send(send.customer.openid, send.text)
        log.info(
            "wechat_line",
            conversation=send.customer.conversation,
            lines=len(send.lines),
            became=result.sending,
            code=result.code,
        )
        step = await self._store.write(lambda connection: self._steps.sent(connection, send, result, at=self._clock()))
        self._receipts_ring()
        return step

    async def _answer(self, answer: Answer) -> Step | None:
        try:
            async with self._typing(answer.customer.openid):
                taken = [await self._turns.take(each) for each in messages(answer.customer, answer.pushes, self._book)]
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("wechat_turn_failed", conversation=answer.customer.conversation)
            return await self._put_off(answer)
        pieces, choices = compose([reply for each in taken for reply in each.replies], self._book.forms)
        key = f"turn:{answer.pushes[-1].push.key}"
        return await self._store.write(
            lambda connection: self._steps.answered(connection, answer, pieces, choices, key=key, at=self._clock())
        )

    async def _put_off(self, answer: Answer) -> Step | None:
        conversation = answer.customer.conversation

        def later(connection: Connection) -> Step | None:
            if not inbox.put_off(connection, answer.pushes, at=self._clock()):
                log.error("wechat_push_given_up", conversation=conversation, pushes=len(answer.pushes))
            return self._steps.next(connection, conversation, at=self._clock())

        return await self._store.write(later)

    async def _next(self, conversation: str) -> Step | None:
        return await self._store.write(lambda connection: self._steps.next(connection, conversation, at=self._clock()))

    @contextlib.asynccontextmanager
    async def _typing(self, openid: str) -> AsyncIterator[None]:
        """Shows the customer that somebody types, when the answer takes its time."""

        async def show() -> None:
            await asyncio.sleep(TYPING_AFTER_S)
            await self._platform.typing(openid)

        showing = asyncio.create_task(show())
        try:
            yield
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    # alive

    async def open(self) -> None:
        """Show that this process lives, before it takes a conversation. Raises StoreUnavailable."""
        await self._store.write(lambda connection: claims.beat(connection, self._worker, at=self._clock()))

    async def run(self) -> None:
        """Stay alive and look for what is due, until cancelled."""
        await asyncio.gather(self._beat(), self._look())

    async def _beat(self) -> None:
        while True:
            try:
                await self._store.write(
                    lambda connection: claims.beat(connection, self._worker, at=self._clock()), lazy=True
                )
            except StoreUnavailable:
                log.warning("wechat_beat_missed")
            await asyncio.sleep(claims.BEAT_S)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                for conversation in await self._store.read(self._due):
                    self.ring(conversation)
            except StoreUnavailable:
                log.warning("wechat_look_missed")

    def _due(self, connection: Connection) -> list[str]:
        at = self._clock()
        found = [*inbox.due(connection, at=at), *outbox.due(connection, at=at, expired=at - self._keep)]
        return [conversation for conversation in dict.fromkeys(found) if conversation not in self._serving]

    async def sweep(self, before: datetime) -> None:
        """Forget what was done before that time."""
        for forget in (inbox.sweep, outbox.sweep, attachments.sweep):
            await self._store.write(partial(forget, before=before))
        for forget_at in (inbox.sweep_stamps, claims.sweep):
            await self._store.write(partial(forget_at, at=self._clock()))

    async def close(self, *, within_s: float) -> None:
        """Let each step that runs come to its end, then give every conversation up."""
        self._is_closing = True
        if self._serving:
            _, late = await asyncio.wait(list(self._serving.values()), timeout=within_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        with contextlib.suppress(StoreUnavailable):
            await self._store.write(lambda connection: claims.leave(connection, self._worker))
