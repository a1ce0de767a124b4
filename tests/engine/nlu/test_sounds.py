import random

import pytest

from bot.engine.nlu.dialect import standard
from bot.engine.nlu.sounds import misheard, sound


@pytest.mark.parametrize(
    "said, meant",
    [("停店", "停电"), ("电飞", "电费"), ("保修", "报修"), ("护号", "户号"), ("余鹅", "余额"), ("店镖", "电表")],
)
def test_slips_of_a_recogniser_sound_like_what_was_meant(said, meant):
    assert [sound(c) for c in said] == [sound(c) for c in meant]


@pytest.mark.parametrize(
    "one, other", [("知", "资"), ("能", "人"), ("电", "店"), ("英", "因"), ("上", "三"), ("浪", "烂")]
)
def test_what_southern_speakers_do_not_keep_apart_sounds_alike(one, other):
    assert sound(one) == sound(other)


def test_other_signs_stand_for_themselves():
    assert [sound(c) for c in "⟨A5^"] == list("⟨A5^")


def test_mishearing_keeps_length_and_what_is_not_chinese():
    said = "我家3号楼停电了ABC"
    got = misheard(said, share=1.0, chance=random.Random(1))
    assert len(got) == len(said) and got[2] == "3" and got.endswith("ABC")
    assert got != said
    assert [sound(c) for c in got] == [sound(c) for c in said]


def test_mishearing_is_repeatable_and_in_proportion():
    said = "电费怎么这么高是不是算错了" * 40
    one, other = (misheard(said, share=0.2, chance=random.Random(3)) for _ in range(2))
    changed = sum(a != b for a, b in zip(said, one, strict=True)) / len(said)
    assert one == other and 0.14 < changed < 0.26
    assert misheard(said, share=0.0, chance=random.Random(3)) == said


@pytest.mark.parametrize(
    "said, meant",
    [
        ("我屋企冇电", "我家里没电"),
        ("点解咁贵", "为什么这么贵"),
        ("几时嚟电", "什么时候来电"),
        ("没得电了", "没有电了"),
    ],
)
def test_dialect_is_read_in_standard_words(said, meant):
    assert standard(said) == meant


def test_standard_words_stay():
    assert standard("请问系统里的电费是多少呢") == "请问系统里的电费是多少呢"
