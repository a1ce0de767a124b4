"""Is that the holder's name? Heard or typed: the same characters, or characters that are read alike. Pure.

A recogniser writes 为小明 for 韦小明, so on level 1 (the amount due, nothing else) the reading decides, without tones.
"""

import unicodedata

from pypinyin import Style, pinyin


def same_name(said: str, held: str) -> bool:
    """Equal after folding, or equal syllable by syllable in one of their readings."""
    said, held = fold(said), fold(held)
    if not said or len(said) != len(held):
        return False
    alike = [bool(a & b) for a, b in zip(readings(said), readings(held), strict=True)]
    return said == held or all(alike)


def fold(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).upper().split())


def readings(name: str) -> list[frozenset[str]]:
    """For each character the syllables it may be read as, without tones."""
    return [frozenset(pinyin(character, style=Style.NORMAL, heteronym=True)[0]) for character in name]
