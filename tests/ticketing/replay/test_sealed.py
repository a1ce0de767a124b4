"""A dispute as one file, proven offline; whatever is changed in it is found, and its place named."""

import base64
import io
import json
import random
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.audit.proof import KEY, fill
from tests.ticketing.audit.test_commands import home  # noqa: F401  (fixture)
from tests.ticketing.conftest import TOKENS
from ticketing.audit.canon import HEAD_BYTES, canonical, digest, line
from ticketing.audit.checkpoint import fingerprint
from ticketing.audit.models import AuditRecord
from ticketing.config import Settings
from ticketing.main import app
from ticketing.replay.__main__ import main
from ticketing.replay.check import MANIFEST, SIGNATURE, FileWrong, check
from ticketing.replay.check import main as check_main
from ticketing.replay.packing import pack, unpack

HOLD = {"conversation": "c-1", "by": "韦晓岚", "reason": "客户投诉"}
PUBLIC = KEY.public_key().public_bytes_raw()


@pytest.fixture
def packed(settings: Settings, sessions: sessionmaker[Session], whole: str) -> bytes:
    """The file of a held conversation, made over the wire."""
    fill(sessions, range(30))  # others' records, that stay at home
    key = base64.b64encode(KEY.private_bytes_raw()).decode()
    signing = app(Settings.model_validate({**settings.model_dump(), "audit_key": key}))
    office = TestClient(signing, headers={"Authorization": f"Bearer {TOKENS['demo']}"})
    refused = office.post(f"/api/audit/conversations/{whole}/sealed", json={"by": "韦晓岚"})
    assert (refused.status_code, refused.json()["error"]) == (409, "NotHeld")
    assert office.post("/api/retention/holds", json=HOLD).status_code == 200
    answer = office.post(f"/api/audit/conversations/{whole}/sealed", json={"by": "韦晓岚"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    signing.state.engine.dispose()
    return answer.content


def test_it_is_proven_by_itself(packed: bytes, sessions: sessionmaker[Session]) -> None:
    found = check(packed, key=fingerprint(PUBLIC))
    assert (found["conversation"], found["made_by"], found["sentences"]) == ("c-1", "韦晓岚", 4)
    files = unpack(packed)
    kinds = [json.loads(line)[1][3] for line in files["records.jsonl"].splitlines()]
    assert kinds[-2:] == ["hold.placed", "replay.exported"]
    assert {"conversation.heard", "talk_track.published", "order.created"} <= set(kinds)
    assert "test:" not in files["records.jsonl"].decode()
    with sessions() as session:
        assert session.scalar(select(AuditRecord.actor).where(AuditRecord.kind == "replay.exported")) == "agent:韦晓岚"


def test_every_changed_byte_is_found(packed: bytes) -> None:
    dice = random.Random(5)
    for _ in range(300):
        spoiled = bytearray(packed)
        spoiled[dice.randrange(len(packed))] ^= 1 << dice.randrange(8)
        with pytest.raises(FileWrong):
            check(bytes(spoiled))
    for cut in (0, 1, len(packed) // 2, len(packed) - 1):
        with pytest.raises(FileWrong):
            check(packed[:cut])


def resigned(files: dict[str, bytes], key: Ed25519PrivateKey) -> bytes:
    """What somebody with the signing key would make of changed files."""
    manifest = json.loads(files[MANIFEST])
    manifest["files"] = {name: sha256(files[name]).hexdigest() for name in manifest["files"]}
    manifest["key"] = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    declared = canonical(manifest)
    return pack({**files, MANIFEST: declared, SIGNATURE: base64.b64encode(key.sign(declared))})


def without_line(content: bytes) -> bytes:
    return b"".join(content.splitlines(keepends=True)[:-1])


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (
            "replay.json",
            lambda it: it.replace("我家停电了".encode(), "我家没停电".encode()),
            "replay.json: sentence 1 is not",
        ),
        (
            "texts.json",
            lambda it: it.replace("您好，我来处理".encode(), "您好，我不管了".encode()),
            "texts.json: the text",
        ),
        ("records.jsonl", lambda it: it.replace(b'"accept"', b'"refuse"', 1), "records.jsonl: record "),
        ("records.jsonl", lambda it: b"".join(reversed(it.splitlines(keepends=True))), "records.jsonl: record "),
        ("checkpoints.jsonl", lambda it: it.replace(b'"first":1', b'"first":2'), "checkpoints.jsonl: line 1"),
        ("replay.json", lambda _: b"{}", "not in the form of a replay"),
    ],
)
def test_what_is_changed_is_named_even_where_it_was_signed_again(
    packed: bytes, name: str, change: Callable[[bytes], bytes], said: str
) -> None:
    files = unpack(packed)
    changed = {**files, name: change(files[name])}
    assert changed != files
    with pytest.raises(FileWrong, match=f"{name}: it is not the one that was sealed"):
        check(pack(changed))
    with pytest.raises(FileWrong, match=said):
        check(resigned(changed, KEY))


def rewritten(content: bytes) -> bytes:
    """One record's decision is another one, and its hash is made anew: whole in itself."""
    lines = content.splitlines(keepends=True)
    place = next(number for number, each in enumerate(lines) if b'"conversation.decided"' in each)
    body = lines[place][HEAD_BYTES:-2].replace(b'"report_outage"', b'"ask_bill"')
    lines[place] = line(digest(body), body)
    return b"".join(lines)


def test_a_record_that_was_written_anew_does_not_stand_in_the_signed_chain(packed: bytes) -> None:
    files = unpack(packed)
    changed = {**files, "records.jsonl": rewritten(files["records.jsonl"])}
    assert changed != files
    with pytest.raises(FileWrong, match=r"records.jsonl: record \d+ is not the one in the chain"):
        check(resigned(changed, KEY))


def test_another_key_is_not_ours(packed: bytes) -> None:
    other = Ed25519PrivateKey.generate()
    with pytest.raises(FileWrong, match="signed with another key than the file"):
        check(resigned(unpack(packed), other))
    with pytest.raises(FileWrong, match="signed with another key, fingerprint"):
        check(packed, key=fingerprint(other.public_key().public_bytes_raw()))


@pytest.mark.usefixtures("home")
def test_the_commands_make_it_and_prove_it_where_there_is_no_database(
    whole: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from ticketing.retention.__main__ import main as retention  # noqa: PLC0415 - the name is taken

    out = tmp_path / "dispute.zip"
    assert main([whole, "--sealed", str(out), "--by", "韦晓岚"]) == 1
    assert "NotHeld" in capsys.readouterr().err
    assert retention(["hold", whole, "--by", "韦晓岚", "--reason", "投诉"]) == 0
    assert main([whole, "--sealed", str(out), "--by", "韦晓岚"]) == 0
    assert out.stat().st_mode & 0o777 == 0o600
    alone = subprocess.run(
        [sys.executable, "-m", "ticketing.replay.check", str(out), "--key", fingerprint(PUBLIC)],
        env={"PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert alone.returncode == 0, alone.stdout + alone.stderr
    assert "4 sentences are proven word by word" in alone.stdout
    out.write_bytes(out.read_bytes()[:-1])
    assert check_main([str(out)]) == 1
    assert check_main([str(tmp_path / "none.zip")]) == 2


def test_without_a_signing_key_nothing_is_sealed(demo: TestClient, whole: str) -> None:
    demo.post("/api/retention/holds", json=HOLD)
    answer = demo.post(f"/api/audit/conversations/{whole}/sealed", json={"by": "韦晓岚"})
    assert (answer.status_code, answer.json()["error"]) == (409, "NoSigningKey")


def test_packing_is_the_same_every_time() -> None:
    files = {"a": b"1", "b": b"2"}
    assert pack(files) == pack(dict(files))
    assert unpack(pack(files)) == files
    assert io.BytesIO(pack(files)).read(2) == b"PK"
