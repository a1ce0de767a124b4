"""Where is the fault? Places calls at the devices that best explain them: a scan statistic on the network's tree. Pure.

For each device the calls below it in a stretch of time are held against what would come anyway: wrong addresses and
single homes, in proportion to the homes. A device that is out makes K calls with a probability that hardly depends on
its size (1/K(K+1): how many ring is not known beforehand), spread over its transformers by their shares of the dark
homes. The log of that ratio is the device's score,

    log prior + log p(K) + log K! - K log(expected) + expected,    expected = noise calls for all its homes in that time

and a device whose transformers stay partly silent loses against those of them that do ring, because the calls are
fewer than its size makes them expect of each other. The tree is walked from below: a device either explains all calls
below it, or leaves them to its children's best explanations. (Kulldorff 1997, "A spatial scan statistic", with the
network's branches as the zones; the priors make it a posterior rather than a test.)
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ticketing.outages.tree import FEEDER, SUBSTATION, TRANSFORMER, Device, Tree

SPANS = tuple(timedelta(seconds=seconds) for seconds in (3, 10, 30, 120, 600, 3600, 7200, 86_400))
"""Stretches of time in which calls may belong together, ending now."""


@dataclass(frozen=True)
class Habits:
    """What is known beforehand of faults and callers: orders of magnitude, until a utility has its own."""

    prior: Mapping[str, float] = field(
        default_factory=lambda: {TRANSFORMER: math.log(0.006), FEEDER: math.log(0.03), SUBSTATION: math.log(0.006)}
    )
    """That this device rather than nothing is out when somebody below rings; feeders trip most often."""
    quiet_rate: float = 1 / (5 * 365 * 86_400)
    """Calls of one home per second that no device explains: its own fuse, once in five years."""
    astray: float = 0.03
    """Share of all calls whose place is understood, and wrong."""
    said: Mapping[str, float] = field(default_factory=lambda: {"household": 0.4, "building": 2.0, "area": 4.0})
    """How much likelier these words are when a device is out than when only the home is dark."""
    least: float = 2.0
    """A score below this (e² to one) is not enough to tell a customer, or a crew, that a device is out."""


HABITS = Habits()


@dataclass(frozen=True)
class Signal:
    """One caller in the dark. `node`: the lowest device that surely feeds the place."""

    key: str
    node: str
    at: datetime
    scope: str | None = None


@dataclass(frozen=True)
class Found:
    """A device that explains the calls `keys` below it. `confidence`: 0 to 1, against the next best explanation."""

    node: str
    keys: tuple[str, ...]
    score: float
    confidence: float
    since: datetime


@dataclass
class _Calls:
    """The calls below one device, in order of time."""

    keys: list[str]
    at: list[float]
    words: list[float]
    """Running sum of the logs of what their words say."""


@dataclass(frozen=True)
class _Best:
    score: float
    devices: tuple[str, ...]


def place(tree: Tree, signals: Iterable[Signal], *, at: datetime, habits: Habits = HABITS) -> list[Found]:
    """The devices that are out, as far as the calls tell. Calls that none of them explains are single homes."""
    ordered = sorted((signal for signal in signals if signal.node in tree.devices), key=lambda each: each.at)
    now = at.timestamp()
    below = _below(tree, ordered, habits)
    everything = [signal.at.timestamp() for signal in ordered]
    noise = _noise(everything, now, sum(tree.homes[root] for root in tree.roots), habits)
    own = {
        code: _score(tree.devices[code], tree.homes[code], calls, noise=noise, now=now, habits=habits)
        for code, calls in below.items()
    }
    best: dict[str, _Best] = {}
    for code in tree.bottom_up:
        if code in below:
            parts = [best[child] for child in tree.children[code] if child in best]
            best[code] = _better(code, own[code], parts, least=habits.least)
    chosen = [device for root in tree.roots if root in best for device in best[root].devices]
    return [
        Found(code, tuple(below[code].keys), own[code], _confidence(tree, code, own, best), _since(below[code]))
        for code in chosen
    ]


def _below(tree: Tree, ordered: Sequence[Signal], habits: Habits) -> dict[str, _Calls]:
    below: dict[str, _Calls] = {}
    ways = {node: tuple(tree.up(node)) for node in {signal.node for signal in ordered}}
    for signal in ordered:
        weight = math.log(habits.said.get(signal.scope or "", 1.0))
        for code in ways[signal.node]:
            calls = below.get(code)
            if calls is None:
                calls = below[code] = _Calls([], [], [0.0])
            calls.keys.append(signal.key)
            calls.at.append(signal.at.timestamp())
            calls.words.append(calls.words[-1] + weight)
    return below


def _noise(everything: Sequence[float], now: float, homes: int, habits: Habits) -> list[float]:
    """For each stretch of time: calls that one home makes without any device being out. A storm has more strays."""
    rates = []
    for span in SPANS:
        seconds = span.total_seconds()
        calls = len(everything) - bisect_left(everything, now - seconds)
        rates.append(habits.quiet_rate * seconds + habits.astray * calls / max(homes, 1))
    return rates


def _score(device: Device, homes: int, calls: _Calls, *, noise: Sequence[float], now: float, habits: Habits) -> float:
    """How much better the device explains its calls than noise does, in the stretch of time that says so loudest."""
    prior = habits.prior[device.kind]
    best = -math.inf
    for span, rate in zip(SPANS, noise, strict=True):
        first = bisect_left(calls.at, now - span.total_seconds())
        count = len(calls.at) - first
        expected = rate * homes
        if count > max(expected, 1.0):  # one caller alone says nothing of when, and so nothing of others
            words = calls.words[-1] - calls.words[first]
            likelihood = math.lgamma(count + 1) - count * math.log(expected) + expected
            best = max(best, prior - math.log(count * (count + 1)) + likelihood + words)
    return best


def _better(code: str, own: float, children: Sequence[_Best], *, least: float) -> _Best:
    """The device itself, or what its children make of it; nothing at all scores 0."""
    parts = _Best(sum(each.score for each in children), tuple(device for each in children for device in each.devices))
    return _Best(own, (code,)) if own > max(parts.score, least) else parts


def _confidence(tree: Tree, code: str, own: dict[str, float], best: dict[str, _Best]) -> float:
    """How far the device is ahead of its nearest rival: nothing, its own parts, or one of those above it."""
    leads = [own[code] - max(_parts(tree, code, best), 0.0)]
    leads += [_parts(tree, upper, best) - own[upper] for upper in tree.up(code) if upper != code]
    return round(1 / (1 + math.exp(-min(*leads, 30.0))), 3)


def _parts(tree: Tree, code: str, best: dict[str, _Best]) -> float:
    return sum(best[child].score for child in tree.children[code] if child in best)


def _since(calls: _Calls) -> datetime:
    return datetime.fromtimestamp(calls.at[0], UTC)
