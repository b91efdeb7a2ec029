"""The officers' OCOP desk: certified products, rounds, and the check of declared certificates."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from marketplace.extensions import db
from marketplace.kernel.dates import add_months
from marketplace.kernel.errors import NotVisible
from marketplace.ocop import figures, queries
from marketplace.ocop.forms import CheckForm, RefuseForm, WithdrawForm
from marketplace.organisations import queries as organisations
from marketplace.organisations.access import Official
from marketplace.organisations.rules import KINDS
from marketplace.products import policy, service_certificates
from marketplace.products.models import Certificate, Product
from marketplace.products.rules import (
    CERTIFICATE_KINDS,
    GROUPS,
    SOON_MONTHS,
    CertificateAct,
    Group,
    shown_state,
)
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.forms import Form
from marketplace.web.paging import by_key
from marketplace.web.writes import write

bp = Blueprint("ocop", __name__, url_prefix="/ocop")


def me() -> Any:
    """The visitor as a row, not a proxy."""
    return current_user._get_current_object()


@bp.route("")
@allow(Official)
def index() -> str:
    """Certified products of the territory today, by stars and group; those that end soon; the rounds."""
    today = clock.today()
    rows = queries.certified_at(today, Product.organisation_id.in_(queries.overseen(me())))
    view = request.args.get("view", "")
    soon = add_months(today, SOON_MONTHS)
    shown = figures.narrowed(rows, stars=request.args.get("stars"), group=request.args.get("group"))
    if view == "soon":
        shown = [row for row in shown if row.last_day <= soon]
    return render_template(
        "ocop/index.html",
        rows=shown,
        all_rows=rows,
        view=view,
        by_stars=figures.counted_by(rows, "stars"),
        by_group=figures.counted_by(rows, "group"),
        soon=soon,
        ending=sum(row.last_day <= soon for row in rows),
        rounds=queries.rounds(me(), today),
        waiting=sum(queries.waiting_counts(me())),
        groups=GROUPS,
        kinds=KINDS,
        chosen_group=GROUPS.get(Group(request.args["group"])) if request.args.get("group") in set(Group) else None,
    )


@bp.route("/ended")
@allow(Official)
def ended() -> str:
    """Certificates that no longer count."""
    today = clock.today()
    page = by_key(queries.ended(me(), today), Certificate.id)
    return render_template("ocop/ended.html", page=page, state_of=lambda each: shown_state(each, today))


@bp.route("/rounds/<int:round_id>")
@allow(Official)
def show_round(round_id: int) -> str:
    """The products of a round."""
    found, evaluations = queries.in_round(round_id, me())
    return render_template("ocop/round.html", round=found, evaluations=evaluations)


# Checking --------------------------------------------------------------------------------------------------------


@bp.route("/certificates")
@allow(Official, acting=True)
def certificates() -> str:
    """What owners declared and nobody has checked, longest waiting first."""
    counts = queries.waiting_counts(me())
    # Without a choice, the list that has something: an empty page would say that nothing waits.
    ocop = request.args.get("kind", "ocop" if counts[0] or not counts[1] else "other") != "other"
    views = [
        {"label": _("OCOP"), "url": url_for(".certificates", kind="ocop"), "active": ocop, "count": counts[0]},
        {"label": _("Others"), "url": url_for(".certificates", kind="other"), "active": not ocop, "count": counts[1]},
    ]
    rows = list(db.session.scalars(queries.waiting(me(), ocop=ocop).limit(100)))
    return render_template("ocop/certificates.html", rows=rows, views=views, kinds=CERTIFICATE_KINDS)


@bp.route("/certificates/<int:certificate_id>")
@allow(Official)
def show(certificate_id: int) -> str:
    """Everything that an officer compares with the paper."""
    return show_certificate(queries.certificate(certificate_id, me(), acting=False))


def show_certificate(found: Certificate, form: Form | None = None) -> str:
    """The page, with a form that was refused in its place."""
    twins = queries.twins(found)

    def own(kind: type[Form]) -> Form:
        return form if type(form) is kind else kind(formdata=None, version=found.version)

    check = own(CheckForm)
    check.offer(twins)  # type: ignore[attr-defined]
    if not check.is_submitted() and twins:
        check.twin.data = twins[0].id  # type: ignore[attr-defined]
    acts = [act for act in CertificateAct if policy.may_decide(decides(found), found, act)]
    return render_template(
        "ocop/show.html",
        certificate=found,
        product=found.product,
        state=shown_state(found, clock.today()),
        kinds=CERTIFICATE_KINDS,
        owner_kinds=KINDS,
        twins=twins,
        acts=acts,
        forms={"check": check, "refuse": own(RefuseForm), "withdraw": own(WithdrawForm)},
        refused=request.endpoint if form is not None else None,
    )


def decides(found: Certificate) -> bool:
    """An officer of the owner's territory who is neither of the owner nor its helper."""
    standing = organisations.standing(me(), found.product.organisation)
    return standing.acts and standing.independent


def decided(certificate_id: int, form: Form, act: CertificateAct, carry_out: Callable[..., str]) -> str | Response:
    """One decision on the version that the officer saw; a refusal is shown on the same page."""
    found = queries.certificate(certificate_id, me())
    if not decides(found):
        raise NotVisible
    if isinstance(form, CheckForm):
        form.offer(queries.twins(found))
    if form.accepted():
        with write(form) as now:
            found = queries.certificate(certificate_id, me())
            form.check(found)
            message = carry_out(found, found.product, actor=me(), now=now)
            return form.done(message, url_for(".certificates"))
        found = queries.certificate(certificate_id, me())
    return show_certificate(found, form)


@bp.route("/certificates/<int:certificate_id>/check", methods=["POST"])
@allow(Official, acting=True)
def check(certificate_id: int) -> str | Response:
    """The paper says what was declared."""
    form = CheckForm()

    def carry_out(found: Certificate, product: Product, **by: Any) -> str:
        twin = next((each for each in queries.twins(found) if each.id == form.twin.data), None)
        service_certificates.check(found, product, twin=twin, **by)
        return _("Accepted: “%(name)s”.", name=product.name)

    return decided(certificate_id, form, CertificateAct.CHECK, carry_out)


@bp.route("/certificates/<int:certificate_id>/refuse", methods=["POST"])
@allow(Official, acting=True)
def refuse(certificate_id: int) -> str | Response:
    """It does not."""
    form = RefuseForm()

    def carry_out(found: Certificate, product: Product, **by: Any) -> str:
        service_certificates.refuse(found, product, form.reason.data, **by)
        return _("Not accepted; the owner is told why.")

    return decided(certificate_id, form, CertificateAct.REFUSE, carry_out)


@bp.route("/certificates/<int:certificate_id>/withdraw", methods=["POST"])
@allow(Official, acting=True)
def withdraw(certificate_id: int) -> str | Response:
    """Thu hồi: the stars are gone from a day on."""
    form = WithdrawForm()

    def carry_out(found: Certificate, product: Product, **by: Any) -> str:
        service_certificates.withdraw(found, product, form.reason.data, ended_on=form.ended_on.data, **by)
        return _("Withdrawn; the owner is told why.")

    return decided(certificate_id, form, CertificateAct.WITHDRAW, carry_out)
