"""Pages for everybody: the list with its filters, one product, its photos and scans."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import segno
from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from marketplace.extensions import db
from marketplace.files import responses
from marketplace.files.models import StoredFile
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.kernel.numbers import format_number, parse_money
from marketplace.organisations.access import capacities
from marketplace.products import policy, queries
from marketplace.products.calendar import next_months, next_twelve
from marketplace.products.forms import ReasonForm
from marketplace.products.models import Certificate, Product
from marketplace.products.routes_base import bp, me, need, overseen, seen
from marketplace.products.rules import (
    CERTIFICATE_KINDS,
    GROUPS,
    PRODUCT_STATES,
    TAKEN_DOWN,
    CertificateKind,
    CertificateState,
    Group,
    ProductAct,
    ProductState,
    ends_soon,
    shown_state,
)
from marketplace.products.search import Criteria, Found, Sort, search
from marketplace.web import clock
from marketplace.web.access import Public, allow
from marketplace.web.forms import DoForm
from marketplace.web.messages import say
from marketplace.web.paging import Page
from marketplace.web.panels import panels_of

SIZES = {320: "small_id", 640: "medium_id", 1280: "large_id"}


@bp.route("")
@allow(Public)
def index() -> str:
    """Search, filters with counts, three orders."""
    criteria, wrong = criteria_of(request.args)
    found = search(criteria, user=me(), day=clock.today())
    return render_template(
        "products/index.html",
        criteria=criteria,
        wrong=wrong,
        found=found,
        page=Page(found.rows, found.older, found.newer),
        facets=facets_of(criteria, found),
        months=months_of(criteria, found),
        sees=queries.sees_prices(me()),
        own=capacities(me()).organisation_ids,
        sorts=[sort for sort in Sort if criteria.q or sort != Sort.RELEVANCE],
    )


def facets_of(criteria: Criteria, found: Found) -> list[dict[str, Any]]:
    """The filters as the template draws them; a value that nothing has is left out unless it is chosen."""

    def facet(
        name: str, label: str, values: Iterable[tuple[object, str]], chosen: Collection[object]
    ) -> dict[str, Any]:
        counts = {each.value: each.count for each in found.counts.get(name, ())}
        options = [
            {
                "value": str(value),
                "label": words,
                "count": format_number(counts.get(str(value), 0)) + ("+" if found.capped else ""),
                "selected": value in chosen,
            }
            for value, words in values
            if str(value) in counts or value in chosen
        ]
        return {"name": name, "label": label, "options": options}

    communes = [(int(each.value), each.label) for each in found.communes]
    return [
        facet("group", _("Group"), [(code, say(words)) for code, words in GROUPS.items()], criteria.groups),
        facet("stars", _("OCOP stars"), [(each, "★" * each) for each in (5, 4, 3)], criteria.stars),
        facet("commune", _("Commune"), communes, criteria.communes),
        facet(
            "certificate",
            _("Certificate"),
            [(code, say(words)) for code, words in CERTIFICATE_KINDS.items()],
            criteria.kinds,
        ),
    ]


def months_of(criteria: Criteria, found: Found) -> list[dict[str, Any]]:
    """The twelve months as small boxes."""
    counts = {each.value: each.count for each in found.counts.get("month", ())}
    return [
        {"value": month, "count": format_number(counts.get(str(month), 0)), "selected": month in criteria.months}
        for month in range(1, 13)
    ]


def criteria_of(args: MultiDict[str, str]) -> tuple[Criteria, dict[str, str]]:
    """What the address asks for; what it cannot mean is left out, and a price that is none gets its sentence."""
    prices: dict[str, int | None] = {}
    wrong = {}
    for name in ("price_from", "price_to"):
        try:
            prices[name] = parse_money(args[name]) if args.get(name, "").strip() else None
        except Refusal as refusal:
            prices[name], wrong[name] = None, say(refusal.message)
    q = args.get("q", "").strip()[:100]
    sort = args.get("sort", "")
    default = Sort.RELEVANCE if q else Sort.NEWEST
    chosen = Sort(sort) if sort in set(Sort) else default
    criteria = Criteria(
        q=q,
        groups=tuple(Group(code) for code in args.getlist("group") if code in set(Group)),
        stars=whole(args.getlist("stars"), 1, 5),
        communes=whole(args.getlist("commune"), 1, 2**31),
        kinds=tuple(CertificateKind(code) for code in args.getlist("certificate") if code in set(CertificateKind)),
        months=whole(args.getlist("month"), 1, 12),
        sort=default if chosen == Sort.RELEVANCE and not q else chosen,
        after=args.get("after", ""),
        before=args.get("before", ""),
        **prices,
    )
    return criteria, wrong


def whole(texts: list[str], least: int, most: int) -> tuple[int, ...]:
    """Whole numbers of a range; anything else is dropped."""
    numbers = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 11]
    return tuple(number for number in dict.fromkeys(numbers) if least <= number <= most)


@bp.route("/<int:product_id>")
@allow(Public)
def show(product_id: int) -> str:
    """One product."""
    return show_product(seen(product_id))


def show_product(product: Product, reason_form: ReasonForm | None = None) -> str:
    """The page, with a form that was refused in its place."""
    who, officer, today = capacities(me()), overseen(product), clock.today()
    concerned = officer or policy.owns(who, product)
    askable = policy.may_be_asked(who, product) and product.organisation.verified
    address = current_app.config["SETTINGS"].public_url + url_for(".show", product_id=product.id)
    return render_template(
        "products/show.html",
        product=product,
        panels=panels_of(product, me()),
        address=address,
        qr=Markup(segno.make(address, error="m").svg_inline(scale=4, border=2, omitsize=True)),
        owns=policy.owns(who, product),
        asks=askable and (who.organisation_ids or not me().is_authenticated),
        must_join=askable and me().is_authenticated and not (who.organisation_ids or who.posts),
        editable=policy.may_edit(who, product),
        acts=[act for act in ProductAct if policy.may(who, product, act)],
        officers_acts=[act for act in ProductAct if policy.may_as_officer(officer, product, act)],
        shown_price=policy.sees_price(who, product, queries.sees_prices(me())),
        concerned=concerned,
        scans=may_read_scans(product),
        state=TAKEN_DOWN if product.taken_down else PRODUCT_STATES[product.state],
        stars=product.stars_on(today),
        calendar=next_twelve(product.harvest, contracted(product), today),
        certificates=[(each, shown_state(each, today), ends_soon(each, today)) for each in papers(product, concerned)],
        group=GROUPS[product.group],
        kinds=CERTIFICATE_KINDS,
        may_correct=lambda certificate: policy.may_correct(who, product, certificate),
        form=DoForm(formdata=None, version=product.version),
        reason_form=reason_form or ReasonForm(formdata=None, version=product.version),
    )


def contracted(product: Product) -> dict[date, Decimal]:
    """What contracts promised of it in the coming twelve months."""
    found = queries.contracted_in([product.id], next_months(clock.today()))
    return {month: quantity for (_product, month), quantity in found.items()}


def papers(product: Product, concerned: bool) -> list[Certificate]:
    """Everybody sees what holds or held; the owner and officers also what was refused, withdrawn or replaced."""
    open_states = (CertificateState.DECLARED, CertificateState.CHECKED)
    return [each for each in product.certificates if concerned or each.state in open_states]


def may_read_scans(product: Product) -> bool:
    """Papers name people: they are for the owner, verified parties and officials."""
    return policy.owns(capacities(me()), product) or queries.sees_prices(me())


@bp.route("/<int:product_id>/photos/<int:photo_id>/<int:size>.webp")
@allow(Public)
def photo(product_id: int, photo_id: int, size: int) -> Response:
    """A photo of a product that this person may see."""
    product = seen(product_id)
    found = queries.photo(product, photo_id)
    need(size in SIZES)
    stored = db.session.get(StoredFile, getattr(found, SIZES[size]))
    if stored is None:
        raise NotVisible
    return responses.send(stored, inline=True, public=product.state == ProductState.PUBLISHED)


@bp.route("/<int:product_id>/certificates/<int:certificate_id>/scan")
@allow(Public)
def scan(product_id: int, certificate_id: int) -> Response:
    """The paper of a certificate."""
    product = seen(product_id)
    need(may_read_scans(product))
    found = queries.certificate(product, certificate_id)
    stored = db.session.get(StoredFile, found.file_id) if found.file_id else None
    if stored is None:
        raise NotVisible
    return responses.send(stored, inline=True)
