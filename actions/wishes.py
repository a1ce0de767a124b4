"""What wishes are called in a question and on a button; the words stand in wishes.yml."""

from functools import cache
from pathlib import Path

import yaml


@cache
def _all() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text("utf-8"))
    return words


def is_nameable(wish: str | None) -> bool:
    return wish in _all()


def label(wish: str) -> str:
    return _all()[wish]["label"]


def button(wish: str) -> dict[str, str]:
    """A button of the wire: its payload is what a customer would say."""
    return {"title": _all()[wish]["label"], "payload": _all()[wish]["payload"]}
