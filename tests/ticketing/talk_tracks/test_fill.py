"""Slots in their places."""

from ticketing.talk_tracks.fill import fill, missing, places


def test_places_are_found_filled_and_missed() -> None:
    text = "工单号{order_number}，{minutes}分钟内到{address}"
    assert places(text) == {"order_number", "minutes", "address"}
    assert fill(text, {"order_number": "WO1", "minutes": 0, "address": "中山路"}) == "工单号WO1，0分钟内到中山路"
    assert missing(text, {"order_number": "WO1", "minutes": 0, "address": ""}) == {"address"}
    assert missing(text, {"order_number": None, "minutes": 45, "address": "x"}) == {"order_number"}


def test_what_a_customer_typed_is_never_a_place() -> None:
    assert fill("地址{address}", {"address": "{order_number}", "order_number": "WO1"}) == "地址{order_number}"
    assert fill("50% {x} {", {"x": "是"}) == "50% 是 {"
