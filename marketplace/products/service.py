"""Writes of the catalogue: list, edit, publish, hide, take down, archive; each recorded in the ledger."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.kernel.messages import msgid
from marketplace.kernel.vietnamese import fold
from marketplace.ledger.service import record
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Organisation
from marketplace.places.models import AdminUnit
from marketplace.products import policy, queries, service_certificates
from marketplace.products.models import HarvestMonth, Product
from marketplace.products.rules import (
    CertificateKind,
    Group,
    Listing,
    Paper,
    ProductAct,
    ProductState,
    after,
    check,
    comparable,
)
from marketplace.products.service_telling import tell_owner
from marketplace.textindex import searchable

FACTS = (
    "name",
    "group",
    "measure",
    "unit_id",
    "price",
    "price_high",
    "price_public",
    "description",
    "net_content",
    "net_measure",
    "minimum_order",
    "packaging",
)


def create(organisation: Organisation, listing: Listing, *, actor: User, now: datetime) -> Product:
    """A draft of the owner. What the register already holds under this name is completed, not listed twice."""
    if organisation.id not in capacities(actor).organisation_ids:
        raise NotVisible
    check(listing)
    same = queries.same_named(organisation.id, listing.name)
    if same is not None and same.from_register and same.state == ProductState.DRAFT:
        return edit(same, listing, actor=actor, now=now)
    product = Product(organisation=organisation, created_at=now, state=ProductState.DRAFT)
    put(product, listing)
    db.session.add(product)
    db.session.flush()
    record(
        "product:created",
        product,
        actor=actor.id,
        on_behalf_of=queries.on_behalf(actor, organisation.id),
        now=now,
        data={"name": product.name, "group": product.group, "organisation": organisation.id},
    )
    return product


def edit(product: Product, listing: Listing, *, actor: User, now: datetime) -> Product:
    """Change what the listing says; published ones change at once."""
    if not policy.may_edit(capacities(actor), product):
        raise NotVisible
    check(listing)
    changes = put(product, listing)
    db.session.flush()
    if changes:
        record(
            "product:edited",
            product,
            actor=actor.id,
            on_behalf_of=queries.on_behalf(actor, product.organisation_id),
            now=now,
            data=changes,
        )
    return product


def put(product: Product, listing: Listing) -> dict[str, list[Any]]:
    """Write a listing into a product; the changed facts as old and new."""
    changes = {}
    for name in FACTS:
        old, new = getattr(product, name), getattr(listing, name)
        if old != new:
            setattr(product, name, new)
            changes[name] = [plain(old), plain(new)]
    if put_months(product, listing):
        changes["months"] = [None, {str(month): plain(amount) for month, amount in sorted(listing.months.items())}]
    product.comparable = comparable(product.price, product.measure, product.net_content, product.net_measure)
    product.comparable_high = comparable(product.price_high, product.measure, product.net_content, product.net_measure)
    index(product)
    return changes


def put_months(product: Product, listing: Listing) -> bool:
    """Make the harvest months those of the listing; whether anything changed."""
    before = {row.month: row.quantity for row in product.months}
    if before == dict(listing.months):
        return False
    for row in list(product.months):
        if row.month in listing.months:
            row.quantity = listing.months[row.month]
        else:
            product.months.remove(row)
    fresh = [
        HarvestMonth(month=month, quantity=listing.months[month]) for month in listing.months if month not in before
    ]
    product.months.extend(fresh)
    return True


def plain(value: Any) -> Any:
    """A value as the ledger keeps it."""
    return value if value is None or isinstance(value, bool | int) else str(value)


def index(product: Product) -> None:
    """The words that the product is found by."""
    for name, words in words_of(product).items():
        setattr(product, name, words)


def words_of(product: Product) -> dict[str, str]:
    """Its name to compare by, and the words of name, owner, place and description."""
    with db.session.no_autoflush:
        owner = product.organisation or db.session.get(Organisation, product.organisation_id)
        place = queries.unit_name(product.unit_id)
    exact, folded = searchable(product.name, owner.name if owner else None, place, product.description)
    return {"folded": fold(product.name)[:200], "search_exact": exact, "search_fold": folded}


def reindex(after: int, limit: int) -> tuple[list[int], int]:
    """Make the words of the next products anew, where a seller was renamed: their ids, and how many changed.

    Nobody edited them, so their version stays and no open page becomes stale.
    """
    rows = list(db.session.scalars(select(Product).where(Product.id > after).order_by(Product.id).limit(limit)))
    fresh = [(row, words_of(row)) for row in rows]
    stale = [(row, words) for row, words in fresh if any(getattr(row, name) != text for name, text in words.items())]
    for row, words in stale:
        db.session.execute(update(Product).where(Product.id == row.id).values(words))
    return [row.id for row in rows], len(stale)


# The listing's life ----------------------------------------------------------------------------------------------


def move(product: Product, act: ProductAct, event: str, *, actor: User, now: datetime, **data: Any) -> None:
    """Carry out an act of the lifecycle and record it."""
    product.state = after(product.state, act, bool(product.taken_down_reason))
    db.session.flush()
    record(
        event,
        product,
        actor=actor.id,
        on_behalf_of=queries.on_behalf(actor, product.organisation_id),
        now=now,
        data={"state": product.state, **data},
    )


def own(product: Product, actor: User) -> None:
    """Only the owner and the owner's helpers go on."""
    if not policy.owns(capacities(actor), product):
        raise NotVisible


