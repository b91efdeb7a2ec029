"""Pages of pooled quotes: the shares of everybody, a partner's answer, sending what all have agreed to."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.kernel.messages import msgid
from marketplace.kernel.quantities import UNITS
from marketplace.organisations.access import Helper, Member, capacities
from marketplace.organisations.models import Organisation
from marketplace.quotes import policy, pooled, queries, queries_pooling, service, service_partners, service_pooling
from marketplace.quotes.forms_pooling import (
    NEW,
    AgreeForm,
    PartForm,
    PoolForm,
    TakeOutForm,
    number_of,
    pool_form,
    stored_shares,
)
from marketplace.quotes.models import Quote
from marketplace.quotes.routes_base import back, bp, me
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.forms import DoForm, Form
from marketplace.web.writes import write


def held(quote_id: int, form: Form) -> Quote:
    """The quote inside a write: offer and quote held, and still as the page showed it."""
    quote = queries.get(quote_id, visible_to=current_user)
    service.hold(quote)
    form.check(quote)
    return quote


def shown(quote_id: int) -> str:
    """The quote's page."""
    return url_for("quotes.show", quote_id=quote_id)


@bp.route("/quotes/<int:quote_id>/pool", methods=["GET", "POST"])
@allow(Member, Helper)
def pool(quote_id: int) -> Any:
    """The leading cooperative invites others and says who delivers how much."""
    quote = queries.get(quote_id, visible_to=current_user)
    if not policy.may_edit(capacities(current_user), quote, clock.today()):
        raise NotVisible
    shares = stored_shares(quote)
    members = [db.session.get_one(Organisation, key) for key in dict.fromkeys([quote.seller_id, *shares])]
    form = pool_form(quote, members, shares)
    if form.accepted() and (invited := invited_by(form, quote)) is not None:
        with write(form) as now:
            quote = held(quote_id, form)
            wanted = {key: months for key, months in form.shares().items() if months or key in shares}
            wanted |= {each.id: form.share_of(NEW) for each in invited}
            follow = request.form.get("act") == "follow"
            service_pooling.arrange(quote, wanted, follow=follow, actor=me(), now=now)
            return form.done(_("The shares are kept; everybody concerned is asked."), shown(quote_id))
    return render_template(
        "quotes/pool.html",
        form=form,
        quote=quote,
        offer=quote.offer,
        parts={part.organisation_id: part for part in quote.working.parts},
        unit_label=UNITS[quote.offer.measure].label,
        view=pooled,
        new=NEW,
    )


def invited_by(form: PoolForm, quote: Quote) -> list[Organisation] | None:
    """The cooperative that was named, if any; None after a question or refusal on the form."""
    if not form.invite.data:
        return []
    found = queries_pooling.cooperatives_named(form.invite.data, but={each.id for each in form.members})
    meant = [row for row in found if str(row.id) == form.known.data] or (found if len(found) == 1 else [])
    if meant:
        return meant[:1]
    if found:
        form.offer_choice(found)
        form.refuse(Refusal(msgid("Several cooperatives have such a name: choose the one that you mean."), "known"))
    else:
        form.refuse(Refusal(msgid("No verified cooperative of this name is here; ask it to register first."), "invite"))
    return None


@bp.route("/quotes/<int:quote_id>/agree", methods=["POST"])
@allow(Member, Helper)
def agree(quote_id: int) -> Response:
    """A partner takes its share."""
    quote = queries.get(quote_id, visible_to=current_user)
    form = AgreeForm()
    part = next((row for row in quote.working.parts if row.id == number_of(form.part_id)), None)
    form.offer_products(queries_pooling.products_of(part.organisation_id) if part else [])
    if form.accepted():
        with write(form) as now:
            quote = held(quote_id, form)
            service_partners.agree(
                quote,
                number_of(form.part_id),
                seen=form.seen.data or "",
                product_id=form.product.data,
                elsewhere=form.elsewhere.data,
                actor=me(),
                now=now,
            )
            return form.done(_("You stand in this quote now. You are told when it is sent."), shown(quote_id))
    return back(form, quote_id)


def answer_part(quote_id: int, act: Callable[..., None], words: str, url: str) -> Response:
    """A partner's no, with its reason."""
    queries.get(quote_id, visible_to=current_user)
    form = PartForm()
    if form.accepted():
        with write(form) as now:
            quote = held(quote_id, form)
            act(quote, number_of(form.part_id), form.reason.data or None, actor=me(), now=now)
            return form.done(words, url)
    return back(form, quote_id)


@bp.route("/quotes/<int:quote_id>/decline-part", methods=["POST"])
@allow(Member, Helper)
def decline_part(quote_id: int) -> Response:
    """A partner does not take part."""
    said = _("You do not take part. The leading cooperative is told.")
    return answer_part(quote_id, service_partners.decline, said, url_for("quotes.mine"))


@bp.route("/quotes/<int:quote_id>/leave", methods=["POST"])
@allow(Member, Helper)
def leave(quote_id: int) -> Response:
    """A partner takes its share back before the buyer has chosen."""
    said = _("You have left the pooled quote. The others and the buyer are told.")
    return answer_part(quote_id, service_partners.leave, said, url_for("quotes.mine"))


@bp.route("/quotes/<int:quote_id>/take-out", methods=["POST"])
@allow(Member, Helper)
def take_out(quote_id: int) -> Response:
    """The leading cooperative goes on without somebody."""
    queries.get(quote_id, visible_to=current_user)
    form = TakeOutForm()
    if form.accepted():
        with write(form) as now:
            quote = held(quote_id, form)
            service_pooling.take_out(quote, number_of(form.organisation_id), actor=me(), now=now)
            return form.done(_("Taken out; the quantities are less by that share."), shown(quote_id))
    return back(form, quote_id)


@bp.route("/quotes/<int:quote_id>/send", methods=["POST"])
@allow(Member, Helper)
def send(quote_id: int) -> Response:
    """The leading cooperative sends what all have agreed to."""
    queries.get(quote_id, visible_to=current_user)
    form = DoForm()
    if form.accepted():
        with write(form) as now:
            quote = held(quote_id, form)
            service_pooling.send(quote, actor=me(), now=now)
            return form.done(_("Sent. The buyer is told."), shown(quote_id))
    return back(form, quote_id)
