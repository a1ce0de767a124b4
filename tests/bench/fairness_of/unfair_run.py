"""`ops.run` with one part replaced: ticketing is the unfair one of `unfair_app.py`. For the bench alone."""

import sys
from dataclasses import replace
from typing import Any

from ops import run
from ops.parts import Part, parts

FAIR, UNFAIR = "ticketing.main:app", "tests.bench.fairness_of.unfair_app:app"


def unfair_parts(*where: Any, **how: Any) -> list[Part]:
    return [_replaced(part) for part in parts(*where, **how)]


def _replaced(part: Part) -> Part:
    return replace(part, command=tuple(UNFAIR if word == FAIR else word for word in part.command))


if __name__ == "__main__":
    setattr(run, "parts", unfair_parts)  # noqa: B010  (the one place where the product is not what it is)
    sys.exit(run.main())
