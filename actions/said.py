"""Expressions by which what customers say is recognised; they stand in said.yml, so that words need no Python."""

import re
from functools import cache
from pathlib import Path

import yaml


@cache
def _all() -> dict[str, list[str] | dict[str, list[str]]]:
    words: dict[str, list[str] | dict[str, list[str]]] = yaml.safe_load(
        Path(__file__).with_suffix(".yml").read_text("utf-8")
    )
    return words


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The expressions under `name`, any of which may match."""
    listed = _all()[name]
    assert isinstance(listed, list), f"{name} is a list of expressions"
    return re.compile("|".join(f"(?:{each})" for each in listed))


@cache
def named() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Slots and the words that name them in a correction."""
    listed = _all()["named"]
    assert isinstance(listed, dict), "named is a mapping of slots"
    return tuple((slot, re.compile("|".join(words))) for slot, words in listed.items())


def says(name: str, text: str) -> bool:
    return pattern(name).search(text) is not None
