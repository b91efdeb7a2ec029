"""The officers' queue: what waits for verification, and what they decide."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.extensions import db
from marketplace.kernel.identifiers import format_tax_code
from marketplace.organisations import policy, queries, queries_list, service
from marketplace.organisations.access import Official
from marketplace.organisations.forms import ReasonForm, VerifyForm
from marketplace.organisations.models import Organisation
from marketplace.organisations.routes_base import bp, me, need, seen, standing_to
from marketplace.organisations.rules import (
    AUTHORITY_BASES,
    KINDS,
    SECTORS,
    STATUSES,
    VERIFICATIONS,
    MembershipState,
    Verification,
    escalates_on,
)
from marketplace.places import queries as places
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.writes import write

WITH_REASON = ("send_back", "release", "suspend", "restore")
TABS = (Verification.PENDING, Verification.RETURNED, Verification.SUSPENDED)


@bp.route("/organisations/queue")
@allow(Official, acting=True)
def queue() -> str:
    """What waits in the officer's territory, longest first."""
    asked = request.args.get("state", "")
    state = Verification(asked) if asked in set(TABS) else Verification.PENDING
    provincial = queries.has_province_post(me(), acting=True)
    due = provincial and state == Verification.PENDING and request.args.get("all") != "1"
    rows = list(db.session.scalars(queries_list.queue(me(), state, now=clock.now(), due=due)))
    return render_template(
        "organisations/queue.html",
        rows=rows,
        state=state,
        tabs=TABS,
        counts=queries_list.queue_counts(me()),
        requests=queries_list.open_requests(me()),
        provincial=provincial,
        due=due,
        late={row.id for row in rows if row.submitted_at and escalates_on(row.submitted_at) <= clock.today()},
        kinds=KINDS,
        verifications=VERIFICATIONS,
    )


@bp.route("/organisations/queue/<int:organisation_id>")
@allow(Official, acting=True)
def review(organisation_id: int) -> str:
    """Everything that an officer needs to decide."""
    return show_review(organisation_id)


def show_review(organisation_id: int, form: Any = None) -> str:
    """The page, with a form that was refused in its place."""
    organisation = seen(organisation_id)
    standing = standing_to(organisation)
    need(standing.acts)
    return render_template(
        "organisations/review.html",
        organisation=organisation,
        seat=places.resolve(organisation.unit, "new") or organisation.unit,
        standing=standing,
        acts=policy.acts_of(organisation, standing),
        people=queries.memberships(organisation, MembershipState.ACTIVE, MembershipState.REQUESTED),
        helpers=queries.mandates(organisation),
        namesakes=queries_list.namesakes(organisation),
        statuses_of=queries.statuses(organisation),
        history=queries_list.history(organisation),
        verify_form=form if isinstance(form, VerifyForm) else VerifyForm(formdata=None, version=organisation.version),
        reason_forms={act: reason_form(act, organisation, form) for act in WITH_REASON},
        refused=request.endpoint if form is not None else None,
        tax_code=format_tax_code(organisation.public_tax_code or ""),
        kinds=KINDS,
        sectors=SECTORS,
        statuses=STATUSES,
        verifications=VERIFICATIONS,
        bases=AUTHORITY_BASES,
    )


def reason_form(act: str, organisation: Organisation, refused: Any) -> ReasonForm:
    """A form of its own for each act that needs a reason: they stand on one page, so their fields' ids differ."""
    sent = isinstance(refused, ReasonForm) and request.endpoint == f"organisations.{act}"
    form = refused if sent else ReasonForm(formdata=None, version=organisation.version)
    form.reason.id = f"reason-{act}"
    return form


def decided(organisation_id: int, form: Any, message: Callable[[str], str], act: Callable[..., None]) -> str | Response:
    """Carry an act out on the version that the officer saw; a refusal is shown on the same page."""
    organisation = seen(organisation_id)
    need(standing_to(organisation).acts)
    if form.accepted():
        with write(form) as now:
            organisation = seen(organisation_id)
            form.check(organisation)
            act(organisation, actor=me(), now=now)
            return form.done(message(organisation.name), url_for(".queue"))
    return show_review(organisation_id, form)


@bp.route("/organisations/<int:organisation_id>/verify", methods=["POST"])
@allow(Official, acting=True)
def verify(organisation_id: int) -> str | Response:
    """It exists, and these people speak for it."""
    form = VerifyForm()

    def act(organisation: Any, **by: Any) -> None:
        service.verify(organisation, evidence=form.evidence.data, **by)

    return decided(organisation_id, form, lambda name: _("%(name)s is verified.", name=name), act)


def with_reason(organisation_id: int, act: Callable[..., None], message: Callable[[str], str]) -> str | Response:
    """The acts that need a sentence to the applicant."""
    form = ReasonForm()

    def carry_out(organisation: Any, **by: Any) -> None:
        act(organisation, reason=form.reason.data, **by)

    return decided(organisation_id, form, message, carry_out)


@bp.route("/organisations/<int:organisation_id>/send-back", methods=["POST"])
@allow(Official, acting=True)
def send_back(organisation_id: int) -> str | Response:
    """Something is missing or wrong."""
    return with_reason(organisation_id, service.send_back, lambda name: _("%(name)s was returned.", name=name))


@bp.route("/organisations/<int:organisation_id>/suspend", methods=["POST"])
@allow(Official, acting=True)
def suspend(organisation_id: int) -> str | Response:
    """It may not publish, quote or sign for now."""
    return with_reason(organisation_id, service.suspend, lambda name: _("%(name)s is suspended.", name=name))


@bp.route("/organisations/<int:organisation_id>/restore", methods=["POST"])
@allow(Official, acting=True)
def restore(organisation_id: int) -> str | Response:
    """It may act again."""
    return with_reason(organisation_id, service.restore, lambda name: _("%(name)s may act again.", name=name))


@bp.route("/organisations/<int:organisation_id>/release", methods=["POST"])
@allow(Official, acting=True)
def release(organisation_id: int) -> str | Response:
    """The claimants are not of the organisation: its entry in the register is free again."""
    return with_reason(organisation_id, service.release, lambda name: _("The claim of %(name)s is refused.", name=name))
