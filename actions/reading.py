"""What an answer means for the question that was asked. Pure: a message and a slot in, a value or nothing out.

Entities come first; where a form asked, plain words count too (said.yml).
"""

import re
from datetime import date

from actions.said import pattern, says
from actions.turn import UNKNOWN, Message

CONTROL = frozenset({"report_hazard", "ask_human", "stop", "wait", "repeat", "goodbye", "thank"}) | frozenset(
    {"silence", "ring", "greet", "ask_identity", "ask_help"}
)
"""Intents that speak about the conversation or go first: never an answer."""
PLAIN = frozenset(["inform", "nlu_fallback", "out_of_scope", "affirm", "deny"])
"""Intents under which the words themselves may be the answer."""
KIN = {"report_outage": frozenset({"ask_outage_info", "report_voltage", "report_meter_fault"})}
"""Answers to one wish's questions that sound like another wish (昨晚八点停的)."""
FIGURE_SLOTS = frozenset(["account_number", "id_last4", "code", "contact_phone", "work_order_number", "customer_name"])
"""Answers that are known by their shape (or by their entity), whatever the intent."""
CURT = 6
"""Up to so many characters 不知道 and its like are an answer, whatever they were taken for."""
BRIEF = 8
"""Up to so many characters a yes, a no or a few plain words may be the whole answer."""
BY_WORDS = frozenset(["outage_scope", "event_time"])
UNSURE = 0.5
VAGUE = 20
"""Characters up to which an unnamed time is taken as it was said (娃仔放学那会)."""
TOLD_AT_LENGTH = 10
"""Characters from which a sentence is a story, though it sounds like another wish."""

ENTITY_OF = {"contact_phone": "phone_number"}
OPTIONAL = frozenset(["outage_scope", "event_time", "contact_phone", "id_last4", "code"])
FIGURES = str.maketrans("零〇洞一幺二两三四五六七拐八九勾", "0001122345677899")

SCOPES = ("household", "building", "area")
"""In this order: 就我家，隔壁有电 names a neighbour and means one household."""
NAME = re.compile(
    r"^(?:我叫|叫|我是|户主是|户主叫|户主|名字是|姓名是|姓名|户名是|户名)?"
    r"([一-鿿]{1,8}(?:[·•・‧][一-鿿]{1,8})+|[一-鿿]{2,4})(?:[，。,.]|的名字)?$"
)
DOTS = re.compile("[·•・‧]")
"""Between the parts of a name, and in nothing else that customers say."""
SURNAMES = frozenset(
    "韦黄覃李梁陈陆农王刘张蒙莫罗潘岑凌杨何谢苏唐邓周廖秦蒋赵吴林朱徐胡郭高马郑冯曾彭曹田董袁于余叶杜程魏蓝邱石卢甘班"
    "蔡丁任沈姚钟姜崔谭范金侯龙史陶黎贺顾毛郝龚邵万钱严武戴孔向汤温庞闭零玉磨宁许宋韩傅卜丘江方易文欧阳孙吕施雷颜尹粟侬朴银奉盘滚阮"
)
"""First characters of surnames of Guangxi, the Zhuang, Yao, Miao, Dong, Mulao and Jing ones among them."""
SURE = 0.9
URGENT = frozenset({"report_hazard", "ask_human", "stop"})
CODE_WANTED = re.compile(r"验证码|短信|发码|发个码")


def digits(text: str) -> str:
    """The digits of a text, Chinese figures included, in their order."""
    return re.sub(r"[^0-9X]", "", text.upper().translate(FIGURES))


def last_month(today: str | None) -> str:
    """`YYYY-MM` before `today` (ISO date)."""
    now = date.fromisoformat(today) if today else date.today()
    year, month = (now.year, now.month - 1) if now.month > 1 else (now.year - 1, 12)
    return f"{year:04d}-{month:02d}"


def read(slot: str, message: Message, *, caller: str | None = None) -> str | None:
    """The value that `message` gives to the `slot` that was asked for; UNKNOWN where that may be said; else None."""
    value = message.entity(ENTITY_OF.get(slot, slot))
    if value is None:
        value = _READERS[slot](message, caller)
    elif slot == "account_number" and not is_account_number(value):
        value = None
    if value is None and slot in OPTIONAL and declines(message):
        return UNKNOWN
    return value


def recently(text: str) -> str | None:
    """The words with which a sentence says that it happened just now; they name no hour, yet answer the question."""
    found = pattern("recently").search(text)
    return found[0] if found else None


