"""The verifier names the first record that is wrong, whatever was done and however thoroughly."""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.bench.audit_of.chains import chain, facts, journal
from tests.bench.audit_of.tampers import TAMPERS, Tamper, change, first_difference
from tests.ticketing.audit.proof import KEY
from ticketing.audit.__main__ import main
from ticketing.audit.checkpoint import fingerprint, read
from ticketing.audit.verifying import Verdict, verify

ROOT = Path(__file__).parents[3]
LINES, HASHES = chain(facts(Random(1), 60))
SIGNED = journal(HASHES, KEY)
WITNESS = read(SIGNED)
PUBLIC = KEY.public_key().public_bytes_raw()


def test_what_nobody_touched_is_right() -> None:
    assert verify(LINES, WITNESS) == Verdict(60)


@pytest.mark.parametrize("tamper", dict.fromkeys(TAMPERS), ids=lambda each: each.__name__)
def test_the_first_wrong_record_is_named(tamper: Tamper) -> None:
    for seed in range(60):
        after = tamper(LINES, Random(seed))
        verdict = verify(b"".join(after).splitlines(keepends=True), WITNESS)
        assert verdict.wrong == first_difference(LINES, after), (seed, verdict)


@pytest.mark.parametrize("index", [0, 59])
def test_the_first_and_the_last_record_are_looked_at_too(index: int) -> None:
    for bit in range(len(LINES[index]) * 8):
        raw = bytearray(LINES[index])
        raw[bit // 8] ^= 1 << bit % 8
        assert verify([*LINES[:index], bytes(raw), *LINES[index + 1 :]], WITNESS).wrong == index + 1


def test_each_way_has_its_words() -> None:
    forged, _ = chain(facts(Random(2), 60))
    said = [
        verify(lines, WITNESS).why
        for lines in (
            [*LINES[:4], LINES[4].replace(b"agent:li", b"agent:lu"), *LINES[5:]],
            LINES[:5] + LINES[6:],
            forged,
            [*LINES[:5], b"?\n"],
            LINES[:5],
        )
    ]
    assert said == [
        "it was changed: its bytes do not give its hash",
        "it is not there: record 7 stands in its place",
        "it was rewritten: whole in itself, but not the record that was signed",
        "it is not in the form of a record",
        "it is missing: the export ends before it, 60 were signed",
    ]


def test_what_is_behind_the_checkpoint_must_be_a_chain() -> None:
    early = read(journal(HASHES[:40], KEY))
    assert verify(LINES, early) == Verdict(60)
    assert verify([*LINES[:50], *LINES[51:]], early).wrong == 51


def test_a_prefix_that_was_rewritten_to_end_in_the_signed_hash_is_found_by_its_marks() -> None:
    after = change(LINES, Random(3))
    assert verify(after, WITNESS).wrong == first_difference(LINES, after)


class Files:
    def __init__(self, folder: Path) -> None:
        self.export, self.checkpoint = folder / "export.jsonl", folder / "checkpoint.jsonl"
        self.export.write_bytes(b"".join(LINES))
        self.checkpoint.write_bytes(b"".join(SIGNED))

    def verify(self, *more: str) -> int:
        return main(["verify", str(self.export), "--checkpoint", str(self.checkpoint), *more])


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_the_command_says_that_all_is_right_and_by_whose_key(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert files.verify() == 0
    said = capsys.readouterr().out
    assert "All 60 records up to the checkpoint of 2026-11-24" in said
    assert fingerprint(PUBLIC) in said
    assert "nothing else says whose key it is" in said
    assert files.verify("--key", fingerprint(PUBLIC)) == 0
    assert "the one you named" in capsys.readouterr().out


def test_the_command_names_the_record_and_fails(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    files.export.write_bytes(b"".join(LINES[:10] + LINES[11:]))
    assert files.verify() == 1
    assert capsys.readouterr().out.splitlines() == [
        "Record 11 is the first that is wrong: it is not there: record 12 stands in its place.",
        "The 10 records before it are as they were sealed.",
    ]


def test_the_command_trusts_no_other_key_and_no_spoilt_checkpoint(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert files.verify("--key", "f" * 64) == 1
    assert "signed with another key" in capsys.readouterr().out
    files.checkpoint.write_bytes(SIGNED[0].replace(b"2026", b"2025"))
    assert files.verify() == 1
    assert "cannot be trusted" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_said_in_words(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    files.export.unlink()
    assert files.verify() == 2
    assert "No such file" in capsys.readouterr().err


def test_the_verifier_needs_no_database_code(files: Files) -> None:
    """In a process where whatever talks to a database, or has our settings, cannot be imported."""
    code = (
        "import sys\n"
        "for name in ('sqlalchemy', 'psycopg', 'sqlite3', 'pydantic', 'ticketing.db', 'ticketing.config'):\n"
        "    sys.modules[name] = None\n"
        "from ticketing.audit.__main__ import main\n"
        f"sys.exit(main(['verify', {str(files.export)!r}, '--checkpoint', {str(files.checkpoint)!r}]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
