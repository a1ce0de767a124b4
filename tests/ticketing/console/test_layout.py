"""The console shares nothing with ticketing but its wire."""

import ast
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "ticketing" / "console"


def test_the_console_imports_nothing_of_ticketing_but_itself() -> None:
    for file in FOLDER.rglob("*.py"):
        nodes = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ImportFrom)]
        ours = {node.module for node in nodes if node.module and node.module.startswith("ticketing")}
        assert all(name.startswith("ticketing.console") for name in ours), f"{file.name} imports {ours}"
