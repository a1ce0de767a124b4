"""Chains without a database: records as the trail has them, their lines, and what an attacker does to lines who knows
everything but the signing key."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ticketing.audit import canon, checkpoint
from ticketing.audit.canon import GENESIS, HEAD_BYTES, Fact

START = datetime(2026, 11, 23, tzinfo=UTC)
MOST = 50_000
"""Records of a line in the journal, as in the product."""


def facts(rng: Random, count: int) -> Iterator[Fact]:
    """Utterances, hearings, decisions, orders' steps and looks, as many of each as a turn makes."""
    at = START
    for number in range(count):
        at += timedelta(milliseconds=rng.randrange(1, 4000))
        conversation, turn = f"conversation:c-{rng.getrandbits(32):08x}", f"t-{number}"
        text_hash = f"{rng.getrandbits(256):064x}"
        match number % 5:
            case 0:
                data = {
                    "message": f"m-{number}",
                    "seq": 1,
                    "channel": "phone",
                    "confidence": rng.random(),
                    "turn": turn,
                }
                yield Fact(at, "conversation.heard", conversation, "customer", data, text_hash)
            case 1:
                data = {"turn": turn, "intent": "report_outage", "confidence": rng.random(), "decision": "answer"}
                yield Fact(at, "conversation.decided", conversation, "bot", data, None)
            case 2:
                slots = {"address": {"hash": f"{rng.getrandbits(256):064x}"}}
                data = {"message": f"r-{number}", "talk_track": "utter_outage_known", "version": 3, "slots": slots}
                yield Fact(at, "conversation.said", conversation, "bot", data, text_hash)
            case 3:
                order = {"from": "new", "to": "assigned", "kind": "outage", "priority": 2, "crew": "右江抢修一班"}
                yield Fact(at, "order.moved", f"order:WO{number:08}", "flow", order, None)
            case _:
                yield Fact(at, "personal.seen", f"account:{number:016}", "agent:li", {"what": "address"}, None)


def chain(records: Iterable[Fact]) -> tuple[list[bytes], list[str]]:
    """Lines of an export, and their hashes."""
    lines, hashes, previous = [], [], GENESIS
    for position, fact in enumerate(records, start=1):
        body = canon.body(fact, position=position, previous=previous)
        previous = canon.digest(body)
        lines.append(canon.line(previous, body))
        hashes.append(previous)
    return lines, hashes


def journal(hashes: list[str], key: Ed25519PrivateKey) -> list[bytes]:
    """The lines of a journal that signed all of `hashes`."""
    lines: list[bytes] = []
    for start in range(0, len(hashes), MOST):
        previous = lines[-1] if lines else None
        part = hashes[start : start + MOST]
        lines.append(
            checkpoint.signed(part, first=start + 1, previous=previous, at="2026-11-24T00:00:00+00:00", key=key)
        )
    return lines


def changed(line: bytes, *, actor: str) -> bytes:
    """The record with another actor, under a hash that fits it."""
    fields = json.loads(line)[1]
    fields[4] = actor
    body = canon.canonical(fields)
    return canon.line(canon.digest(body), body)


def rechain(lines: list[bytes], start: int) -> None:
    """Give all records from index `start` on the positions and hashes that make them a chain again."""
    previous = GENESIS if start == 0 else lines[start - 1][2:66].decode()
    for index in range(start, len(lines)):
        rest = lines[index][HEAD_BYTES:-2].split(b'",', 1)[1]
        body = b'[%d,"%b",%b' % (index + 1, previous.encode(), rest)
        previous = canon.digest(body)
        lines[index] = canon.line(previous, body)
