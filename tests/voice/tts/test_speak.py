import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.tts.speak import one_by_one, pinyin, sentences, speakable


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("电费128.50元", "电费一百二十八元五角"),
        ("电费128.05元", "电费一百二十八元零五分"),
        ("电费128.00元", "电费一百二十八元"),
        ("电费128.55元", "电费一百二十八元五角五分"),
        ("欠0.50元", "欠五角"),
        ("欠0.00元", "欠零元"),
        ("欠2元", "欠两元"),
        ("每度0.5283元", "每度零点五二八三元"),
        ("用了190度", "用了一百九十度"),
        ("用了150kWh", "用了一百五十度"),
        ("2小时内", "两小时内"),
        ("45分钟", "四十五分钟"),
        ("2026-11-25前", "二零二六年十一月二十五日前"),
        ("2026年8月", "二零二六年八月"),
        ("2026-10的账单", "二零二六年十月的账单"),
        ("20:05来电", "二十点零五分来电"),
        ("08:00到18:30", "八点整到十八点三十分"),
        ("上涨15%", "上涨百分之十五"),
        ("尾号0018", "尾号零零幺八"),
        ("尾号是123X", "尾号是幺二三X"),
        ("拨打95598", "拨打九五五九八"),
        ("手机13907760001", "手机幺三九，零七七六，零零零幺"),
        ("电话139****0001", "电话幺三九，尾号零零零幺"),
        ("户号0601234567890018", "户号零六零幺，二三四五，六七八九，零零幺八"),
        ("工单WO202611230001", "工单二零二六，幺幺二三，零零零幺"),
        ("中山二路8号", "中山二路八号"),
        ("您好", "您好"),
    ],
)
def test_how_it_is_said(written: str, spoken: str) -> None:
    assert speakable(written) == spoken


@given(st.text(alphabet="0123456789.-:/%*元度号年月日WOX尾号电话 ，", max_size=40))
def test_no_arabic_digit_is_left_and_nothing_raises(text: str) -> None:
    assert not any(digit in speakable(text) for digit in "0123456789")


@given(st.text(alphabet="0123456789", min_size=1, max_size=30))
def test_one_by_one_says_each_digit(digits: str) -> None:
    assert len(one_by_one(digits).replace("，", "")) == len(digits)


def test_pinyin_has_tones_and_pauses() -> None:
    assert pinyin("我家停电了，请问在哪里？") == "wo3 jia1 ting2 dian4 le5 , qing3 wen4 zai4 na2 li3 ?"


def test_the_neutral_tone_and_yu_are_written_as_espeak_reads_them() -> None:
    assert pinyin("女士的") == "nü3 shi4 de5"


def test_sentences_are_cut_where_they_end() -> None:
    assert sentences("您好。请问地址？好！\n…") == ["您好。", "请问地址？", "好！"]
