"""The console's Chinese: labels, refusals in words, times as people say them. Pure."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
CHANNELS = {"web": "网页", "phone": "电话", "wechat": "微信", "miniprogram": "小程序"}
SKILLS = {"general": "综合", "billing": "电费", "outage": "停电抢修", "complaint": "投诉"}
REASONS = {
    "asked": "客户要求人工",
    "identity": "身份核实未通过",
    "engine_down": "智能客服故障",
    "backend_down": "业务系统故障",
    "misunderstood": "多次未听懂",
    "hazard": "安全险情",
    "complaint": "投诉",
}
ROLES = {"agent": "坐席", "senior": "资深坐席", "supervisor": "班长", "inspector": "质检", "administrator": "管理员"}
SPEAKERS = {"customer": "客户", "bot": "智能客服", "system": "系统播报"}
CONTROLS = {"bot": "智能客服", "waiting": "等待人工", "agent": "人工", "wrap_up": "整理中", "closed": "已结束"}
DELIVERED = {"delivered": "已送达", "dropped": "未送出", "cut": "被打断"}
LEVELS = {0: "未核实", 1: "已核实 · 可查应交电费", 2: "已核实 · 可办全部业务"}
CATEGORIES = {"residential": "居民", "commercial": "工商业", "agricultural": "农业"}
KINDS = {
    "outage": "停电报修",
    "hazard": "安全隐患",
    "meter": "电表故障",
    "voltage": "电压异常",
    "billing_dispute": "电费异议",
    "payment": "缴费问题",
    "reconnection": "复电",
    "complaint": "投诉",
    "damage": "损坏赔偿",
    "violation": "举报",
    "feedback": "意见建议",
    "application": "用电申请",
    "callback": "回电",
}
OUTCOMES = {
    "solved": "已解决",
    "ordered": "已派单跟进",
    "call_back": "需要回电",
    "no_answer": "客户无应答",
    "other": "其他",
}
INTENTS = {
    "report_outage": "报停电",
    "report_hazard": "报安全隐患",
    "report_meter_fault": "报电表故障",
    "report_voltage": "报电压异常",
    "ask_outage_info": "问停电信息",
    "ask_bill": "查电费",
    "ask_balance": "查余额",
    "ask_usage": "查用电量",
    "ask_tariff": "问电价",
    "dispute_bill": "对电费有异议",
    "ask_payment_methods": "问缴费方式",
    "report_payment_problem": "缴费有问题",
    "request_reconnection": "要求复电",
    "ask_account_number": "查户号",
    "ask_office": "问营业厅",
    "ask_work_order": "查工单",
    "urge_work_order": "催办",
    "amend_work_order": "补充工单",
    "cancel_work_order": "撤单",
    "make_complaint": "投诉",
    "claim_damage": "要求赔偿",
    "report_violation": "举报",
    "give_feedback": "提意见",
    "apply_service": "申请用电",
    "ask_invoice": "要发票",
    "ask_saving_advice": "问节电",
    "ask_human": "要人工",
}
ENTITIES = {
    "account_number": "户号",
    "phone_number": "电话",
    "customer_name": "姓名",
    "address": "地址",
    "bill_month": "账期",
    "work_order_number": "工单号",
    "outage_scope": "停电范围",
    "event_time": "发生时间",
    "meter_number": "表号",
    "amount": "金额",
}
SCOPES = {"household": "只有一户", "building": "整栋楼", "area": "整个片区"}
HANDED_OVER = ENTITIES | {"description": "情况", "order_number": "工单号"}
"""Slots of a hand-over beside its wishes."""
REFUSALS = {
    "NotYours": "这段会话现在不归您",
    "MovedOn": "会话已经易手，请看最新情况后再发",
    "TakenByAnother": "已由同事接手",
    "NotOnDuty": "不在岗：请先上岗（或对方不在岗）",
    "RightMissing": "您的角色没有这项权限，本次操作已记录",
    "AddressMissing": "这类工单要有人到现场，请填写地址",
    "NothingHidden": "没有可显示的内容",
    "TextTooLong": "内容太长，请分开发送",
    "AlarmTaken": "险情已由同事受理",
    "OutageNotFound": "险情还没有响铃，请稍候再受理",
    "InvalidRequest": "填写有误，请检查",
    "ConversationNotFound": "没有这段会话",
}


def channel(name: str) -> str:
    return CHANNELS.get(name, name)


def span(seconds: int) -> str:
    """`45秒`, `2分05秒`, `1时02分`."""
    seconds = max(0, seconds)
    if seconds < 60:
        return f"{seconds}秒"
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}分{rest:02d}秒" if minutes < 60 else f"{minutes // 60}时{minutes % 60:02d}分"


def clock(at: datetime) -> str:
    return f"{at.astimezone(LOCAL):%H:%M:%S}"


def moment(at: datetime) -> str:
    return f"{at.astimezone(LOCAL):%m-%d %H:%M}"


def moment_of(stamp: str) -> str:
    """`moment` of an ISO 8601 stamp, as JSON carries it."""
    return moment(datetime.fromisoformat(stamp))


def who(conversation: str, caller: str | None) -> str:
    """How a customer is called before anybody knows a name."""
    return f"来电 {caller}" if caller else f"访客 {conversation[-6:]}"


def refusal(name: str, more: Mapping[str, object]) -> str:
    """A refusal in words; who has the conversation instead, where that was told."""
    said = REFUSALS.get(name, f"未能完成（{name}）")
    return f"{said}：{more['agent']}正在处理" if more.get("agent") else said
