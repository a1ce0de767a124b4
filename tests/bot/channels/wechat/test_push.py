"""Pushes in six combinations; what is stale, forged, garbled or hostile is refused; fuzzed, nothing else happens."""

import json
import os
import string
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wechat import flat_xml
from bot.channels.wechat.envelope import Envelope, Refused
from bot.channels.wechat.push import Mode, PushKind, Reader, Signed
from tests.wechat.clock import Clock
from tests.wechat.pusher import Pusher
from tests.wechat.sealing import seal, signature
from tests.wechat.world import World

KEY, TOKEN = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "push-token"
CLOCK = Clock()
WORLD = World(CLOCK)
FUZZED = int(os.environ.get("WECHAT_FUZZED", "400"))
"""In each of four tests; 2500 makes 10,000 in all (two minutes)."""


def reader(mode: str = "safe") -> Reader:
    return Reader(token=TOKEN, mode=Mode(mode), envelope=Envelope(KEY, app_id=WORLD.app_id), clock=CLOCK)


def pusher(mode: str = "safe", format: str = "json") -> Pusher:
    return Pusher(CLOCK, token=TOKEN, aes_key=KEY, app_id=WORLD.app_id, mode=mode, format=format)


def signed(body: bytes, *, at: datetime | None = None, token: str = TOKEN) -> dict[str, str]:
    """A query of plain mode."""
    timestamp = str(int((at or CLOCK()).timestamp()))
    return {"signature": signature(token, timestamp, "7"), "timestamp": timestamp, "nonce": "7"}


@pytest.mark.parametrize("format", ["json", "xml"])
@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
def test_all_six_combinations(mode: str, format: str) -> None:
    fields = WORLD.says("oCUSTOMER-1", "我家停电了 <&]]> 😀")
    query, body, _ = pusher(mode, format).request(fields)
    found = reader(mode).read(query, body).push
    assert (found.kind, found.text) == (PushKind.TEXT, "我家停电了 <&]]> 😀")
    assert (found.openid, found.key) == ("oCUSTOMER-1", f"m-{fields['MsgId']}")
    assert found.created_at == datetime.fromtimestamp(fields["CreateTime"], UTC)


def test_a_64_bit_number_is_kept_to_its_last_digit() -> None:
    fields = WORLD.says("oCUSTOMER-1", "你好") | {"MsgId": 18446744073709551615}
    query, body, _ = pusher().request(fields)
    assert reader().read(query, body).push.key == "m-18446744073709551615"


def test_an_event_is_known_by_who_when_and_what() -> None:
    event = WORLD.enters("oCUSTOMER-1")
    first, again = (reader().read(*pusher().request(event)[:2]).push for _ in range(2))
    assert first.key == again.key
    assert first.key.startswith("e-")
    other = event | {"Event": "another"}
    later = event | {"CreateTime": event["CreateTime"] + 1}
    keys = {reader().read(*pusher().request(each)[:2]).push.key for each in (event, other, later)}
    assert len(keys) == 3


def test_the_verification_of_our_address() -> None:
    query = signed(b"") | {"echostr": "4375120948345356249"}
    assert reader().echo(query) == "4375120948345356249"
    with pytest.raises(Refused):
        reader().echo(query | {"signature": "0" * 40})


@pytest.mark.parametrize("minutes", [-6, 6, -60 * 24])
def test_a_stale_push_is_refused(minutes: int) -> None:
    body = json.dumps(WORLD.says("oCUSTOMER-1", "你好")).encode()
    with pytest.raises(Refused, match="stale"):
        reader("plain").read(signed(body, at=CLOCK() + timedelta(minutes=minutes)), body)


def test_the_open_text_beside_a_sealed_one_counts_for_nothing() -> None:
    query, body, _ = pusher("compatible").request(WORLD.says("oCUSTOMER-1", "你好"))
    forged = json.loads(body) | {"Content": "我要退订", "FromUserName": "oSOMEBODY-ELSE"}
    found = reader("compatible").read(query, json.dumps(forged).encode()).push
    assert (found.openid, found.text) == ("oCUSTOMER-1", "你好")


def test_a_sealed_mode_takes_nothing_open() -> None:
    query, body, _ = pusher("plain").request(WORLD.says("oCUSTOMER-1", "你好"))
    for mode in ("safe", "compatible"):
        with pytest.raises(Refused):
            reader(mode).read(query, body)


