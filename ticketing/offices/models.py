"""The table of business halls."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.db import Base


class Office(Base):
    """A business hall. `near`: roads and landmarks that people name for it, separated by spaces."""

    __tablename__ = "offices"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    city: Mapped[str] = mapped_column(String(40))
    district: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(160))
    near: Mapped[str] = mapped_column(String(200))
    hours: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(32))
