"""The secrets of one installation, made once and kept in `$LAMPLIGHTER_HOME/secrets.env` (mode 0600)."""

import base64
import os
import secrets
from pathlib import Path

# Each wire has one secret with a name at each end: the caller's and the callee's.
WIRES = [
    ("BOT_TICKETING_TOKEN", "TICKETING_BOT_TOKEN"),
    ("ACTIONS_TICKETING_TOKEN", "TICKETING_ACTIONS_TOKEN"),
    ("BOT_ENGINE_TOKEN", "ENGINE_TOKEN"),
    ("ENGINE_ACTIONS_TOKEN", "ACTIONS_TOKEN"),
    ("VOICE_BOT_TOKEN", "BOT_VOICE_TOKEN"),
    ("TICKETING_FRONT_DOOR_TOKEN", "BOT_OUTGOING_TOKEN"),
    ("TICKETING_CREW_APP_TOKEN", "TOWN_CREW_APP_TOKEN"),
    ("TICKETING_CREW_APP_SECRET", "TOWN_CREW_APP_SECRET"),
    ("TOWN_REGISTER_PASSWORD",),
    ("TICKETING_METRICS_TOKEN",),
    ("BOT_DIALPLAN_TOKEN",),
    ("FLOWS_TICKETING_TOKEN", "TICKETING_FLOWS_TOKEN"),
    ("CONSOLE_TICKETING_TOKEN", "TICKETING_CONSOLE_TOKEN"),
    ("TICKETING_DEMO_TOKEN",),
    ("TICKETING_DEMO_DESK_PASSWORD",),
    ("BOT_VISITOR_KEY",),
    ("REDIS_PASSWORD",),
]
DATA_KEYS = ["TICKETING_DATA_KEY", "BOT_DATA_KEY", "ENGINE_DATA_KEY"]
SIGNING_KEYS = ["TICKETING_AUDIT_KEY"]


def ensure(home: Path) -> dict[str, str]:
    """Read the secrets of `home` and add the missing ones. A kept one never changes: data is encrypted under it."""
    file = home / "secrets.env"
    kept = _read(file)
    made = dict(kept)
    for names in WIRES:
        value = next((kept[name] for name in names if name in kept), None) or secrets.token_urlsafe(32)
        made |= dict.fromkeys(names, value)
    for name in DATA_KEYS + SIGNING_KEYS:
        made.setdefault(name, base64.b64encode(os.urandom(32)).decode())
    if made != kept:
        _write(file, "".join(f"{name}={value}\n" for name, value in sorted(made.items())))
    _write(home / "demo-token", made["TICKETING_DEMO_TOKEN"] + "\n")
    return made


def kept(home: Path) -> dict[str, str]:
    """The secrets as they are; nothing is made."""
    return _read(home / "secrets.env")


def _read(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    lines = (line.strip() for line in file.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def _write(file: Path, text: str) -> None:
    """Replace `file` whole or not at all, readable by its owner only."""
    draft = file.with_name(file.name + ".new")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(file)
