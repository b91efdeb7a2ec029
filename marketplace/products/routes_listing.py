"""Pages of the owner: list a product, edit it, publish, hide, archive; and the officer's taking down and release."""

from collections.abc import Callable

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.organisations.access import Helper, Member, Official, capacities
from marketplace.organisations.models import Organisation
from marketplace.places import queries as places
from marketplace.places.models import AdminUnit
from marketplace.products import queries, service
from marketplace.products.forms import ListingForm, ReasonForm, facts_of
from marketplace.products.models import Product
from marketplace.products.routes_base import bp, editable, me, need, overseen, refused, seen
from marketplace.products.routes_public import show_product
from marketplace.products.rules import PRODUCT_STATES, TAKEN_DOWN, ProductState
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.forms import DoForm
from marketplace.web.messages import say
from marketplace.web.paging import by_key
from marketplace.web.writes import write


@bp.route("/mine")
@allow(Member, Helper)
def mine() -> str:
    """The products one works on, in every state, with what to do next."""
    asked = request.args.get("state", "")
    state = ProductState(asked) if asked in set(ProductState) else None
    statement = queries.mine(me())
    shown = Product.state == state if state else Product.state != ProductState.ARCHIVED
    counts = queries.mine_counts(me())
    open_ones = sum(count for each, count in counts.items() if each != ProductState.ARCHIVED)
    views = [{"label": _("All"), "url": url_for(".mine"), "active": state is None, "count": open_ones}]
    views += [
        {
            "label": say(words),
            "url": url_for(".mine", state=each),
            "active": state == each,
            "count": counts.get(each, 0),
        }
        for each, (words, _kind) in PRODUCT_STATES.items()
    ]
    return render_template(
        "products/mine.html",
        page=by_key(statement.where(shown), Product.id),
        views=views,
        states=PRODUCT_STATES,
        taken_down=TAKEN_DOWN,
        organisations=capacities(me()).organisations,
    )


def seller_of(form: ListingForm, sellers: list[Organisation]) -> Organisation:
    """The organisation that is chosen; the first one of one's own until then."""
    return next((each for each in sellers if each.id == form.organisation.data), sellers[0])


def offer_places(form: ListingForm, seller: Organisation, kept: AdminUnit | None) -> None:
    """Prefill the commune with the seat; the communes of another province come after asking for them."""
    seat = places.resolve(seller.unit, "new") if seller.unit else None
    province = form.province.data or province_of(kept) or province_of(seat)
    if province is None:
        province = next((area.province_id for area in places.areas()), None)
    if form.province.data is None:
        form.province.data = province
    if not form.is_submitted() and form.unit.data is None and seat is not None:
        form.unit.data = seat.id
    communes = places.communes(province, clock.today()) if province else []
    if kept is not None and kept.id not in {row.id for row in communes}:
        communes = [kept, *communes]
    form.offer([seller], places.provinces(clock.today()), communes)


def province_of(place: AdminUnit | None) -> int | None:
    """Today's province of a commune of either era: a register's product may still name the old one."""
    above = places.chain_of(place) if place else []
    found = places.resolve(above[-1], "new") if above else None
    return found.id if found else None


@bp.route("/new", methods=["GET", "POST"])
@allow(Member, Helper)
def create() -> str | Response:
    """Five fields, then published; or a draft."""
    sellers = capacities(me()).organisations
    form = ListingForm(data={"organisation": asked_seller(sellers)})
    seller = seller_of(form, sellers)
    offer_places(form, seller, None)
    form.organisation.choices = [(each.id, each.name) for each in sellers]
    if request.form.get("act") != "places" and form.accepted():
        with write(form) as now:
            seller = seller_of(form, capacities(me()).organisations)
            product = service.create(seller, form.listing(), actor=me(), now=now)
            if request.form.get("act") == "publish":
                service.publish(product, actor=me(), now=now)
                return form.done(
                    _("Published. Photos make buyers stop: add some."), url_for(".show", product_id=product.id)
                )
            return form.done(_("The draft is saved."), url_for(".show", product_id=product.id))
    return render_template("products/create.html", form=form, seller=seller, sellers=sellers)


