"""`uv run python tests/bench/audit.py`: is tampering with the trail always found, at the right place, and fast enough?

Three parts. 1,000 exports of 5,000 records, each tampered with in one of a dozen ways (`audit_of/tampers.py`: bits,
lines, and whole histories recomputed by somebody who has everything but the key), go through the verifier; it must name
the very record at which the export stops being the one that was signed. A million records go through a real database,
the export and `python -m ticketing.audit verify`, which is timed; then ten tampers of those. Eight processes append at
the rate of a storm (160 a second together, more than the turns that two cores can make), each in a transaction of its
own with `synchronous=FULL`, while a ninth seals and signs; `flat_out_…` is the same without a pause between appends.
`flush_…` is what the bare disk takes for a flush in the same run: where that is slow, so is every append.

One flat JSON line last; the exit code is 0 when all of it holds.
"""

import argparse
import contextlib
import io
import json
import re
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.bench.audit_of import appending, million
from tests.bench.audit_of.chains import chain, facts, journal
from tests.bench.audit_of.tampers import TAMPERS, Tamper, first_difference
from ticketing.audit.__main__ import main as audit
from ticketing.migrate import upgrade_to_head

SMALL, SMALL_RECORDS, OF_ONE_EXPORT = 1000, 5000, 25
LARGE: tuple[Tamper, ...] = tuple(
    each for each in dict.fromkeys(TAMPERS) if each.__name__ not in {"change", "cut_tail"}
)
LIMITS = {"seconds": 15, "append_p95_ms": 3, "append_max_ms": 100}


def named(words: str) -> int | None:
    """The record that the verifier names."""
    found = re.search(r"^Record (\d+) is the first that is wrong", words, re.MULTILINE)
    return int(found[1]) if found else None


def misnamed(numbers: range, *, seed: int) -> list[str]:
    """Tampers `numbers` of one export; in words, those that were not found at their place."""
    rng = Random(f"{seed}:{numbers.start}")
    lines, hashes = chain(facts(rng, SMALL_RECORDS))
    missed = []
    with tempfile.TemporaryDirectory(prefix="lamplighter-audit-") as folder:
        export, checkpoint = Path(folder) / "export.jsonl", Path(folder) / "checkpoint.jsonl"
        checkpoint.write_bytes(b"".join(journal(hashes, Ed25519PrivateKey.generate())))
        export.write_bytes(b"".join(lines))
        if verdict(export, checkpoint) != (0, None):
            missed.append(f"the untouched export {numbers.start} was refused")
        for number in numbers:
            after, expected = tampered(lines, TAMPERS[number % len(TAMPERS)], rng)
            export.write_bytes(b"".join(after))
            if (got := verdict(export, checkpoint)) != (1, expected):
                missed.append(f"tamper {number} ({TAMPERS[number % len(TAMPERS)].__name__}): {expected}, said {got}")
    return missed


def tampered(lines: list[bytes], tamper: Tamper, rng: Random) -> tuple[list[bytes], int]:
    """The export after a tamper that changed it, and the first record that did not stay."""
    while True:
        after = tamper(lines, rng)
        place = first_difference(lines, after)
        if place is not None:
            return after, place


def verdict(export: Path, checkpoint: Path) -> tuple[int, int | None]:
    """Exit code and named record of the command, in this process."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = audit(["verify", str(export), "--checkpoint", str(checkpoint)])
    return code, named(said.getvalue())


def small(*, seed: int, processes: int) -> list[str]:
    chunks = [range(start, start + OF_ONE_EXPORT) for start in range(0, SMALL, OF_ONE_EXPORT)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        missed = [each for some in pool.map(partial(misnamed, seed=seed), chunks) for each in some]
    million.said(f"{SMALL} tampers of {SMALL_RECORDS} records, {len(missed)} not found at their place")
    return missed


def large(folder: Path, *, records: int, seed: int) -> tuple[float, list[str]]:
    """Seconds of the verifier on the untouched export, and the tampers it did not find at their place."""
    trail = million.make(folder, records=records, seed=seed)
    code, words, seconds = million.verified(trail.export, trail.checkpoint)
    million.said(f"verified in {seconds:.1f} s: {words.splitlines()[0]}")
    missed = [] if code == 0 and f"All {records} records" in words else [f"the untouched million was refused: {words}"]
    rng, lines = Random(seed), trail.export.read_bytes().splitlines(keepends=True)
    for tamper in LARGE:
        after, expected = tampered(lines, tamper, rng)
        with (folder / "tampered.jsonl").open("wb") as file:
            file.writelines(after)
        code, words, _ = million.verified(folder / "tampered.jsonl", trail.checkpoint)
        million.said(f"{tamper.__name__} at {expected}: {words.splitlines()[0]}")
        if (code, named(words)) != (1, expected):
            missed.append(f"{tamper.__name__} of the million: {expected}, said {words}")
    return seconds, missed


def append(folder: Path, *, rate: float, seconds: float) -> dict[str, float]:
    url = f"sqlite:///{folder / f'append-{rate:.0f}.db'}"
    upgrade_to_head(url)
    taken = appending.together(url, folder / f"second-place-{rate:.0f}", rate=rate, seconds=seconds)
    p95, most = taken[int(len(taken) * 0.95)], taken[-1]
    million.said(
        f"{len(taken)} appends by eight processes: p50 {taken[len(taken) // 2]:.2f}, p95 {p95:.2f}, max {most:.1f} ms"
    )
    return {"p95_ms": round(p95, 2), "max_ms": round(most, 1), "per_s": round(len(taken) / seconds)}


def bench(
    folder: Path, parts: list[str], *, records: int, seed: int, processes: int, append_s: float, rate: float
) -> dict[str, int | float]:
    figures: dict[str, int | float] = {}
    missed: list[str] = []
    tampers = 0
    if "append" in parts:
        disk = appending.flushes(folder / "flushed")
        figures |= {"flush_p95_ms": round(disk[int(len(disk) * 0.95)], 2), "flush_max_ms": round(disk[-1], 1)}
        figures |= {
            f"append_{name}": it
            for name, it in append(folder, rate=rate / appending.PROCESSES, seconds=append_s).items()
        }
        figures |= {f"flat_out_{name}": it for name, it in append(folder, rate=0, seconds=append_s / 3).items()}
    if "small" in parts:
        missed += small(seed=seed, processes=processes)
        tampers += SMALL
    if "large" in parts:
        seconds, more = large(folder, records=records, seed=seed)
        figures |= {"records": records, "seconds": round(seconds, 1)}
        missed += more
        tampers += len(LARGE)
    for each in missed:
        print(each)
    return figures | {"tampers": tampers, "found": tampers - len(missed)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", default="append,small,large", help="which of the three, with commas")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--append-s", type=float, default=30, help="seconds for which the eight processes append")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where the stores are made, on the disk that is meant")
    parser.add_argument("--rate", type=float, default=160, help="appends a second, of the eight together")
    args = parser.parse_args()
    asked = {"records": args.records, "seed": args.seed, "processes": args.processes, "append_s": args.append_s}
    with tempfile.TemporaryDirectory(prefix="lamplighter-audit-", dir=args.folder) as folder:
        figures = bench(Path(folder), args.parts.split(","), **asked, rate=args.rate)
    print(json.dumps(figures))
    in_time = all(figures[name] <= limit for name, limit in LIMITS.items() if name in figures)
    return 0 if figures["found"] == figures["tampers"] and in_time else 1


if __name__ == "__main__":
    sys.exit(main())
