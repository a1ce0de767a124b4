"""Keys pressed on a telephone: when are they an answer? Pure, like `endpoint`. `#` ends, `*` begins again."""

from voice.expects import Expects, Kind

BETWEEN_KEYS_MS = 3500


class Keypad:
    def __init__(self, expects: Expects) -> None:
        self._expects = expects
        self._waited_ms = 0
        self._closed = False
        self.digits = ""

    @property
    def in_use(self) -> bool:
        return bool(self.digits) or self._closed

    @property
    def is_finished(self) -> bool:
        complete = self._expects.kind is Kind.DIGITS and self._expects.length == len(self.digits)
        return self._closed or (bool(self.digits) and (complete or self._waited_ms >= BETWEEN_KEYS_MS))

    def press(self, key: str) -> None:
        self._waited_ms = 0
        if key == "#":
            self._closed = bool(self.digits)
        elif key == "*":
            self.digits = ""
        elif key.isdigit():
            self.digits += key

    def wait(self, ms: int) -> None:
        self._waited_ms += ms
