"""PURE: how well a product answers an offer: points for the order, reasons and shortcomings in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from marketplace.kernel.dates import add_months
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.numbers import format_money, rounded
from marketplace.kernel.quantities import convert, format_quantity, rounded_quantity, unit
from marketplace.kernel.vietnamese import exact, fold
from marketplace.products.rules import CERTIFICATE_KINDS, CertificateKind, Group

COMMON = ("loại", "tươi", "khô", "sản", "phẩm", "đặc", "vụ", "mùa", "và", "các", "theo", "hàng", "ngon", "sạch")
"""Words that many goods share: alone they do not make two goods the same."""
COMMON_WORDS = frozenset([*COMMON, *(fold(word) for word in COMMON)])
NAME, FIRST_WORD, GROUP, MONTHS, PRICE, COMMUNE, PROVINCE, CERTIFICATE, STAR = 40, 10, 15, 20, 10, 10, 5, 5, 3
UNSAID = 8
"""Points where a harvest month is given without an amount, or none is asked for."""


@dataclass(frozen=True)
class Wanted:
    """What is asked of an offer."""

    what: str
    measure: str
    quantity: Decimal
    group: Group | None = None
    months: Mapping[date, Decimal] = field(default_factory=dict)
    price: int | None = None
    minimum_stars: int | None = None
    musts: frozenset[CertificateKind] = frozenset()
    nices: frozenset[CertificateKind] = frozenset()
    unit_id: int | None = None
    province_id: int | None = None


@dataclass(frozen=True)
class Supply:
    """What is asked of a product."""

    name: str
    measure: str
    group: Group | None = None
    net_content: Decimal | None = None
    net_measure: str | None = None
    price: int | None = None
    stars: int = 0
    certificates: frozenset[CertificateKind] = frozenset()
    capacity: Mapping[int, Decimal | None] = field(default_factory=dict)  # month 1–12; None: amount unsaid
    contracted: Mapping[date, Decimal] = field(default_factory=dict)
    unit_id: int | None = None
    province_id: int | None = None


@dataclass(frozen=True)
class Fit:
    """The judgement: `named` the goods have the same name; `excluded` a must is not met."""

    points: int
    named: bool
    excluded: bool
    reasons: tuple[Message, ...]
    lacks: tuple[Message, ...]
    met: int = 0
    asked: int = 0


def fit(wanted: Wanted, supply: Supply) -> Fit:
    """Weigh one product for one offer."""
    scale = Scale()
    named = weigh_name(wanted, supply, scale)
    if wanted.group is not None and wanted.group == supply.group:
        scale.good(GROUP, msgid("same group"))
    met, asked, excluded = weigh_quality(wanted, supply, scale)
    weigh_months(wanted, supply, scale)
    weigh_price(wanted, supply, scale)
    if supply.unit_id is not None and supply.unit_id == wanted.unit_id:
        scale.good(COMMUNE, msgid("same commune"))
    elif supply.province_id is not None and supply.province_id == wanted.province_id:
        scale.good(PROVINCE, msgid("same province"))
    return Fit(scale.points, named, excluded, tuple(scale.reasons), tuple(scale.lacks), met, asked)


class Scale:
    """Collects points and words."""

    def __init__(self) -> None:
        self.points = 0
        self.reasons: list[Message] = []
        self.lacks: list[Message] = []

    def good(self, points: int, reason: Message) -> None:
        self.points += points
        self.reasons.append(reason)


def telling(text: str, plain: bool) -> list[str]:
    """The words that say what goods are, in order."""
    words = (fold(text) if plain else exact(text)).split()
    return [word for word in dict.fromkeys(words) if word not in COMMON_WORDS and not word.isdigit()]


def weigh_name(wanted: Wanted, supply: Supply, scale: Scale) -> bool:
    """The words in common; where diacritics were typed they must agree: dưa is not dừa."""
    plain = exact(wanted.what) == fold(wanted.what)
    asked, have = telling(wanted.what, plain), telling(supply.name, plain)
    common = [word for word in asked if word in have]
    if not common or (len(common) == 1 and len(asked) > 1 and asked[0] != have[0]):
        return False
    scale.points += NAME * len(common) // len(asked) + FIRST_WORD * (asked[0] == have[0])
    return True


def weigh_quality(wanted: Wanted, supply: Supply, scale: Scale) -> tuple[int, int, bool]:
    """Stars and certificates: how many demands are met of how many, and whether a must is missing."""
    met, excluded = 0, False
    if supply.stars:
        scale.points += STAR * supply.stars
        scale.reasons.append(msgid("has %(stars)s stars", stars=supply.stars))
    if wanted.minimum_stars:
        enough = supply.stars >= wanted.minimum_stars
        met, excluded = met + enough, excluded or not enough
        if not enough:
            scale.lacks.append(msgid("needs %(stars)s stars", stars=wanted.minimum_stars))
    for kinds, must in ((wanted.musts, True), (wanted.nices, False)):
        for kind in sorted(kinds):
            if kind in supply.certificates:
                met += 1
                scale.good(CERTIFICATE, msgid("has %(certificate)s", certificate=CERTIFICATE_KINDS[kind]))
            else:
                excluded = excluded or must
                scale.lacks.append(msgid("no %(certificate)s", certificate=CERTIFICATE_KINDS[kind]))
    asked = bool(wanted.minimum_stars) + len(wanted.musts) + len(wanted.nices)
    return met, asked, excluded


def in_measure(amount: Decimal, supply: Supply, measure: str) -> Decimal | None:
    """An amount of the product in the offer's measure; packs go by their net content. None: cannot be compared."""
    for quantity, source in (
        (amount, supply.measure),
        (amount * (supply.net_content or 0), supply.net_measure if supply.net_content else None),
    ):
        if not source:
            continue
        try:
            return convert(quantity, source, measure)
        except Refusal:
            continue
    return None


