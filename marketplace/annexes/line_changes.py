"""PURE: what an annex does to one line of goods: new values, a new split between several sellers, or a line of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from marketplace.annexes.rules import Field
from marketplace.clauses.terms import Goods, Portion
from marketplace.kernel.prices import PriceKind
from marketplace.kernel.quantities import unit as measure_of

Months = Mapping[date | None, Decimal]
"""Month → quantity; None: the whole of a line that names no months."""
Split = Mapping[int, Months]
"""A seller's place from 0, as in the contract's parties → what it delivers."""
WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class LineChange:
    """New values of one line; None: not changed. `months` replaces the whole schedule, `split` every seller's share.

    A split says the line's months and quantity too: they are what its shares come to.
    """

    quantity: Decimal | None = None
    price: int | None = None
    months: Mapping[date, Decimal] | None = None
    percent: Decimal | None = None
    most: int | None = None
    split: Split | None = None

    @property
    def fields(self) -> frozenset[Field]:
        """What it changes."""
        given = (
            (Field.QUANTITY, self.quantity),
            (Field.MONTHS, self.months),
            (Field.SPLIT, self.split),
            *((Field.PRICE, value) for value in (self.price, self.percent, self.most)),
        )
        return frozenset(name for name, value in given if value is not None)

    def stored(self) -> dict[str, Any]:
        """As JSON: exact numbers as text, days in ISO."""
        found: dict[str, Any] = {
            "quantity": None if self.quantity is None else str(self.quantity),
            "price": self.price,
            "percent": None if self.percent is None else str(self.percent),
            "most": self.most,
            "months": None if self.months is None else months_stored(self.months),
            "split": None if self.split is None else split_stored(self.split),
        }
        return {name: value for name, value in found.items() if value is not None}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "LineChange":
        """Back from JSON."""
        return cls(
            quantity=exact(stored, "quantity"),
            price=stored.get("price"),
            months=named_months(stored["months"]) if "months" in stored else None,
            percent=exact(stored, "percent"),
            most=stored.get("most"),
            split=split_read(stored["split"]) if "split" in stored else None,
        )

    def applied(self, line: Goods) -> Goods:
        """The line with its new values."""
        changed = replace(
            line,
            quantity=line.quantity if self.quantity is None else self.quantity,
            price=line.price if self.price is None else self.price,
            percent=line.percent if self.percent is None else self.percent,
            most=line.most if self.most is None else self.most,
            schedule=line.schedule if self.months is None else dict(self.months),
        )
        if self.split is None:
            return changed
        return replace(changed, quantity=whole(self.split), schedule=by_month(self.split))


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line of goods that an annex adds: what it says, and whose product it is, so that what it promises is known."""

    goods: Goods
    measure: str
    product_id: int | None = None
    seller: int | None = (
        None  # of several sellers, the place of the one that delivers it; its whole is that one's share
    )

    def stored(self) -> dict[str, Any]:
        """As JSON; what is empty is left out."""
        goods = self.goods
        found: dict[str, Any] = {
            "name": goods.name,
            "measure": self.measure,
            "variety": goods.variety,
            "standard": goods.standard,
            "quantity": None if goods.quantity is None else str(goods.quantity),
            "price_kind": goods.price_kind.value,
            "price": goods.price,
            "percent": None if goods.percent is None else str(goods.percent),
            "most": goods.most,
            "market": goods.market,
            "months": months_stored(goods.schedule) or None,
            "product": self.product_id,
            "seller": self.seller,
        }
        return {name: value for name, value in found.items() if value not in (None, "")}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "NewLine":
        """Back from JSON."""
        goods = Goods(
            name=stored["name"],
            unit=measure_of(stored["measure"]).label,
            variety=stored.get("variety", ""),
            standard=stored.get("standard", ""),
            quantity=exact(stored, "quantity"),
            price_kind=PriceKind(stored["price_kind"]),
            price=stored.get("price"),
            percent=exact(stored, "percent"),
            most=stored.get("most"),
            market=stored.get("market", ""),
            schedule=named_months(stored.get("months", {})),
        )
        return cls(goods, stored["measure"], stored.get("product"), stored.get("seller"))

    @property
    def months(self) -> Months:
        """What is due, as a share says it."""
        named: dict[date | None, Decimal] = dict(self.goods.schedule.items())
        return named or {None: self.goods.quantity or Decimal(0)}


