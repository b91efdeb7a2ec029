"""Pages of quotes: answering an offer, one quote with its versions, one's own, and the buyer's comparison."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible, Stale
from marketplace.kernel.quantities import UNITS
from marketplace.offers import policy as offers_policy
from marketplace.offers import presenting as wishes
from marketplace.offers import queries as offers
from marketplace.offers import queries_matching
from marketplace.offers.models import PurchaseOffer
from marketplace.offers.rules import DEMAND_LEVELS, OfferState, not_yet
from marketplace.offers.rules import state_on as offer_state_on
from marketplace.organisations.access import Helper, Member, capacities
from marketplace.organisations.models import Organisation
from marketplace.organisations.rules import COOPERATIVES
from marketplace.products.models import Product
from marketplace.quotes import policy, pooled, presenting, queries, routes_pooling, service, service_pooling
from marketplace.quotes.forms import AnswerForm, DeclineForm, answer_form, shown_of, values_of
from marketplace.quotes.models import Quote
from marketplace.quotes.routes_base import back, bp, me
from marketplace.quotes.rules import DECLINES
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.forms import DoForm
from marketplace.web.paging import by_key
from marketplace.web.writes import lock, write

JOBS = (routes_pooling,)


# The seller -------------------------------------------------------------------------------------------------------


def sellers_for(offer: PurchaseOffer) -> list[Organisation]:
    """The visitor's organisations that may answer this offer."""
    return [row for row in capacities(current_user).organisations if offers_policy.may_answer_as(row.id, offer)]


def seller_asked(offer: PurchaseOffer) -> Organisation:
    """The organisation that answers: the one in the address, or the first."""
    sellers = sellers_for(offer)
    wanted = request.args.get("seller", "")
    chosen = [row for row in sellers if str(row.id) == wanted] if wanted else sellers
    if not chosen:
        raise NotVisible
    return chosen[0]


@bp.route("/offers/<int:offer_id>/quote", methods=["GET", "POST"])
@allow(Member, Helper)
def answer(offer_id: int) -> Any:
    """Answer an offer: keep a draft, or send it; what was sent gets a new version."""
    offer = offers.get(offer_id, visible_to=current_user)
    seller = seller_asked(offer)
    quote = queries.of_seller(offer, seller.id)
    products = queries_matching.own_products(seller)
    form = form_of(offer, quote, products)
    draft = request.form.get("act") == "draft"
    form.sending = not draft and not (quote is not None and quote.pooled)
    if form.accepted():
        seller_id = seller.id
        with write(form) as now:
            offer = offers.get(offer_id, visible_to=current_user)
            lock(offer)  # before its quotes, as everybody does: so that no two wait for each other
            seller = db.session.get_one(Organisation, seller_id)
            quote = queries.of_seller(offer, seller.id)
            same(form, offer, quote)
            if quote is not None and quote.pooled:
                quote = service_pooling.draft(offer, quote, form.said(), actor=me(), now=now)
                said = _("Kept. The other cooperatives are asked to agree to what has changed.")
            else:
                keep = service.draft if draft else service.submit
                quote = keep(offer, seller, form.said(), actor=me(), now=now)
                said = _("The draft is kept; only you see it.") if draft else _("Sent. The buyer is told.")
            return form.done(said, url_for(".show", quote_id=quote.id))
    day = clock.today()
    return render_template(
        "quotes/answer.html",
        form=form,
        offer=offer,
        seller=seller,
        sellers=sellers_for(offer),
        quote=quote,
        sent=quote is not None and quote.submitted_at is not None,
        together=queries.stands_beside(offer, seller.id),
        open=offers_policy.takes_quotes(offer, day),
        missing=not_yet(seller.name, seller.verification),
        match=queries_matching.fit_of(offer, seller, day, products),
        levels=DEMAND_LEVELS,
        unit_label=UNITS[offer.measure].label,
        price=wishes.price_rule(offer),
        view=presenting,
        wish=wishes,
        day=day,
    )


def form_of(offer: PurchaseOffer, quote: Quote | None, products: list[Product]) -> AnswerForm:
    """The form with what the seller has said before, or what the offer proposes."""
    if quote is not None:
        meant = {row.id: row for row in [*products, *quote.working.products]}
        values = {**values_of(quote.working), "asked": shown_of(offer)}
        return answer_form(offer, list(meant.values()), data=values, version=quote.version)
    values = {"asked": shown_of(offer), "price": offer.price, "payment_days": offer.payment_days}
    return answer_form(offer, products, data=values)


