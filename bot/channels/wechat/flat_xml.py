"""WeChat's XML, read strictly: no DOCTYPE, no own entities, no processing instructions, few and shallow elements.

expat never fetches anything by itself, and without a DOCTYPE nothing can expand; what asks for it is refused at once.
"""

from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from bot.channels.wechat.envelope import Refused

MOST_BYTES = 64 * 1024
MOST_ELEMENTS = 200
DEEPEST = 5

type Fields = dict[str, Any]
"""Texts by element name; an element with elements inside is a dictionary again, of a repeated one the last counts."""


def read(data: bytes) -> Fields:
    """The fields of the root element `xml`. Raises Refused."""
    if len(data) > MOST_BYTES:
        raise Refused("XML too large")
    reading = _Reading()
    parser = ParserCreate("utf-8")  # whatever the document says of itself
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    parser.StartDoctypeDeclHandler = _forbidden
    parser.EntityDeclHandler = _forbidden
    parser.ExternalEntityRefHandler = _forbidden
    parser.ProcessingInstructionHandler = _forbidden
    try:
        parser.Parse(data, True)
    except (ExpatError, UnicodeDecodeError) as error:
        raise Refused("not XML") from error
    return reading.fields()


def _forbidden(*_: Any) -> int:
    raise Refused("XML with a DOCTYPE, an entity or an instruction")


class _Reading:
    def __init__(self) -> None:
        self._open: list[tuple[str, Fields, list[str]]] = []
        self._elements = 0
        self._root: Fields | None = None

    def start(self, name: str, _: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS or len(self._open) >= DEEPEST:
            raise Refused("XML with too many elements")
        if not self._open and name != "xml":
            raise Refused("not WeChat's XML")
        self._open.append((name, {}, []))

    def text(self, text: str) -> None:
        if self._open:
            self._open[-1][2].append(text)

    def end(self, _: str) -> None:
        name, inside, texts = self._open.pop()
        if self._open:
            self._open[-1][1][name] = inside or "".join(texts).strip("\r\n\t ")
        else:
            self._root = inside

    def fields(self) -> Fields:
        if self._root is None:
            raise Refused("not XML")
        return self._root
