"""Ways to tamper with an export. Each takes its lines and returns others; the plain ones leave the hashes alone, the
thorough ones (`…_rechained`) recompute everything that needs no signing key."""

from collections.abc import Callable, Sequence
from random import Random

from tests.bench.audit_of.chains import chain, changed, facts, rechain

type Tamper = Callable[[list[bytes], Random], list[bytes]]


def flip(lines: list[bytes], rng: Random) -> list[bytes]:
    """One bit of one byte, wherever in the file."""
    index = rng.randrange(len(lines))
    raw = bytearray(lines[index])
    raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return [*lines[:index], bytes(raw), *lines[index + 1 :]]


def change(lines: list[bytes], rng: Random) -> list[bytes]:
    """Another actor, and the hash that fits."""
    index = rng.randrange(len(lines))
    return [*lines[:index], changed(lines[index], actor="somebody"), *lines[index + 1 :]]


def delete(lines: list[bytes], rng: Random) -> list[bytes]:
    index, count = rng.randrange(len(lines)), rng.choice((1, 1, 7))
    return lines[:index] + lines[index + count :]


def delete_rechained(lines: list[bytes], rng: Random) -> list[bytes]:
    index = rng.randrange(len(lines))
    left = lines[:index] + lines[index + 1 :]
    rechain(left, index)
    return left


def insert_copy(lines: list[bytes], rng: Random) -> list[bytes]:
    """A record that is there already, once more, somewhere before the last."""
    index = rng.randrange(len(lines))
    return [*lines[:index], rng.choice(lines), *lines[index:]]


def insert_forged(lines: list[bytes], rng: Random) -> list[bytes]:
    """A record that follows on the one before it, as if it belonged there."""
    index = rng.randrange(len(lines))
    more = [*lines[:index], changed(rng.choice(lines), actor="somebody")]
    rechain(more, index)
    return more + lines[index:]


def insert_rechained(lines: list[bytes], rng: Random) -> list[bytes]:
    index = rng.randrange(len(lines))
    more = [*lines[:index], changed(rng.choice(lines), actor="somebody"), *lines[index:]]
    rechain(more, index)
    return more


def swap(lines: list[bytes], rng: Random) -> list[bytes]:
    first, second = sorted(rng.sample(range(len(lines)), 2))
    swapped = list(lines)
    swapped[first], swapped[second] = swapped[second], swapped[first]
    return swapped


def swap_rechained(lines: list[bytes], rng: Random) -> list[bytes]:
    first, second = sorted(rng.sample(range(len(lines)), 2))
    swapped = list(lines)
    swapped[first], swapped[second] = swapped[second], swapped[first]
    rechain(swapped, first)
    return swapped


def rewrite_tail(lines: list[bytes], rng: Random) -> list[bytes]:
    """One record changed, and all behind it made to follow."""
    index = rng.randrange(len(lines))
    tail = [*lines[:index], changed(lines[index], actor="somebody"), *lines[index + 1 :]]
    rechain(tail, index)
    return tail


def invent_tail(lines: list[bytes], rng: Random) -> list[bytes]:
    """Another history from some record on, of the same length or longer."""
    index = rng.randrange(len(lines))
    invented, _ = chain(facts(rng, len(lines) - index + rng.choice((0, 0, 3))))
    tail = lines[:index] + invented
    rechain(tail, index)
    return tail


def cut_tail(lines: list[bytes], rng: Random) -> list[bytes]:
    return lines[: rng.randrange(len(lines))]


TAMPERS: Sequence[Tamper] = (
    *(flip, flip, change, delete, delete_rechained, insert_copy, insert_forged, insert_rechained),
    *(swap, swap_rechained, rewrite_tail, invent_tail, cut_tail),
)


def first_difference(before: list[bytes], after: list[bytes]) -> int | None:
    """The record, from 1, at which the two part; None: nowhere. This is what a verifier has to name."""
    for place, (one, other) in enumerate(zip(before, after, strict=False), start=1):
        if one != other:
            return place
    return None if len(before) == len(after) else min(len(before), len(after)) + 1
