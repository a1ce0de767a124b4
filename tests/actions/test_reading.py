"""What an answer means for the question that was asked."""

import pytest

from actions.reading import last_month, may_answer, read
from actions.turn import UNKNOWN, Message


def message(text: str, intent: str = "inform", **entities: str) -> Message:
    return Message(text=text, intent=intent, entities=tuple(entities.items()), metadata={"today": "2026-01-05"})


@pytest.mark.parametrize(
    ("slot", "said", "value"),
    [
        ("outage_scope", message("就我一家"), "household"),
        ("outage_scope", message("隔壁也没电"), "area"),
        ("outage_scope", message("整个单元都停"), "building"),
        ("outage_scope", message("不清楚"), UNKNOWN),
        ("event_time", message("半个小时前"), "半个小时前"),
        ("event_time", message("没注意"), UNKNOWN),
        ("contact_phone", message("幺三九零七七六零零零一"), "13907760001"),
        ("contact_phone", message("不方便", "deny"), UNKNOWN),
        ("account_number", message("0602 1001 2345 0001"), "0602100123450001"),
        ("account_number", message("13907760001"), None),
        ("account_number", message("123456789"), None),
        ("customer_name", message("户主叫韦小明"), "韦小明"),
        ("customer_name", message("不知道"), None),
        ("id_last4", message("幺二三X"), "123X"),
        ("id_last4", message("12345"), None),
        ("bill_month", message("最近的"), "2025-12"),
        ("address", message("百色学院后门"), "百色学院后门"),
        ("address", message("8"), None),
        ("address", message("不知道在哪里"), None),
        ("description", message("我"), None),
    ],
)
def test_reading(slot: str, said: Message, value: str | None) -> None:
    assert read(slot, said) == value


def test_the_last_value_of_a_repair_counts() -> None:
    said = Message("不是三月是四月", "inform", (("bill_month", "2026-03"), ("bill_month", "2026-04")))
    assert read("bill_month", said) == "2026-04"


def test_yes_means_the_line_of_the_caller() -> None:
    assert read("contact_phone", message("可以", "affirm"), caller="13907760001") == "13907760001"
    assert read("contact_phone", message("可以", "affirm")) is None


def test_a_name_is_a_name_even_when_it_was_taken_for_something_else() -> None:
    assert read("customer_name", Message("韦小明", "thank", confidence=0.6)) == "韦小明"
    assert may_answer("customer_name", Message("韦小明", "thank", confidence=0.6), wish="ask_bill")
    assert not may_answer("customer_name", Message("谢谢", "thank", confidence=1.0), wish="ask_bill")


def test_the_month_before_january_is_december() -> None:
    assert last_month("2026-01-31") == "2025-12"
    assert last_month("2026-11-23") == "2026-10"
