"""The score as a person reads it: what is worst, what is taken for what, and in which sentences."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from bot.engine.figures import OUT_OF_SCOPE, SERVICES, Row, Scored, Understood, entity_f1

WORST, EXAMPLES = 10, 3


def report(rows: Sequence[Row], answers: Sequence[Understood], figures: Mapping[str, Any]) -> str:
    """Plain text in sections; each claim with sentences that show it."""
    pairs = list(zip(rows, answers))
    sections = [
        ("In short", in_short(figures)),
        ("Worst intents (right of all, what else they were taken for)", worst_intents(pairs)),
        ("Most frequent confusions", confusions(pairs)),
        ("Other people's business let through to a service", let_through(pairs)),
        ("Our business refused", refused(pairs)),
        ("Entities (F1, misses and inventions)", entities(pairs)),
    ]
    return "\n".join(f"== {title}\n" + "\n".join(lines or ["none"]) + "\n" for title, lines in sections)


def in_short(figures: Mapping[str, Any]) -> List[str]:
    return [f"{name:22} {value}" for name, value in figures.items() if name != "recall"]


def worst_intents(pairs: Scored) -> List[str]:
    rows: Dict[str, List[Tuple[Row, Understood]]] = defaultdict(list)
    for row, got in pairs:
        rows[row.intent].append((row, got))
    wrong = {intent: [(r, g) for r, g in listed if g.intent != intent] for intent, listed in rows.items()}
    worst = sorted((i for i in wrong if wrong[i]), key=lambda i: -len(wrong[i]) / len(rows[i]))[:WORST]
    return [
        f"{intent:24} {len(rows[intent]) - len(wrong[intent])}/{len(rows[intent])}  "
        + ", ".join(f"{name} {n}" for name, n in Counter(g.intent for _, g in wrong[intent]).most_common(3))
        for intent in worst
    ]


def confusions(pairs: Scored) -> List[str]:
    taken: Dict[Tuple[str, str], List[str]] = defaultdict(list)
    for row, got in pairs:
        if got.intent != row.intent:
            taken[row.intent, got.intent].append(row.text)
    lines = []
    for (meant, heard), texts in sorted(taken.items(), key=lambda item: -len(item[1]))[:WORST]:
        lines.append(f"{len(texts):3} {meant} → {heard}")
        lines += [f"      {text}" for text in texts[:EXAMPLES]]
    return lines


def let_through(pairs: Scored) -> List[str]:
    return [f"{g.intent:24} {r.text}" for r, g in pairs if r.intent == OUT_OF_SCOPE and g.intent in SERVICES]


def refused(pairs: Scored) -> List[str]:
    return [f"{r.intent:24} {r.text}" for r, g in pairs if r.intent != OUT_OF_SCOPE and g.refused]


def entities(pairs: Scored) -> List[str]:
    names = sorted({name for row, got in pairs for name, _ in (*row.entities, *got.entities)})
    lines = [f"{name:24} {entity_f1(pairs, name)}" for name in names]
    for row, got in pairs:
        missed = Counter(row.entities) - Counter(got.entities)
        invented = Counter(got.entities) - Counter(row.entities)
        if missed or invented:
            lines.append(f"      {row.text}\n        missed {sorted(missed)}  invented {sorted(invented)}")
    return lines