def publish(product: Product, *, actor: User, now: datetime) -> None:
    """Put the listing before everybody; the organisation must be verified, the five facts complete."""
    own(product, actor)
    if not product.organisation.verified:
        raise Refusal(msgid("Your organisation is not verified yet. The draft is kept; publish it after verification."))
    missing = [name for name in ("name", "measure", "unit_id") if not getattr(product, name)]
    if missing:
        raise Refusal(msgid("Please fill in the unit of measure and the commune before publishing."), field=missing[0])
    move(product, ProductAct.PUBLISH, "product:published", actor=actor, now=now)
    product.published_at = now


def hide(product: Product, *, actor: User, now: datetime) -> None:
    """The owner takes the listing out of the catalogue for a while."""
    own(product, actor)
    move(product, ProductAct.HIDE, "product:hidden", actor=actor, now=now)


def show(product: Product, *, actor: User, now: datetime) -> None:
    """The owner puts it back."""
    own(product, actor)
    move(product, ProductAct.SHOW, "product:shown", actor=actor, now=now)


def archive(product: Product, *, actor: User, now: datetime) -> None:
    """The owner closes the listing for good; what was agreed about it stays."""
    own(product, actor)
    move(product, ProductAct.ARCHIVE, "product:archived", actor=actor, now=now)


def take_down(product: Product, reason: str, *, actor: User, now: datetime) -> None:
    """An officer takes the listing out; the caller has asked whether the owner is in the officer's territory."""
    if not reason.strip():
        raise Refusal(msgid("Write the reason: the owner reads it and corrects the listing."), field="reason")
    move(product, ProductAct.TAKE_DOWN, "product:taken_down", actor=actor, now=now, reason=reason)
    product.taken_down_reason = reason
    tell_owner(product, msgid("“%(name)s” was taken down: %(reason)s", name=product.name, reason=reason), now=now)


def release(product: Product, *, actor: User, now: datetime) -> None:
    """An officer puts a listing back that was taken down."""
    move(product, ProductAct.RELEASE, "product:released", actor=actor, now=now)
    product.taken_down_reason = None
    tell_owner(product, msgid("“%(name)s” is in the catalogue again.", name=product.name), now=now)


# From the register -----------------------------------------------------------------------------------------------


def enlist(
    organisation: Organisation,
    *,
    name: str,
    group: Group,
    measure: str,
    unit: AdminUnit | None,
    actor: User | None,
    now: datetime,
) -> tuple[Product, bool]:
    """The owner's product of this name, made as a draft known from the register where there is none yet."""
    found = queries.same_named(organisation.id, name)
    if found is not None:
        return found, False
    product = Product(organisation=organisation, created_at=now, state=ProductState.DRAFT, from_register=True)
    put(product, Listing(name=name, group=group, measure=measure, unit_id=unit.id if unit else None))
    db.session.add(product)
    db.session.flush()
    data = {"name": name, "group": group, "organisation": organisation.id}
    record("product:registered", product, actor=actor.id if actor else None, now=now, data=data)
    return product, True


def record_ocop(
    organisation: Organisation,
    *,
    name: str,
    group: Group,
    measure: str,
    unit: AdminUnit | None,
    stars: int,
    number: str,
    issued_on: date,
    actor: User | None,
    now: datetime,
    score: Decimal | None = None,
    last_day: date | None = None,
    round_label: str | None = None,
    issuer: str = "",
) -> tuple[Product, str]:
    """One certified line of the register: the product, its checked certificate, and "created", "changed" or "unchanged".

    `measure` "" and `unit` None where the register does not say; `last_day` only where one is printed.
    What the owner wrote stays: a register's line fills only what is still a draft of the register.
    """
    known = queries.registered(organisation.id, name, number)
    product, created = (
        (known, False)
        if known
        else enlist(organisation, name=name, group=group, measure=measure, unit=unit, actor=actor, now=now)
    )
    changed = fill(product, group=group, measure=measure, unit=unit, actor=actor, now=now)
    paper = Paper(
        kind=CertificateKind.OCOP,
        number=number,
        issuer=issuer,
        issued_on=issued_on,
        last_day=last_day,
        stars=stars,
        score=score,
        round_label=round_label,
    )
    changed |= service_certificates.enter(product, paper, printed_name=name, actor=actor, now=now)
    return product, "created" if created else ("changed" if changed else "unchanged")


def fill(
    product: Product, *, group: Group, measure: str, unit: AdminUnit | None, actor: User | None, now: datetime
) -> bool:
    """Bring a draft of the register up to date with its line; whether anything changed."""
    if not product.from_register or product.state != ProductState.DRAFT:
        return False
    given = {"group": group, "measure": measure, "unit_id": unit.id if unit else None}
    changes = {
        key: [plain(getattr(product, key)), plain(value)]
        for key, value in given.items()
        if value and getattr(product, key) != value
    }
    if not changes:
        return False
    for key in changes:
        setattr(product, key, given[key])
    index(product)
    db.session.flush()
    record("product:registered", product, actor=actor.id if actor else None, now=now, data=changes)
    return True
