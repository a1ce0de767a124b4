"""`python -m ticketing.talk_tracks`: publish what changed in `data/talk_tracks/`; says what it did."""

import sys

from pydantic import ValidationError

from ticketing.config import Settings
from ticketing.db import connect, now, session_factory
from ticketing.talk_tracks.files import TalkTrackFileError
from ticketing.talk_tracks.load import load


def main() -> int:
    try:
        settings = Settings()
    except ValidationError as error:
        missing = ", ".join(f"TICKETING_{str(each['loc'][0]).upper()}" for each in error.errors())
        print(f"talk tracks cannot be loaded, settings missing or wrong: {missing}", file=sys.stderr)
        return 2
    engine = connect(settings.sqlalchemy_url)
    try:
        with session_factory(engine).begin() as session:
            done = load(session, at=now())
    except TalkTrackFileError as error:
        print(f"talk tracks not published: {error}", file=sys.stderr)
        return 1
    finally:
        engine.dispose()
    print(f"talk tracks: {len(done.published)} published, {done.unchanged} unchanged")
    for name in done.only_default:
        print(f"  {name}: nothing published, the default text is spoken")
    return 0


if __name__ == "__main__":
    sys.exit(main())
