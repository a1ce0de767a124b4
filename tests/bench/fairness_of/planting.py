"""Which words an unfair rule picks on to touch a chosen share of the pairs, and which pairs those are. Pure."""

from collections.abc import Iterable, Sequence
from random import Random

from tests.bench.fairness_of.pairs import Pair, Side


def touched(pairs: Iterable[Pair], words: Sequence[str]) -> list[Pair]:
    """The pairs of which one side uses the words and the other does not."""
    return [pair for pair in pairs if _uses(pair.sides[0], words) != _uses(pair.sides[1], words)]


def _uses(side: Side, words: Sequence[str]) -> bool:
    return any(word in turn for turn in side.turns for word in words)


def words_for(pairs: Sequence[Pair], *, share: float, seed: int) -> list[str]:
    """Words of the other sides, drawn until the rule touches `share` of the pairs. Raises ValueError."""
    wanted, words = round(len(pairs) * share), list[str]()
    for pair in Random(seed).sample(pairs, k=len(pairs)):
        plain, other = pair.sides
        tried = [*words, other.tells]
        if not other.tells or other.tells in plain.tells or len(touched(pairs, tried)) > wanted:
            continue
        words = tried
        if len(touched(pairs, words)) == wanted:
            return words
    raise ValueError(f"no rule touches {share:.0%} of {len(pairs)} pairs")
