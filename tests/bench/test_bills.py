"""The bills' bench: the second calculation shares nothing with ticketing, and the bench sees an error that is there."""

import ast
from pathlib import Path
from random import Random

import pytest

from tests.bench import bills
from tests.bench.bills_of import random_books
from tests.bench.bills_of.plants import PLANTS

BESIDE = Path(bills.__file__).parent / "bills_of"


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("books")
    for number in range(bills.BOOKS):
        random_books.write(folder / f"random-{number}", Random(number))
    return folder


@pytest.mark.parametrize("file", ["walker.py", "random_bills.py", "random_books.py"])
def test_the_second_calculation_imports_nothing_of_ours(file: str) -> None:
    tree = ast.parse((BESIDE / file).read_text("utf-8"))
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    modules += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert {name.split(".")[0] for name in modules} <= {
        "calendar", "collections", "dataclasses", "datetime", "fractions", "pathlib", "random", "typing", "yaml"
    }  # fmt: skip


def test_bills_under_random_rule_books_are_equal(books: Path) -> None:
    assert list(bills.differences(range(200), seed=7, books=books)) == []


def test_twenty_errors_are_planted_each_in_one_place() -> None:
    assert len({plant.name for plant in PLANTS}) == 20
    for plant in PLANTS:
        source = Path(*plant.module.split(".")).with_suffix(".py").read_text("utf-8")
        assert source.count(plant.right) == 1, plant.name


@pytest.mark.parametrize("name", ["tiers begin anew with a new price", "a change on the last day is missed"])
def test_a_planted_error_is_caught_in_a_process_of_its_own(books: Path, name: str) -> None:
    number = [plant.name for plant in PLANTS].index(name)
    assert bills.is_caught(number, seed=7, books=books)
