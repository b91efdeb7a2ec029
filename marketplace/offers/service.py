"""Writes of purchase offers: draft, change, publish, close, end, withdraw, award; each recorded, those concerned told."""

from datetime import datetime
from typing import Any

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.ledger.service import record
from marketplace.notices.service import notify
from marketplace.offers import policy, queries
from marketplace.offers.models import Demand, OfferMonth, PurchaseOffer
from marketplace.offers.rules import (
    OFFER,
    SETTLED_ONCE_OPEN,
    Need,
    NoAward,
    OfferAct,
    OfferState,
    check,
    not_yet,
    state_on,
)
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Organisation
from marketplace.places.models import AdminUnit
from marketplace.products.models import Product
from marketplace.textindex import searchable
from marketplace.web import handed
from marketplace.web.addresses import path_of
from marketplace.web.writes import lock

FACTS = (
    "what",
    "quantity",
    "measure",
    "unit_id",
    "closes_on",
    "price",
    "price_kind",
    "group",
    "place",
    "minimum_stars",
    "payment_days",
    "inputs",
    "advance",
    "linkage_form",
    "note",
)


def create(
    buyer: Organisation, need: Need, *, actor: User, now: datetime, product: Product | None = None
) -> PurchaseOffer:
    """A draft. From a product it is an enquiry to that product's owner only."""
    if buyer.id not in capacities(actor).organisation_ids:
        raise NotVisible
    if product is not None and product.organisation_id == buyer.id:
        raise Refusal(msgid("This product is your own: choose another organisation to buy it."), field="buyer")
    check(need, local_date(now))
    offer = PurchaseOffer(
        buyer=buyer,
        buyer_id=buyer.id,
        product_id=product.id if product else None,
        addressed_to_id=product.organisation_id if product else None,
        state=OfferState.DRAFT,
        created_at=now,
        changed_at=now,
    )
    put(offer, need)
    db.session.add(offer)
    db.session.flush()
    note(offer, "offer:created", actor, now, what=offer.what, buyer=buyer.id, addressed_to=offer.addressed_to_id)
    return offer


def edit(offer: PurchaseOffer, need: Need, *, actor: User, now: datetime) -> bool:
    """Change a draft freely; what is open only where no answer loses its meaning. Whether anything changed."""
    day = local_date(now)
    if not policy.owns(capacities(actor), offer):
        raise NotVisible
    if not policy.may_edit(capacities(actor), offer, day):
        raise Refusal(msgid("This offer no longer takes quotes, so it cannot be changed."))
    check(need, day)
    if offer.state == OfferState.OPEN:
        need = settled(offer, need)
    changes = put(offer, need)
    if not changes:
        return False
    offer.changed_at = now
    db.session.flush()
    note(offer, "offer:edited", actor, now, **changes)
    if offer.state == OfferState.OPEN:
        tell_answerers(
            offer, msgid("%(buyer)s changed its offer “%(what)s”: look at your quote again.", **names(offer)), now
        )
    return True


def settled(offer: PurchaseOffer, need: Need) -> Need:
    """The same need, refused where it changes what sellers have answered to."""
    kept = [(row.level, row.certificate, row.text) for row in offer.demands]
    asked = [(row.level, row.certificate, row.text) for row in need.demands]
    for name in SETTLED_ONCE_OPEN:
        same = kept == asked if name == "demands" else getattr(offer, name) == getattr(need, name)
        if not same:
            raise Refusal(
                msgid("This stays as published, because sellers answer to it: withdraw the offer and make a new one."),
                field=name,
            )
    return need


def put(offer: PurchaseOffer, need: Need) -> dict[str, Any]:
    """Write a need into an offer; the changed facts as old and new."""
    changes: dict[str, Any] = {}
    for name in FACTS:
        old, new = getattr(offer, name), getattr(need, name)
        if old != new:
            setattr(offer, name, new)
            changes[name] = [plain(old), plain(new)]
    if {row.month: row.quantity for row in offer.months} != dict(need.months):
        put_months(offer, need)
        changes["months"] = {month.isoformat(): str(amount) for month, amount in sorted(need.months.items())}
    asked = [(row.level, row.certificate, row.text) for row in need.demands]
    if [(row.level, row.certificate, row.text) for row in offer.demands] != asked:
        offer.demands = [
            Demand(position=place, level=level, certificate=kind, text=text)
            for place, (level, kind, text) in enumerate(asked, 1)
        ]
        changes["demands"] = [[level.value, kind.value if kind else None, text] for level, kind, text in asked]
    index(offer)
    return changes


def put_months(offer: PurchaseOffer, need: Need) -> None:
    """Make the months those of the need, keeping the rows that stay."""
    for row in list(offer.months):
        if row.month in need.months:
            row.quantity = need.months[row.month]
        else:
            offer.months.remove(row)
    known = {row.month for row in offer.months}
    offer.months.extend(
        OfferMonth(month=month, quantity=amount) for month, amount in sorted(need.months.items()) if month not in known
    )


def plain(value: Any) -> Any:
    """A value as the ledger keeps it."""
    return value if value is None or isinstance(value, bool | int) else str(value)


