"""The revisions make the tables that the models describe, and a wrong database is refused in words."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from ticketing.db import Base, connect
from ticketing.migrate import MigrationRefused, head, revision, upgrade_to_head
from ticketing.models import load


def test_the_revisions_make_what_the_models_describe(database_url: str) -> None:
    load()
    engine = connect(database_url)
    with engine.connect() as connection:
        assert revision(connection) == head()
        assert set(Base.metadata.tables) <= set(inspect(connection).get_table_names())
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_a_second_upgrade_changes_nothing(database_url: str) -> None:
    assert upgrade_to_head(database_url) == head()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("not an address", "DATABASE_URL is not a database address"),
        ("mysql://root@localhost/x", "names 'mysql'"),
        ("postgresql+psycopg://nobody:secret@127.0.0.1:1/none", "cannot be used"),
        ("sqlite:////proc/nowhere/ticketing.db", "data directory cannot be made"),
    ],
)
def test_a_wrong_address_is_refused_in_words_without_the_password(url: str, said: str) -> None:
    with pytest.raises(MigrationRefused, match=said) as refused:
        upgrade_to_head(url)
    assert "secret" not in str(refused.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ticketing.db"
    file.write_bytes(b"this was never a database, whatever its name says" * 100)
    with pytest.raises(MigrationRefused, match="not a database"):
        upgrade_to_head(f"sqlite:///{file}")
