"""Writes of pooled quotes, in which several cooperatives answer one offer: who leads, who takes part, who agrees to what."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.kernel.messages import msgid
from marketplace.kernel.quantities import format_quantity
from marketplace.offers.models import PurchaseOffer
from marketplace.offers.rules import not_yet
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Organisation
from marketplace.organisations.rules import COOPERATIVES
from marketplace.quotes import policy
from marketplace.quotes.models import Quote, QuoteAnswer, QuoteMonth, QuotePart, QuotePartMonth, QuoteVersion
from marketplace.quotes.pooling import MOST, Months, PartState, added, check_shares, content, without
from marketplace.quotes.rules import QUOTE, QuoteAct, QuoteState, Said, check
from marketplace.quotes.service import admit, hold, names, note, put, stamp, tell_all, tell_buyer

CARRIED = ("price", "price_kind", "quantity", "payment_days", "valid_until", "terms")
"""What a next version takes over from the one before."""


# The leading cooperative ------------------------------------------------------------------------------------------


def arrange(quote: Quote, shares: Mapping[int, Months], *, follow: bool, actor: User, now: datetime) -> Quote:
    """Say who takes part with how much; who is new is invited, and everybody agrees anew to what has changed.

    `shares`: organisation → months, the leading cooperative's among them. `follow`: the quote says what the shares come to.
    """
    prepare(quote, actor, now)
    members = members_of(quote, shares)
    version = in_hand(quote)
    whole = added(shares.values()) if follow else whole_of(version)
    months = {row.month for row in quote.offer.months}
    if months and set(whole) - months:
        raise Refusal(msgid("The buyer has changed the months of delivery: load the page again."))
    check_shares(whole, shares.values(), quote.offer.measure)
    put_whole(version, whole)
    before = {part.organisation_id for part in version.parts}
    for organisation in members:
        put_part(version, organisation, shares[organisation.id])
    for part in [row for row in version.parts if row.organisation_id not in shares]:
        version.parts.remove(part)
    alone(quote, version)
    ask_again(quote, version, now)
    finish(quote, "quote:pooled", actor, now, members=sorted(shares))
    fresh = [row for row in members if row.id not in before and row.id != quote.seller_id]
    invited = msgid("%(seller)s invites you to answer “%(what)s” of %(buyer)s together.", **names(quote))
    tell_all(quote, fresh, invited, now)
    return quote


def prepare(quote: Quote, actor: User, now: datetime) -> None:
    """Only the leading cooperative, verified, while the offer takes quotes; offer and quote are held."""
    if not policy.sells(capacities(actor), quote):
        raise NotVisible
    admit(quote.offer, quote.seller, actor, now)
    hold(quote)
    missing = not_yet(quote.seller.name, quote.seller.verification)
    if missing is not None:
        raise Refusal(missing)
    if quote.offer.addressed_to_id is not None:
        raise Refusal(msgid("The buyer asked one seller only here, so nobody else can be invited."))
    QUOTE.after(quote.state, QuoteAct.SUBMIT)


def members_of(quote: Quote, shares: Mapping[int, Months]) -> list[Organisation]:
    """The organisations of the shares, the leading one first; each may sell, and has something to deliver."""
    if len(shares) > MOST:
        raise Refusal(msgid("At most %(most)s cooperatives stand in one quote.", most=MOST))
    members = [db.session.get_one(Organisation, key) for key in dict.fromkeys([quote.seller_id, *shares])]
    for each in members:
        if each.kind not in COOPERATIVES or each.id == quote.offer.buyer_id:
            raise Refusal(msgid("%(name)s is no cooperative, so it cannot stand in a pooled quote.", name=each.name))
        if each.id != quote.seller_id and not each.verified:
            raise Refusal(msgid("%(name)s is not verified yet, so it cannot stand in a pooled quote.", name=each.name))
        if sum(shares.get(each.id, {}).values(), Decimal(0)) <= 0:
            raise Refusal(msgid("Write the share of %(name)s for at least one month.", name=each.name))
    return members


def in_hand(quote: Quote) -> QuoteVersion:
    """The version that may still change; what was sent is copied to a next one, to which nobody has agreed yet."""
    last = quote.versions[-1]
    if last.submitted_at is None:
        return last
    version = QuoteVersion(number=len(quote.versions) + 1, **{name: getattr(last, name) for name in CARRIED})
    version.products = list(last.products)
    version.months = [QuoteMonth(month=row.month, quantity=row.quantity) for row in last.months]
    version.answers = [QuoteAnswer(demand_id=row.demand_id, met=row.met, note=row.note) for row in last.answers]
    quote.versions.append(version)
    for part in last.parts:
        if part.state == PartState.AGREED:
            copied = put_part(version, part.organisation, {row.month: row.quantity for row in part.months})
            copied.product_id = part.product_id
            copied.state = PartState.AGREED  # to the version before: `ask_again` asks anew, and says so
    return version


def whole_of(version: QuoteVersion) -> Months:
    """What the version says, month by month; for an offer without months the whole under None."""
    return {row.month: row.quantity for row in version.months} or {None: version.quantity}


def put_whole(version: QuoteVersion, whole: Months) -> None:
    """Make the version say this."""
    version.quantity = sum(whole.values(), Decimal(0))
    if None in whole:
        return
    known = {row.month: row for row in version.months}
    for month, row in known.items():
        if month in whole:
            row.quantity = whole[month]
        else:
            version.months.remove(row)
    new = sorted(month for month in set(whole) - set(known) if month is not None)
    version.months.extend(QuoteMonth(month=month, quantity=whole[month]) for month in new)


def put_part(version: QuoteVersion, organisation: Organisation, months: Months) -> QuotePart:
    """Make one part these months."""
    part = next((row for row in version.parts if row.organisation_id == organisation.id), None)
    if part is None:
        part = QuotePart(organisation=organisation, organisation_id=organisation.id, state=PartState.INVITED, months=[])
        version.parts.append(part)
    kept = {month: quantity for month, quantity in months.items() if quantity > 0}
    known = {row.month: row for row in part.months}
    for month, row in known.items():
        if month in kept:
            row.quantity = kept[month]
        else:
            part.months.remove(row)
    new = [month for month in kept if month not in known]
    part.months.extend(QuotePartMonth(month=month, quantity=kept[month]) for month in new)
    return part


def alone(quote: Quote, version: QuoteVersion) -> None:
    """With nobody left beside the leading cooperative it is an ordinary quote again, once nothing pooled stands."""
    if all(part.organisation_id == quote.seller_id for part in version.parts):
        version.parts.clear()
    quote.pooled = bool(version.parts) or (quote.state == QuoteState.SUBMITTED and bool(quote.latest.parts))


def ask_again(quote: Quote, version: QuoteVersion, now: datetime) -> None:
    """Who agreed to something else than what the version says now, or was asked for another share, is asked again."""
    db.session.flush()
    now_said, asked = content(version), []
    for part in version.parts:
        if part.organisation_id == quote.seller_id:
            part.state, part.agreed_to, part.answered_at = PartState.AGREED, now_said, now
        elif part.agreed_to != now_said:
            if part.state == PartState.AGREED:
                asked.append(part.organisation)
            part.state, part.agreed_to, part.reason = PartState.INVITED, None, None
    changed = msgid("The pooled quote for “%(what)s” has changed: please look at it and agree anew.", **names(quote))
    tell_all(quote, asked, changed, now)


def finish(quote: Quote, event: str, actor: User, now: datetime, **data: object) -> None:
    """The version of the page moves on, and the ledger has its entry."""
    quote.changed_at = now
    db.session.flush()
    note(quote, event, quote.seller_id, actor, now, number=quote.working.number, content=content(quote.working), **data)


def draft(offer: PurchaseOffer, quote: Quote, said: Said, *, actor: User, now: datetime) -> Quote:
    """Change price, months or terms of a pooled quote: the leading cooperative's share takes up the difference."""
    prepare(quote, actor, now)
    version = in_hand(quote)
    put(version, said, quote)
    others = [part for part in version.parts if part.organisation_id != quote.seller_id]
    taken = added({row.month: row.quantity for row in part.months} for part in others)
    whole = whole_of(version)
    for month in sorted(taken, key=lambda each: each or local_date(now)):
        if taken[month] > whole.get(month, Decimal(0)):
            most = format_quantity(taken[month], offer.measure)
            field = f"month_{month:%Y%m}" if month else "quantity"
            raise Refusal(msgid("The others' shares come to %(most)s here: change the shares first.", most=most), field)
    if others:
        put_part(version, quote.seller, without(whole, taken))
    ask_again(quote, version, now)
    finish(quote, "quote:drafted", actor, now)
    return quote


