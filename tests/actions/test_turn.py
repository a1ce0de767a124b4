"""What an action takes from the tracker's last message."""

from actions.turn import Message


def test_a_misheard_address_is_acted_on_as_what_was_meant() -> None:
    said = {"entity": "address", "value": "又江区城东大道8号", "heard_as": "右江区城东大道8号"}
    message = Message.read({"text": "又江区城东大道8号停电", "intent": {"name": "report_outage"}, "entities": [said]})
    assert message.entity("address") == "右江区城东大道8号"


def test_an_address_heard_well_is_acted_on_as_it_stands() -> None:
    said = {"entity": "address", "value": "右江区城东大道8号"}
    assert Message.read({"text": "右江区城东大道8号", "entities": [said]}).entity("address") == "右江区城东大道8号"
