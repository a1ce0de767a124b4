"""An address as it was meant: places of the lexicon that a recogniser wrote with other characters (又江区 → 右江区).

Two syllables count as one where Guangxi's speakers and recognisers mix them: flat and curled (zh z), n and l at the
front, n and ng at the end. Only words of three and more syllables are put right, and only by a single candidate.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Dict, Iterator, List, Optional, Tuple

from bot.engine.nlu.lexicon import words
from bot.engine.nlu.sounds import pinyin

LISTS = ("regions", "places", "towns")
LONGEST = 7  # characters
SHORTEST = 3
ENDS = re.compile("[区县市镇乡路街道]")
HERE = {"圩": "xu"}  # a market town in Guangxi; elsewhere a dyke, wei
Place = Tuple[int, int, str]
MIXED = ((re.compile("^([zcs])h"), r"\1"), (re.compile("^n(?=[aeiouv])"), "l"), (re.compile("ng$"), "n"))


def heard_as(address: str) -> Optional[str]:
    """The address with misheard places put right; None where nothing was misheard."""
    meant, at = "", 0
    for start, end, word in misheard(address):
        meant, at = meant + address[at:start] + word, end
    return meant + address[at:] if at else None


def misheard_places(text: str, places: List[Place]) -> List[Place]:
    """Where a sentence has a place that only sounds right, beside the `places` that are written right."""
    return [
        (start, end, "TOWN")
        for start, end, _ in misheard(text)
        if not any(start < other_end and other_start < end for other_start, other_end, _ in places)
    ]


def misheard(text: str) -> Iterator[Tuple[int, int, str]]:
    """Each place that only sounds like one of the lexicon, as (start, end, the word meant), from left to right."""
    if not ENDS.search(text):
        return
    sounds, at = [sound(character) for character in text], 0
    for suffix in ENDS.finditer(text):
        for length in range(min(LONGEST, suffix.end() - at), SHORTEST - 1, -1):
            start = suffix.end() - length
            meant, said = by_sound().get(tuple(sounds[start : suffix.end()])), text[start : suffix.end()]
            if meant is None:
                continue
            if meant and said not in known() and meant[-1] == said[-1]:
                yield start, suffix.end(), meant
            at = suffix.end()
            break


@lru_cache(maxsize=1)
def known() -> frozenset:
    return frozenset(word for name in LISTS for word in words(name))


@lru_cache(maxsize=1)
def by_sound() -> Dict[Tuple[str, ...], str]:
    """Sounds → the one word that has them; "" where several do."""
    found: Dict[Tuple[str, ...], str] = {}
    for word in sorted(known()):
        if SHORTEST <= len(word) <= LONGEST and ENDS.match(word[-1]):
            sounds = tuple(map(sound, word))
            found[sounds] = "" if sounds in found else word
    return found


@lru_cache(maxsize=8192)
def sound(character: str) -> str:
    """The syllable of a character, without tone and without the differences that are not heard."""
    syllable = HERE.get(character) or pinyin(character)
    for pattern, same in MIXED:
        syllable = pattern.sub(same, syllable)
    return syllable