def index(offer: PurchaseOffer) -> None:
    """The words that the offer is found by."""
    with db.session.no_autoflush:
        buyer = offer.buyer or db.session.get(Organisation, offer.buyer_id)
        unit = db.session.get(AdminUnit, offer.unit_id)
    offer.search_exact, offer.search_fold = searchable(
        offer.what, buyer.name if buyer else None, queries.full_name(unit) if unit else None, offer.note
    )


# The offer's life ------------------------------------------------------------------------------------------------


def publish(offer: PurchaseOffer, *, actor: User, now: datetime) -> None:
    """Put the offer before everybody, or before the one seller that is asked."""
    own(offer, actor)
    missing = not_yet(offer.buyer.name, offer.buyer.verification)
    if missing is not None:
        raise Refusal(msgid("%(reason)s The draft is kept; publish it after verification.", reason=missing))
    if offer.closes_on < local_date(now):
        raise Refusal(msgid("The closing date has passed: change it before publishing."), field="closes_on")
    move(offer, OfferAct.PUBLISH, "offer:published", actor=actor, now=now)
    offer.published_at = now
    offer.helper_id = actor.id if queries.on_behalf(actor, offer.buyer_id) else None
    db.session.flush()
    if offer.addressed_to is not None:
        people = queries.told(offer.addressed_to)
        tell(people, offer, msgid("%(buyer)s asks you for “%(what)s”: answer with a quote.", **names(offer)), now)


def close(offer: PurchaseOffer, *, actor: User, now: datetime) -> None:
    """Take no more quotes, before the closing date; the outcome comes next."""
    own(offer, actor)
    move(offer, OfferAct.CLOSE, "offer:closed", actor=actor, now=now)
    message = msgid("%(buyer)s closed its offer “%(what)s” and is choosing now.", **names(offer))
    tell_answerers(offer, message, now)


def withdraw(offer: PurchaseOffer, *, actor: User, now: datetime) -> None:
    """Take the offer back; who answered is told."""
    own(offer, actor)
    published = offer.state != OfferState.DRAFT
    move(offer, OfferAct.WITHDRAW, "offer:withdrawn", actor=actor, now=now)
    offer.ended_at = now
    if published:
        tell_answerers(offer, msgid("%(buyer)s withdrew its offer “%(what)s”.", **names(offer)), now)


def end_without_award(offer: PurchaseOffer, reason: NoAward, *, actor: User, now: datetime) -> None:
    """Give the outcome: nobody was chosen, and why."""
    own(offer, actor)
    move(offer, OfferAct.END_WITHOUT_AWARD, "offer:not_awarded", actor=actor, now=now, reason=reason.value)
    offer.no_award = reason
    offer.ended_at = now
    message = msgid("%(buyer)s ended its offer “%(what)s” without choosing a supplier.", **names(offer))
    tell_answerers(offer, message, now)


def award(offer: PurchaseOffer, *, actor: User, now: datetime) -> None:
    """A quote was accepted and became a contract: once only. The caller has locked the offer (quotes.mark_accepted)."""
    own(offer, actor)
    move(offer, OfferAct.AWARD, "offer:awarded", actor=actor, now=now)
    offer.ended_at = now
    db.session.flush()


def own(offer: PurchaseOffer, actor: User) -> None:
    """Only the buyer's people and helpers go on; the row is held, so that acts at once come one after the other."""
    if not policy.owns(capacities(actor), offer):
        raise NotVisible
    lock(offer)


def move(offer: PurchaseOffer, act: OfferAct, event: str, *, actor: User, now: datetime, **data: Any) -> None:
    """Carry out an act of the lifecycle and record it; a passed deadline has closed the offer already."""
    at = state_on(local_date(now), offer.state, offer.closes_on)
    offer.state = OFFER.after(at, act)
    offer.changed_at = now
    db.session.flush()
    note(offer, event, actor, now, **data)


def note(offer: PurchaseOffer, event: str, actor: User, now: datetime, **data: Any) -> None:
    """The entry of the ledger."""
    behalf = queries.on_behalf(actor, offer.buyer_id)
    record(event, offer, actor=actor.id, on_behalf_of=behalf, now=now, data={**data, "state": offer.state})


# Who is told -----------------------------------------------------------------------------------------------------


def names(offer: PurchaseOffer) -> dict[str, str]:
    """The values that every message about an offer has."""
    return {"buyer": offer.buyer.name, "what": offer.what}


def tell(users: list[User], offer: PurchaseOffer, message: Message, now: datetime) -> None:
    """A notice that leads to the offer."""
    url = path_of("offers.show", offer_id=offer.id)
    notify(users, message, url=url, subject=f"offer:{offer.id}", now=now)


def tell_answerers(offer: PurchaseOffer, message: Message, now: datetime) -> None:
    """Who has answered, as `quotes` knows it, and who was asked."""
    answered: list[User] = handed.take("answerers")(offer)
    asked = queries.told(offer.addressed_to) if offer.addressed_to else []
    tell([*answered, *asked], offer, message, now)
