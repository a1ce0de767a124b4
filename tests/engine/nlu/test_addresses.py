"""Addresses as their literal span, from a house number to a vague place, and what only looks like one."""

import pytest

WHOLE = [
    "右江区四塘镇社马村",
    "上思叫安镇",
    "田阳头塘镇联坡村",
    "荔浦茶城乡文德村",
    "大化北景镇板兰村那汉屯",
    "南宁市青秀区民族大道100号",
    "荣和山水3栋701",
    "凯旋国际8栋1203",
    "瑞和家园六栋",
    "幸福里小区5栋1单元302",
    "右江区迎龙路金色家园8号楼2单元",
    "中山路135号附3号",
    "鹿寨县中渡镇大兆村小学对面",
    "靖西市化峒镇街上",
    "德保县城关镇电影院旁边",
    "西乡塘大学东路瑞士花园七栋一零二",
]
FRAMES = ["{}", "我家在{}", "{}停电了", "昨晚{}没电 现在还没来", "请问{}明天停电吗", "地址是{}", "我住{}，表烧了"]


@pytest.mark.parametrize("address", WHOLE)
@pytest.mark.parametrize("frame", FRAMES)
def test_the_whole_place_and_nothing_else(heard, frame, address):
    found = [value for entity, value in heard(frame.format(address)) if entity == "address"]
    assert found == [address]


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("明天北海银海区侨港镇有没有检修", "北海银海区侨港镇"),  # a day before it is no part of it
        ("住址贵港港北区金港大道900号", "贵港港北区金港大道900号"),
        ("南宁江南区五一路附近有营业厅吗", "南宁江南区五一路"),  # what is sought stands nearby
        ("长青路23号门口的变压器冒烟", "长青路23号"),
        ("河池金城江区新建路41号，二楼那户", "河池金城江区新建路41号"),
        ("崇左江州区太平街道供电所的人踢皮球", "崇左江州区太平街道"),
        ("中山路和向阳路交叉口", "中山路和向阳路交叉口"),
        ("填的六栋 其实是八栋", "八栋"),
        ("我报的三单元，不对，是二单元", "二单元"),
    ],
)
def test_where_a_place_ends(heard, said, address):
    assert [value for entity, value in heard(said) if entity == "address"] == [address]


@pytest.mark.parametrize(
    "said",
    [
        "租客跑路了", "我是开小超市的", "我们是民办学校", "能不能开个流动车下村", "莫让师傅跑冤枉路", "给车位拉一路电",
        "三栋楼都没电", "我们这一栋", "听村委说要停三天", "用居民电开加工厂", "南宁供电局在哪", "我租的城中村",
    ],
)  # fmt: skip
def test_what_is_no_address(heard, said):
    assert [value for entity, value in heard(said) if entity == "address"] == []
