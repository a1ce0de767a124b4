"""Are the bills right? A hundred thousand random ones against a second calculation that shares nothing with the first.

    uv run python tests/bench/bills.py [--bills 100000] [--seed 2026] [--processes 2]

The bills (`bills_of/random_bills.py`) are of residents, shops and farms, with replaced meters, dials that run over,
days without a reading, leap Februaries, part months and late payers; each third one under the rule book that is
shipped, the others under eight random ones whose rows change in the middle of months. `bills_of/walker.py` reads the
raw YAML and walks day by day and kWh by kWh. Lines (rows of the price, kWh, fen), daily energy and penalty must all be
equal. Then the thirty bills that were worked by hand (`data/rulebook/golden/bills.yml`) must come out on both sides,
and each of twenty errors planted in ticketing's source (`bills_of/plants.py`), one at a time, must be noticed. One flat
JSON line last; the exit code is 0 when all of it holds.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.bench.bills_of import golden, random_books
from tests.bench.bills_of.plants import PLANTS, put_in
from tests.bench.bills_of.random_bills import random_bill
from tests.bench.bills_of.walker import RawBook, walk

BOOKS = 8
CHUNK = 2500
PLANTED_BILLS = 6000
"""So many bills are looked at, at most, to notice a planted error; the first that differs is enough."""


def differences(numbers: range, *, seed: int, books: Path) -> Iterator[str]:
    """For each of the bills that differs what it is, in words. Ticketing is imported here: an error may be planted."""
    from tests.bench.bills_of import ours  # noqa: PLC0415

    folders = [golden.RULEBOOK, *sorted(books.iterdir())]
    for number in numbers:
        rng = Random(f"{seed}:{number}")
        which = 0 if number % 3 == 0 else rng.randint(1, BOOKS)
        bill = random_bill(rng)
        expected = walk(bill, raw_book(folders[which]))
        try:
            made = ours.made(bill, ours.book(folders[which]))
        except Exception as error:  # whatever went wrong, it is no bill
            yield f"bill {number} under {folders[which].name}: {type(error).__name__}: {error}"
            continue
        if made != expected:
            yield f"bill {number} under {folders[which].name}: ours {made}, walked {expected}"


@cache
def raw_book(folder: Path) -> RawBook:
    return RawBook(folder)


def differing(numbers: range, *, seed: int, books: Path) -> list[str]:
    return list(differences(numbers, seed=seed, books=books))


def compare(count: int, *, seed: int, books: Path, processes: int) -> list[str]:
    chunks = [range(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK)]
    found: list[str] = []
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for done, more in enumerate(pool.map(partial(differing, seed=seed, books=books), chunks), start=1):
            found += more
            if done % 8 == 0:
                print(f"{min(done * CHUNK, count)} bills, {len(found)} differ", flush=True)
    return found


def worked_by_hand() -> Iterator[tuple[str, bool]]:
    """Of each of the bills its name, and whether it comes out on both sides."""
    from tests.bench.bills_of import ours  # noqa: PLC0415

    for each in golden.bills():
        right = (each.lines, each.energy_fen, each.late_fee_fen)
        walked = walk(each.bill, raw_book(each.folder))
        made = ours.made(each.bill, ours.book(each.folder))
        yield each.name, all((it.lines, it.energy_fen, it.late_fee_fen) == right for it in (walked, made))


def is_caught(number: int, *, seed: int, books: Path) -> bool:
    """Whether a process of its own, with the error planted, notices a difference."""
    command = [sys.executable, __file__, "--plant", str(number), "--books", str(books), "--seed", str(seed)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.startswith("caught")


def with_an_error(number: int, *, seed: int, books: Path) -> None:
    put_in(PLANTS[number])
    first = next(differences(range(PLANTED_BILLS), seed=seed, books=books), None)
    print(f"caught: {first}" if first else "not noticed")


def bench(count: int, *, seed: int, processes: int, folder: Path) -> dict[str, int | float]:
    for number in range(BOOKS):
        random_books.write(folder / f"random-{number}", Random(f"{seed}:book:{number}"))
    started = time.monotonic()
    found = compare(count, seed=seed, books=folder, processes=processes)
    seconds = time.monotonic() - started
    by_hand = dict(worked_by_hand())
    with ThreadPoolExecutor(processes) as pool:
        caught = list(pool.map(partial(is_caught, seed=seed, books=folder), range(len(PLANTS))))
    tell = found[:3] + [f"not as worked by hand: {name}" for name, right in by_hand.items() if not right]
    tell += [f"not noticed: {plant.name}" for plant, seen in zip(PLANTS, caught, strict=True) if not seen]
    for trouble in tell:
        print(trouble)
    return {
        "bills": count,
        "equal": count - len(found),
        "seconds": round(seconds, 1),
        "hand_worked": sum(by_hand.values()),
        "planted": len(PLANTS),
        "caught": sum(caught),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bills", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--plant", type=int, help="of the bench's own children: plant one error")
    parser.add_argument("--books", type=Path, help="of the bench's own children: the random rule books")
    args = parser.parse_args()
    if args.plant is not None:
        with_an_error(args.plant, seed=args.seed, books=args.books)
        return 0
    with tempfile.TemporaryDirectory(prefix="lamplighter-bills-") as folder:
        figures = bench(args.bills, seed=args.seed, processes=args.processes, folder=Path(folder))
    print(json.dumps(figures))
    whole = figures["equal"] == figures["bills"] and figures["caught"] == figures["planted"]
    return 0 if whole and figures["hand_worked"] == len(list(golden.bills())) else 1


if __name__ == "__main__":
    sys.exit(main())
