"""Writes of a partner in a pooled quote: agree to the version as it reads, say no, leave what the buyer has."""

from datetime import datetime

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import NotVisible, Refusal, Stale
from marketplace.kernel.messages import Message, msgid
from marketplace.offers import queries as offers
from marketplace.offers.rules import not_yet
from marketplace.organisations.access import capacities
from marketplace.products.models import Product
from marketplace.quotes import policy, queries
from marketplace.quotes.models import Quote, QuotePart
from marketplace.quotes.pooling import PartState, content
from marketplace.quotes.rules import QUOTE, QuoteAct, QuoteState
from marketplace.quotes.service import hold, names, note, tell_all, tell_buyer
from marketplace.quotes.service_pooling import ask_again, drop, in_hand


def agree(
    quote: Quote,
    part_id: int,
    *,
    seen: str,
    product_id: int | None,
    elsewhere: bool,
    actor: User,
    now: datetime,
) -> QuotePart:
    """A partner takes its share of the version that was on the page (`seen`), with its own product where it names one.

    `elsewhere`: it knows that it stands in another quote to this offer too; the buyer will take one of them at most.
    """
    hold(quote)
    part = part_to_answer(quote, part_id, actor, now)
    if seen != content(quote.working):
        raise Stale(quote)
    missing = not_yet(part.organisation.name, part.organisation.verification)
    if missing is not None:
        raise Refusal(missing)
    if not elsewhere and queries.others_with(quote.offer, part.organisation_id, but=quote.id):
        raise Refusal(msgid("You stand in another quote for this offer too: tick that you know it."), "elsewhere")
    part.product_id = own_product(product_id, part.organisation_id)
    part.state, part.agreed_to, part.reason = PartState.AGREED, seen, None
    answered(quote, part, "quote:part_agreed", actor, now)
    words = {**names(quote), "partner": part.organisation.name}
    if all(row.state == PartState.AGREED for row in quote.working.parts):
        said = msgid(
            "%(partner)s agrees to its share for “%(what)s”. All have agreed: you can send the quote.", **words
        )
    else:
        said = msgid("%(partner)s agrees to its share for “%(what)s”.", **words)
    tell_all(quote, [quote.seller], said, now)
    return part


def part_to_answer(quote: Quote, part_id: int, actor: User, now: datetime) -> QuotePart:
    """The part in what is in the making, if this person speaks for it."""
    may = policy.may_answer_part(capacities(actor), quote, local_date(now))
    found = next((part for part in may if part.id == part_id), None)
    if found is None:
        raise NotVisible
    return found


def own_product(product_id: int | None, organisation_id: int) -> int | None:
    """Only a product of the partner itself."""
    if product_id is None:
        return None
    product = db.session.get(Product, product_id)
    if product is None or product.organisation_id != organisation_id:
        raise Refusal(msgid("Choose among your own products."), field="product")
    return product.id


def answered(quote: Quote, part: QuotePart, event: str, actor: User, now: datetime) -> None:
    """Who answered, and when; the version of the page moves on."""
    part.answered_at, part.answered_by_id = now, actor.id
    part.by_mandate = offers.on_behalf(actor, part.organisation_id) is not None
    quote.changed_at = now
    db.session.flush()
    facts = {"organisation": part.organisation_id, "number": quote.working.number, "content": part.agreed_to}
    note(quote, event, part.organisation_id, actor, now, **facts)


def decline(quote: Quote, part_id: int, reason: str | None, *, actor: User, now: datetime) -> None:
    """A partner will not stand in the version that is in the making; it sees it no longer."""
    hold(quote)
    part = part_to_answer(quote, part_id, actor, now)
    part.state, part.agreed_to, part.reason = PartState.DECLINED, None, reason
    answered(quote, part, "quote:part_declined", actor, now)
    words = {**names(quote), "partner": part.organisation.name, "reason": reason or "–"}
    said = msgid("%(partner)s does not take part in the quote for “%(what)s”: %(reason)s", **words)
    tell_all(quote, [quote.seller], said, now)


def leave(quote: Quote, part_id: int, reason: str | None, *, actor: User, now: datetime) -> None:
    """A partner takes its share back before the buyer has chosen: the quote is a draft again, without it."""
    hold(quote)
    if quote.state == QuoteState.ACCEPTED:
        raise Refusal(
            msgid("The buyer has accepted the quote already. You may still leave the contract before signing.")
        )
    part = next((row for row in policy.may_leave(capacities(actor), quote) if row.id == part_id), None)
    if part is None:
        raise NotVisible
    quote.state = QUOTE.after(quote.state, QuoteAct.REOPEN)
    version = in_hand(quote)
    other = next((row for row in version.parts if row.organisation_id == part.organisation_id), None)
    if other is not None:
        drop(quote, version, other)
    part.state, part.reason = PartState.LEFT, reason
    quote.pooled = bool(version.parts)
    answered(quote, part, "quote:part_left", actor, now)
    tell_who_stayed(quote, part, reason, now)
    ask_again(quote, version, now)


def tell_who_stayed(quote: Quote, part: QuotePart, reason: str | None, now: datetime) -> None:
    """The other sellers with the reason; the buyer that what it has does not stand."""
    words = {**names(quote), "partner": part.organisation.name, "reason": reason or "–"}
    stayed = [each for each in queries.sellers(quote) if each.id != part.organisation_id]
    left: Message = msgid("%(partner)s has left the pooled quote for “%(what)s”: %(reason)s", **words)
    tell_all(quote, stayed, left, now)
    open_again = msgid(
        "%(partner)s has left the pooled quote of %(seller)s for “%(what)s”: wait for a new version.", **words
    )
    tell_buyer(quote, open_again, now)
