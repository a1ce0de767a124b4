"""What the gateway needs of a messenger that lets us answer but not speak first: WeChat, one day WeCom."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Sending(StrEnum):
    """What became of one message. Quota and window are normal: the line waits for the customer's next words."""

    SENT = "sent"
    QUOTA = "quota"
    WINDOW = "window"
    LATER = "later"
    """Surely not sent; asked again in a while."""
    UNCONFIRMED = "unconfirmed"
    """Asked, and no answer came: sent or not. It is not sent twice; it is reported."""
    REFUSED = "refused"
    """Never, whoever asks again."""


@dataclass(frozen=True)
class Result:
    sending: Sending
    code: int | None = None
    """The platform's own number, for the record."""

    @property
    def reason(self) -> str:
        return f"wechat_{self.code}" if self.sending is Sending.REFUSED else self.sending.value


class Platform(Protocol):
    """Nothing here raises for what the platform says no to."""

    async def send(self, to: str, text: str) -> Result: ...

    async def typing(self, to: str) -> None:
        """Show that an answer is on its way; it is no harm when that does not work."""

    async def nudge(self, to: str) -> bool:
        """Tell a customer who cannot be written to that words wait for them; False: not possible."""
