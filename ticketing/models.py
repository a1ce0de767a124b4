"""Every table of ticketing in one place, for Alembic: importing a models module registers its tables."""

from importlib import import_module
from importlib.util import find_spec

FOLDERS = (
    "customers",
    "billing",
    "outages",
    "work_orders",
    "offices",
    "audit",
    "outbox",
    "talk_tracks",
    "conversations",
    "automation",
    "accounts",
    "desk",
    "recovery",
    "inspection",
    "retention",
)


def load() -> None:
    """Import the models of each folder, so that `Base.metadata` is whole."""
    for folder in FOLDERS:
        if find_spec(f"ticketing.{folder}") and find_spec(f"ticketing.{folder}.models"):
            import_module(f"ticketing.{folder}.models")
