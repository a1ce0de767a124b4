"""Retention from the command line: `python -m ticketing.retention plan | run | erase … | hold … | lift … | holds`.

plan    what a run would erase now, by item
run     erase what was kept long enough, and take up unfinished erasures
erase --phone N | --account N | --conversation ID --by NAME --reason WORDS
hold CONVERSATION --by NAME --reason WORDS     a dispute: nothing of it is erased
lift HOLD --by NAME --reason WORDS             by another person
holds   the holds that stand
"""

import argparse
import sys

from sqlalchemy.orm import Session

from ticketing.commands import Sessions, run
from ticketing.config import Settings
from ticketing.db import now
from ticketing.retention import erasing, holds, rules, sweeping
from ticketing.retention.persons import How
from ticketing.retention.rules import Rules
from ticketing.retention.stores import stores


def main(arguments: list[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    return run(lambda settings, sessions: _do(asked, settings, sessions))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ticketing.retention",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    doors = parser.add_subparsers(dest="command", required=True)
    for name in ("plan", "run", "holds"):
        doors.add_parser(name)
    erase, hold, lift = (doors.add_parser(name) for name in ("erase", "hold", "lift"))
    who = erase.add_mutually_exclusive_group(required=True)
    for how in How:
        who.add_argument(f"--{how}")
    hold.add_argument("conversation")
    lift.add_argument("hold", type=int)
    for each in (erase, hold, lift):
        each.add_argument("--by", required=True, help="your name")
        each.add_argument("--reason", required=True)
    return parser


def _do(asked: argparse.Namespace, settings: Settings, sessions: Sessions) -> int:
    book, places = rules.load(), stores(settings.home)
    if asked.command == "erase":
        return _erase(asked, settings, sessions, book)
    if asked.command == "run":
        with sessions() as session:
            waiting = erasing.unfinished(session)
        for number in waiting:
            erasing.proceed(sessions, number, places)
            _tell(sessions, number)
        done = sweeping.sweep(sessions, places, book, at=now())
        _list(done["erased"], "erased")
        _held(done["held"])
        return 0
    with sessions.begin() as session:
        return _hold(asked, session) if asked.command != "plan" else _plan(session, settings, book)


def _plan(session: Session, settings: Settings, book: Rules) -> int:
    plan = sweeping.plan(session, stores(settings.home), book, at=now())
    days = {rule.item: rule.days for rule in book.kept}
    for item, count in plan["due"].items():
        kept = plan["kept_by_holds"].get(item, 0)
        print(f"{item:16} {count:8} due after {days[item]} days" + (f", {kept} more are held" if kept else ""))
    _held(plan["held"])
    return 0


def _hold(asked: argparse.Namespace, session: Session) -> int:
    if asked.command == "holds":
        for each in holds.standing(session):
            print(f"{each.id} {each.conversation} since {each.placed_at:%Y-%m-%d} by {each.placed_by}: {each.reason}")
    elif asked.command == "hold":
        placed = holds.place(session, asked.conversation, by=asked.by, reason=asked.reason, at=now())
        print(f"hold {placed.id}: nothing of {placed.conversation} is erased")
    else:
        lifted = holds.lift(session, asked.hold, by=asked.by, reason=asked.reason, at=now())
        print(f"hold {lifted.id} is lifted")
    return 0


def _erase(asked: argparse.Namespace, settings: Settings, sessions: Sessions, book: Rules) -> int:
    """4 where something is left."""
    how = next(how for how in How if getattr(asked, how))
    with sessions.begin() as session:
        wish = erasing.ask(session, how=how, value=getattr(asked, how), by=asked.by, reason=asked.reason, at=now())
    erasing.proceed(sessions, wish.id, stores(settings.home))
    is_done = _tell(sessions, wish.id)
    for each in book.elsewhere:
        ends = f"gone after {each.days} days" if each.days else "not by days"
        print(f"elsewhere: {each.where}: {each.what} ({ends}; {each.how})")
    return 0 if is_done else 4


def _tell(sessions: Sessions, number: int) -> bool:
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        state = erasing.shown(session, erasing.find(session, number))
    print(f"erasure {number}: " + ("done" if state["finished_at"] else "not finished; a later run goes on"))
    _list(state["erased"], "erased")
    for each in state["left"]:
        print(f"left out: {each['conversation']} ({each['why']})")
    return state["finished_at"] is not None


def _list(counts: dict[str, int], what: str) -> None:
    print(f"{what}: " + (", ".join(f"{item} {count}" for item, count in counts.items() if count) or "nothing"))


def _held(held: list[str]) -> None:
    if held:
        print("held by disputes, left out: " + ", ".join(held))


if __name__ == "__main__":
    sys.exit(main())
