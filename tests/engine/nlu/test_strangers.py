"""Classes of wording that strangers used and the rules once missed; each case stands for its class, none is theirs."""

from __future__ import annotations

from datetime import date
from typing import List, Tuple

import pytest

from bot.engine.nlu.entities import extract

TODAY = date(2026, 11, 23)


def said(text: str) -> List[Tuple[str, str]]:
    return [(item.entity, item.value) for item in extract(text, today=TODAY).found]


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("开户名字是韦建军，建设的建", "customer_name", "韦建军"),
        ("钱充到我姐覃丽华那个户去了", "customer_name", "覃丽华"),
        ("是农秀兰的户，不是农秀英", "customer_name", "农秀兰"),
        ("姓司徒 司徒美玲", "customer_name", "司徒美玲"),
        ("我系梁国强，想查电费", "customer_name", "梁国强"),
        ("我在金湖小区二栋一单元幺零零五", "address", "金湖小区二栋一单元幺零零五"),
        ("中医院斜对面那条巷子进去第二家", "address", "中医院斜对面那条巷子进去第二家"),
        ("应该是民族大道20号，不是民主路", "address", "民族大道20号"),
        ("我们这里没电了，滨江丽湾", "address", "滨江丽湾"),
        ("良庆区大沙田那边什么时候来电", "address", "良庆区大沙田"),
        ("三月份走了多少字", "bill_month", "2026-03"),
        ("去年腊月的电费是多少", "bill_month", "2025-12"),
        ("单尾零零五七快点来", "work_order_number", "0057"),
        ("来电了，0031号单子不用来了", "work_order_number", "0031"),
        ("后四位5521，户主是我妈", "id_last4", "5521"),
        ("成栋楼都没有电", "outage_scope", "building"),
        ("不是全村停 就我屋一家", "outage_scope", "household"),
        ("28号检修到几点", "event_time", "2026-11-28"),
        ("六月的电费又回到八十，五月才错了", "amount", "80"),
        ("在小卖部交了两百 不对 两百五 没到账", "amount", "250"),
        ("评价两分", "rating", "2"),
    ],
)
def test_a_class_of_wording(text: str, entity: str, value: str) -> None:
    assert [v for e, v in said(text) if e == entity] == [value]


def test_a_number_said_again_to_make_sure_takes_nothing_back() -> None:
    assert said("号码是幺三九七七零二二三幺八 前面是幺三九不是幺三六") == [("phone_number", "13977022318")]


@pytest.mark.parametrize(
    "text",
    [
        "师傅找不到路",
        "我爸高血压，没电不行",
        "我是代账的",
        "最少要充几多 十块行不行",
        "是不是停电了",
        "对面那家饭店很吵",
    ],
)
def test_words_that_name_nothing(text: str) -> None:
    assert said(text) == []