def same(form: AnswerForm, offer: PurchaseOffer, quote: Quote | None) -> None:
    """Neither the offer nor the quote has changed since the page was made."""
    if form.asked.data != shown_of(offer):
        raise Stale(offer)
    if quote is not None:
        form.check(quote)
    elif form.version.data:
        raise Stale(offer)


@bp.route("/quotes")
@allow(Member, Helper)
def mine() -> str:
    """The quotes of one's organisations."""
    page = by_key(queries.mine(current_user), Quote.id)
    return render_template("quotes/mine.html", page=page, day=clock.today(), view=presenting)


@bp.route("/quotes/<int:quote_id>")
@allow(Member, Helper)
def show(quote_id: int) -> str:
    """One quote with all its versions, for its two sides."""
    quote, day, who = queries.get(quote_id, visible_to=current_user), clock.today(), capacities(current_user)
    version = quote.working if policy.may_see_working(who, quote) else quote.latest
    sent = [row for row in quote.versions if row.submitted_at is not None and row is not version]
    return render_template(
        "quotes/show.html",
        quote=quote,
        offer=quote.offer,
        version=version,
        sent=[row for row in sent if policy.may_see_version(who, quote, row)],
        pool=pooled,
        asked=pooled.asked_of(quote, me(), day),
        leaves=pooled.leaves(quote, me()),
        may_send=policy.may_send(who, quote, day),
        buys=policy.buys(who, quote),
        cooperatives=COOPERATIVES,
        day=day,
        view=presenting,
        wish=wishes,
        sells=policy.sells(who, quote),
        may_edit=policy.may_edit(who, quote, day),
        may_withdraw=policy.may_withdraw(who, quote),
        may_accept=policy.may_accept(who, quote, day),
        may_decline=policy.may_decline(who, quote),
        declines=DECLINES,
        button=lambda: DoForm(formdata=None, version=quote.version),
        decline_form=DeclineForm(formdata=None, version=quote.version),
    )


@bp.route("/quotes/<int:quote_id>/withdraw", methods=["POST"])
@allow(Member, Helper)
def withdraw(quote_id: int) -> Response:
    """The seller takes it back."""
    form = DoForm()
    if form.accepted():
        with write(form) as now:
            quote = queries.get(quote_id, visible_to=current_user)
            service.hold(quote)
            form.check(quote)
            service.withdraw(quote, actor=me(), now=now)
            return form.done(_("Taken back."), url_for(".show", quote_id=quote_id))
    return back(form, quote_id)


# The buyer --------------------------------------------------------------------------------------------------------


@bp.route("/offers/<int:offer_id>/compare")
@allow(Member, Helper)
def compare(offer_id: int) -> str:
    """All quotes of an offer side by side; for its buyer only."""
    offer, day, who = offers.get_own(offer_id, current_user), clock.today(), capacities(current_user)
    found = queries.for_offer(offer)
    table = presenting.compared(offer, found, day)
    ordered = [column.quote for column in table.columns]
    return render_template(
        "quotes/compare.html",
        offer=offer,
        table=table,
        state=offer_state_on(day, offer.state, offer.closes_on),
        OfferState=OfferState,
        quotes=ordered,
        may_accept={quote.id for quote in ordered if policy.may_accept(who, quote, day)},
        may_decline={quote.id for quote in ordered if policy.may_decline(who, quote)},
        day=day,
        view=presenting,
        pool=pooled,
        wish=wishes,
        button=lambda quote: DoForm(formdata=None, version=quote.version),
    )


@bp.route("/quotes/<int:quote_id>/decline", methods=["GET", "POST"])
@allow(Member, Helper)
def decline(quote_id: int) -> Any:
    """The buyer says no, with a reason."""
    quote = queries.get(quote_id, visible_to=current_user)
    if not policy.may_decline(capacities(current_user), quote) and request.method == "GET":
        raise NotVisible
    form = DeclineForm(version=quote.version)
    if form.accepted():
        with write(form) as now:
            quote = queries.get(quote_id, visible_to=current_user)
            service.hold(quote)
            form.check(quote)
            service.decline(quote, form.reason.data, form.words.data or None, actor=me(), now=now)
            return form.done(_("Declined; the seller is told why."), url_for(".compare", offer_id=quote.offer_id))
    return render_template("quotes/decline.html", form=form, quote=quote)
