"""Bring the published words in step with the files: what changed becomes a new version, the one before retires."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.talk_tracks import files
from ticketing.talk_tracks.files import Default, Signed
from ticketing.talk_tracks.models import DefaultText, State, TalkTrack, Variant
from ticketing.talk_tracks.shelf import turn_over

ROOT = Path(__file__).parents[2]
FILES = ROOT / "data" / "talk_tracks"
DOMAIN = ROOT / "domain.yml"


@dataclass(frozen=True)
class Loaded:
    """What a load did. `only_default` are names of `domain.yml` that nothing is published for."""

    published: tuple[str, ...]
    unchanged: int
    only_default: tuple[str, ...]


def load(session: Session, *, at: datetime, folder: Path = FILES, domain: Path = DOMAIN) -> Loaded:
    """Publish the files' words in the caller's transaction; repeating it changes nothing.

    Raises TalkTrackFileError, before anything is written.
    """
    signed, defaults = files.read(folder), files.read_defaults(domain)
    _keep_defaults(session, defaults)
    published = [each.name for each in signed if publish(session, each, at=at)]
    if published:
        turn_over(session)
    names = {each.name for each in signed}
    return Loaded(
        tuple(published), len(signed) - len(published), tuple(each.name for each in defaults if each.name not in names)
    )


def publish(session: Session, signed: Signed, *, at: datetime) -> bool:
    """Put the words into force as the next version, unless they are in force already.

    The caller ends with `turn_over`.
    """
    in_force = session.scalars(
        select(TalkTrack).where(TalkTrack.name == signed.name, TalkTrack.state == State.PUBLISHED)
    ).all()
    wanted = _variants(signed)
    if {row.variant: (row.text, row.buttons, row.personal) for row in in_force} == wanted:
        return False
    last = session.scalar(select(func.max(TalkTrack.version)).where(TalkTrack.name == signed.name)) or 0
    _retire(session, in_force, at=at)
    for variant, (text, buttons, personal) in wanted.items():
        session.add(
            TalkTrack(
                name=signed.name,
                variant=variant,
                version=last + 1,
                state=State.PUBLISHED,
                text=text,
                buttons=buttons,
                personal=personal,
                author=signed.author,
                reviewer=signed.reviewer,
                publisher=signed.publisher,
                published_at=at,
            )
        )
    session.flush()
    people = {"author": signed.author, "reviewer": signed.reviewer}
    audit.record(
        session,
        kind="talk_track.published",
        subject=f"talk_track:{signed.name}",
        actor=signed.publisher,
        data={"version": last + 1, "variants": sorted(wanted), **people},
        at=at,
    )
    return True


def _variants(signed: Signed) -> dict[str, tuple[str, list[dict[str, str]], list[str]]]:
    entry, personal = signed.entry, sorted(signed.entry.personal)
    wanted: dict[str, tuple[str, list[dict[str, str]], list[str]]] = {
        Variant.CHAT: (entry.chat, [button.model_dump() for button in entry.buttons], personal)
    }
    if entry.phone is not None:
        wanted[Variant.PHONE] = (entry.phone, [], personal)
    return wanted


def _retire(session: Session, in_force: Sequence[TalkTrack], *, at: datetime) -> None:
    for row in in_force:
        row.state, row.retired_at = State.RETIRED, at
    session.flush()  # before the next version comes into force: there is room for one


def _keep_defaults(session: Session, defaults: Sequence[Default]) -> None:
    kept = {row.name: row for row in session.scalars(select(DefaultText))}
    for default in defaults:
        row = kept.get(default.name)
        if row is None:
            session.add(DefaultText(name=default.name, text=default.text, buttons=default.buttons))
        elif (row.text, row.buttons) != (default.text, default.buttons):
            row.text, row.buttons = default.text, default.buttons
    session.flush()
