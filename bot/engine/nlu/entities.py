"""All entities of a sentence, with values in the catalogue's form. Pure but for spaCy's matcher, which is built once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Dict, List, Optional, Tuple

import spacy

from bot.engine.nlu.addresses import find_addresses
from bot.engine.nlu.amounts import find_amounts
from bot.engine.nlu.dates import find_event_times
from bot.engine.nlu.found import Found, said_once, without_overlaps, without_repaired
from bot.engine.nlu.heard import heard_as, misheard_places
from bot.engine.nlu.identifiers import find_identifiers
from bot.engine.nlu.lexicon import words
from bot.engine.nlu.months import find_bill_months
from bot.engine.nlu.names import find_firms, find_names
from bot.engine.nlu.scopes import find_ratings, find_scopes
from bot.engine.nlu.text import PAUSE, Normalised, with_pauses


@dataclass(frozen=True)
class Entities:
    """The entities found, on the normalised text they were found in."""

    said: str
    normalised: Normalised
    found: Tuple[Found, ...]

    def as_rasa(self, extractor: str) -> List[Dict[str, Any]]:
        """Rasa's form: places in what was really said, an address as its literal span, with `heard_as` where it was misheard."""
        return [self._as_rasa(item, extractor) for item in self.found]

    def _as_rasa(self, item: Found, extractor: str) -> Dict[str, Any]:
        start, end = self.normalised.origin(item.start, item.end)
        text = self.said[start:end]
        value = text.strip() if item.entity == "address" else item.value
        meant = heard_as(value) if item.entity == "address" else None
        wire = {"entity": item.entity, "start": start, "end": end, "value": value, "text": text, "extractor": extractor}
        return {**wire, "heard_as": meant} if meant else wire

    def delexicalised(self) -> str:
        """The sentence with each entity replaced by its kind: what the classifier sees of a value."""
        text, at, parts = self.normalised.text, 0, []
        for item in self.found:
            parts += [text[at : item.start], f"⟨{item.entity}⟩"]
            at = item.end
        return "".join([*parts, text[at:]]).replace(PAUSE, "")


@lru_cache(maxsize=1)
def matcher() -> Any:
    """A blank Chinese pipeline, a token per character, that marks the lexicon's places."""
    nlp = spacy.blank("zh")
    ruler = nlp.add_pipe("entity_ruler")
    kinds = (("REGION", "regions"), ("PLACE", "places"), ("TOWN", "towns"), ("SHORT", "short_regions"))
    ruler.add_patterns([{"label": label, "pattern": word} for label, name in kinds for word in sorted(words(name))])
    return nlp


def literal(item: Found, said: str, normalised: Normalised) -> Found:
    """An address as it was really said, with the spaces of whoever typed it."""
    if item.entity != "address" or PAUSE not in item.value:
        return item
    start, end = normalised.origin(item.start, item.end)
    return replace(item, value=said[start:end].strip())


def extract(said: str, *, today: date, expected: Optional[str] = None) -> Entities:
    """Every entity of a sentence. `expected` is the slot the assistant asked for, when it did."""
    normalised = with_pauses(said)
    text = normalised.text
    places = [(entity.start_char, entity.end_char, entity.label_) for entity in matcher()(text).ents] if text else []
    places += misheard_places(text, places)
    found = [
        *find_identifiers(text, expected),
        *find_firms(text),
        *find_addresses(text, places),
        *find_bill_months(text, today),
        *find_event_times(text, today),
        *find_amounts(text),
        *find_names(text, expected),
        *find_scopes(text),
        *find_ratings(text, expected),
    ]
    kept = without_overlaps(without_repaired(text, [item for item in found if item.end > item.start]))
    kept = [literal(item, said, normalised) for item in kept]
    return Entities(said, normalised, tuple(said_once(kept)))
