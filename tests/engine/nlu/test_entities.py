"""Values in the catalogue's form, from the mouths of callers. Today is Monday, 23 November 2026."""

from datetime import date

import pytest

from bot.engine.nlu.entities import extract

TODAY = date(2026, 11, 23)

SAID = [
    # 户号: groups, fillers, 幺 and 洞, 三个零, repairs
    ("户号是 0602 2110 0045 6718", [("account_number", "0602211000456718")]),
    ("我的户号零六零一嗯二三零零,四五六七,八八九零", [("account_number", "0601230045678890")]),
    ("洞六洞二幺幺洞洞拐八拐六五四三二", [("account_number", "0602110078765432")]),
    ("零六零二幺幺零零不对是零六零三幺幺零零九八七六五四三二", [("account_number", "0603110098765432")]),
    ("零六零一,不对,零六零二,幺幺零零,九八七六,五四三二", [("account_number", "0602110098765432")]),
    ("4501234567", [("account_number", "4501234567")]),
    ("户号只有九位123456789", []),
    ("我的银行卡号6222021234567890", []),
    # 手机
    ("打我电话幺三九零七七六零零零幺", [("phone_number", "13907760001")]),
    ("139 0776 0001", [("phone_number", "13907760001")]),
    ("手机号不是13907760001是13907760002", [("phone_number", "13907760002")]),
    ("户号0602110098765432,手机13807760002", [("account_number", "0602110098765432"), ("phone_number", "13807760002")]),
    # 身份证, 工单, 表号
    ("身份证后四位幺二三X", [("id_last4", "123X")]),
    ("尾号零零幺八那张工单", [("work_order_number", "0018")]),
    ("查一下WO202611230001", [("work_order_number", "WO202611230001")]),
    ("表号尾数三三二一", [("meter_number", "3321")]),
    # 户主
    ("户主叫韦秀英", [("customer_name", "韦秀英")]),
    ("覃建国", [("customer_name", "覃建国")]),
    ("我叫农艳芳,户号0602110098765432", [("customer_name", "农艳芳"), ("account_number", "0602110098765432")]),
    ("谢谢", []),
    ("高峰", []),
    # 地址: the literal span
    ("右江区城东大道百色学院旁边停电了", [("address", "右江区城东大道百色学院旁边")]),
    ("我家在幸福里小区5栋1单元302", [("address", "幸福里小区5栋1单元302")]),
    ("右江区阳圩镇平圩村那塘屯没电", [("address", "右江区阳圩镇平圩村那塘屯")]),
    ("明天龙景一路停电吗", [("event_time", "2026-11-24"), ("address", "龙景一路")]),
    ("龙景一路20号没电", [("address", "龙景一路20号")]),
    ("不是中山一路,是中山二路8号", [("address", "中山二路8号")]),
    ("电线短路了", []),
    ("我们小区的物业", []),
    # 月份: only of a bill
    ("查上个月电费", [("bill_month", "2026-10")]),
    ("上上个月的账单", [("bill_month", "2026-09")]),
    ("三月份的", [("bill_month", "2026-03")]),
    ("12月的电费", [("bill_month", "2025-12")]),
    ("去年腊月的电费", [("bill_month", "2025-12")]),
    ("2026年8月用了多少度", [("bill_month", "2026-08")]),
    ("不是三月是四月的账单", [("bill_month", "2026-04")]),
    ("这个月停电三回了", []),
    ("用了三个月", []),
    # 时间
    ("昨晚八点多停的", [("event_time", "2026-11-22T20:00")]),
    ("今早七点", [("event_time", "2026-11-23T07:00")]),
    ("明天停电吗", [("event_time", "2026-11-24")]),
    ("下周三停吗", [("event_time", "2026-12-02")]),
    ("下午三点半没电的", [("event_time", "2026-11-23T15:30")]),
    ("昨晚十二点停的", [("event_time", "2026-11-23T00:00")]),
    ("11月20号晚上九点", [("event_time", "2026-11-20T21:00")]),
    ("刚刚停的", []),
    ("有一点意见", []),
    # 金额
    ("一百二十块五", [("amount", "120.5")]),
    ("交了两百三十六块七毛二", [("amount", "236.72")]),
    ("昨天充了三百五", [("event_time", "2026-11-22"), ("amount", "350")]),
    ("三百多块", []),
    ("一度电五毛八", []),
    ("120块,不对,是130块", [("amount", "130")]),
    # 范围
    ("整栋楼就我家没电", [("outage_scope", "household")]),
    ("不止我家,整栋楼都没电", [("outage_scope", "building")]),
    ("整个小区都停电了", [("outage_scope", "area")]),
    ("隔壁有电就我没有", [("outage_scope", "household")]),
    ("我家停电了", []),
    # 评分
    ("打三分", [("rating", "3")]),
    ("很满意", [("rating", "5")]),
    ("不太满意", [("rating", "2")]),
]


@pytest.mark.parametrize(("said", "wanted"), SAID, ids=[said for said, _ in SAID])
def test_entities_and_values(said, wanted):
    found = [(item.entity, item.value) for item in extract(said, today=TODAY).found]
    assert sorted(found) == sorted(wanted)


def test_four_digits_answer_the_question_that_was_asked():
    assert extract("0018", today=TODAY, expected="work_order_number").found[0].entity == "work_order_number"
    assert extract("0018", today=TODAY, expected="id_last4").found[0].entity == "id_last4"
    assert extract("5", today=TODAY, expected="rating").found[0].value == "5"


def test_an_address_is_what_was_really_said_though_it_was_matched_on_normalised_text():
    said = "地址 右江區　中山二路８号"
    (found,) = extract(said, today=TODAY).as_rasa("rules")
    assert found["value"] == "右江區　中山二路８号"
    assert said[found["start"] : found["end"]] == found["value"]
