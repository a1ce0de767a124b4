"""The account holder's name: after 户主, 我叫, 姓名是, or as a bare answer that begins with a surname."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import FrozenSet, List, Optional, Pattern

from bot.engine.nlu.found import Found
from bot.engine.nlu.kin import told_names
from bot.engine.nlu.lexicon import words
from bot.engine.nlu.text import HAN

INTRODUCED = re.compile(
    r"(?:户主|[户护][名明]|机主|开户(?:的)?(?:名字|姓名|人|名)|开户人|开户名|开户用|业主|房东|姓名|名字|全名|真名|大名|本名|用户名|账户名|登记(?:成了?|的|人|在)?|写的|落的|房主|本人|我妈|我爸|我老公|我老婆|老公|老婆|爱人|父亲|母亲|房主)"
    r"(?:的?(?:名字|姓名|名|全名))?(?:登记)?(?:的)?(?:应该)?(?:是|系|叫做|叫|喊做|喊|为|写的?是?|填的?是?|[成听登记搞弄]成了?|成了?|不是|从|[:：,， ])*"
    r"(?:我?的?(?:妈妈?|爸爸?|老公|老婆|爱人|儿子|女儿|父亲|母亲|婆婆|公公|岳[父母]|爷爷|奶奶|外[公婆]|哥哥?|弟弟?|姐姐?|妹妹?)|我|房东)?(?:的名字)?(?:是|叫做|叫|[:：,， ])*"
)
CALLED = re.compile(
    r"(?:我|我的名字|他|她|本人|户主|我妈|我爸|我老公|我老婆|就|,|，|姓.|名字|大名)(?:叫做|叫|喊做|喊)(?:做)?[:：,， ]*|(?:其实|应该|正确的?|实际)(?:是|叫)+(?:叫)?(?=.{2,3}(?:[,，。.]|$|才对))|免贵姓.[,，]?|(?:改|换|变更|过户)(?:成|为|给|到)(?:了)?(?=.{2,3}(?:[,，。.]|$|的|名|了))|我是户主|(?:户名|户主|名字|姓名)[^,，。]{0,2}不是[\u4e00-\u9fff]{2,3}[,，]?(?:而|应该)?是|我[是系](?=.{2,4}(?:[,，。.]|$|户号|身份证|手机|电话))|姓(?:欧阳|司徒|上官|诸葛|司马|皇甫|尉迟|公孙|慕容|令狐|东方|夏侯|.)[,，]?名?(?:叫|喊)?|(?<![\u4e00-\u9fff])叫"
)
SAID_AS = re.compile(
    r"(?:用|以|写|登|挂|落|在)(?:的)?(?:是)?(?P<name>[\u4e00-\u9fff]{2,4}?)(?:这个|的)名(?:字|下|义)|(?<![\u4e00-\u9fff])(?P<name3>[\u4e00-\u9fff]{2,3})名下|查(?:一下|下)?(?P<name2>[\u4e00-\u9fff]{2,3})(?:这个|的)(?:户|名字)"
)
FILLED = re.compile(
    r"^(?:[,，。. ]|是|叫|就是|哦|啊|呃|嗯|姓名|户主|名字|我|本人)*|(?:[,，。.!！ ]|啊|哦|呢|吧|的|呀|啦|嘛|本人)*$"
)
# A third character that belongs to what follows the name, not to the name.
FOLLOWS = set(
    "的户电手身是在住啊吧那这你我他她家号和跟,，。、 :：;；!！?？啦呀呢哦哈嘛了您也还有就都不对名先女地表要想查帮应该没"
)
NOT_NAMES = {
    "谢谢", "谢谢你", "谢谢您", "高压", "高血压", "高血糖", "高血脂", "高峰", "于是", "余额", "何时", "何地", "任何", "方便", "方法", "白天", "金额", "单号", "宁可", "文件", "万一", "马上",
    "时间", "时候", "常常", "经常", "成功", "费用", "查询", "查电费", "查费", "包括", "车位", "路灯", "路口", "路边", "严重", "温度", "安静", "平常", "容易", "利息", "简单",
    "甘愿", "零钱", "关了", "关掉", "管理", "左右", "左边", "向前", "古怪", "代缴", "代扣", "付款", "付了", "付费", "房东", "房间", "房子", "包年", "招牌", "区别", "时常", "成了", "利率",
    "石头", "马路", "江边", "林场", "江南区", "武鸣", "左手边", "易拉宝", "路上", "孔明灯", "白色", "黄了", "黄色", "江南", "田阳", "田东", "田林", "龙州", "宁明", "武宣", "文山", "凌云", "凌晨",
    "向阳", "温馨", "丰收", "高新区", "高速", "高峰期", "平果", "平南", "金秀", "容县", "蒙山", "游客", "车站", "谷时", "谷段", "高了", "高得很", "毛病", "程序", "任务", "石油", "夏天", "白费",
    "农村", "农户", "农业", "农民", "汤圆", "冉冉", "方向", "万科", "万达", "万象城", "欧元", "卫生", "卫生间", "卫生院", "路段", "成交", "代表", "代办", "付错", "钱多", "钱呢", "钱包", "钱没到", "高一点", "于今", "余下", "尤其", "常年",
}  # fmt: skip
NOT_GIVEN = re.compile(
    r"[账月天日年的了吗呢吧啊是不没有在我你他哪什么怎多少几电费钱号点块元度度停路街村屯区镇县市栋楼室单元店厂司站]"
)


# Firms and their like hold accounts too: 户名是钦州兴旺养殖有限公司.
FIRM = re.compile(
    r"(?:户名|户主|开户名|户头名|用户名|登记(?:的|名)?|单位名?称?|公司名?称?|名称|名字)(?:是|叫|为|写的?是?|[:：,， ])*"
    r"(?P<firm>[\u4e00-\u9fffA-Za-z0-9()]{2,24}?(?:有限责任公司|股份有限公司|有限公司|分公司|合作社|经营部|养殖场|商行|工作室|集团|公司|村委会|居委会|幼儿园|小学|中学|酒店|宾馆|饭店|超市|商店|加工厂|厂|[\u4e00-\u9fff]{2}[店馆铺]|诊所|药房|门市部|批发部))"
)


def find_firms(text: str) -> List[Found]:
    """Names of firms that the words before them tell to hold the account."""
    return [Found("customer_name", *match.span("firm"), match["firm"]) for match in FIRM.finditer(text)]


# What looks like a name and is a word or two of something else (查余额, 莫急, 谢谢咧), unless a name was asked for.
NO_BARE_NAME = re.compile(
    r"^(?:[查费银谷麻焦]|马上|雷好|谢谢|莫[要再说讲怕]|劳驾|欧克|白白|管事)|[急催查交缴额饿恶字数段手哈噢咧嘞昂泥下克亲咯喂噶嘛啵喔驾慌忙先用充]$|农民"
)
ASKED = re.compile(r"查[一电费余上下看询话账户]|管事")  # 帮我爸查一下, 叫管事的来
TITLE = re.compile(
    r"(?:大娘|大爷|大妈|大叔|大婶|大伯|老[一二三四五六七八九大]|大姐|大哥|先生|女士|小姐|师傅|阿姨|老师|主任|经理|老板|书记|队长|伯|叔叔|奶奶|爷爷|某某?|总)$"
)
# After 户主是 even 少, 有, 月 and 栋 are parts of a name (莫少华, 农有才, 潘国栋); these are not.
NEVER_GIVEN = re.compile(r"[着账厂饭店的了吗呢吧啊是不没在我你他哪什么怎谁几费钱号块度停楼室司站]")


def find_names(text: str, expected: Optional[str] = None) -> List[Found]:
    """Names of account holders in a normalised text."""
    found = [item for match in INTRODUCED.finditer(text) for item in [name_at(text, match.end(), sure=True)] if item]
    found += [item for match in CALLED.finditer(text) for item in [name_at(text, match.end(), sure=True)] if item]
    for match in SAID_AS.finditer(text):
        group = next(g for g in ("name", "name2", "name3") if match[g])
        if is_name(match[group]):
            found.append(Found("customer_name", *match.span(group), match[group]))
    for start, end, said in told_names(text):
        if (
            is_name(said, sure=True)
            and said not in common_words()
            and all(end <= f.start or f.end <= start for f in found)
        ):
            found.append(Found("customer_name", start, end, said))
    if not found:
        found += bare_name(text, expected)
    return sorted(set(found), key=lambda f: f.start)


def bare_name(text: str, expected: Optional[str]) -> List[Found]:
    """The whole answer is a name, give or take 是 and 啊."""
    lead = FILLED.match(text)
    start = lead.end() if lead else 0
    core = FILLED.sub("", text[start:])
    if expected == "customer_name" and len(set(core)) > 2 and other_names().fullmatch(core):  # 拜拜 is none
        at = text.find(core)
        return [Found("customer_name", at, at + len(core), core)]
    pieces = [core, *re.split(r"[,，、 ]", core)]
    for piece in dict.fromkeys(reversed(pieces)):
        if NO_BARE_NAME.search(piece) and expected != "customer_name":
            continue
        if is_name(piece) and len(core) <= 14 and (piece == core or speaks_of_names(text)):
            if piece == core and expected != "customer_name" and piece in common_words():
                continue
            at = text.find(piece)
            return [Found("customer_name", at, at + len(piece), piece)]
    return []


def speaks_of_names(text: str) -> bool:
    """`韦小宝的韦`: the caller spells the name."""
    return bool(re.search(rf"{HAN}{{2,4}}的{HAN}", text))


@lru_cache(maxsize=1)
def other_names() -> Pattern[str]:
    """A name that does not begin with a Chinese surname: parts with dots between them, or written as such names are."""
    written = "".join(sorted(words("name_characters")))
    stops = "".join(sorted(FOLLOWS - set(written) - set("不都")))
    end = rf"(?=[{stops}]|(?!{HAN}))"
    dotted = rf"(?:{HAN}{{1,8}}[·•・‧])+{HAN}{{1,8}}?"
    return re.compile(rf"(?:{dotted}|(?:阿不都|[{written}]){{2,8}}){end}")


def name_at(text: str, start: int, *, sure: bool) -> Optional[Found]:
    """The name that begins at `start`: a surname with one or two characters, cut where other words begin."""
    other = other_names().match(text, start)
    if other and (surname_of(other.group()) is None or len(other.group()) > 3):
        return Found("customer_name", *other.span(), other.group())
    run = re.match(f"{HAN}*", text[start:])
    said = run.group() if run else ""
    surname = surname_of(said)
    if not surname:
        return None
    for length in (len(surname) + 2, len(surname) + 1):
        name = said[:length]
        rest = text[start + length : start + length + 1]
        if len(name) == length and is_name(name, sure=sure) and (length == len(surname) + 1 or name[-1] not in FOLLOWS):
            if length == len(surname) + 1 and rest and rest not in FOLLOWS and re.match(HAN, rest):
                continue
            return Found("customer_name", start, start + length, name)
    return None


def surname_of(said: str) -> Optional[str]:
    """The surname that a text begins with, compound ones first."""
    known = words("surnames")
    return next((said[:n] for n in (2, 1) if said[:n] in known), None)


def is_name(said: str, *, sure: bool = False) -> bool:
    """Whether a text has the shape of a full name; `sure` where the words before it tell that a name comes."""
    surname = surname_of(said)
    if (
        not surname
        or said in NOT_NAMES
        or TITLE.search(said[1:])
        or ASKED.match(said)
        or not re.fullmatch(f"{HAN}{{2,4}}", said)
    ):
        return False
    given = said[len(surname) :]
    return 1 <= len(given) <= 2 and not (NEVER_GIVEN if sure else NOT_GIVEN).search(given)


@lru_cache(maxsize=1)
def common_words() -> FrozenSet[str]:
    """Dictionary words that begin like a name (白天, 高峰) and are none, from jieba's dictionary (MIT)."""
    import jieba

    known = words("surnames")
    found = set()
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, tag = line.split(" ")
        if 2 <= len(word) <= 3 and word[0] in known and not tag.startswith("nr") and int(frequency) >= 3:
            found.add(word)
    return frozenset(found)
