"""A conversation with everything in it: heard by telephone, understood, answered in published words, taken over."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.conversations.conftest import on_duty, words  # noqa: F401  (fixtures)
from ticketing.automation import promises
from ticketing.conversations import deliveries, desk, handoffs, service
from ticketing.conversations.schemas import AgentMessage, DeliveryReport, HandoffWish, Inbound, Turn
from ticketing.rulebook import rules
from ticketing.work_orders import service as work_orders
from ticketing.work_orders import terms
from ticketing.work_orders.kinds import Kind

AT = datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC)
CALLER = "13907760001"
HEARD = "我家停电了，右江区中山二路8号 <script>alert(1)</script>"


def ms(milliseconds: int) -> datetime:
    return AT + timedelta(milliseconds=milliseconds)


@pytest.fixture
def whole(sessions: sessionmaker[Session], words: None, on_duty: None) -> str:  # noqa: F811
    """Its id. Heard at 0 ms, recorded at 20, answered at 400, delivered at 900 and cut after 1,200 ms of sound."""
    said = {"id": "m-1", "channel": "phone", "kind": "speech", "text": HEARD, "at": AT, "confidence": 0.87}
    said |= {"reply_to": "phone:call-1", "caller": CALLER}
    decision: dict[str, Any] = {"intent": "report_outage", "confidence": 0.93, "decision": "accept"}
    decision |= {"entities": [{"entity": "address", "value": "右江区中山二路8号"}]}
    reply: dict[str, Any] = {"talk_track": "utter_created", "default": "好"}
    reply |= {"slots": {"order_number": "WO1", "address": "右江区中山二路8号"}}
    turn: dict[str, Any] = {"turn": "m-1", "epoch": 1, "channel": "phone", "replies": [reply], "decision": decision}
    wish = {"key": "w", "reason": "asked", "skill": "general", "summary": "客户要求人工"}
    with sessions.begin() as session:
        service.record_message(session, "c-1", Inbound.model_validate(said), at=ms(20))
        order = work_orders.create(
            session, key="k", kind=Kind.OUTAGE, conversation="c-1", description="停电", at=ms(300), actor="actions"
        )
        answered = service.record_replies(session, "c-1", Turn.model_validate(turn), at=ms(400))
        assert not isinstance(answered, Exception)
        [reply_said] = answered.replies
        term = terms.Term("arrival-urban", "arrival", 45, terms.Unit.MINUTES, terms.SPANS["arrival"], confidence="")
        promises.tell(session, order=order.number, conversation="c-1", message=reply_said.id, term=term, at=ms(400))
        heard = [{"reply": reply_said.id, "state": "delivered", "at": ms(900)}]
        heard.append({"reply": reply_said.id, "state": "cut", "at": ms(2100), "cut_at_ms": 1200})
        reports = [DeliveryReport.model_validate(each) for each in heard]
        deliveries.record_deliveries(session, "c-1", reports, at=ms(2200))
        handoffs.ask_person(session, "c-1", HandoffWish.model_validate(wish), actor="actions", at=ms(3000))
        desk.take(session, "c-1", agent="韦晓岚", at=ms(4000))
        late = Turn.model_validate({**turn, "turn": "m-2"})
        service.record_replies(session, "c-1", late, at=ms(4500))
        desk.say(session, "c-1", AgentMessage(agent="韦晓岚", id="a-1", text="您好，我来处理"), at=ms(5000))
    return "c-1"


RULEBOOK = rules.load()
