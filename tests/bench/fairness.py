"""Are two customers who differ in one protected attribute treated alike? Played through the whole system, in pairs.

    uv run python tests/bench/fairness.py [--pairs 2100] [--unfair-pairs 300]

starts a system of its own, opens equal accounts for the names, and plays each pair's two customers at the web door:
names that suggest ethnicity or sex, region, age as they tell it, dialect words that the understanding has never seen.
Compared: talk tracks and versions, words, turns, waiting, buttons, and the orders with priority, state and crew skill.
What `data/fairness/accommodations.yml` declares may differ; all else counts. Then a second system is started with an
unfair rule in ticketing that touches 2 % of the pairs, which the same comparison must find, all of it and nothing else.

One flat JSON line last; the exit code is 0 when nothing differs, every service is completed and the rule is caught.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.bench.fairness_of import books, unfair_app
from tests.bench.fairness_of.comparing import Accommodation, Difference, differences, read_accommodations, undeclared
from tests.bench.fairness_of.pairs import Maker, Pair
from tests.bench.fairness_of.planting import touched, words_for
from tests.bench.fairness_of.playing import Play, Played
from tests.bench.fairness_of.seeing import Seen
from tests.bench.fairness_of.services import HERE, read_services
from tests.bench.fairness_of.unseen import dialect_words, seen
from tests.stack import Stack, running
from ticketing.work_orders.numbers import LOCAL

ATTRIBUTES = ("ethnicity", "sex", "region", "age", "dialect")
UNFAIR_SHARE = 0.02
SEED = 95598
UNLIMITED = "10000000"
SETTINGS = {
    "LAMPLIGHTER_PARTS": "redis,engine,ticketing,actions,bot",
    "BOT_MESSAGES_PER_MINUTE": UNLIMITED,
    "BOT_MESSAGES_PER_MINUTE_AND_ADDRESS": UNLIMITED,
    "BOT_TURNS_AT_ONCE": "1000",
    "BOT_ENGINE_TIMEOUT_S": "40",
    "BOT_TICKETING_TIMEOUT_S": "30",
    "ACTIONS_TICKETING_TIMEOUT_S": "30",
    "TICKETING_WAIT_LIMIT_S": "86400",
}
"""Orders are dispatched when they are made; flows, crews and robots come after that and would only move the state on
while it is read. No turn is given to the storm desk, and nobody who waits is sent away."""


@dataclass(frozen=True)
class Verdict:
    """One pair, judged."""

    pair: Pair
    sides: tuple[Seen, Seen]
    found: list[Difference]
    counted: list[Difference]
    """What is not declared."""

    @property
    def completed(self) -> bool:
        return all(side.completes(self.pair.service) for side in self.sides)


def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return content


def names() -> list[str]:
    return [name for kind in ATTRIBUTES[:-1] for two in read("people.yml")[kind].get("names", []) for name in two]


def make(count: int) -> list[Pair]:
    """As many pairs of each attribute, `count` together (rounded up)."""
    people, accounts = read("people.yml"), books.accounts_for(names())
    maker = Maker(read_services(), roads=people["roads"], accounts=accounts, anybody=accounts[books.ANYBODY])
    each = -(-count // len(ATTRIBUTES))
    made = [pair for kind in ATTRIBUTES[:-1] for pair in maker.of_people(kind, people[kind], each)]
    return made + list(maker.of_dialect(read("dialect.yml"), each))


def judge(pairs: Sequence[Pair], stack: Stack) -> tuple[list[Verdict], int]:
    """Play all pairs and compare their sides; the verdicts, and how many turns were played."""
    books.open_accounts(books.engine_of(stack), names(), today=datetime.now(LOCAL).date())
    declared = read_accommodations()
    play = Play(stack.system, partial(tell_early, declared=declared))
    play.run(pairs)
    conversations = [side.conversation for two in play.results.values() for side in two]
    orders = books.orders_of(books.engine_of(stack), conversations)

    def side(played: Played) -> Seen:
        return Seen(played.turns, orders[played.conversation], played.place)

    verdicts = []
    for pair in pairs:
        plain, other = (side(played) for played in play.results[pair.number])
        found = differences(plain, other)
        verdicts.append(Verdict(pair, (plain, other), found, undeclared(pair, found, declared)))
    return verdicts, play.turns


def tell_early(pair: Pair, plain: Played, other: Played, *, declared: Sequence[Accommodation]) -> None:
    """A line as soon as two conversations differ; their orders are read at the end."""
    heard = (Seen(side.turns, place=side.place) for side in (plain, other))
    if found := undeclared(pair, differences(*heard), declared):
        said = " | ".join(" / ".join(side.turns) for side in pair.sides)
        print(f"fairness: differs in {found[0].aspect}: {pair.attribute} {pair.service.service}: {said}", flush=True)


def tell(verdicts: Sequence[Verdict]) -> None:
    """Each pair that was treated differently, or was not served, with the sentences."""
    for verdict in verdicts:
        if verdict.completed and not verdict.counted:
            continue
        pair = verdict.pair
        print(
            f"\n{pair.attribute} {pair.service.service} #{pair.number}{'' if verdict.completed else ' NOT COMPLETED'}"
        )
        for side, got in zip(pair.sides, verdict.sides, strict=True):
            tracks = " / ".join(" ".join(reply.talk_track for reply in turn.replies) for turn in got.turns)
            print(f"  {' / '.join(side.turns)}\n    → {tracks} {[order.kind for order in got.orders]}")
        for difference in verdict.counted:
            print(f"  {difference.aspect} {difference.talk_track or ''}: {difference.plain} | {difference.other}")


def play_fair(count: int, home: Path) -> tuple[dict[str, Any], bool]:
    pairs = make(count)
    with running(home, **SETTINGS) as stack:
        began = time.monotonic()
        verdicts, turns = judge(pairs, stack)
        seconds = time.monotonic() - began
    tell(verdicts)
    kinds = Counter(pair.attribute for pair in pairs)
    different = Counter(verdict.pair.attribute for verdict in verdicts if verdict.counted)
    figures = {
        "pairs": len(pairs),
        **{f"pairs_{kind}": kinds[kind] for kind in ATTRIBUTES},
        "completed": sum(verdict.completed for verdict in verdicts),
        "different": sum(different.values()),
        **{f"different_{kind}": different[kind] for kind in ATTRIBUTES},
        "declared": sum(bool(verdict.found) and not verdict.counted for verdict in verdicts),
        "turns": turns,
        "turns_per_s": round(turns / seconds, 1),
    }
    return figures, figures["different"] == 0 and figures["completed"] == len(pairs)


def play_unfair(count: int, home: Path) -> tuple[dict[str, Any], bool]:
    """The same comparison, where a rule treats some customers worse: who is found must be who was touched."""
    pairs = make(count)
    words = words_for(pairs, share=UNFAIR_SHARE, seed=SEED)
    setting = {unfair_app.SETTING: "|".join(words)}
    with running(home, starter="tests.bench.fairness_of.unfair_run", **SETTINGS, **setting) as stack:
        verdicts, _ = judge(pairs, stack)
    planted = {pair.number for pair in touched(pairs, words)}
    found = {verdict.pair.number for verdict in verdicts if verdict.counted}
    caught = bool(planted) and found == planted
    figures = {"unfair_pairs": len(pairs), "unfair_planted": len(planted), "unfair_found": len(found & planted)}
    return {**figures, "unfair_false_alarms": len(found - planted), "unfair_caught": caught}, caught


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=2020)
    parser.add_argument("--unfair-pairs", type=int, default=300)
    chosen = parser.parse_args()
    words = dialect_words(read("dialect.yml"))
    if known := seen(words):
        print(f"fairness: these dialect words are in the training data: {', '.join(known)}")
        return 2
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        fair, is_fair = play_fair(chosen.pairs, Path(folder) / "fair")
        unfair, is_caught = play_unfair(chosen.unfair_pairs, Path(folder) / "unfair")
    seconds = round(time.monotonic() - began, 1)
    print(json.dumps({**fair, "dialect_words": len(words), **unfair, "seconds": seconds}))
    return 0 if is_fair and is_caught else 1


if __name__ == "__main__":
    sys.exit(main())
