"""The typhoon of the storm drill: a synthetic network, its faults, and who rings when, in which words.

Only the generator and the judge of the bench know the faults; what reaches the service are addresses as people say
them. 10 substations, 100 feeders, 2,000 transformers; a feeder runs along one road, a transformer feeds fifty house
numbers of it and an estate.
"""

import random
from dataclasses import dataclass

PREFIX = "SYN"
CITY = "风雨市"
DISTRICTS = ("临江区", "望海区", "青山区", "白沙区", "长堤区")
SUBSTATIONS, FEEDERS, TRANSFORMERS = 10, 10, 20
"""Of each: substations, feeders of a substation, transformers of a feeder."""
STRETCH = 50
"""House numbers of one transformer."""
FIRST = "春夏秋冬东南西北金银"
SECOND = "风雨云霞江湖松竹梅兰"
ESTATE = "锦绣翠苑华庭雅居名城佳园新村丽景豪庭御府悦湾天誉龙湖滨江书香花语星河"
FAULTS = {"substation": 2, "feeder": 14, "transformer": 44}
CALLS = {"substation": 1800, "feeder": 400, "transformer": 34}
"""How many ring at most, before duplicates: of some 12,000, 1,200 and 60 homes."""
ONSET_S = 40.0
"""Faults begin within this time: the front of the storm crosses the town."""
AGAIN, RESENT = 0.12, 0.05
"""Shares of callers who ring a second time, and of requests that are sent twice under the same key."""
ALONE = 0.02
"""Share of calls of single dark homes anywhere, which are no outage."""
WRONG = {"nowhere": 0.03, "no_number": 0.02, "next_stretch": 0.02, "elsewhere": 0.01}
"""Wrong addresses: of no place known, without a house number, off by a stretch, of another part of town."""
TAIL_S = 12.0
"""Mean seconds from the onset to a call."""


@dataclass(frozen=True)
class Transformer:
    code: str
    feeder: str
    substation: str
    district: str
    road: str
    first: int
    estate: str
    homes: int


@dataclass(frozen=True)
class Fault:
    device: str
    kind: str
    begins: float


@dataclass(frozen=True)
class Call:
    """One request. `fault`: the truth, None for a single dark home. `wrong`: how the address is wrong, or None."""

    key: str
    at: float
    conversation: str
    phone: str
    address: str
    scope: str | None
    fault: str | None
    wrong: str | None
    repeat: bool


