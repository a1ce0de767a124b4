"""Who is it? Two levels, proven to ticketing; a refusal never says which part was wrong, three lead to a person."""

from actions import handoff
from actions.backend import Backend, InvalidAccountNumber
from actions.facts import IdentityOutcome
from actions.reading import CODE_WANTED
from actions.turn import UNKNOWN, Turn

MAX_REFUSALS = 3
BY_CODE = "by_code"
"""`id_last4` when the customer would rather have a code sent to the registered phone."""
PROOFS = frozenset({"account_number", "customer_name", "id_last4", "code"})


def level(turn: Turn) -> int:
    return turn.count("identity_level")


def missing(turn: Turn, *, needed: int) -> str | None:
    """The proof to ask for next; None when the level is reached or the customer would not go on."""
    if level(turn) == 0:
        return next((slot for slot in ("account_number", "customer_name") if turn.get(slot) is None), None)
    if needed < 2 or level(turn) >= 2 or refused_second_step(turn):
        return None
    if turn.get("id_last4") is None:
        return "id_last4"
    return "code" if turn.get("id_last4") == BY_CODE and turn.get("code") is None else None


def refused_second_step(turn: Turn) -> bool:
    return UNKNOWN in (turn.get("id_last4"), turn.get("code"))


async def recognise(turn: Turn, backend: Backend) -> None:
    """What ticketing already knows of this conversation: a registered caller's number counts by itself."""
    caller = await backend.caller(turn.conversation)
    level = caller.level
    if level == 0 and caller.caller_known:
        level = (await backend.check_identity(turn.conversation, key=turn.key("line"))).level
    turn.set(identity_level=str(level), own_address=caller.address)


async def heard(turn: Turn, backend: Backend, slots: frozenset[str]) -> None:
    """Check what the customer has just given; may end in a hand-over."""
    if level(turn) > 0 and _names_another(turn, slots):
        await _start_anew(turn, backend, slots)
    if not slots & PROOFS or not _is_worth_a_check(turn, slots):
        return
    if wants_code(turn, slots):
        await _send_code(turn, backend)
        return
    proofs = {slot: _proof(turn, slot) for slot in PROOFS}
    try:
        outcome = await backend.check_identity(turn.conversation, key=turn.key("identity"), **proofs)
    except InvalidAccountNumber:
        turn.forget("account_number")
        turn.say("utter_account_number_length")
        return
    turn.set(identity_level=str(max(outcome.level, level(turn) if outcome.outcome != "locked" else 0)))
    if outcome.outcome in ("refused", "locked"):
        await _refuse(turn, backend, outcome, slots)
    else:
        turn.set(identity_tries="0")


def _names_another(turn: Turn, slots: frozenset[str]) -> bool:
    """Account or holder are said anew after they were proven; 我叫韦小明 on a registered line changes nothing."""
    if slots & {"id_last4", "code"}:
        return False
    return "account_number" in slots or ("customer_name" in slots and turn.get("account_number") is not None)


async def _start_anew(turn: Turn, backend: Backend, slots: frozenset[str]) -> None:
    """Another account, or another holder, than was proven: what was proven does not count for it.

    The caller's own line may still prove the account that is named now.
    """
    turn.set(identity_level="0")
    turn.forget("id_last4", "code", *({"customer_name"} - slots))
    number = turn.get("account_number")
    if number is None or "account_number" not in slots or turn.get("customer_name"):
        return
    try:
        outcome = await backend.check_identity(turn.conversation, key=turn.key("account"), account_number=number)
    except InvalidAccountNumber:
        return  # it is said when account and name are checked
    if outcome.outcome == "verified":
        turn.set(identity_level=str(outcome.level))


def wants_code(turn: Turn, slots: frozenset[str]) -> bool:
    return "id_last4" in slots and turn.get("id_last4") == BY_CODE and turn.get("code") is None


def asks_for_code(text: str) -> bool:
    return bool(CODE_WANTED.search(text))


def _is_worth_a_check(turn: Turn, slots: frozenset[str]) -> bool:
    """Account and name are only checked together; a refusal to say more is not checked at all."""
    if level(turn) == 0:
        return turn.get("account_number") is not None and turn.get("customer_name") is not None
    return bool(slots & {"id_last4", "code"}) and not refused_second_step(turn)


def _proof(turn: Turn, slot: str) -> str | None:
    value = turn.get(slot)
    return None if value in (UNKNOWN, BY_CODE) else value


async def _send_code(turn: Turn, backend: Backend) -> None:
    await backend.send_code(turn.conversation, key=turn.key("code"), account_number=_proof(turn, "account_number"))
    turn.say("utter_code_sent")


async def _refuse(turn: Turn, backend: Backend, outcome: IdentityOutcome, slots: frozenset[str]) -> None:
    refusals = turn.count("identity_tries") + 1
    turn.set(identity_tries=str(refusals))
    turn.forget(*(("id_last4", "code") if level(turn) >= 1 else PROOFS))
    if outcome.outcome == "locked" or refusals >= MAX_REFUSALS:
        turn.say("utter_identity_locked")
        turn.set(identity_tries="0")
        await handoff.to_a_person(turn, backend, reason="identity")
    else:
        turn.say("utter_identity_refused")
