"""The revision keeps the words that are there, on both stores, and can be taken back."""

from alembic import command
from sqlalchemy import text

from ticketing.db import connect
from ticketing.migrate import SCRIPTS, _config

REVISION = next(SCRIPTS.glob("versions/*_talk_track_lifecycle.py")).name.split("_")[0]
ROW = (
    "INSERT INTO talk_tracks (name, variant, version, state, text, buttons, personal, author, reviewer, publisher)"
    " VALUES ('utter_a', 'chat', {version}, '{state}', '好', '[]', '[]', '甲', '乙', '丙')"
)


def test_words_survive_the_revision_forth_and_back(database_url: str) -> None:
    engine = connect(database_url)
    with engine.begin() as connection:
        command.downgrade(_config(connection), f"{REVISION}-1")
        connection.execute(text(ROW.format(version=1, state="retired")))
        connection.execute(text(ROW.format(version=2, state="published")))
    with engine.begin() as connection:
        command.upgrade(_config(connection), "head")
        rows = connection.execute(text("SELECT version, state, language FROM talk_tracks ORDER BY version")).all()
        assert [tuple(row) for row in rows] == [(1, "retired", "zh-CN"), (2, "published", "zh-CN")]
        draft = "INSERT INTO talk_tracks (name, variant, version, state, text, buttons, personal, author, language)"
        connection.execute(text(f"{draft} VALUES ('utter_a', 'chat', 3, 'draft', '稿', '[]', '[]', '甲', 'zh-CN')"))
    with engine.begin() as connection:
        command.downgrade(_config(connection), f"{REVISION}-1")
        assert connection.execute(text("SELECT version FROM talk_tracks ORDER BY version")).scalars().all() == [1, 2]
    engine.dispose()
