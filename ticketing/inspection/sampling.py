"""A random sample that anybody can draw again: the seed decides, not the moment. Pure."""

from collections.abc import Iterable
from hashlib import sha256


def sample(population: Iterable[str], *, size: int, seed: str) -> list[str]:
    """Those whose SHA-256 under the seed is smallest, in that order.

    One conversation more or less changes at most one of them, which a shuffle would not promise.
    """
    return sorted(population, key=lambda each: sha256(f"{seed}\n{each}".encode()).digest())[:size]


def digest(population: Iterable[str]) -> str:
    """Stands for the whole population: equal digest, equal seed and size, equal sample."""
    return sha256("\n".join(sorted(population)).encode()).hexdigest()
