"""The rule book as a dependency of endpoints; `main` reads it once and puts it on the app."""

from typing import Annotated

from fastapi import Depends, Request

from ticketing.rulebook.promises import Promises


def _promises(request: Request) -> Promises:
    promises: Promises = request.app.state.promises
    return promises


Book = Annotated[Promises, Depends(_promises)]
