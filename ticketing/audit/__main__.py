"""The audit trail from the command line: `python -m ticketing.audit export OUT | verify EXPORT … | checkpoint | key`.

export OUT    write every record of the chain to OUT (`-`: standard output), JSON lines without personal text
checkpoint    seal what waits and sign it now
key           the public key that checkpoints are signed with, and its fingerprint to keep on paper
verify EXPORT --checkpoint FILE [--key KEY]
              prove an export, offline: only these two files are read. Exit code 1 when a record is wrong
"""

import argparse
import sys
from pathlib import Path

from ticketing.audit.checkpoint import CheckpointWrong, Witness, fingerprint, is_key, read
from ticketing.audit.verifying import Verdict, verify


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ticketing.audit", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    doors = parser.add_subparsers(dest="command", required=True)
    doors.add_parser("export").add_argument("out", type=Path)
    doors.add_parser("checkpoint")
    doors.add_parser("key")
    proof = doors.add_parser("verify")
    proof.add_argument("export", type=Path)
    proof.add_argument("--checkpoint", type=Path, required=True, help="the journal file that has the last checkpoint")
    proof.add_argument("--key", help="the public key that must have signed it: base64, or its fingerprint")
    asked = parser.parse_args(arguments)
    try:
        if asked.command == "verify":
            return prove(asked.export, asked.checkpoint, key=asked.key)
        # Here and not above: who verifies needs no database, nor anything that knows one.
        from ticketing.audit import commands  # noqa: PLC0415

        return commands.run(asked)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2


def prove(export: Path, checkpoint: Path, *, key: str | None) -> int:
    """Print the verdict in words; returns the exit code. Raises OSError."""
    try:
        with checkpoint.open("rb") as lines:
            witness = read(lines)
    except CheckpointWrong as error:
        print(f"The checkpoint cannot be trusted: {error}.")
        return 1
    if key is not None and not is_key(witness.key, key):
        print(f"The checkpoint was signed with another key, fingerprint {fingerprint(witness.key)}.")
        return 1
    with export.open("rb", buffering=1 << 20) as lines:
        verdict = verify(lines, witness)
    for line in words(verdict, witness, is_pinned=key is not None):
        print(line)
    return 0 if verdict.wrong is None else 1


def words(verdict: Verdict, witness: Witness, *, is_pinned: bool) -> list[str]:
    if verdict.wrong is not None:
        return [
            f"Record {verdict.wrong} is the first that is wrong: {verdict.why}.",
            f"The {verdict.wrong - 1} records before it are as they were sealed."
            if verdict.wrong <= witness.position
            else f"No checkpoint covers it yet; the {witness.position} records that one does are as they were sealed.",
        ]
    behind = verdict.records - witness.position
    said = [
        f"All {witness.position} records up to the checkpoint of {witness.at} are as they were sealed.",
        f"Signed with the key {fingerprint(witness.key)}" + (", the one you named." if is_pinned else ";"),
    ]
    if not is_pinned:
        said.append("compare that with the fingerprint on paper (or give --key): nothing else says whose key it is.")
    if behind:
        said.append(f"{behind} more records are chained behind it, and wait for the next checkpoint.")
    return said


if __name__ == "__main__":
    sys.exit(main())
