"""Who holds the account, a firm included."""

import pytest

SAID = [
    ("姓莫,莫少华", [("customer_name", "莫少华")]),
    ("户主叫黄少强", [("customer_name", "黄少强")]),
    ("户主名字你听成梁伟了 其实是梁慧 智慧的慧", [("customer_name", "梁慧")]),
    ("户主是我爸 韦志强", [("customer_name", "韦志强")]),
    ("户主是我爸韦志强", [("customer_name", "韦志强")]),
    ("户名写的是我老婆的名字覃美英", [("customer_name", "覃美英")]),
    ("登记在黄建业名下", [("customer_name", "黄建业")]),
    ("陈国强名下这户", [("customer_name", "陈国强")]),
    ("我叫农建军 户号0602110045873316", [("account_number", "0602110045873316"), ("customer_name", "农建军")]),
    ("我是韦丽珍", [("customer_name", "韦丽珍")]),
    ("我姓黄叫黄大发", [("customer_name", "黄大发")]),
    ("免贵姓韦 韦小宝", [("customer_name", "韦小宝")]),
    ("开户用的是我公公韦国强", [("customer_name", "韦国强")]),
    ("户主黄桂兰的电费", [("customer_name", "黄桂兰")]),
    ("登记的名字是罗海东", [("customer_name", "罗海东")]),
    ("叫岑永康", [("customer_name", "岑永康")]),
    ("业主是欧阳明", [("customer_name", "欧阳明")]),
    ("查一下韦丽珍这个户", [("customer_name", "韦丽珍")]),
    ("户主是李梅", [("customer_name", "李梅")]),
    ("户名不是李梅是李美", [("customer_name", "李美")]),
    ("户主粟永福", [("customer_name", "粟永福")]),
    ("户主潘国栋", [("customer_name", "潘国栋")]),
    ("户主扎西顿珠", [("customer_name", "扎西顿珠")]),
    ("我叫古丽娜尔", [("customer_name", "古丽娜尔")]),
    ("户主是阿不都热合曼·买买提", [("customer_name", "阿不都热合曼·买买提")]),
    ("户主努尔古丽·阿不都拉的户", [("customer_name", "努尔古丽·阿不都拉")]),
    ("户主巴特尔，查电费", [("customer_name", "巴特尔")]),
    ("我是农村户口", []),
    ("我叫什么名字", []),
    ("户主是谁", []),
    ("户主不在家", []),
    ("户主去世了怎么过户", []),
    ("我是租客", []),
    ("房东不给户号", []),
    ("户名怎么改", []),
    ("户名叫百色市右江区新新超市", [("customer_name", "百色市右江区新新超市")]),
    ("帮我爸查一下电费", []),
    ("叫管事的来", []),
    ("查余额", []),
    ("莫急", []),
    ("我是覃大姐", []),
]


@pytest.mark.parametrize(("said", "wanted"), SAID, ids=[said for said, _ in SAID])
def test_names(heard, said, wanted):
    assert heard(said) == wanted
