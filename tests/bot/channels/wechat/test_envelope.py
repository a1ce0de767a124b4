"""Signing and sealing against WeChat's official vectors."""

import base64
import json

import pytest

from bot.channels.wechat.envelope import Envelope, Refused, is_signed, sign
from tests.wechat.sealing import seal

A_KEY, A_APP = "A" * 43, "wxba5fad812f8e6fb9"
SEALED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT74"
    "0XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P5"
    "0F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
XML_SEALED = (
    "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh0B"
    "5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA91"
    "2xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6Oewpus"
    "jZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
)


def test_the_address_and_a_plain_push() -> None:
    assert sign("AAAAA", "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"
    assert sign("AAAAA", "1714037059", "486452656") == "899cf89e464efb63f54ddac96b0a0a235f53aa78"


def test_a_sealed_push() -> None:
    signature = "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"
    assert is_signed(signature, "AAAAA", "1714112445", "415670741", SEALED)
    assert not is_signed(signature, "AAAAA", "1714112446", "415670741", SEALED)
    assert json.loads(Envelope(A_KEY, app_id=A_APP).open(SEALED)) == {
        "ToUserName": "gh_97417a04a28d",
        "FromUserName": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
        "CreateTime": 1714112445,
        "MsgType": "event",
        "Event": "debug_demo",
        "debug_str": "hello world",
    }


def test_a_sealed_reply() -> None:
    sealed = Envelope(A_KEY, app_id=A_APP).seal(b'{"demo_resp":"good luck"}', random=b"707722b803182950")
    assert sealed == "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
    assert sign("AAAAA", "1713424427", "415670741", sealed) == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"


def test_the_xml_vector() -> None:
    envelope = Envelope("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", app_id="wx2c2769f8efd9abc2")
    signature = "5d197aaffba7e9b25a30732f161a50dee96bd5fa"
    assert is_signed(signature, "spamtest", "1409735669", "1320562132", XML_SEALED)
    assert "<Content><![CDATA[abcdteT]]></Content>" in envelope.open(XML_SEALED).decode()


def test_what_the_simulator_seals_is_opened() -> None:
    for length in (0, 1, 11, 12, 13, 31, 32, 33, 2048):
        message = "停".encode() * length
        assert Envelope(A_KEY, app_id=A_APP).open(seal(message, aes_key=A_KEY, app_id=A_APP)) == message


@pytest.mark.parametrize(
    "sealed",
    ["", "=", "AAAA", "ä", "A" * 44, base64.b64encode(b"x" * 16).decode(), SEALED[:-24] + "A" * 24, SEALED[4:]],
)
def test_what_cannot_be_opened_is_refused(sealed: str) -> None:
    with pytest.raises(Refused):
        Envelope(A_KEY, app_id=A_APP).open(sealed)


def test_another_applications_push_is_refused() -> None:
    with pytest.raises(Refused, match="another application"):
        Envelope(A_KEY, app_id="wx2c2769f8efd9abc2").open(SEALED)


@pytest.mark.parametrize("key", ["", "A" * 42, "A" * 44, "好" * 43])
def test_a_wrong_key_is_named_at_the_start(key: str) -> None:
    with pytest.raises(ValueError):
        Envelope(key, app_id=A_APP)
