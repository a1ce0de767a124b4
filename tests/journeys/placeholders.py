"""Values that a journey cannot know when it is written: the order just made, last month, a demo account."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.journeys.system import System

SHANGHAI = ZoneInfo("Asia/Shanghai")


def filled(text: str, system: System, conversation: str) -> str:
    """`text` with its placeholders replaced. Raises ValueError for one that cannot be known."""
    return re.sub(r"\{([^{}]+)\}", lambda found: _value(found[1], system, conversation), text)


def _value(name: str, system: System, conversation: str) -> str:
    today = datetime.now(SHANGHAI).date()
    match name:
        case "number" | "tail":
            orders = system.work_orders(conversation)
            if not orders:
                raise ValueError(f"{{{name}}}: the conversation has no work order")
            number = max(str(order["number"]) for order in orders)
            return number if name == "number" else number[-4:]
        case "this_month":
            return f"{today.month}月"
        case "last_month":
            return f"{(today.replace(day=1) - timedelta(days=1)).month}月"
        case _:
            raise ValueError(f"{{{name}}} is not a placeholder of journeys")
