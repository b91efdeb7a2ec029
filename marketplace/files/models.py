"""A stored file's record; its bytes lie in the store under their digest."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.columns import Id, Moment
from marketplace.extensions import Base


class StoredFile(Base):
    """One kept file. Rows of later slices point here; a file that no row names is swept after a day."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)  # SHA-256 of the bytes
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    stored_at: Mapped[datetime] = mapped_column(Moment, index=True)
    stored_by: Mapped[int | None] = mapped_column(Id)
