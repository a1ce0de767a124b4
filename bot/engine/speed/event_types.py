"""Rasa finds the class of a stored event by walking all subclasses of `Event`, each time; here it is looked up."""

from __future__ import annotations

from typing import Any, Dict, Optional, Text, Type

from rasa.shared.core.events import Event

from bot.engine.speed.patch import replace

EXPECTED = "b5cf570fa7f286c7"
_walk = Event.resolve_by_type
_found: Dict[Text, Type[Event]] = {}


def resolve_by_type(type_name: Text, default: Optional[Type[Event]] = None) -> Optional[Type[Event]]:
    """In place of `Event.resolve_by_type`: the walk's answer, remembered. What is not found is not remembered."""
    found: Any = _found.get(type_name)
    if found is None:
        found = _walk(type_name, default)
        if found is not None and found is not default:
            _found[type_name] = found
    return found


def install() -> None:
    replace(Event, "resolve_by_type", staticmethod(resolve_by_type), expected=EXPECTED)
