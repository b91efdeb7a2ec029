"""Column types that mean the same on SQLite and PostgreSQL: exact quantities, aware times, enumerated codes."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String
from sqlalchemy.types import TypeDecorator

SCALE = Decimal(1000)

# SQLite gives row ids only to INTEGER keys; PostgreSQL should not run out at 2^31.
Id = BigInteger().with_variant(Integer(), "sqlite")
Money = BigInteger
"""Whole đồng."""


class Quantity(TypeDecorator[Decimal]):
    """A Decimal with three places, kept as whole thousandths: sums in SQL are exact on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        if value is None:
            return None
        thousandths = Decimal(value) * SCALE
        if thousandths != int(thousandths):
            raise ValueError(f"a quantity has at most three decimal places: {value}")
        return int(thousandths)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)) / SCALE


class Moment(TypeDecorator[datetime]):
    """An aware time, stored in UTC; naive times are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times must be aware")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Code(TypeDecorator[StrEnum]):
    """An enumerated code stored as its ASCII text, without a CHECK (a later batch change on SQLite would drop triggers)."""

    impl = String(40)
    cache_ok = True

    def __init__(self, codes: type[StrEnum]) -> None:
        super().__init__()
        self.codes = codes

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else str(self.codes(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.codes(value)