# Splits -----------------------------------------------------------------------------------------------------------


def of_line(portions: Iterable[Portion], line: int) -> list[Portion]:
    """The shares of one line, by its place from 0."""
    return [portion for portion in portions if portion.line == line]


def standing_split(portions: Iterable[Portion], line: int) -> dict[int, dict[date | None, Decimal]]:
    """The same as a split, without whom and when nothing is delivered."""
    return tidy({portion.seller: portion.schedule for portion in of_line(portions, line)})


def tidy(split: Split) -> dict[int, dict[date | None, Decimal]]:
    """A split without whom and when nothing is delivered."""
    found = {seller: {month: much for month, much in months.items() if much} for seller, months in split.items()}
    return {seller: months for seller, months in found.items() if months}


def whole(split: Split) -> Decimal:
    """All shares together."""
    return sum((much for months in split.values() for much in months.values()), Decimal(0))


def by_month(split: Split) -> dict[date, Decimal]:
    """What the shares of each month come to; nothing for a line without months."""
    found: dict[date, Decimal] = {}
    for months in split.values():
        for month, much in months.items():
            if month is not None and much:
                found[month] = found.get(month, Decimal(0)) + much
    return dict(sorted(found.items()))


def shared(
    portions: tuple[Portion, ...], changes: Mapping[int, LineChange], added: Iterable[NewLine], first: int
) -> tuple[Portion, ...]:
    """The shares with those that an annex sets; `first` is the place from 0 of the first line that it adds."""
    sellers = {portion.seller: portion for portion in portions}
    if not sellers:
        return ()
    wanted: dict[int, Split] = {
        place - 1: change.split for place, change in changes.items() if change.split is not None and place <= first
    }
    for place, line in enumerate(added, start=first):
        wanted[place] = {} if line.seller is None else {line.seller: line.months}
    kept = tuple(portion for portion in portions if portion.line not in wanted)
    return kept + tuple(
        Portion(seller, who.name, line, dict(split.get(seller, {})), who.leads)
        for line, split in sorted(wanted.items())
        for seller, who in sorted(sellers.items())
    )


# JSON -------------------------------------------------------------------------------------------------------------


def exact(stored: Mapping[str, Any], name: str) -> Decimal | None:
    """A number kept as text."""
    return Decimal(stored[name]) if stored.get(name) is not None else None


def months_stored(months: Mapping[Any, Decimal]) -> dict[str, str]:
    """Quantities by month."""
    in_order = sorted(months.items(), key=lambda pair: pair[0] or date.min)
    return {month.isoformat() if month else WHOLE: str(much) for month, much in in_order}


def months_read(stored: Mapping[str, str]) -> dict[date | None, Decimal]:
    """Back from JSON."""
    return {None if month == WHOLE else date.fromisoformat(month): Decimal(much) for month, much in stored.items()}


def named_months(stored: Mapping[str, str]) -> dict[date, Decimal]:
    """… of a schedule, which names its months."""
    return {month: much for month, much in months_read(stored).items() if month is not None}


def split_stored(split: Split) -> dict[str, dict[str, str]]:
    """Shares by the seller's place."""
    return {str(seller): months_stored(months) for seller, months in sorted(split.items())}


def split_read(stored: Mapping[str, Mapping[str, str]]) -> dict[int, dict[date | None, Decimal]]:
    """Back from JSON."""
    return {int(seller): months_read(months) for seller, months in stored.items()}


NONE: LineChange = LineChange()
"""A line that an annex leaves as it is."""