def test_the_signature_of_the_address_does_not_open_a_sealed_push() -> None:
    query, body, _ = pusher().request(WORLD.says("oCUSTOMER-1", "你好"))
    for wrong in ({"msg_signature": query["signature"]}, {"msg_signature": ""}, {"nonce": "8"}, {"timestamp": "1"}):
        with pytest.raises(Refused):
            reader().read(query | wrong, body)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<xml><FromUserName>oCUSTOMER-1</FromUserName><Content>&b;</Content></xml>"""
OUTSIDE = b'<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><Content>&x;</Content></xml>'


@pytest.mark.parametrize(
    "xml",
    [
        BOMB,
        OUTSIDE,
        b'<!DOCTYPE xml SYSTEM "http://127.0.0.1/a.dtd"><xml/>',
        b'<?xml-stylesheet href="x"?><xml/>',
        b"<xml>&unknown;</xml>",
        b"<xml>" + b"<a>" * 300 + b"</a>" * 300 + b"</xml>",
        b"<xml>" + b"<a/>" * 300 + b"</xml>",
        b"<html/>",
        b"<xml>",
        b"<xml></xml><xml></xml>",
        b"<xml>" + "停电".encode("gbk") + b"</xml>",
        b"<xml>" + b"a" * 70_000 + b"</xml>",
        b"<xml>\x00</xml>",
        b"",
    ],
)
def test_hostile_xml_is_refused(xml: bytes) -> None:
    with pytest.raises(Refused):
        flat_xml.read(xml)
    with pytest.raises(Refused):
        reader("plain").read(signed(xml), xml)


@pytest.mark.parametrize(
    "change",
    [
        {"FromUserName": ""},
        {"FromUserName": "x" * 65},
        {"FromUserName": "o' OR 1=1"},
        {"FromUserName": None},
        {"FromUserName": True},
        {"FromUserName": ["oCUSTOMER-1"]},
        {"MsgType": ""},
        {"MsgType": {"a": 1}},
        {"CreateTime": "soon"},
        {"CreateTime": 10**30},
        {"CreateTime": -(10**15)},
        {"Content": "x" * 20_000},
        {"Content": "a\x00b"},
        {"Content": "\ud800"},
        {"Event": "x" * 2000},
    ],
)
def test_garbled_fields_are_refused(change: dict[str, Any]) -> None:
    body = json.dumps(WORLD.says("oCUSTOMER-1", "你好") | change).encode()
    with pytest.raises(Refused):
        reader("plain").read(signed(body), body)


@pytest.mark.parametrize("body", [b"[" * 60_000, b"null", b"[]", b'{"a":', b"\xff", b'{"a":' + b"9" * 5000 + b"}"])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        reader("plain").read(signed(body), body)


def read_or_refuse(mode: str, query: dict[str, str], body: bytes) -> Signed | None:
    try:
        return reader(mode).read(query, body)
    except Refused:
        return None


texts = st.text(max_size=60)
values = st.one_of(texts, st.integers(), st.none(), st.booleans(), st.floats(), st.lists(texts, max_size=2))
names = st.sampled_from(["FromUserName", "MsgType", "CreateTime", "MsgId", "Content", "Event", "MediaId", "Encrypt"])
anything = st.dictionaries(
    st.one_of(names, texts), st.recursive(values, lambda v: st.dictionaries(texts, v, max_size=3))
)


@settings(max_examples=FUZZED, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["plain", "compatible", "safe"]), st.dictionaries(texts, texts))
def test_fuzzed_strangers_are_refused(body: bytes, mode: str, query: dict[str, str]) -> None:
    """Nobody without the token gets in, whatever is sent."""
    assert read_or_refuse(mode, query, body) is None
    assert read_or_refuse(mode, signed(body, token="guess"), body) is None


@settings(max_examples=FUZZED, deadline=None)
@given(anything, st.sampled_from(["json", "xml-ish"]))
def test_fuzzed_fields_under_a_good_signature_are_read_or_refused(fields: dict[str, Any], how: str) -> None:
    if how == "json":
        body = json.dumps(fields).encode()
    else:
        body = ("<xml>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items()) + "</xml>").encode(
            errors="replace"
        )
    read_or_refuse("plain", signed(body), body)
    sealed = json.dumps({"Encrypt": seal(body, aes_key=KEY, app_id=WORLD.app_id)}).encode()
    timestamp = str(int(CLOCK().timestamp()))
    query = {"timestamp": timestamp, "nonce": "7"}
    query["msg_signature"] = signature(TOKEN, timestamp, "7", json.loads(sealed)["Encrypt"])
    read_or_refuse("safe", query, sealed)


@settings(max_examples=FUZZED, deadline=None)
@given(st.data())
def test_a_push_with_one_change_anywhere_is_refused(data: st.DataObject) -> None:
    query, body, _ = pusher("safe", data.draw(st.sampled_from(["json", "xml"]))).request(
        WORLD.says("oCUSTOMER-1", "我家停电了")
    )
    at = body.index(b"Encrypt") + 15 + data.draw(st.integers(0, 200))
    new = data.draw(st.sampled_from((string.ascii_letters + string.digits).encode()))
    changed = body[:at] + bytes([new]) + body[at + 1 :]
    found = read_or_refuse("safe", query, changed)
    assert (found is None) == (changed != body)


@settings(max_examples=FUZZED, deadline=None)
@given(st.text(alphabet=string.ascii_letters + string.digits + "+/=", max_size=200))
def test_fuzzed_seals_under_a_good_signature_are_refused(sealed: str) -> None:
    """Bad padding, bad lengths, another application: whoever had the token, but not the key."""
    timestamp = str(int(CLOCK().timestamp()))
    query = {"timestamp": timestamp, "nonce": "7", "msg_signature": signature(TOKEN, timestamp, "7", sealed)}
    assert read_or_refuse("safe", query, json.dumps({"Encrypt": sealed}).encode()) is None
