"""An outage in words: known when it is reported, or found when it is asked about."""

from actions.facts import Outage
from actions.turn import Turn
from actions.values import moment


def say_outage(turn: Turn, outage: Outage, *, known: bool) -> None:
    """An outage in words; `known`: it explains what the customer has just reported."""
    if outage.kind == "planned" and not known:
        end = moment(outage.etr) if outage.etr else ""
        if end:
            turn.say("utter_outage_planned", area=outage.area, started=moment(outage.started), etr=end)
        else:
            turn.say("utter_outage_planned_open", area=outage.area, started=moment(outage.started))
    elif outage.etr:
        turn.say("utter_outage_known" if known else "utter_outage_present", area=outage.area, etr=moment(outage.etr))
    else:
        turn.say("utter_outage_known_no_etr" if known else "utter_outage_present_no_etr", area=outage.area)
