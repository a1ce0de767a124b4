"""Pictures of what a robot saw, kept with the order: sealed under the data key, in files only their owner can read.

$LAMPLIGHTER_HOME/evidence/WO202611250001/register.2.filled_in.png.sealed
"""

import base64
import os
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.automation.models import Evidence
from ticketing.personal import vault


def keep(session: Session, home: Path, *, order: str, step: str, name: str, picture: bytes, at: datetime) -> None:
    """Write the picture. A step that is tried again replaces its pictures of the time before."""
    file = _file(home, order, step, name)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.parent.parent.chmod(0o700)
    draft = file.with_suffix(".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(vault.seal(base64.b64encode(picture).decode()))
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    known = select(Evidence).where(Evidence.order_number == order, Evidence.step == step, Evidence.name == name)
    row = session.scalar(known) or Evidence(order_number=order, step=step, name=name)
    row.digest, row.at = sha256(picture).hexdigest(), at
    session.add(row)


def of_order(session: Session, order: str) -> Sequence[Evidence]:
    return session.scalars(select(Evidence).where(Evidence.order_number == order).order_by(Evidence.id)).all()


def show(home: Path, row: Evidence) -> bytes:
    """The picture (PNG). Raises FileNotFoundError, and ValueError where it is not what the robot saw."""
    sealed = _file(home, row.order_number, row.step, row.name).read_bytes()
    picture = base64.b64decode(vault.unseal(sealed))
    if sha256(picture).hexdigest() != row.digest:
        raise ValueError(f"the picture {row.step}/{row.name} of {row.order_number} is not the one that was taken")
    return picture


def forget(home: Path, *, order: str, step: str, name: str) -> None:
    """Delete the picture; what is not there is gone already."""
    _file(home, order, step, name).unlink(missing_ok=True)


def _file(home: Path, order: str, step: str, name: str) -> Path:
    return home / "evidence" / order / f"{step.replace(':', '-')}.{name}.png.sealed"
