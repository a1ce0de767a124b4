"""The lint's rules as a dependency of endpoints: read once, kept by the process."""

from typing import Annotated

from fastapi import Depends

from ticketing.talk_tracks.lint import book
from ticketing.talk_tracks.lint.book import Book


async def _book() -> Book:
    return book.read()


Rules = Annotated[Book, Depends(_book)]