def town(chance: random.Random) -> list[Transformer]:
    made = []
    for s in range(SUBSTATIONS):
        for f in range(FEEDERS):
            road = f"{FIRST[s]}{SECOND[f]}路"
            feeder = f"{PREFIX}-F{s}{f}"
            for t in range(TRANSFORMERS):
                a, b = ESTATE[2 * t % len(ESTATE)], ESTATE[(2 * t + 1) % len(ESTATE)]
                estate = f"{FIRST[s]}{SECOND[f]}{a}{b}{'小区' if t < len(ESTATE) // 2 else '花园'}"
                made.append(
                    Transformer(
                        f"{feeder}-T{t:02d}",
                        feeder,
                        f"{PREFIX}-S{s}",
                        DISTRICTS[s // 2],
                        road,
                        1 + t * STRETCH,
                        estate,
                        chance.randint(30, 90),
                    )
                )
    return made


def faults(transformers: list[Transformer], chance: random.Random) -> list[Fault]:
    """Faults on different branches: none lies under another."""
    chosen: list[Fault] = []
    dark: set[str] = set()
    for kind, number in FAULTS.items():
        devices = sorted({getattr(each, kind) if kind != "transformer" else each.code for each in transformers})
        chance.shuffle(devices)
        for device in devices:
            below = {each.code for each in transformers if device in (each.code, each.feeder, each.substation)}
            if sum(fault.kind == kind for fault in chosen) < number and not below & dark:
                chosen.append(Fault(device, kind, chance.uniform(0, ONSET_S)))
                dark |= below
    return chosen


def calls(transformers: list[Transformer], out: list[Fault], *, total: int, seconds: float, seed: int) -> list[Call]:
    """`total` requests within `seconds`, in order of time; some faults are found earlier than others."""
    chance = random.Random(seed)
    people: list[tuple[float, Transformer, str | None, str]] = []
    for fault in out:
        below = [each for each in transformers if fault.device in (each.code, each.feeder, each.substation)]
        homes = [(each, home) for each in below for home in range(each.homes)]
        number = min(round(CALLS[fault.kind] * chance.uniform(0.7, 1.2)), len(homes) * 3 // 4)
        for each, home in chance.sample(homes, number):
            at = fault.begins + chance.expovariate(1 / TAIL_S)
            people.append((at, each, fault.device, f"{each.code}-{home}"))
    lit = [each for each in transformers if not any(f.device in (each.code, each.feeder, each.substation) for f in out)]
    spare = round(total * ALONE)
    for number in range(spare):
        people.append((chance.uniform(0, seconds), chance.choice(lit), None, f"alone-{number}"))
    return _requests(people, transformers, total=total, seconds=seconds, chance=chance)


def _requests(
    people: list[tuple[float, Transformer, str | None, str]],
    transformers: list[Transformer],
    *,
    total: int,
    seconds: float,
    chance: random.Random,
) -> list[Call]:
    made: list[Call] = []
    inside = [person for person in people if person[0] < seconds]
    chance.shuffle(inside)
    for number, (at, each, fault, home) in enumerate(inside):
        wrong = _kind_of_wrong(chance)
        phone = f"139{number:08d}"
        words = _address(each, transformers, wrong, chance)
        scope = _scope(fault is not None, chance)
        first = Call(f"{home}:1", at, f"storm-{home}", phone, words, scope, fault, wrong, repeat=False)
        made.append(first)
        if chance.random() < AGAIN and (later := at + chance.uniform(4, 25)) < seconds:
            made.append(Call(f"{home}:2", later, f"storm-{home}-2", phone, words, scope, fault, wrong, repeat=True))
        if chance.random() < RESENT and (soon := at + chance.uniform(0.01, 1)) < seconds:
            made.append(Call(first.key, soon, *_rest(first), repeat=True))
        if len(made) >= total:
            break
    return sorted(made[:total], key=lambda call: call.at)


def _rest(call: Call) -> tuple[str, str, str, str | None, str | None, str | None]:
    return call.conversation, call.phone, call.address, call.scope, call.fault, call.wrong


def _kind_of_wrong(chance: random.Random) -> str | None:
    drawn = chance.random()
    for kind, share in WRONG.items():
        drawn -= share
        if drawn < 0:
            return kind
    return None


def _address(each: Transformer, transformers: list[Transformer], wrong: str | None, chance: random.Random) -> str:
    number = each.first + chance.randrange(STRETCH)
    match wrong:
        case "nowhere":
            return chance.choice(("老家那边的大榕树下", "我妈家里", "就是上次修过的那个地方", "桥头过去一点"))
        case "no_number":
            return f"{each.district}{each.road}"
        case "next_stretch":
            number += STRETCH if each.first == 1 else -STRETCH
        case "elsewhere":
            return _address(chance.choice(transformers), transformers, None, chance)
    return chance.choice(
        (
            f"{CITY}{each.district}{each.road}{number}号",
            f"{each.district}{each.road}{number}号{chance.randint(1, 9)}栋",
            f"我在{each.road}{number}号附近",
            f"{each.estate}{chance.randint(1, 12)}栋{chance.randint(1, 30)}0{chance.randint(1, 4)}室"
            if wrong is None
            else f"{each.road}{number}号",
        )
    )


def _scope(dark: bool, chance: random.Random) -> str | None:
    """What people say of how far it is dark; many do not know, some say it wrong."""
    shares = (0.25, 0.25, 0.35, 0.15) if dark else (0.3, 0.55, 0.1, 0.05)
    return chance.choices((None, "household", "building", "area"), shares)[0]
