"""What the commands of ticketing share: settings, key and database opened, and trouble said in words."""

import sys
from collections.abc import Callable

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from ticketing.config import Settings
from ticketing.db import connect, session_factory
from ticketing.errors import TicketingError
from ticketing.personal import vault

type Sessions = sessionmaker[Session]


def run(do: Callable[[Settings, Sessions], int]) -> int:
    """Do it; returns the exit code: what `do` says, 1 for a refusal, 2 for settings or a file, 3 for the database."""
    try:
        settings = Settings()
        vault.open(settings.data_key.get_secret_value())
        engine = connect(settings.sqlalchemy_url)
        try:
            return do(settings, session_factory(engine))
        finally:
            engine.dispose()
    except TicketingError as error:
        return _say(f"{type(error).__name__}: {error.detail}", 1)
    except ValidationError as error:
        return _say(wrong_settings(error), 2)
    except ValueError as error:
        return _say(str(error), 2)
    except OSError as error:
        return _say(f"{error.filename}: {error.strerror}", 2)
    except DBAPIError as error:
        hint = "python -m ticketing.migrate brings it up to date"
        return _say(f"the database cannot be used ({hint}): {str(error.orig).splitlines()[0]}", 3)


def wrong_settings(error: ValidationError) -> str:
    """Which settings are missing or wrong, with the variables that give them."""
    names = [str(each["loc"][0]) for each in error.errors()]
    shown = [name if name.isupper() else f"{name} (TICKETING_{name.upper()})" for name in names]
    return f"settings missing or wrong: {', '.join(shown)}"


def _say(words: str, code: int) -> int:
    print(words, file=sys.stderr)
    return code
