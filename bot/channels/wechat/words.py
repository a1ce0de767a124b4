"""`words.yml`: what WeChat's door says by itself, and how it writes down what WeChat or the record cannot show."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.channels.wechat.compose import Forms
from bot.message import Button, Draft

FILE = Path(__file__).with_name("words.yml")
PHOTO_ASKED = "utter_wechat_photo_asked"
PHOTO_KEPT = "utter_wechat_photo_kept"
KIND_UNKNOWN = "utter_wechat_kind_unknown"


@dataclass(frozen=True)
class Book:
    """`drafts` join the front door's own words; the rest are forms without a talk track."""

    drafts: dict[str, Draft]
    forms: Forms
    nudge: str
    _agent: str
    _photo: str
    _other: str
    _kinds: dict[str, str]
    _unnamed: str

    def of_agent(self, text: str, name: str | None) -> str:
        return self._agent.replace("{name}", name).replace("{text}", text) if name else text

    def photo(self, attachment: str) -> str:
        """How the record names a photo."""
        return self._photo.replace("{attachment}", attachment)

    def other(self, what: str) -> str:
        """How the record names a voice message, a place, and the like."""
        return self._other.replace("{what}", self._kinds.get(what, self._unnamed))


def read(file: Path = FILE) -> Book:
    content: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    drafts = {
        name: Draft(
            talk_track=name,
            default=said["text"],
            buttons=tuple(Button(**button) for button in said.get("buttons", ())),
        )
        for name, said in content["words"].items()
    }
    forms: dict[str, str] = content["forms"]
    return Book(
        drafts=drafts,
        forms=Forms(choices=forms["choices"], choice=forms["choice"]),
        nudge=content["nudge"],
        _agent=forms["agent"],
        _photo=forms["photo"],
        _other=forms["other"],
        _kinds=content["kinds"],
        _unnamed=content["kind_unnamed"],
    )
