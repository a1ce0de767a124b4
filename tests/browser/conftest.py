"""The browser tests share the front door's fixtures."""

from tests.bot.conftest import (  # noqa: F401
    desk_words,
    domain,
    engine,
    engine_url,
    gate,
    settings,
    ticketing,
    ticketing_template,
    trail,
)
