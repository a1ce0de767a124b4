"""Count wrong tries: whom they count against, and when enough is enough."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ticketing.customers.models import IdentityCheck
from ticketing.personal import vault

if TYPE_CHECKING:
    from ticketing.customers.identity import Result


@dataclass(frozen=True)
class Limits:
    """So many wrong tries in the window lock."""

    wrong: int = 3
    window: timedelta = timedelta(hours=24)


DEFAULT = Limits()


@dataclass(frozen=True)
class Counted:
    """What a try counts against; the account and the caller's number as blind indexes."""

    conversation: str
    account: str | None
    caller: str | None

    @classmethod
    def of(cls, conversation: str, *, caller: str | None, account: str | None) -> "Counted":
        return cls(
            conversation,
            account=vault.index(account) if account else None,
            caller=vault.index(caller) if caller else None,
        )

    @property
    def names(self) -> list[str]:
        """What to be alone with while counting."""
        marked = {"conversation": self.conversation, "account": self.account, "caller": self.caller}
        return [f"identity-tries:{kind}:{value}" for kind, value in marked.items() if value]


def wrong(session: Session, counted: Counted, *, at: datetime, window: timedelta) -> int:
    """The most wrong tries in the window on any of the three."""
    columns = {
        IdentityCheck.conversation: counted.conversation,
        IdentityCheck.account_index: counted.account,
        IdentityCheck.caller_index: counted.caller,
    }
    since = at - window
    return max(
        session.scalar(
            select(func.count()).where(column == value, IdentityCheck.wrong.is_(True), IdentityCheck.at > since)
        )
        or 0
        for column, value in columns.items()
        if value
    )


def row(counted: Counted, result: "Result", *, key: str, wrong: bool, at: datetime) -> IdentityCheck:
    return IdentityCheck(
        key=key,
        conversation=counted.conversation,
        account_index=counted.account,
        caller_index=counted.caller,
        wrong=wrong,
        outcome=result.outcome,
        level=result.level,
        account_tail=result.account_tail,
        at=at,
    )
