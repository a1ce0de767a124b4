"""The rows of `data/talk_tracks/rules/*.yml` as they are written, checked when they are read."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from ticketing.talk_tracks.lint.finding import Channel, Level

Pattern = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Row(Strict):
    """What every rule has. `why` and `mend` are read by people, in Chinese."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)+$")]
    level: Level = Level.ERROR
    why: Annotated[str, Field(min_length=4)]
    mend: Annotated[str, Field(min_length=4)]
    channels: tuple[Channel, ...] = tuple(Channel)
    languages: tuple[str, ...] = ("zh",)
    """The beginnings of the languages that the rule speaks of; `*`: all."""

    def speaks_of(self, *, channel: Channel, language: str) -> bool:
        return channel in self.channels and any(each == "*" or language.startswith(each) for each in self.languages)


class Word(Strict):
    """`sounds`: homophones count too. `unless`: longer words in which it is harmless."""

    word: Annotated[str, Field(min_length=1)]
    variants: tuple[str, ...] = ()
    sounds: bool = False
    unless: tuple[str, ...] = ()


class Words(Row):
    words: Annotated[tuple[Word, ...], Field(min_length=1)]

    @field_validator("words", mode="before")
    @classmethod
    def plain_words(cls, value: object) -> object:
        return (
            [{"word": each} if isinstance(each, str) else each for each in value] if isinstance(value, list) else value
        )


class Patterns(Row):
    patterns: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    unless: tuple[Pattern, ...] = ()

    @field_validator("patterns", "unless")
    @classmethod
    def compiles(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            try:
                re.compile(each)
            except re.error as error:
                raise ValueError(f"'{each}' is no pattern: {error}") from error
        return value


class Disclosure(Row):
    """`any`: one of them must be in the words of each of `talk_tracks`."""

    any: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    talk_tracks: Annotated[tuple[str, ...], Field(min_length=1)]


class Length(Row):
    """`most`: characters, with a sample in each place. `of`: the whole text, or each sentence."""

    most: Annotated[int, Field(ge=1)]
    of: Literal["text", "sentence"] = "text"


class Numbers(Row):
    """Digits that a voice would read wrongly. `read`: one by one, or as a number; `mend` shows it as `{spoken}`."""

    pattern: Pattern
    read: Literal["digits", "number"]


class Promise(Row):
    """Durations and money in a clause that is `about` what we do: each needs a row of the rule book."""

    about: Pattern
    units: dict[str, tuple[str, int]]
    """Word → unit and how many of it: `小时: [minutes, 60]`."""
    example_why: str
    example_mend: str


class File(Strict):
    """A file may hold any kinds of rule."""

    words: tuple[Words, ...] = ()
    patterns: tuple[Patterns, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    lengths: tuple[Length, ...] = ()
    numbers: tuple[Numbers, ...] = ()
    promises: tuple[Promise, ...] = ()
    never_spoken: Pattern | None = None
    """Names that no voice ever says."""
