"""PURE: what two parties agreed, as plain values: from these the clauses are written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from marketplace.kernel import prices
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.kernel.prices import PriceKind, PriceRule, line_value

MOST_PENALTY = Decimal(8)
"""Percent of the breached obligation's value: the Commercial Law 2005, Article 301, allows no more."""

COPIES = 4
"""Two for each of two parties, as is usual."""


class ContractKind(StrEnum):
    """What a document is; a title does not decide it."""

    LINKAGE = "linkage"
    SALE = "sale"
    FRAMEWORK = "framework"
    MEMORANDUM = "memorandum"


class PaymentMethod(StrEnum):
    """How the buyer pays."""

    TRANSFER = "transfer"
    CASH = "cash"
    EITHER = "either"


class Vat(StrEnum):
    """What the unit prices say about value added tax."""

    INCLUDED = "included"
    EXCLUDED = "excluded"
    EXEMPT = "exempt"


class Venue(StrEnum):
    """Who decides when the parties cannot settle it themselves."""

    COURT = "court"
    ARBITRATION = "arbitration"


class Side(StrEnum):
    """A role in the deal, not a kind of organisation."""

    SELLER = "seller"
    BUYER = "buyer"


class Stage(StrEnum):
    """The stages that a form of linkage covers (Decree 98/2018, Article 4)."""

    INPUTS = "inputs"
    PRODUCTION = "production"
    HARVEST = "harvest"
    PROCESSING = "processing"
    SALE = "sale"


@dataclass(frozen=True, slots=True)
class Party:
    """Who agrees: the organisation as its papers name it and the person who signs for it."""

    side: Side
    name: str
    tax_code: str = ""
    address: str = ""
    representative: str = ""
    position: str = ""
    authority: str = ""
    phone: str = ""
    bank: str = ""
    has_seal: bool = True
    legal: str = ""  # who represents it by law, as far as it is known
    authority_from: date | None = None
    authority_until: date | None = None
    account_changed: date | None = None  # when its bank account was replaced by another one
    abroad: bool = False


@dataclass(frozen=True, slots=True)
class Goods:
    """One line of goods; `unit` is the word that is printed; `schedule` maps the first day of a month to a quantity.

    `market` says which market's price is meant, and who reads it when; the other price fields are those of a PriceRule.
    """

    name: str
    unit: str
    quantity: Decimal | None = None
    variety: str = ""
    standard: str = ""
    tolerance: Decimal | None = None
    price_kind: PriceKind = PriceKind.NEGOTIABLE
    price: int | None = None
    price_note: str = ""
    percent: Decimal | None = None
    most: int | None = None
    market: str = ""
    schedule: Mapping[date, Decimal] = field(default_factory=dict)

    @property
    def rule(self) -> PriceRule:
        """How its price is found."""
        return PriceRule(self.price_kind, self.price, self.percent, self.most)

    @property
    def amount(self) -> int | None:
        """Quantity times price in whole đồng; None where either is open."""
        if self.quantity is None or self.price is None:
            return None
        return line_value(self.quantity, self.price)


@dataclass(frozen=True, slots=True)
class Portion:
    """What one of several sellers delivers of one line; `seller` and `line` are places from 0.

    `schedule` maps the first day of a month to a quantity; None stands for the whole of a line without months.
    """

    seller: int
    name: str
    line: int
    schedule: Mapping[date | None, Decimal]
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Linkage:
    """The form of linkage: its number in Article 4 (None for another one), its wording and its stages."""

    label: str
    number: int | None = None
    stages: frozenset[Stage] = frozenset()
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that the clauses say; what is left empty is worded as "by later agreement" or left out."""

    kind: ContractKind
    goods: tuple[Goods, ...] = ()
    split: tuple[Portion, ...] = ()
    linkage: Linkage | None = None
    season: str = ""
    households: int | None = None
    area_ha: Decimal | None = None
    expected_output: str = ""
    place: str = ""
    transport: Side | None = None
    packaging: str = ""
    inspection: str = ""
    deduction: str = ""
    payment_days: int | None = None
    payment_method: PaymentMethod = PaymentMethod.TRANSFER
    advance_inputs: str = ""
    advance_amount: int | None = None
    deposit: int | None = None
    tolerance: Decimal | None = None
    penalty_percent: Decimal | None = None
    vat: Vat | None = None
    venue: Venue = Venue.COURT
    arbitration: str = ""
    disputes: str = ""
    signing_place: str = ""
    copies: int = COPIES
    starts_on: date | None = None
    ends_on: date | None = None
    extra: str = ""

    @property
    def total(self) -> int | None:
        """The contract's value in đồng as far as prices are known; None when no line has an amount."""
        amounts = [line.amount for line in self.goods if line.amount is not None]
        return sum(amounts) if amounts else None

    @property
    def total_is_estimate(self) -> bool:
        """A floor or open price, or a line without amount, makes the total an estimate."""
        return any(line.amount is None or line.price_kind is not PriceKind.FIXED for line in self.goods)


def check(terms: Terms) -> None:
    """Refuse terms that the law or arithmetic forbids; what is merely missing is not refused here."""
    if terms.penalty_percent is not None and not 0 <= terms.penalty_percent <= MOST_PENALTY:
        raise Refusal(
            message=msgid("The law allows a penalty of at most 8 per cent of the breached part; enter 0 to 8.")
        )
    if terms.starts_on and terms.ends_on and terms.ends_on <= terms.starts_on:
        raise Refusal(message=msgid("The contract must end after it starts; correct one of the two dates."))
    for line in terms.goods:
        prices.check(line.rule)
        if line.schedule and line.quantity is not None and sum(line.schedule.values()) != line.quantity:
            raise Refusal(
                message=msgid(
                    "%(goods)s: the months add up to a different quantity than the contract's; correct one of them.",
                    goods=line.name,
                )
            )
