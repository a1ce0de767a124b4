"""A holder's name that no 户主 or 叫 announces: my sister's (我姐覃丽华那个户), 是陆春生的户, 从罗秀英过到…, 我系何伟明."""

from __future__ import annotations

import re
from typing import Iterator, Tuple

from bot.engine.nlu.text import HAN

# What stands around a name in full, so that the words beside it are not read into it.
END = r"(?=$|[,，。.!！?？ ]|名下|名字|的|那个|这个|那户|户|身份|电话|手机|家里?|[啊呀哦啦咧嘅])"
RELATIVE = (
    r"(?:老?爸爸?|老?妈妈?|阿[爸妈公婆爷嬷哥姐妹弟叔]|老豆|老母|父亲|母亲|爷爷|奶奶|[外家][公婆]|[公婆]{2}|岳[父母]|丈[人母]娘?|老公|老婆|爱人|先生|太太"
    r"|大?[哥姐弟妹](?:[哥姐弟妹夫])?|嫂子?|儿子|女儿|[仔崽女]|儿媳妇?|媳妇|女婿|孙[子女]|侄[子女儿]|外甥女?|[大二三小]?[叔伯姑舅姨婶](?:[叔伯姑舅姨婶妈父])?|[堂表][哥姐弟妹]|邻居|房东|同事|朋友|老板)"
)
KIN = re.compile(
    rf"(?:我|俺|咱|我们)(?:的|个|家|屋)?{RELATIVE}(?:[,，]|是|系|叫做?|喊做?)*(?P<name>{HAN}{{2,4}}?){END}"
)
OF_A_HOUSE = re.compile(
    rf"(?:^|[,，。 ]|户主|应该|登记)(?:的)?[是系]+(?P<name>{HAN}{{2,4}}?)(?:的|嘅|那个|这个|家的|屋的)(?:户头?|电?表|房子|房|名字?|账户|号)"
)
MOVED = re.compile(
    rf"从(?P<name>{HAN}{{2,4}}?)(?:的)?(?:名下|户头|那里)?(?:的)?(?:过户?|转|改|换|变更?|移)(?:到|给|成|去|为)+(?P<to>{HAN}{{2,4}}?)?{END}"
)
FROM = re.compile(rf"从(?P<name>{HAN}{{2,4}}?)(?:的)?(?:名下|户头|那里)?(?:的)?(?:过户?|转|改|换|移)(?:到|给|成)")
I_AM = re.compile(
    rf"(?:^|[,，。 ])(?:你好|喂)?(?:[,，])?我[是系](?P<name>{HAN}{{2,4}}?)(?=$|[,，。.!！?？ ]|啊|身份证|手机|户号|电话)"
)
# 户名还是他的 韦德明; 名字写错了 是韦国强
AFTER_ALL = re.compile(
    rf"(?:户[名主头]|名字?|登记|写)(?:的|着)?(?:(?:还|就|一直|仍|都)?是(?:[他她我])?(?:的|嘅)?(?:(?:过世|过身|去世|走)了?的)?{RELATIVE}?(?:的|嘅)?(?:名字?)?(?=[,，。 ])"
    rf"|[登写打记报弄搞]错了?[,，]?(?:应该|其实)?是)[,，。 ]*(?P<name>{HAN}{{2,4}}?){END}"
)
WITH_NUMBER = re.compile(rf"(?:^|[,，。 ])(?P<name>{HAN}{{2,4}})[,，。 ]*(?=1[3-9]\d{{9}}(?!\d))")  # 陆小燕,19977506621
# The name and after it which characters it is written with: 黄志强,志气的志 or 班玉凤,上班的班.
SPELT = re.compile(
    rf"(?:^|[,，。 是系叫])(?P<name>{HAN}{{2,4}}?)[,，。 ]+(?:[^,，]{{0,8}}[,，])?(?:是)?{HAN}{{1,4}}的(?P<one>{HAN})"
)


def told_names(text: str) -> Iterator[Tuple[int, int, str]]:
    """Where a name may stand by what is around it; whoever asks tells whether it has the shape of one."""
    for pattern in (KIN, OF_A_HOUSE, MOVED, FROM, I_AM, AFTER_ALL, WITH_NUMBER, SPELT):
        for match in pattern.finditer(text):
            for group in ("name", "to"):
                said = match.groupdict().get(group)
                if said and not (pattern is SPELT and match["one"] not in said):
                    yield (*match.span(group), said)
