"""Pages of an organisation's people: who belongs to it, who asks to, who may sign, who helps."""

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.extensions import limiter
from marketplace.files.scans import one_document
from marketplace.files.service import keep, put_early
from marketplace.files.sniff import MediaType
from marketplace.kernel.errors import Refusal
from marketplace.organisations import policy, queries, service_people
from marketplace.organisations.forms_people import AuthorityForm, DeclineForm, GrantForm
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.routes_base import bp, me, need, refused, seen, standing_to
from marketplace.organisations.rules import AUTHORITY_BASES, MembershipState, last_mandate_day, may_sign_on
from marketplace.web import clock
from marketplace.web.access import SignedIn, allow
from marketplace.web.forms import DoForm
from marketplace.web.writes import write

PDF = {MediaType.PDF}
MEMBER = "/organisations/<int:organisation_id>/members/<int:membership_id>"


@bp.route("/organisations/<int:organisation_id>/members")
@allow(SignedIn)
def members(organisation_id: int) -> str:
    """Its people, requests, and helpers."""
    organisation = seen(organisation_id)
    standing = standing_to(organisation)
    need(policy.concerns(standing))
    everybody = queries.memberships(organisation, MembershipState.ACTIVE, MembershipState.REQUESTED)
    belong = [row for row in everybody if row.state == MembershipState.ACTIVE]
    return render_template(
        "organisations/members.html",
        organisation=organisation,
        standing=standing,
        policy=policy,
        members=belong,
        requests=[row for row in everybody if row.state == MembershipState.REQUESTED],
        helpers=queries.mandates(organisation),
        signing={
            row.id
            for row in belong
            if may_sign_on(clock.today(), row.authority, row.authority_until, row.authority_from)
        },
        today=clock.today(),
        bases=AUTHORITY_BASES,
        may_hand_over=policy.may_review(standing),
        form=DoForm(),
    )


def one(organisation_id: int, membership_id: int) -> tuple[Organisation, Membership]:
    """The membership of this address, or a 404."""
    organisation = seen(organisation_id)
    need(policy.concerns(standing_to(organisation)))
    return organisation, queries.membership(membership_id, organisation)


def back(organisation_id: int) -> str:
    """The page of the people."""
    return url_for(".members", organisation_id=organisation_id)


@bp.route(f"{MEMBER}/accept", methods=["GET", "POST"])
@allow(SignedIn)
def accept(organisation_id: int, membership_id: int) -> str | Response:
    """Who asked belongs to it from now on, with or without authority to sign."""
    form = AuthorityForm()
    return with_authority(organisation_id, membership_id, form, service_people.accept, "organisations/accept.html")


@bp.route(f"{MEMBER}/change-authority", methods=["GET", "POST"])
@allow(SignedIn)
def change_authority(organisation_id: int, membership_id: int) -> str | Response:
    """Another title, or authority to sign given, changed or taken away."""
    _organisation, membership = one(organisation_id, membership_id)
    form = AuthorityForm(
        title=membership.title,
        basis=membership.authority_basis if membership.authority else "",
        document=membership.authority_document,
        since=membership.authority_from,
        until=membership.authority_until,
        version=membership.version,
    )
    template = "organisations/change_authority.html"
    return with_authority(organisation_id, membership_id, form, service_people.change_authority, template)


def with_authority(
    organisation_id: int, membership_id: int, form: AuthorityForm, act: Callable[..., None], template: str
) -> str | Response:
    """Both pages that give authority."""
    organisation, membership = one(organisation_id, membership_id)
    need(policy.may_decide_members(organisation, standing_to(organisation)))
    if not form.is_submitted() and not form.title.data:
        form.title.data = membership.title
    if form.accepted() and (paper := paper_of(form)) is not None:
        with write(form) as now:
            organisation, membership = one(organisation_id, membership_id)
            if act is service_people.change_authority:
                form.check(membership)
            file = keep(paper, _("power-of-attorney.pdf"), now, me().id, PDF) if paper else None
            act(membership, form.authority(file.id if file else None), actor=me(), now=now)
            return form.done(_("Saved."), back(organisation_id))
    return render_template(
        template,
        form=form,
        organisation=organisation,
        membership=membership,
        last=service_people.is_last_signatory(membership, clock.today()),
    )


