"""The pure decisions: the window, the photo and its words, messages that fit, numbers that mean a choice."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wechat import words
from bot.channels.wechat.compose import MOST_BYTES, Piece, chosen, compose, merged, split
from bot.channels.wechat.gather import Waiting, gather
from bot.channels.wechat.outbox import Line, State, pack
from bot.channels.wechat.push import Push, PushKind
from bot.channels.wechat.window import Rules, Window
from bot.message import Button, Spoken

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
RULES = Rules()
FORMS = words.read().forms


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def waiting(number: int, kind: PushKind, seconds: float) -> Waiting:
    push = Push(openid="oCUSTOMER", key=f"m-{number}", kind=kind, what=kind, created_at=at(seconds))
    return Waiting(number, push, at(seconds), at(seconds))


def test_five_within_48_hours_of_a_message() -> None:
    window = Window().spoke(NOON)
    for left in (5, 4, 3, 2, 1, 0):
        assert window.left(at(60), RULES) == left
        window = window.spent(at(60), RULES)
    assert Window().spoke(NOON).left(at(48 * 3600), RULES) == 0
    assert Window().spoke(NOON).left(at(48 * 3600 - 1), RULES) == 5
    assert window.spoke(at(90)).left(at(90), RULES) == 5
    assert window.spoke(at(-90)).left(at(90), RULES) == 0, "a message that was told late does not open it again"


def test_two_within_a_minute_of_entering() -> None:
    window = Window().entered(NOON)
    assert [window.left(at(0), RULES), window.left(at(59), RULES), window.left(at(60), RULES)] == [2, 2, 0]
    both = window.spoke(NOON).spent(at(1), RULES)
    assert (both.left(at(1), RULES), both.left(at(61), RULES)) == (6, 5), "first of what ends first"
    assert Window().left(NOON, RULES) == 0
    assert Window().until(RULES) is None


def test_a_photo_waits_for_its_words() -> None:
    photo, soon = waiting(1, PushKind.IMAGE, 0), waiting(2, PushKind.TEXT, 19)
    assert gather([photo], at=at(19.9), words_at=None) == ()
    assert gather([photo], at=at(20), words_at=None) == (photo,)
    assert gather([photo, soon], at=at(19), words_at=None) == (photo, soon)
    assert gather([photo, waiting(2, PushKind.TEXT, 21)], at=at(21), words_at=None) == (photo,)
    assert gather([photo], at=at(0), words_at=at(-20)) == (photo,), "it belongs to the words before it"
    assert gather([soon, photo], at=at(20), words_at=None) == (soon,)
    assert gather([photo, waiting(2, PushKind.OTHER, 1)], at=at(1), words_at=None) == (photo,)


def test_a_failed_turn_keeps_those_behind_it_waiting() -> None:
    failed = Waiting(1, waiting(1, PushKind.TEXT, 0).push, at(0), at(4), attempts=1)
    assert gather([failed, waiting(2, PushKind.TEXT, 1)], at=at(3), words_at=None) == ()
    assert gather([failed, waiting(2, PushKind.TEXT, 1)], at=at(4), words_at=None) == (failed,)


def spoken(id: str, text: str, *titles: str) -> Spoken:
    buttons = tuple(Button(title=title, payload=f"我要{title}") for title in titles)
    return Spoken(id=id, talk_track="utter_x", version=1, text=text, buttons=buttons)


def test_a_turn_is_one_message_with_numbers_for_buttons() -> None:
    pieces, payloads = compose([spoken("r-1", "已登记。"), spoken("r-2", "还要别的吗？", "查电费", "报修")], FORMS)
    assert pieces == [Piece("已登记。\n还要别的吗？\n回复数字选择：\n1. 查电费\n2. 报修", ("r-1", "r-2"))]
    assert payloads == ["我要查电费", "我要报修"]
    assert compose([], FORMS) == ([], [])


def test_numbers_run_on_through_a_turn() -> None:
    pieces, payloads = compose([spoken("r-1", "甲", "一"), spoken("r-2", "乙", "二")], FORMS)
    assert "2. 二" in pieces[0].text
    assert chosen("2", payloads) == "我要二"


def test_what_counts_as_a_number() -> None:
    for text in ("1", " 1 ", "１", "1.", "1、", "(1)", "（1）", "1号", "[1]"):
        assert chosen(text, ["甲", "乙"]) == "甲", text
    for text in ("3", "0", "12", "1楼", "一", "", "停电", "1 2", "-1"):
        assert chosen(text, ["甲", "乙"]) is None, text
    assert chosen("1", []) is None


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=900), min_size=1, max_size=8))
def test_every_message_fits_and_nothing_is_lost(texts: list[str]) -> None:
    pieces, _ = compose([spoken(f"r-{number}", text) for number, text in enumerate(texts)], FORMS)
    assert all(len(piece.text.encode()) <= MOST_BYTES for piece in pieces)
    assert [reply for piece in pieces for reply in piece.replies] == [f"r-{number}" for number in range(len(texts))]
    assert "".join("".join(piece.text for piece in pieces).split()) == "".join("".join(texts).split())


def test_a_long_text_is_cut_after_a_sentence() -> None:
    sentence = "您家所在的台区今天计划检修。"
    parts = split(sentence * 100)
    assert len(parts) > 1
    assert all(part.endswith("。") for part in parts)
    assert "".join(parts) == sentence * 100
    assert [len(part.encode()) <= MOST_BYTES for part in split("电" * 3000)] == [True] * 5


def lines(*texts: str) -> list[Line]:
    return [
        Line(number, f"k{number}", State.WAITING, None, NOON, NOON, 0, Piece(text, (f"r-{number}",)))
        for number, text in enumerate(texts)
    ]


def test_few_lines_go_singly_many_together() -> None:
    few, many = lines("一", "二", "三"), lines(*"一二三四五六七八")
    assert pack(few, left=5) == ([few[0]], "一")
    assert pack(few, left=4) == (few, "一\n二\n三")
    assert pack(many, left=5) == (many, "一\n二\n三\n四\n五\n六\n七\n八")
    assert pack(many[:1], left=1) == ([many[0]], "一")
    long = lines("电" * 600, "电" * 600)
    assert pack(long, left=1) == ([long[0]], "电" * 600)
    assert merged([]) == []


@given(st.lists(st.text(alphabet="电\n a", min_size=1, max_size=900), min_size=1, max_size=12), st.integers(1, 7))
@settings(max_examples=200, deadline=None)
def test_lines_are_packed_in_order_from_the_first(texts: list[str], left: int) -> None:
    waits = lines(*texts)
    taken, text = pack(waits, left=left)
    assert taken == waits[: len(taken)]
    assert text == "\n".join(texts[: len(taken)])
    assert len(taken) == 1 or len(text.encode()) <= MOST_BYTES
