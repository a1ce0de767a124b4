"""Words that help Whisper to hear what a utility's callers say (its prompt); it never sees a customer's data.

Measured with Whisper base on tests/fixtures/callers: without them 整栋楼 was heard as 正东楼 and 百色市 as 白色是."""

from voice.expects import Kind

GENERAL = (
    "以下是普通话的句子，供电局客服电话。"
    "我家停电了，整栋楼都没电，刚刚停的，电线，查一下电费，户号，转人工，是的，不用了。"
)
BY_KIND = {
    Kind.ADDRESS: "以下是普通话的地址。{places}，中山二路八号，城东大道，小区，栋，单元。",
    Kind.DIGITS: "以下是电话号码。13907761234，13800000001，0776。",
}


def hint(kind: Kind, *, places: str) -> str:
    return BY_KIND.get(kind, GENERAL).format(places=places)