def may_answer(slot: str | None, message: Message, *, wish: str) -> bool:
    """Whether this message can be an answer at all, or changes the subject."""
    if (slot == "customer_name" and sounds_like_a_name(message)) or (slot in BY_WORDS and _tells(slot, message)):
        return True
    if message.intent in CONTROL:
        return False
    if message.intent in PLAIN or message.intent == wish:
        return True
    if len(message.text) <= CURT and says("dont_know", message.text):
        return True
    if slot != "address" and message.intent in KIN.get(wish, ()):
        return True
    return slot in FIGURE_SLOTS or (slot == "description" and len(message.text) >= TOLD_AT_LENGTH)


def _tells(slot: str, message: Message) -> bool:
    """A short answer in words of its own, whatever it was taken for (有一会儿了, 我看隔壁有电)."""
    unsure = slot == "outage_scope" or message.confidence < UNSURE
    unsure = unsure and message.intent not in URGENT
    return unsure and len(message.text) <= BRIEF and _READERS[slot](message, None) is not None


def agrees(message: Message) -> bool:
    """A yes in whatever words: 是滴, 冇错, 要得."""
    if message.intent == "affirm":
        return True
    brief = len(message.text) <= BRIEF and message.intent in PLAIN - {"deny"} | {"thank", "wait", "repeat"}
    return brief and says("agrees", message.text)


def refuses(message: Message) -> bool:
    """A no in whatever words."""
    brief = len(message.text) <= BRIEF and message.intent in PLAIN - {"affirm"}
    return message.intent == "deny" or (brief and says("refuses", message.text))


def sounds_like_a_name(message: Message) -> bool:
    """A short word that begins with a common surname and is surely nothing else: names look like any intent."""
    found = NAME.match(message.text)
    if found and DOTS.search(found[1]):
        return True
    return bool(found and found[1][0] in SURNAMES and message.confidence < SURE and message.intent not in URGENT)


def declines(message: Message) -> bool:
    """The customer does not know, or would rather not say."""
    return message.intent == "deny" or says("dont_know", message.text)


def is_bare_refusal(message: Message) -> bool:
    """Not knowing, and nothing besides; 不是，三月的 is something else."""
    if message.intent not in PLAIN and len(message.text) > CURT:  # 不查了，我要报停电 wishes something else
        return False
    return says("dont_know", message.text) or (message.intent == "deny" and len(message.text) <= CURT)


def is_account_number(value: str) -> bool:
    return value.isdigit() and 10 <= len(value) <= 16 and not _is_mobile(value)


def _is_mobile(value: str) -> bool:
    return len(value) == 11 and value.startswith("1")


def _address(message: Message, _: str | None) -> str | None:
    """Any words that were meant as a value; of what was not understood, words that name a place."""
    plain = message.intent in PLAIN and not declines(message)
    plain = plain and (message.intent == "inform" or says("place", message.text))
    return message.text if plain and len(message.text) >= 4 and digits(message.text) != message.text else None


def _scope(message: Message, _: str | None) -> str | None:
    return next((scope for scope in SCOPES if says(scope, message.text)), None)


def _time(message: Message, _: str | None) -> str | None:
    """Any words that tell a time; of what was plainly meant as a value, any words."""
    if says("dont_know", message.text) or message.intent in ("affirm", "deny"):
        return None
    vague = message.intent == "inform" and not message.entities and 2 <= len(message.text) <= VAGUE
    return message.text[:32] if says("time", message.text) or vague else None


def _phone(message: Message, caller: str | None) -> str | None:
    number = digits(message.text)
    if 7 <= len(number) <= 12:
        return number
    return caller if caller and agrees(message) else None


def _account(message: Message, _: str | None) -> str | None:
    number = digits(message.text)
    return number if is_account_number(number) else None


def _name(message: Message, _: str | None) -> str | None:
    plain = (message.intent in PLAIN and not declines(message)) or sounds_like_a_name(message)
    found = NAME.match(message.text) if plain else None
    return found[1] if found else None


def _id_last4(message: Message, _: str | None) -> str | None:
    number = digits(message.text)
    return number if re.fullmatch(r"\d{3}[\dX]", number) else None


def _code(message: Message, _: str | None) -> str | None:
    number = digits(message.text)
    return number if number.isdigit() and 4 <= len(number) <= 8 else None


def _month(message: Message, _: str | None) -> str | None:
    recent = message.intent in PLAIN and says("recent_month", message.text)
    return last_month(message.metadata.get("today")) if recent else None


def _description(message: Message, _: str | None) -> str | None:
    return message.text if len(message.text) >= 2 and not message.text.isdigit() else None


def _order_tail(message: Message, _: str | None) -> str | None:
    number = digits(message.text)
    return number if len(number) >= 3 else None


_READERS = {
    "address": _address,
    "outage_scope": _scope,
    "event_time": _time,
    "contact_phone": _phone,
    "account_number": _account,
    "customer_name": _name,
    "id_last4": _id_last4,
    "code": _code,
    "bill_month": _month,
    "description": _description,
    "work_order_number": _order_tail,
}
