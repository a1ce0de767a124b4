"""AudioSocket's frames (Asterisk 18+): one byte of type, the length as big-endian 16 bits, the payload. No I/O but
the stream's."""

import asyncio
import struct
from dataclasses import dataclass
from enum import IntEnum

from voice.errors import VoiceError


class Type(IntEnum):
    END = 0x00
    UUID = 0x01
    DTMF = 0x03
    SOUND = 0x10  # signed linear, 8 kHz, little-endian
    SOUND_16K = 0x12
    ERROR = 0xFF


LONGEST = 4096
"""Bytes of the longest payload we believe: 256 ms of sound. More is not AudioSocket."""


class NotAudioSocket(VoiceError):
    """The peer speaks something else."""


@dataclass(frozen=True)
class Frame:
    type: Type
    payload: bytes = b""

    def encode(self) -> bytes:
        return struct.pack(">BH", self.type, len(self.payload)) + self.payload


async def read(reader: asyncio.StreamReader) -> Frame | None:
    """The next frame, None when the peer has closed. Raises `NotAudioSocket`."""
    try:
        kind, length = struct.unpack(">BH", await reader.readexactly(3))
        if kind not in Type.__members__.values() or length > LONGEST:
            raise NotAudioSocket(f"frame of type {kind:#04x} and {length} bytes")
        return Frame(Type(kind), await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
        return None
