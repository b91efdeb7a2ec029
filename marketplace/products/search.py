"""The public list: search by words, filters with counts, three orders, paging by key. At most six queries a page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from marketplace.extensions import db
from marketplace.products import facets, queries
from marketplace.products.facets import Count, Source
from marketplace.products.models import WORDS, Certificate, HarvestMonth, Product
from marketplace.products.rules import CertificateKind, Group
from marketplace.textindex import FOLDED, UNTELEXED, Question, best_tiers, score
from marketplace.web.addresses import LARGEST_KEY

SIZE = 24
COMMUNES = 40
NO_PRICE = 2**62


class Sort(StrEnum):
    """The orders of the list."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"


@dataclass(frozen=True)
class Criteria:
    """What somebody looks for; the values of one facet are alternatives, facets narrow each other."""

    q: str = ""
    groups: tuple[Group, ...] = ()
    stars: tuple[int, ...] = ()
    communes: tuple[int, ...] = ()
    kinds: tuple[CertificateKind, ...] = ()
    months: tuple[int, ...] = ()
    price_from: int | None = None
    price_to: int | None = None
    sort: Sort = Sort.NEWEST
    after: str = ""
    before: str = ""

    @property
    def chosen(self) -> int:
        """How many filters are set."""
        prices = (self.price_from is not None) + (self.price_to is not None)
        return prices + sum(len(each) for each in (self.groups, self.stars, self.communes, self.kinds, self.months))


@dataclass(frozen=True)
class Found:
    """One page of the list."""

    rows: Sequence[Product]
    older: str | None
    newer: str | None
    total: int = 0
    capped: bool = False
    counts: dict[str, list[Count]] = field(default_factory=dict)

    @property
    def communes(self) -> list[Count]:
        """The communes with the most products, those of one name told apart by what they lie in."""
        rows = sorted(self.counts.get("commune", ()), key=lambda row: (-row.count, row.label))[:COMMUNES]
        names = [row.label for row in rows]
        return [replace(row, label=f"{row.label}, {row.around}") if names.count(row.label) > 1 else row for row in rows]


def filters(criteria: Criteria, user: Any, day: date) -> dict[str, ColumnElement[bool]]:
    """The condition of each facet in use."""
    found: dict[str, ColumnElement[bool]] = {}
    if criteria.groups:
        found["group"] = Product.group.in_(criteria.groups)
    if criteria.communes:
        found["commune"] = Product.unit_id.in_(criteria.communes)
    if criteria.stars:
        found["stars"] = has(queries.counts_on(day), Certificate.stars.in_(criteria.stars))
    if criteria.kinds:
        found["certificate"] = has(facets.holds_on(day), Certificate.kind.in_(criteria.kinds))
    if criteria.months:
        month = select(HarvestMonth.product_id).where(HarvestMonth.month.in_(criteria.months))
        found["month"] = Product.id.in_(month)
    price = queries.shown_price(user)
    if criteria.price_from is not None or criteria.price_to is not None:
        low = price <= criteria.price_to if criteria.price_to is not None else price.is_not(None)
        upper = func.coalesce(Product.comparable_high, Product.comparable)
        high = upper >= criteria.price_from if criteria.price_from is not None else true()
        found["price"] = and_(price.is_not(None), low, high)
    return found


