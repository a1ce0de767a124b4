"""The shape of the repository: the folders meet on the wire, so none imports another."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = {"actions", "bot", "ops", "ticketing", "voice"}


def imported(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}


def sources(folder: str) -> list[Path]:
    return [file for file in (ROOT / folder).rglob("*.py") if ".venv" not in file.parts]


@pytest.mark.parametrize("folder", sorted(FOLDERS))
def test_no_folder_imports_another(folder: str) -> None:
    others = FOLDERS - {folder} | {"tests"}
    for file in sources(folder):
        crossing = {name for name in imported(file) if name.split(".")[0] in others}
        assert not crossing, f"{file.relative_to(ROOT)} imports {crossing}"


SHARED_WITH_THE_ENGINE = {"bot.lanes", "bot.places"}
"""The queue of a conversation is one idea in two processes; these two need nothing else of the front door."""


def test_only_the_engine_imports_rasa_and_of_the_front_door_only_the_lanes() -> None:
    for file in sources("bot"):
        names = {name.split(".")[0] for name in imported(file)}
        if "engine" in file.relative_to(ROOT).parts:
            own = {name for name in imported(file) if name.startswith("bot.") and not name.startswith("bot.engine")}
            assert own <= SHARED_WITH_THE_ENGINE, f"{file} imports {own}"
        else:
            assert "rasa" not in names, f"{file} imports rasa"


def test_what_the_engine_shares_needs_redis_and_a_log_alone() -> None:
    allowed = {"asyncio", "collections", "contextlib", "dataclasses", "itertools", "secrets", "time", "typing"}
    for module in SHARED_WITH_THE_ENGINE:
        names = imported(ROOT / (module.replace(".", "/") + ".py")) - SHARED_WITH_THE_ENGINE
        assert {name.split(".")[0] for name in names} <= allowed | {"redis", "structlog"}


def test_the_demos_outside_world_knows_nothing_of_lamplighter() -> None:
    for file in sources("ops/demo_town"):
        ours = {name for name in imported(file) if name.split(".")[0] in FOLDERS | {"tests"}}
        assert all(name.startswith("ops.demo_town") for name in ours), f"{file.name} imports {ours}"
