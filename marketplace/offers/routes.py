"""Pages of purchase offers: the public list, one offer, the buyer's own, making and changing one, its acts."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible
from marketplace.kernel.prices import PriceKind
from marketplace.offers import policy, presenting, queries, queries_matching, search, service
from marketplace.offers.forms import EndForm, OfferForm, values_of
from marketplace.offers.models import PurchaseOffer
from marketplace.offers.rules import (
    DEMAND_LEVELS,
    LINKAGE_HELP,
    NO_AWARD,
    LinkageForm,
    OfferAct,
    OfferState,
    not_yet,
    state_on,
)
from marketplace.offers.search import SALE, Criteria
from marketplace.organisations.access import Helper, Member, capacities
from marketplace.organisations.models import Organisation
from marketplace.products import queries as products
from marketplace.products.models import Product
from marketplace.products.rules import CERTIFICATE_KINDS, GROUPS, Group
from marketplace.web import clock, handed
from marketplace.web.access import Public, allow
from marketplace.web.addresses import public_url
from marketplace.web.forms import DoForm, Form
from marketplace.web.messages import say
from marketplace.web.paging import by_key
from marketplace.web.writes import write

bp = Blueprint("offers", __name__, url_prefix="/offers")


def me() -> Any:
    """The visitor as a row, not a proxy."""
    return current_user._get_current_object()


# The list ---------------------------------------------------------------------------------------------------------


def codes(name: str, kind: Any) -> tuple[Any, ...]:
    """The values of a filter in the address that are codes of this kind."""
    known = {str(code): code for code in kind}
    return tuple(known[text] for text in dict.fromkeys(request.args.getlist(name)) if text in known)


def numbers(name: str, top: int = 2**62) -> tuple[int, ...]:
    """The values of a filter that are numbers."""
    texts = dict.fromkeys(request.args.getlist(name))
    return tuple(
        int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19 and int(text) <= top
    )


def criteria() -> Criteria:
    """What the address asks for; what is none of ours counts as not given."""
    return Criteria(
        q=request.args.get("q", "")[:200],
        groups=codes("group", Group),
        provinces=numbers("province"),
        communes=numbers("commune"),
        months=numbers("month", 12),
        prices=codes("price", PriceKind),
        forms=codes("form", [*LinkageForm, SALE]),
        ended=request.args.get("ended") == "1",
    )


@bp.route("")
@allow(Public)
def index() -> str:
    """Everything that buyers look for."""
    wanted, day = criteria(), clock.today()
    page, counts = search.search(wanted, day=day)
    return render_template(
        "offers/index.html",
        page=page,
        total=counts.total,
        capped=counts.total >= search.CAP,
        criteria=wanted,
        facets=presenting.facets(counts, wanted),
        day=day,
        view=presenting,
        buys=bool(capacities(current_user).organisations),
    )


@bp.route("/mine")
@allow(Member, Helper)
def mine() -> str:
    """The offers of one's organisations: state, and what is awaited; and the enquiries that wait for an answer."""
    day = clock.today()
    page = by_key(queries.mine(current_user), PurchaseOffer.id)
    return render_template(
        "offers/mine.html",
        page=page,
        waiting=handed.take("answers_waiting")([row.id for row in page.rows]),
        asked=queries.addressed_to(current_user, day),
        day=day,
        view=presenting,
        state_on=state_on,
        OfferState=OfferState,
    )


# One offer --------------------------------------------------------------------------------------------------------


@bp.route("/<int:offer_id>")
@allow(Public)
def show(offer_id: int) -> str:
    """One offer; a draft is its own preview."""
    offer, day, who = queries.get(offer_id, visible_to=current_user), clock.today(), capacities(current_user)
    owns = policy.owns(who, offer)
    state = state_on(day, offer.state, offer.closes_on)
    live = state in (OfferState.DRAFT, OfferState.OPEN)
    return render_template(
        "offers/show.html",
        offer=offer,
        state=state,
        day=day,
        owns=owns,
        acts={act for act in OfferAct if policy.may(who, offer, act, day)},
        may_edit=policy.may_edit(who, offer, day),
        view=presenting,
        missing=not_yet(offer.buyer.name, offer.buyer.verification) if owns else None,
        matches=queries_matching.products_for(offer, day) if owns and live else [],
        fits=fits_for(offer) if not owns and state == OfferState.OPEN else [],
        message=presenting.message(offer, public_url(url_for(".show", offer_id=offer.id))),
        no_award=NO_AWARD,
        levels=list(DEMAND_LEVELS.items()),
        certificates=CERTIFICATE_KINDS,
        group=say(GROUPS[offer.group]) if offer.group else None,
        may_answer=any(policy.may_answer_as(row.id, offer) for row in who.organisations),
        button=lambda: DoForm(formdata=None, version=offer.version),
        end_form=EndForm(formdata=None, version=offer.version),
    )


def fits_for(offer: PurchaseOffer) -> list[tuple[Organisation, Any]]:
    """How well the visitor's organisations answer the offer, by what they have published."""
    day = clock.today()
    sellers = [row for row in capacities(current_user).organisations if policy.may_answer_as(row.id, offer)]
    found = ((seller, queries_matching.fit_of(offer, seller, day)) for seller in sellers[:3])
    return [(seller, match) for seller, match in found if match is not None]