def has(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the product has a certificate that meets all of them."""
    return select(Certificate.id).where(Certificate.product_id == Product.id, *conditions).exists()


def search(criteria: Criteria, *, user: Any, day: date) -> Found:
    """One page of published products with the counts beside the filters."""
    question = Question.of(criteria.q)
    if criteria.q.strip() and question is None:
        return Found(rows=[], older=None, newer=None)
    chosen = filters(criteria, user, day)
    tier, ranked = FOLDED, None
    if question is not None:
        ranked = candidates(question, [queries.public(), *chosen.values()], day)
        tier = UNTELEXED if any(row.tier == UNTELEXED for row in ranked.values()) else FOLDED
    source = hits_of(question, tier)
    if question is not None and ranked is not None and criteria.sort == Sort.RELEVANCE:
        rows, older, newer = by_relevance(question, ranked, criteria)
    else:
        rows, older, newer = by_order(source, list(chosen.values()), criteria, user)
    total, counts = facets.count(source, chosen, day)
    return Found(rows, older, newer, min(total, facets.CAP), total > facets.CAP, counts)


def hits_of(question: Question | None, tier: int) -> Source:
    """A select of columns from the products that match the words, newest first."""
    if question is None:
        return lambda *columns: select(*columns).order_by(Product.id.desc())
    words = question.tiers().get(tier, question.folded)
    dialect = db.session.get_bind().dialect.name
    return lambda *columns: WORDS.hits(dialect, words, *columns)


# Orders ----------------------------------------------------------------------------------------------------------


def candidates(question: Question, where: list[ColumnElement[bool]], day: date) -> dict[int, Any]:
    """The newest hits of each tier, with what they are weighed by. One query."""
    dialect = db.session.get_bind().dialect.name
    stars = (
        select(func.max(Certificate.stars))
        .where(Certificate.product_id == Product.id, queries.counts_on(day))
        .correlate(Product)
        .scalar_subquery()
        .label("stars")
    )
    columns = (Product.id, Product.name, Product.search_exact, Product.search_fold, stars)
    return best_tiers(db.session.execute(WORDS.candidates(dialect, question, *columns, where=where)))


def by_relevance(
    question: Question, ranked: dict[int, Any], criteria: Criteria
) -> tuple[list[Product], str | None, str | None]:
    """The best first; a key is the weight of a row, so that the next page stays right when rows come or go."""
    keys = sorted(
        (
            (score(question, row.name, row.search_exact, row.search_fold), row.stars or 0, row.id)
            for row in ranked.values()
        ),
        reverse=True,
    )
    after, before = cursor(criteria.after, 3), cursor(criteria.before, 3)
    if before:
        earlier = [key for key in keys if key > before]
        shown, more_before, more_after = earlier[-SIZE:], len(earlier) > SIZE, len(keys) > len(earlier)
    else:
        later = [key for key in keys if key < after] if after else keys
        shown, more_before, more_after = later[:SIZE], bool(after), len(later) > SIZE
    rows = {row.id: row for row in load(select(Product).where(Product.id.in_([key[-1] for key in shown])))}
    found = [rows[key[-1]] for key in shown if key[-1] in rows]
    older = text_of(shown[-1]) if shown and more_after else None
    return found, older, text_of(shown[0]) if shown and more_before else None


def by_order(
    source: Source, where: list[ColumnElement[bool]], criteria: Criteria, user: Any
) -> tuple[list[Product], str | None, str | None]:
    """Newest, cheapest or dearest first. One query and its details."""
    price, descending = None, criteria.sort != Sort.CHEAPEST
    if criteria.sort in (Sort.CHEAPEST, Sort.DEAREST):
        price = func.coalesce(queries.shown_price(user), -1 if descending else NO_PRICE)
    statement = source(Product.id).where(queries.public(), *where).order_by(None)
    width = 1 if price is None else 2
    after, before = cursor(criteria.after, width), cursor(criteria.before, width)
    backward = bool(before) and not after
    if key := after or before:
        statement = statement.where(beyond(price, key, descending != backward, id_descending=not backward))
    order: list[Any] = [Product.id.asc() if backward else Product.id.desc()]
    if price is not None:
        order.insert(0, price.desc() if descending != backward else price.asc())
    page = statement.order_by(*order).limit(SIZE + 1).subquery()
    found = load(select(Product).where(Product.id.in_(select(page.c.id))).order_by(*order))
    more, rows = len(found) > SIZE, found[:SIZE]
    if backward:
        rows.reverse()
    has_older, has_newer = (True, more) if backward else (more, bool(after))
    key_of = order_key(price is not None, user, descending)
    older = text_of(key_of(rows[-1])) if rows and has_older else None
    return rows, older, text_of(key_of(rows[0])) if rows and has_newer else None


def beyond(
    price: ColumnElement[Any] | None, key: tuple[int, ...], descending: bool, id_descending: bool
) -> ColumnElement[bool]:
    """The rows after a key in the order that is being walked."""
    past = Product.id < key[-1] if id_descending else Product.id > key[-1]
    if price is None:
        return past
    return or_(price < key[0] if descending else price > key[0], and_(price == key[0], past))


def order_key(priced: bool, user: Any, descending: bool) -> Callable[[Product], tuple[int, ...]]:
    """The key of a row; a price that this person may not see is none, also in the address."""
    sees = queries.sees_prices(user)

    def key(row: Product) -> tuple[int, ...]:
        if not priced:
            return (row.id,)
        shown = row.comparable if sees or row.price_public else None
        return (shown if shown is not None else (-1 if descending else NO_PRICE), row.id)

    return key


def load(statement: Select[*tuple[Any, ...]]) -> list[Product]:
    """Rows with owner and commune; photos, months and certificates follow in one query each."""
    return list(db.session.scalars(queries.lean(statement)))


def cursor(text: str, width: int) -> tuple[int, ...]:
    """A key from the address; what is none of ours counts as not given."""
    parts = text.split(".")
    fits = len(parts) == width and all(part.isascii() and part.removeprefix("-").isdigit() for part in parts)
    key = tuple(int(part) for part in parts) if fits and all(len(part) < 20 for part in parts) else ()
    return key if all(abs(part) <= LARGEST_KEY for part in key) else ()


def text_of(key: tuple[int, ...]) -> str:
    """A key as it stands in the address."""
    return ".".join(str(part) for part in key)
