"""Questions that need no form: answered at once, also inside a form, which then goes on."""

from itertools import groupby

from actions import follow_up, identity, outage, resuming, second
from actions.action import Act
from actions.backend import Backend, IdentityRequired, NotThere
from actions.facts import Tier
from actions.reading import last_month
from actions.service import Deed
from actions.turn import Turn
from actions.values import month, quantity

OFFICES_TOLD = 2
USUAL_TIERS = 3
SEASONS = {"peak": "utter_tariff_peak", "other": "utter_tariff_other"}


async def tariff(turn: Turn, backend: Backend) -> None:
    """Prices by tier; what is only an example is said to be one."""
    answer = await backend.tariff()
    turn.say("utter_tariff" if answer.confidence == "verified" else "utter_tariff_example")
    for season, tiers in groupby(answer.tiers, key=lambda tier: tier.season):
        say_season(turn, season, tuple(tiers))


def say_season(turn: Turn, season: str, tiers: tuple[Tier, ...]) -> None:
    """The usual three tiers in one sentence; any other number a sentence each."""
    if len(tiers) == USUAL_TIERS and season in SEASONS:
        first, second, third = tiers
        turn.say(
            SEASONS[season],
            limit1=str(first.up_to_kwh),
            price1=first.price,
            limit2=str(second.up_to_kwh),
            price2=second.price,
            price3=third.price,
        )
        return
    for tier in tiers:
        if tier.up_to_kwh is None:
            turn.say("utter_tariff_top_tier", tier=str(tier.tier), price=tier.price)
        else:
            turn.say("utter_tariff_tier", tier=str(tier.tier), limit=str(tier.up_to_kwh), price=tier.price)


async def office(turn: Turn, backend: Backend) -> None:
    near = turn.message.entity("address") or turn.get("address")
    offices = await backend.offices(near)
    if not offices:
        turn.say("utter_office_none")
    for found in offices[: 1 if turn.on_phone else OFFICES_TOLD]:
        turn.say("utter_office", name=found.name, address=found.address, hours=found.hours, phone=found.phone)


async def account_number(turn: Turn, backend: Backend) -> None:
    """Whoever has proven the account hears its tail; everybody hears where it stands."""
    caller = await backend.caller(turn.conversation)
    if caller.account_tail:
        turn.say("utter_account_number_known", tail=caller.account_tail)
    turn.say("utter_account_number_where")


async def saving(turn: Turn, backend: Backend) -> None:
    """From the own usage when it may be seen, else in general."""
    if identity.level(turn) >= 2:
        try:
            usage = await backend.usage(turn.conversation, last_month(turn.message.metadata.get("today")))
            turn.say("utter_saving_own_usage", month=month(usage.month), kwh=quantity(usage.kwh))
        except (NotThere, IdentityRequired):
            pass  # the general advice below is complete without the figure
    turn.say("utter_saving_advice")


async def outage_info(turn: Turn, backend: Backend) -> None:
    """Inside a form only, where a place that is asked about is the place that is meant; outside, it is asked for."""
    if turn.message.entity("address"):
        turn.set(address=turn.message.entity("address"))
    if turn.get("address"):
        await outage.finish_question(turn, backend)
    else:
        turn.say("utter_outage_info_place_needed")


def always(talk_track: str) -> Deed:
    async def answer(turn: Turn, backend: Backend) -> None:
        turn.say(talk_track)

    return answer


ANSWERS: dict[str, Deed] = {
    "ask_tariff": tariff,
    "ask_office": office,
    "ask_payment_methods": always("utter_payment_methods"),
    "ask_account_number": account_number,
    "ask_work_order": follow_up.tell_progress,
    "ask_saving_advice": saving,
    "ask_identity": always("utter_identity_machine"),
    "ask_help": always("utter_help"),
    "ask_outage_info": outage_info,
}


class Answer(Act):
    listens = True

    def name(self) -> str:
        return "action_answer"

    async def act(self, turn: Turn) -> None:
        turn.understood()
        await ANSWERS[turn.message.intent](turn, self.backend)
        first, other = second.wanted(turn.message)
        if other is not None and not turn.in_form:
            turn.set(second_wish=other.intent if first == turn.message.intent else first, offer=None)
            resuming.offer_next(turn, done=turn.message.intent)
