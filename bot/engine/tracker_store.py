"""Rasa's memory of each conversation, encrypted at rest: what a customer said never lies readable in a database."""

from __future__ import annotations

import base64
import binascii
import os
from typing import Any, Optional, Tuple

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.ext.declarative import declarative_base

from bot.engine.config import EngineError
from bot.engine.speed.live_store import LiveStore

SCHEMA = "engine"
NONCE_BYTES = 12


class Cipher:
    """AES-256-GCM over text; each row has its own nonce, kept in front of the ciphertext."""

    def __init__(self, key: str) -> None:
        self._aead = AESGCM(decode_key(key))

    def seal(self, text: str) -> str:
        nonce = os.urandom(NONCE_BYTES)
        return base64.b64encode(nonce + self._aead.encrypt(nonce, text.encode(), None)).decode()

    def open(self, sealed: str) -> str:
        """Raises cryptography's InvalidTag when the row was altered or the key is another one."""
        raw = base64.b64decode(sealed)
        return self._aead.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], None).decode()


def decode_key(key: str) -> bytes:
    """The 32 bytes behind a base64 key; raises EngineError in words."""
    try:
        raw = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError) as error:
        raise EngineError("ENGINE_DATA_KEY is not base64") from error
    if len(raw) != 32:
        raise EngineError(f"ENGINE_DATA_KEY must be base64 of 32 bytes, not of {len(raw)}")
    return raw


def event_table(cipher: Cipher) -> Tuple[Any, Any]:
    """Rasa's own `events` table, save that `data` passes through the cipher."""
    base = declarative_base()

    class Sealed(sa.types.TypeDecorator):
        impl = sa.Text
        cache_ok = True  # the class, and so its cipher, is part of the key under which SQLAlchemy keeps statements

        def process_bind_param(self, value: Optional[str], dialect: Any) -> Optional[str]:
            return None if value is None else cipher.seal(value)

        def process_result_value(self, value: Optional[str], dialect: Any) -> Optional[str]:
            return None if value is None else cipher.open(value)

    class SQLEvent(base):  # type: ignore[valid-type, misc]
        __tablename__ = "events"
        id = sa.Column(sa.Integer, primary_key=True)
        sender_id = sa.Column(sa.String(255), nullable=False, index=True)
        type_name = sa.Column(sa.String(255), nullable=False)
        timestamp = sa.Column(sa.Float)
        intent_name = sa.Column(sa.String(255))
        action_name = sa.Column(sa.String(255))
        data = sa.Column(Sealed)

    return base, SQLEvent


class EncryptedTrackerStore(LiveStore):
    """The tracker store with sealed event data; SQLite in WAL mode, or PostgreSQL in a schema of its own."""

    def __init__(self, domain: Any = None, host: Optional[str] = None, data_key: str = "", **kwargs: Any) -> None:
        if not host:
            raise EngineError("the tracker store needs a database URL (ENGINE_TRACKER_URL)")
        self.Base, self.SQLEvent = event_table(Cipher(data_key))
        if host.startswith("postgresql"):
            prepare_schema(host)
        super().__init__(domain=domain, host=host, **kwargs)
        if host.startswith("sqlite"):
            # One connection a thread, kept: opening the file anew for each query costs more than the query.
            self.engine = sa.create_engine(host, poolclass=sa.pool.SingletonThreadPool)
            self.sessionmaker.configure(bind=self.engine)
            sa.event.listen(self.engine, "connect", use_wal)


def use_wal(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA busy_timeout=5000")


def prepare_schema(url: str) -> None:
    """Create our schema, and tell Rasa (which reads the environment) to live in it."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    engine.dispose()
    os.environ["POSTGRESQL_SCHEMA"] = SCHEMA
