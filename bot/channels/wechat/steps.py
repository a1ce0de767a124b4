"""What happens next in a conversation, decided and written down in one transaction by the process that has it.

First lines that may leave, then the next turn, then the conversation is free again. Nothing is asked of WeChat that is
not marked here before, so a process that dies leaves nothing that is done twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.channels.wechat import claims, customers, inbox, outbox
from bot.channels.wechat.compose import Piece
from bot.channels.wechat.customers import Customer
from bot.channels.wechat.gather import Waiting, gather
from bot.channels.wechat.outbox import Line, State
from bot.channels.wechat.platform import Result, Sending
from bot.channels.wechat.push import PushKind
from bot.channels.wechat.window import Rules
from bot.delivery.cipher import Cipher


@dataclass(frozen=True)
class Send:
    """These lines, as one message. `customer` is as it was before."""

    customer: Customer
    lines: tuple[Line, ...]
    text: str


@dataclass(frozen=True)
class Answer:
    """These pushes, as one turn."""

    customer: Customer
    pushes: tuple[Waiting, ...]


@dataclass(frozen=True)
class Nudge:
    customer: Customer


type Step = Send | Answer | Nudge


@dataclass(frozen=True)
class Steps:
    """The decisions of one process (`worker`). `keep`: a line that could not be sent for so long has failed."""

    worker: str
    cipher: Cipher
    rules: Rules
    keep: timedelta
    can_nudge: bool

    def begin(self, connection: Connection, conversation: str, *, at: datetime) -> Step | None:
        """Take the conversation and its next step; None: there is none, or it is another process's."""
        if not claims.claim(connection, conversation, self.worker, at=at):
            return None
        left_open = [
            line for line in outbox.waiting(connection, conversation, cipher=self.cipher) if line.state is State.SENDING
        ]
        if left_open:
            outbox.failed(connection, conversation, left_open, reason=Sending.UNCONFIRMED, at=at)
        return self.next(connection, conversation, at=at)

    def next(self, connection: Connection, conversation: str, *, at: datetime) -> Step | None:
        customer = customers.find(connection, conversation, cipher=self.cipher)
        if customer is None or customer.worker != self.worker:
            return None  # it took us so long that another process has it
        turn = self._turn(connection, customer, at=at)
        is_scarce = customer.window.left(at, self.rules) <= outbox.RESERVE
        # Who says much at once would use the quota up: the last answers then leave together, after the last turn.
        step: Step | None = turn if turn is not None and is_scarce else None
        step = step or self._line(connection, customer, at=at) or turn
        if step is None:
            claims.release(connection, conversation, self.worker)
        return step

    def sent(self, connection: Connection, send: Send, result: Result, *, at: datetime) -> Step | None:
        """Keep what became of a message, and go on."""
        conversation, lines = send.customer.conversation, send.lines
        now = customers.find(connection, conversation, cipher=self.cipher)
        window = send.customer.window if now is None else now.window
        is_same = (window.spoke_at, window.entered_at) == (
            send.customer.window.spoke_at,
            send.customer.window.entered_at,
        )
        match result.sending:
            case Sending.SENT:
                outbox.sent(connection, conversation, lines, at=at)
            case Sending.QUOTA | Sending.WINDOW if is_same:
                shut = window.used_up(self.rules) if result.sending is Sending.QUOTA else window.closed()
                customers.keep_window(connection, conversation, shut)
                outbox.park(connection, lines, reason=result.sending, at=at)
            case Sending.QUOTA | Sending.WINDOW:  # the customer spoke while we asked
                outbox.put_back(connection, lines, reason=None, at=at, wait=False)
            case Sending.LATER:
                outbox.put_back(connection, lines, reason=result.reason, at=at, wait=True)
                if is_same:
                    customers.keep_window(connection, conversation, send.customer.window)
            case Sending.UNCONFIRMED | Sending.REFUSED:
                outbox.failed(connection, conversation, lines, reason=result.reason, at=at)
        return self.next(connection, conversation, at=at)

    def answered(
        self,
        connection: Connection,
        answer: Answer,
        pieces: Sequence[Piece],
        choices: Sequence[str],
        *,
        key: str,
        at: datetime,
    ) -> Step | None:
        """The turn is over: its pushes are done, its words are in the outbox, and we go on."""
        conversation = answer.customer.conversation
        outbox.put(connection, conversation, pieces, key=key, at=at, cipher=self.cipher)
        if pieces:
            customers.offer(connection, conversation, choices, cipher=self.cipher)
        words = [each.received_at for each in answer.pushes if each.push.kind is PushKind.TEXT]
        if words:
            customers.said_words(connection, conversation, at=words[-1])
        inbox.done(connection, [each.number for each in answer.pushes], at=at)
        return self.next(connection, conversation, at=at)

    def _line(self, connection: Connection, customer: Customer, *, at: datetime) -> Step | None:
        conversation = customer.conversation
        lines = outbox.waiting(connection, conversation, cipher=self.cipher)
        expired = [line for line in lines if line.at + self.keep < at]
        if expired:
            outbox.failed(connection, conversation, expired, reason="expired", at=at)
        waiting = [line for line in lines if line not in expired]
        if not waiting:
            return None
        left = customer.window.left(at, self.rules)
        if left == 0:
            return self._park(connection, customer, waiting, at=at)
        if waiting[0].next_at > at:
            return None
        taken, text = outbox.pack(waiting, left=left)
        outbox.sending(connection, taken)
        customers.keep_window(connection, conversation, customer.window.spent(at, self.rules))
        return Send(customer, tuple(taken), text)

    def _park(
        self, connection: Connection, customer: Customer, waiting: Sequence[Line], *, at: datetime
    ) -> Nudge | None:
        until = customer.window.until(self.rules)
        reason = Sending.QUOTA if until is not None and at < until else Sending.WINDOW
        if fresh := [line for line in waiting if line.state is not State.PARKED]:
            outbox.park(connection, fresh, reason=reason, at=at)
        if customer.is_nudged or not self.can_nudge:
            return None
        customers.nudged(connection, customer.conversation, True)
        return Nudge(customer)

    def _turn(self, connection: Connection, customer: Customer, *, at: datetime) -> Answer | None:
        waiting = inbox.waiting(connection, customer.conversation, cipher=self.cipher)
        ready = gather(waiting, at=at, words_at=customer.words_at)
        return Answer(customer, ready) if ready else None
