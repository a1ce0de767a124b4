"""What of a customer's words and data a screen shows before somebody asks for more. Pure."""

import re

from ticketing.personal import mask

LONG_NUMBER = re.compile(r"(?<![A-Za-z\d])\d{7,}[\dXx]?(?![A-Za-z\d])")
"""Accounts, telephones, identity cards; not the numbers of our orders, which begin with letters."""
KEYS = "keys"


def words(text: str, *, kind: str) -> tuple[str, bool]:
    """The text as shown, and whether something in it is hidden. Keyed digits are hidden whole."""
    if kind == KEYS:
        return re.sub(r"\d", "•", text), bool(re.search(r"\d", text))
    shown = LONG_NUMBER.sub(lambda number: mask(number.group()), text)
    return shown, shown != text


def address(text: str) -> str:
    """The city and district stay, the door does not."""
    return text[:6] + "•" * min(6, max(0, len(text) - 6))
