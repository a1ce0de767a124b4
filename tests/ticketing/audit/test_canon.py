"""The bytes of a record are fixed: an export of today must be provable in ten years."""

from datetime import datetime, timedelta, timezone

from ticketing.audit import canon
from ticketing.audit.canon import GENESIS, HEAD_BYTES, Fact

FACT = Fact(
    datetime(2026, 11, 23, 9, 2, 3, tzinfo=timezone(timedelta(hours=8))),
    *("order.moved", "order:WO1", "crew:右江", {"to": "done", "from": None, "share": 0.1}, "ab" * 32),
)


def test_a_body_has_one_way_to_be_written() -> None:
    body = canon.body(FACT, position=17, previous=GENESIS)
    assert body == (
        b'[17,"' + GENESIS.encode() + b'","2026-11-23T01:02:03.000000+00:00","order.moved",'
        b'"order:WO1","crew:\\u53f3\\u6c5f",{"from":null,"share":0.1,"to":"done"},"' + b"ab" * 32 + b'"]'
    )


def test_the_genesis_and_a_hash_stay_what_they_are() -> None:
    assert (GENESIS, canon.digest(canon.body(FACT, position=17, previous=GENESIS))) == (
        "257fa0babd29ab78db9824e5822e35976b53ff2ed8cda33b6e04df27a78aa859",
        "2b609d60350f504f7169196f56848c3464231bed88c4b94a7c63b092d9b1620c",
    )


def test_a_line_has_the_body_behind_its_head() -> None:
    body = canon.body(FACT, position=17, previous=GENESIS)
    line = canon.line(canon.digest(body), body)
    assert (line[HEAD_BYTES:-2], line[-2:]) == (body, b"]\n")