def free_in(month: date, wanted: Wanted, supply: Supply) -> Decimal | None:
    """What is still free in a month, in the offer's measure; None: available, amount unsaid."""
    capacity = supply.capacity.get(month.month, Decimal(0))
    if capacity is None:
        return None
    free = max(capacity - supply.contracted.get(month, Decimal(0)), Decimal(0))
    return in_measure(free, supply, wanted.measure)


def weigh_months(wanted: Wanted, supply: Supply, scale: Scale) -> None:
    """The months that can be served in full, and what is missing in the others."""
    if not supply.capacity:
        scale.lacks.append(msgid("no harvest months given"))
        return
    if in_measure(Decimal(1), supply, wanted.measure) is None:
        scale.lacks.append(msgid("sold by the %(unit)s: agree on the amounts", unit=unit(supply.measure).label))
        return
    if not wanted.months:
        scale.points += UNSAID
        return
    full, unsaid, missing = [], [], []
    for month, quantity in sorted(wanted.months.items()):
        free = free_in(month, wanted, supply)
        if free is None:
            unsaid.append(month)
        elif free >= quantity:
            full.append(month)
        else:
            missing.append((month, quantity - free))
    scale.points += (MONTHS * len(full) + UNSAID * len(unsaid)) // len(wanted.months)
    if full:
        scale.reasons.append(msgid("enough in %(months)s", months=span(full)))
    if unsaid:
        scale.reasons.append(msgid("harvest in %(months)s, amount not said", months=span(unsaid)))
    scale.lacks.extend(short(missing, wanted.measure))


def short(missing: Iterable[tuple[date, Decimal]], measure: str) -> list[Message]:
    """What is missing by month: months with the same gap are said together."""
    gaps: dict[Decimal, list[date]] = {}
    for month, gap in missing:
        gaps.setdefault(rounded_quantity(gap), []).append(month)
    return [
        msgid("%(quantity)s short in %(months)s", quantity=format_quantity(gap, measure), months=span(months))
        for gap, months in gaps.items()
    ]


def span(months: Iterable[date]) -> str:
    """9–11/2026, 2/2027."""
    runs: list[list[date]] = []
    for month in sorted(months):
        if runs and add_months(runs[-1][-1], 1) == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(run_in_words(run[0], run[-1]) for run in runs)


def run_in_words(first: date, last: date) -> str:
    """One run of months."""
    if first == last:
        return f"{first.month}/{first.year}"
    if first.year == last.year:
        return f"{first.month}–{last.month}/{last.year}"
    return f"{first.month}/{first.year}–{last.month}/{last.year}"


def weigh_price(wanted: Wanted, supply: Supply, scale: Scale) -> None:
    """The listed price against what the buyer pays, where both are known in one measure."""
    if wanted.price is None or supply.price is None:
        return
    one = in_measure(Decimal(1), supply, wanted.measure)
    if not one:
        return
    listed = int(rounded(Decimal(supply.price) / one, 0))
    shown = {"price": format_money(listed), "unit": unit(wanted.measure).label}
    if listed <= wanted.price:
        scale.good(PRICE, msgid("listed at %(price)s/%(unit)s, within the price", **shown))
    else:
        scale.lacks.append(msgid("listed at %(price)s/%(unit)s, above the price", **shown))


def worth_showing(fits: Iterable[Fit]) -> list[int]:
    """Which of them are shown, best first: goods of the same name; where there are none, of the same group."""
    judged = [(place, each) for place, each in enumerate(fits) if not each.excluded]
    named = [pair for pair in judged if pair[1].named]
    grouped = [pair for pair in judged if any(reason.text == "same group" for reason in pair[1].reasons)]
    best = sorted(named or grouped, key=lambda pair: (-pair[1].points, pair[0]))
    return [place for place, _fit in best]
