"""Files that may be published, and those that are refused with the place named."""

from pathlib import Path

import pytest

from ticketing.talk_tracks.files import TalkTrackFileError, read, read_defaults
from ticketing.talk_tracks.load import FILES

PEOPLE = "author: 甲\nreviewer: 乙\npublisher: 丙\n"


def write(folder: Path, text: str, name: str = "a.yml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_file_is_read_with_the_people_who_answer_for_it(tmp_path: Path) -> None:
    body = "talk_tracks:\n  utter_a: {chat: 你好, phone: 喂, buttons: [{title: 是, payload: 是的}], personal: [x]}\n"
    [signed] = read(write(tmp_path, PEOPLE + body))
    assert (signed.name, signed.author, signed.reviewer, signed.publisher) == ("utter_a", "甲", "乙", "丙")
    assert (signed.entry.chat, signed.entry.phone, signed.entry.personal) == ("你好", "喂", ["x"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PEOPLE + "talk_tracks: {utter_a: {phone: 喂}}", r"a\.yml: talk_tracks\.utter_a\.chat: Field required"),
        (PEOPLE + "talk_tracks: {utter_a: {chat: 好, sms: 好}}", r"utter_a\.sms: Extra inputs"),
        (PEOPLE + "talk_tracks: {utter_a: {chat: ''}}", r"utter_a\.chat: String should have at least"),
        (PEOPLE + "talk_tracks: {utter_a: {chat: 好, buttons: [{title: a, payload: /restart}]}}", "payload"),
        (PEOPLE + "talk_tracks: {Greeting: {chat: 好}}", r"talk_tracks\.Greeting"),
        (PEOPLE + "emergency_set: storm\ntalk_tracks: {}", "stands in the files of emergency/, and only there"),
        ("author: 甲\ntalk_tracks: {}", r"a\.yml: reviewer: Field required"),
        ("talk_tracks: [", r"a\.yml: not YAML"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(TalkTrackFileError, match=said):
        read(write(tmp_path, text))


def test_a_name_stands_in_one_file(tmp_path: Path) -> None:
    for name in ("a.yml", "b.yml"):
        write(tmp_path, PEOPLE + "talk_tracks: {utter_a: {chat: 好}}", name)
    with pytest.raises(TalkTrackFileError, match=r"b\.yml: utter_a stands in a\.yml already"):
        read(tmp_path)


def test_defaults_are_the_first_texts_of_the_domain(tmp_path: Path) -> None:
    domain = tmp_path / "domain.yml"
    domain.write_text("responses:\n  utter_a:\n  - text: 一\n    buttons: [{title: 是, payload: 是的}]\n  - text: 二\n")
    assert [(each.name, each.text, len(each.buttons)) for each in read_defaults(domain)] == [("utter_a", "一", 1)]
    domain.write_text("responses: {utter_a: [{image: x}]}")
    with pytest.raises(TalkTrackFileError, match="utter_a has no text"):
        read_defaults(domain)
    with pytest.raises(TalkTrackFileError, match="cannot be read"):
        read_defaults(tmp_path / "nowhere.yml")


def test_the_projects_own_files_may_be_published() -> None:
    names = {signed.name for signed in read(FILES)}
    assert {"utter_agent_joined", "utter_bot_back", "utter_callback_arranged"} <= names
