"""Which of the waiting pushes make up the next turn: a photo and the words that follow it belong together. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from bot.channels.wechat.push import Push, PushKind

TOGETHER = timedelta(seconds=20)


@dataclass(frozen=True)
class Waiting:
    """A push that is not answered yet. `due_at` is ahead while a photo waits for words, a failed try for the next."""

    number: int
    push: Push
    received_at: datetime
    due_at: datetime
    attempts: int = 0

    @property
    def is_photo(self) -> bool:
        return self.push.kind is PushKind.IMAGE


def follows(photo_at: datetime, words_at: datetime | None) -> bool:
    """A photo that comes soon after words belongs to them."""
    return words_at is not None and timedelta(0) <= photo_at - words_at <= TOGETHER


def gather(waiting: Sequence[Waiting], *, at: datetime, words_at: datetime | None) -> tuple[Waiting, ...]:
    """The next turn's pushes, in order; empty when it is too early. `words_at`: when words were received last."""
    if not waiting or (waiting[0].attempts and waiting[0].due_at > at):
        return ()
    photos = tuple(takewhile(lambda each: each.is_photo, waiting))
    if not photos:
        return (waiting[0],)
    if len(waiting) > len(photos):
        then = waiting[len(photos)]
        is_near = then.push.kind is PushKind.TEXT and then.received_at - photos[-1].received_at <= TOGETHER
        return (*photos, then) if is_near else photos
    is_time = follows(photos[0].received_at, words_at) or photos[-1].received_at + TOGETHER <= at
    return photos if is_time else ()
