"""What `python -m ticketing.talk_tracks` does: import the files, export the words in force, lint the files."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from ticketing.talk_tracks import files
from ticketing.talk_tracks.export import export
from ticketing.talk_tracks.lint import book as rules
from ticketing.talk_tracks.lint.finding import Level
from ticketing.talk_tracks.lint.run import lint_words
from ticketing.talk_tracks.load import load, remember
from ticketing.work_orders.numbers import LOCAL


def bring_in(session: Session, folder: Path, *, at: datetime) -> list[str]:
    """Publish what changed in the files. Raises TalkTrackFileError."""
    done = load(session, at=at, folder=folder)
    said = [f"talk tracks: {len(done.published)} published, {done.unchanged} unchanged"]
    said += [f"  {name}: nothing published, the default text is spoken" for name in done.only_default]
    return said + [
        f"  {name}: other words are in force since; `export` brings the file in step" for name in done.overtaken
    ]


def write_out(session: Session, folder: Path, *, at: datetime) -> list[str]:
    """Write the words in force into the files. Raises TalkTrackFileError."""
    written = export(session, folder)
    remember(session, files.read(folder), at=at)
    return [f"talk tracks: {len(written)} files written", *(f"  {name}" for name in written)]


def check(folder: Path, *, at: datetime) -> tuple[int, list[str]]:
    """Lint the files; how many errors there are, and every finding. Raises TalkTrackFileError."""
    book, on = rules.read(), at.astimezone(LOCAL).date()
    found = [(each, finding) for each in files.read(folder) for finding in lint_words(each.words, book, on)]
    errors = sum(finding.level is Level.ERROR for _, finding in found)
    said = [f"{each.file} {each.name} {finding.part}: {finding}" for each, finding in found]
    return errors, [*said, f"lint {book.edition}: {errors} errors, {len(found) - errors} warnings"]
