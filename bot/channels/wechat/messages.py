"""From pushes to messages of a turn: what goes to Rasa, what is only kept, what the door answers itself. Pure."""

from collections.abc import Sequence

from bot.channels.wechat import attachments, words
from bot.channels.wechat.compose import chosen
from bot.channels.wechat.customers import Customer
from bot.channels.wechat.gather import Waiting, follows
from bot.channels.wechat.push import PushKind
from bot.message import Channel, Kind, Message


def messages(customer: Customer, pushes: Sequence[Waiting], book: words.Book) -> list[Message]:
    """One for each push, in order; the last has the answer, the others are on record and are not answered."""
    *before, last = pushes
    kept = [_message(customer, each, _noted(each, book), answer_with=()) for each in before]
    match last.push.kind:
        case PushKind.TEXT:
            text = chosen(last.push.text, customer.choices) or last.push.text
            return [*kept, _message(customer, last, text, answer_with=None)]
        case PushKind.IMAGE:
            asked = not follows(pushes[0].received_at, customer.words_at)
            answer = words.PHOTO_ASKED if asked else words.PHOTO_KEPT
            return [*kept, _message(customer, last, _noted(last, book), answer_with=(answer,))]
        case _:
            return [*kept, _message(customer, last, _noted(last, book), answer_with=(words.KIND_UNKNOWN,))]


def _noted(each: Waiting, book: words.Book) -> str:
    if each.is_photo:
        return book.photo(attachments.name_of(each.push))
    return book.other(each.push.what)


def _message(customer: Customer, each: Waiting, text: str, *, answer_with: tuple[str, ...] | None) -> Message:
    return Message(
        conversation=customer.conversation,
        id=f"wx-{each.push.key}",
        channel=Channel.WECHAT,
        kind=Kind.TEXT,
        text=text,
        at=each.received_at,
        reply_to=f"wechat:{customer.openid}",
        answer_with=answer_with,
    )