def asked_seller(sellers: list[Organisation]) -> int:
    """The seller that the address names, or the first."""
    asked = request.args.get("organisation", "")
    return next((each.id for each in sellers if str(each.id) == asked), sellers[0].id)


@bp.route("/<int:product_id>/edit", methods=["GET", "POST"])
@allow(Member, Helper)
def edit(product_id: int) -> str | Response:
    """The same form."""
    product = editable(product_id)
    form = ListingForm(data=facts_of(product), version=product.version)
    offer_places(form, product.organisation, product.unit)
    if request.form.get("act") != "places" and form.accepted():
        with write(form) as now:
            product = editable(product_id)
            form.check(product)
            service.edit(product, form.listing(), actor=me(), now=now)
            return form.done(_("Saved."), url_for(".show", product_id=product.id))
    return render_template("products/edit.html", form=form, product=product, seller=product.organisation)


# One button, one act ---------------------------------------------------------------------------------------------


def own_act(product_id: int, act: Callable[..., None], message: Callable[[str], str]) -> Response:
    """An act of the owner on the version that the page showed."""
    form = DoForm()
    product = queries.get_own(product_id, me())
    if form.accepted():
        with write(form) as now:
            product = queries.get_own(product_id, me())
            form.check(product)
            act(product, actor=me(), now=now)
            return form.done(message(product.name), url_for(".show", product_id=product_id))
    return refused(form, product_id)


@bp.route("/<int:product_id>/publish", methods=["POST"])
@allow(Member, Helper)
def publish(product_id: int) -> Response:
    """Before everybody."""
    return own_act(product_id, service.publish, lambda name: _("“%(name)s” is published.", name=name))


@bp.route("/<int:product_id>/hide", methods=["POST"])
@allow(Member, Helper)
def hide(product_id: int) -> Response:
    """Out of the catalogue for a while."""
    return own_act(product_id, service.hide, lambda name: _("“%(name)s” is hidden.", name=name))


@bp.route("/<int:product_id>/show-again", methods=["POST"])
@allow(Member, Helper)
def show_again(product_id: int) -> Response:
    """Back in the catalogue."""
    return own_act(product_id, service.show, lambda name: _("“%(name)s” is published.", name=name))


@bp.route("/<int:product_id>/archive", methods=["POST"])
@allow(Member, Helper)
def archive(product_id: int) -> Response:
    """Closed for good."""
    return own_act(product_id, service.archive, lambda name: _("“%(name)s” is archived.", name=name))


@bp.route("/<int:product_id>/take-down", methods=["POST"])
@allow(Official, acting=True)
def take_down(product_id: int) -> str | Response:
    """An officer takes a listing out, with a reason that the owner reads."""
    form = ReasonForm()
    product = seen(product_id)
    need(overseen(product))
    if form.accepted():
        with write(form) as now:
            product = seen(product_id)
            form.check(product)
            service.take_down(product, form.reason.data, actor=me(), now=now)
            return form.done(_("Taken down; the owner is told why."), url_for(".show", product_id=product_id))
        product = seen(product_id)
    return show_product(product, form)


@bp.route("/<int:product_id>/release", methods=["POST"])
@allow(Official, acting=True)
def release(product_id: int) -> Response:
    """An officer puts it back."""
    form = DoForm()
    product = seen(product_id)
    need(overseen(product))
    if form.accepted():
        with write(form) as now:
            product = seen(product_id)
            form.check(product)
            service.release(product, actor=me(), now=now)
            return form.done(_("“%(name)s” is published.", name=product.name), url_for(".show", product_id=product_id))
    return refused(form, product_id)