def take_out(quote: Quote, organisation_id: int, *, actor: User, now: datetime) -> None:
    """The leading cooperative goes on without somebody: that share goes from the quote, and the others agree anew."""
    prepare(quote, actor, now)
    version = in_hand(quote)
    part = next((row for row in version.parts if row.organisation_id == organisation_id), None)
    if part is None or organisation_id == quote.seller_id:
        raise NotVisible
    organisation = part.organisation
    drop(quote, version, part)
    ask_again(quote, version, now)
    finish(quote, "quote:part_taken_out", actor, now, organisation=organisation_id)
    gone = msgid("%(seller)s goes on without you in its quote for “%(what)s”.", **names(quote))
    tell_all(quote, [organisation], gone, now)


def drop(quote: Quote, version: QuoteVersion, part: QuotePart) -> None:
    """Take a part out of a version that is not sent; the quantities are what is left."""
    rest = without(whole_of(version), {row.month: row.quantity for row in part.months})
    if not rest:
        raise Refusal(msgid("Nothing would be left: take the whole quote back instead."))
    put_whole(version, rest)
    version.parts.remove(part)
    alone(quote, version)


def send(quote: Quote, *, actor: User, now: datetime) -> Quote:
    """Send what everybody has agreed to; it is one more version for the buyer."""
    prepare(quote, actor, now)
    version = quote.working
    if version.submitted_at is not None:
        raise Refusal(msgid("There is nothing new to send."))
    waiting = [part for part in version.parts if part.state != PartState.AGREED or part.agreed_to != content(version)]
    if waiting:
        who = ", ".join(part.organisation.name for part in waiting)
        raise Refusal(msgid("%(names)s has not agreed to this version yet: wait, or go on without.", names=who))
    shares = {part.organisation_id: {row.month: row.quantity for row in part.months} for part in version.parts}
    if shares:
        members_of(quote, shares)
        check_shares(whole_of(version), shares.values(), quote.offer.measure)
    wanted = {row.month: row.quantity for row in quote.offer.months}
    check(said_of(version), wanted, tuple(row.id for row in quote.offer.demands), local_date(now))
    first = quote.submitted_at is None
    quote.state = QUOTE.after(quote.state, QuoteAct.SUBMIT)
    stamp(quote, version, actor, now)
    quote.pooled = bool(version.parts)
    facts = {"number": version.number, "price": version.price, "content": content(version)}
    note(quote, "quote:submitted", quote.seller_id, actor, now, members=sorted(shares), **facts)
    words = {**names(quote), "count": len(shares), "number": version.number}
    new = msgid("%(count)s cooperatives led by %(seller)s answered your offer “%(what)s” together.", **words)
    again = msgid("%(seller)s sent version %(number)s of its quote for “%(what)s”.", **words)
    tell_buyer(quote, new if first else again, now)
    sent = msgid("The pooled quote for “%(what)s”, in which you stand, is with the buyer.", **words)
    tell_all(quote, [part.organisation for part in version.parts if part.organisation_id != quote.seller_id], sent, now)
    return quote


def said_of(version: QuoteVersion) -> Said:
    """A stored version as what is said."""
    return Said(
        price=version.price,
        quantity=version.quantity,
        price_kind=version.price_kind,
        months={row.month: row.quantity for row in version.months},
        payment_days=version.payment_days,
        valid_until=version.valid_until,
        terms=version.terms,
        product_ids=tuple(row.id for row in version.products),
        answers={row.demand_id: (row.met, row.note) for row in version.answers},
    )
