"""The door's own words: the defaults and what is published say the same things under the same names."""

import yaml

from bot.channels.wechat import words
from bot.config import ROOT


def test_what_is_published_has_the_buttons_of_the_default() -> None:
    file = ROOT / "data" / "talk_tracks" / "front_door.yml"
    published = yaml.safe_load(file.read_text("utf-8"))["talk_tracks"]
    for name, draft in words.read().drafts.items():
        buttons = [(button["title"], button["payload"]) for button in published[name].get("buttons", ())]
        assert buttons == [(button.title, button.payload) for button in draft.buttons]


def test_a_subscribe_messages_words_fit() -> None:
    assert 0 < len(words.read().nudge) <= 20