def paper_of(form: AuthorityForm) -> bytes | None:
    """The power of attorney as one PDF, on disk before the write; empty without one, None after a refusal."""
    data = form.paper.data.read() if form.paper.data else b""
    if not data:
        return b""
    try:
        paper = one_document([data])
        put_early(paper, PDF)
    except Refusal as refusal:
        form.refuse(Refusal(refusal.message, "paper"))
        return None
    return paper


@bp.route(f"{MEMBER}/decline", methods=["GET", "POST"])
@allow(SignedIn)
def decline(organisation_id: int, membership_id: int) -> str | Response:
    """Who asked does not belong to it."""
    organisation, membership = one(organisation_id, membership_id)
    need(policy.may_decide_members(organisation, standing_to(organisation)))
    form = DeclineForm()
    if form.accepted():
        with write(form) as now:
            organisation, membership = one(organisation_id, membership_id)
            service_people.decline(membership, reason=form.reason.data or "", actor=me(), now=now)
            return form.done(_("The request is declined."), back(organisation_id))
    return render_template("organisations/decline.html", form=form, organisation=organisation, membership=membership)


@bp.route(f"{MEMBER}/end", methods=["GET", "POST"])
@allow(SignedIn)
def end(organisation_id: int, membership_id: int) -> str | Response:
    """Somebody leaves, or is let go; the page warns when nobody could sign any more."""
    organisation, membership = one(organisation_id, membership_id)
    need(policy.may_end(membership, me().id, standing_to(organisation)))
    form = DoForm()
    if form.accepted():
        own = membership.user_id == me().id
        with write(form) as now:
            organisation, membership = one(organisation_id, membership_id)
            service_people.end(membership, actor=me(), now=now)
            return form.done(_("Done."), url_for(".mine") if own else back(organisation_id))
    return render_template(
        "organisations/end.html",
        form=form,
        organisation=organisation,
        membership=membership,
        last=service_people.is_last_signatory(membership, clock.today()),
    )


@bp.route("/organisations/<int:organisation_id>/mandates/grant", methods=["GET", "POST"])
@limiter.limit("20/hour", methods=["POST"])
@allow(SignedIn)
def grant(organisation_id: int) -> str | Response:
    """Let a named helper act for the organisation, signatures excepted."""
    organisation = seen(organisation_id)
    need(policy.may_give_mandate(organisation, standing_to(organisation)))
    form = GrantForm(until=last_mandate_day(clock.today()))
    if form.accepted():
        with write(form) as now:
            organisation = seen(organisation_id)
            found = service_people.find_helper(form.helper_name.data or "", form.identity.data or "")
            service_people.grant(organisation, found, until=form.until.data, actor=me(), now=now)
            return form.done(_("%(name)s may help you now.", name=found.name), back(organisation_id))
    return render_template("organisations/grant.html", form=form, organisation=organisation)


@bp.route("/organisations/<int:organisation_id>/mandates/<int:mandate_id>/revoke", methods=["POST"])
@allow(SignedIn)
def revoke(organisation_id: int, mandate_id: int) -> Any:
    """The helper no longer acts for the organisation."""
    organisation = seen(organisation_id)
    mandate = queries.mandate(mandate_id, organisation)
    need(policy.may_revoke_mandate(mandate.helper_id, me().id, standing_to(organisation)))
    form = DoForm()
    own = mandate.helper_id == me().id
    if form.accepted():
        with write(form) as now:
            mandate = queries.mandate(mandate_id, seen(organisation_id))
            service_people.revoke(mandate, actor=me(), now=now)
            return form.done(_("The mandate is over."), url_for(".mine") if own else back(organisation_id))
    return refused(form, url_for(".mine") if own else back(organisation_id))