# Making and changing ----------------------------------------------------------------------------------------------


def fresh_form(product: Product | None = None) -> OfferForm:
    """An empty form with what is known already: the buyer's seat, and for an enquiry the product."""
    buyers = [
        row for row in capacities(current_user).organisations if product is None or row.id != product.organisation_id
    ]
    if not buyers:
        raise NotVisible
    values: dict[str, Any] = {"buyer": buyers[0].id, "measure": "kg"}
    seat = buyers[0].unit
    if seat is not None:
        values["where"] = queries.full_name(seat)
    if product is not None:
        values.update(what=product.name, measure=product.measure, group=product.group)
    return OfferForm(buyers, data=values)


@bp.route("/create", methods=["GET", "POST"])
@allow(Member, Helper)
def create() -> Any:
    """A new offer: saved as a draft, which is looked at once more before it is published."""
    return made(fresh_form(), None)


@bp.route("/ask/<int:product_id>", methods=["GET", "POST"])
@allow(Member, Helper)
def ask(product_id: int) -> Any:
    """The same offer, prefilled from a product and addressed to its owner only."""
    product = products.get(product_id, visible_to=current_user)
    if product.state != "published" or not product.organisation.verified:
        raise NotVisible
    return made(fresh_form(product), product)


def made(form: OfferForm, product: Product | None) -> Any:
    """Take the form of a new offer."""
    if form.accepted():
        need, buyer_id, product_id = form.need(), form.buyer.data, product.id if product else None
        with write(form) as now:
            asked = products.get(product_id, visible_to=current_user) if product_id else None
            buyer = db.session.get_one(Organisation, buyer_id)
            offer = service.create(buyer, need, actor=me(), now=now, product=asked)
            return form.done(_("The draft is saved. Look at it, then publish."), url_for(".show", offer_id=offer.id))
    return render_template("offers/create.html", form=form, product=product, linkage_help=LINKAGE_HELP)


@bp.route("/<int:offer_id>/edit", methods=["GET", "POST"])
@allow(Member, Helper)
def edit(offer_id: int) -> Any:
    """Change a draft, or of an open offer what keeps its answers meaningful."""
    offer = queries.get_own(offer_id, current_user)
    if not policy.may_edit(capacities(current_user), offer, clock.today()):
        raise NotVisible
    form = OfferForm([offer.buyer], data=values_of(offer), version=offer.version)
    del form.buyer
    if offer.state == OfferState.OPEN:
        form.settle()
    if form.accepted():
        with write(form) as now:
            offer = queries.get_own(offer_id, current_user)
            form.check(offer)
            changed = service.edit(offer, form.need(offer), actor=me(), now=now)
            told = offer.state == OfferState.OPEN and changed
            said = _("Saved. Sellers who answered are told.") if told else _("Saved.")
            return form.done(said, url_for(".show", offer_id=offer.id))
    return render_template("offers/edit.html", form=form, offer=offer, linkage_help=LINKAGE_HELP)


# Acts -------------------------------------------------------------------------------------------------------------


def carry_out(offer_id: int, form: Form, act: Any, said: str, **more: Any) -> Response:
    """One button of the offer's page."""
    if form.accepted():
        with write(form) as now:
            offer = queries.get_own(offer_id, current_user)
            form.check(offer)
            act(offer, actor=me(), now=now, **more)
            return form.done(said, url_for(".show", offer_id=offer_id))
    for sentence in form.refusals:
        flash(sentence, "problem")
    return redirect(url_for(".show", offer_id=offer_id), 303)


@bp.route("/<int:offer_id>/publish", methods=["POST"])
@allow(Member, Helper)
def publish(offer_id: int) -> Response:
    """Put it before everybody, or before the seller that is asked."""
    return carry_out(offer_id, DoForm(), service.publish, _("Published. You are told when a quote comes."))


@bp.route("/<int:offer_id>/close", methods=["POST"])
@allow(Member, Helper)
def close(offer_id: int) -> Response:
    """Take no more quotes."""
    return carry_out(offer_id, DoForm(), service.close, _("Closed. Choose a quote, or say why you choose none."))


@bp.route("/<int:offer_id>/withdraw", methods=["POST"])
@allow(Member, Helper)
def withdraw(offer_id: int) -> Response:
    """Take it back."""
    return carry_out(offer_id, DoForm(), service.withdraw, _("Taken back."))


@bp.route("/<int:offer_id>/end", methods=["GET", "POST"])
@allow(Member, Helper)
def end_without_award(offer_id: int) -> Any:
    """Give the outcome where nobody was chosen."""
    offer = queries.get_own(offer_id, current_user)
    if not policy.may(capacities(current_user), offer, OfferAct.END_WITHOUT_AWARD, clock.today()):
        raise NotVisible
    form = EndForm(version=offer.version)
    if form.accepted():
        with write(form) as now:
            offer = queries.get_own(offer_id, current_user)
            form.check(offer)
            service.end_without_award(offer, form.reason.data, actor=me(), now=now)
            return form.done(_("The outcome is recorded."), url_for(".show", offer_id=offer.id))
    return render_template("offers/end_without_award.html", form=form, offer=offer)
