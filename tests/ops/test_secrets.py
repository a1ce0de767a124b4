import stat
from pathlib import Path

from ops import secrets


def test_both_ends_of_a_wire_get_one_secret(tmp_path: Path) -> None:
    made = secrets.ensure(tmp_path)
    assert made["BOT_TICKETING_TOKEN"] == made["TICKETING_BOT_TOKEN"]
    assert len({made[names[0]] for names in secrets.WIRES}) == len(secrets.WIRES)


def test_what_is_kept_never_changes(tmp_path: Path) -> None:
    first = secrets.ensure(tmp_path)
    assert secrets.ensure(tmp_path) == first


def test_a_missing_secret_is_added_beside_the_kept_ones(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_text("# ours\nTICKETING_BOT_TOKEN=kept\n")
    made = secrets.ensure(tmp_path)
    assert made["BOT_TICKETING_TOKEN"] == made["TICKETING_BOT_TOKEN"] == "kept"
    assert len(made["TICKETING_DATA_KEY"]) == 44


def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    secrets.ensure(tmp_path)
    for name in ("secrets.env", "demo-token"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
