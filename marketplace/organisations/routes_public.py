"""Pages of organisations: the list, one organisation, its details, seat and register status."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.kernel.dates import format_date, format_month
from marketplace.kernel.identifiers import format_tax_code
from marketplace.organisations import policy, queries, queries_list, service
from marketplace.organisations.access import Helper, Member, Official
from marketplace.organisations.forms import EditForm, MoveForm, StatusForm
from marketplace.organisations.models import Organisation
from marketplace.organisations.routes_base import bp, home_province, me, need, offer_places, seen, standing_to
from marketplace.organisations.rules import KINDS, SECTORS, STATUSES, VERIFICATIONS, Kind, MembershipState, Sector
from marketplace.places import queries as places
from marketplace.web.access import Public, allow
from marketplace.web.addresses import number_or_none
from marketplace.web.forms import DoForm
from marketplace.web.paging import by_key
from marketplace.web.writes import write

WORDS = {"kinds": KINDS, "sectors": SECTORS, "statuses": STATUSES, "verifications": VERIFICATIONS}


@bp.route("/organisations")
@allow(Public)
def index() -> str:
    """Search and filters; newest first."""
    wanted = queries_list.Wanted(
        text=request.args.get("q", "")[:100],
        kinds=tuple(Kind(code) for code in request.args.getlist("kind") if code in set(Kind)),
        sectors=tuple(Sector(code) for code in request.args.getlist("sector") if code in set(Sector)),
        unit_id=number_or_none(request.args.get("unit")),
    )
    page = by_key(queries_list.search(me(), wanted), Organisation.id)
    return render_template(
        "organisations/index.html",
        page=page,
        wanted=wanted,
        facets=queries_list.facets(me(), wanted),
        chosen=len(wanted.kinds) + len(wanted.sectors) + (wanted.unit_id is not None),
        **WORDS,
    )


@bp.route("/organisations/<int:organisation_id>")
@allow(Public)
def show(organisation_id: int) -> str:
    """What is known about it, and to whom it may be shown."""
    organisation = seen(organisation_id)
    standing = standing_to(organisation)
    concerned = policy.concerns(standing)
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        standing=standing,
        policy=policy,
        seat=places.resolve(organisation.unit, "new") or organisation.unit,
        statuses_of=queries.statuses(organisation),
        contact=policy.may_see_contact(organisation, standing),
        helpers=queries.mandates(organisation) if concerned or standing.trusted else [],
        history=queries_list.history(organisation) if concerned else [],
        requests=len(queries.memberships(organisation, MembershipState.REQUESTED)) if concerned else 0,
        form=DoForm(),
        tax_code=format_tax_code(organisation.public_tax_code or ""),
        founded=founded(organisation),
        **WORDS,
    )


def founded(organisation: Organisation) -> str:
    """The founding day as exactly as it is known."""
    day = organisation.founded_on
    if day is None:
        return ""
    return {"year": str(day.year), "month": format_month(day)}.get(organisation.founded_precision, format_date(day))


@bp.route("/organisations/<int:organisation_id>/edit", methods=["GET", "POST"])
@allow(Member, Helper, Official, acting=True)
def edit(organisation_id: int) -> str | Response:
    """What it says of itself; what was verified only by an officer."""
    organisation = seen(organisation_id)
    standing = standing_to(organisation)
    need(policy.may_edit(organisation, standing))
    form = EditForm(obj=organisation, version=organisation.version)
    form.fit_edit(organisation.kind, policy.may_rename(organisation, standing))
    hide_personal_code(form, organisation)
    if form.accepted():
        with write(form) as now:
            organisation = seen(organisation_id)
            form.check(organisation)
            service.amend(organisation, actor=me(), now=now, **facts_of(form, organisation))
            return form.done(_("Saved."), url_for(".show", organisation_id=organisation.id))
    return render_template("organisations/edit.html", form=form, organisation=organisation)


def hide_personal_code(form: EditForm, organisation: Organisation) -> None:
    """A household's personal number is shown to nobody: the field is empty, and left empty it keeps the number."""
    if form.tax_code and organisation.tax_code and not organisation.public_tax_code:
        form.tax_code.description = _("A personal number is stored; it is never shown. Leave empty to keep it.")
        if not form.is_submitted():
            form.tax_code.data = ""


def facts_of(form: EditForm, organisation: Organisation) -> dict[str, Any]:
    """The fields that the form has, as columns; an empty text is no value."""
    facts = {name: field.data for name, field in form._fields.items() if name not in ("key", "version", "csrf_token")}
    if "tax_code" in facts:
        facts["tax_code"] = form.tax_code.code
        if form.tax_code.code is None and not organisation.public_tax_code:
            del facts["tax_code"]
    if facts.get("member_count") is not None:
        facts["member_count"] = int(facts["member_count"])
    return {name: None if value == "" else value for name, value in facts.items()}


@bp.route("/organisations/<int:organisation_id>/move", methods=["GET", "POST"])
@allow(Member, Helper, Official, acting=True)
def move(organisation_id: int) -> str | Response:
    """Another seat from a day on."""
    organisation = seen(organisation_id)
    need(policy.may_edit(organisation, standing_to(organisation)))
    seat = places.resolve(organisation.unit, "new")
    province = seat.parent_id if seat else home_province()
    form = MoveForm(
        province=province,
        unit=seat.id if seat else None,
        address=organisation.address,
        version=organisation.version,
    )
    offer_places(form)
    if request.form.get("act") != "places" and form.accepted():
        with write(form) as now:
            organisation = seen(organisation_id)
            form.check(organisation)
            service.move(
                organisation,
                places.unit(form.unit.data),
                since=form.since.data,
                address=form.address.data or None,
                actor=me(),
                now=now,
            )
            return form.done(_("The new seat is entered."), url_for(".show", organisation_id=organisation.id))
    return render_template("organisations/move.html", form=form, organisation=organisation)


@bp.route("/organisations/<int:organisation_id>/change-status", methods=["GET", "POST"])
@allow(Official, acting=True)
def change_status(organisation_id: int) -> str | Response:
    """Another register status from a day on."""
    organisation = seen(organisation_id)
    need(policy.may_change_status(organisation, standing_to(organisation)))
    form = StatusForm(version=organisation.version)
    if form.accepted():
        with write(form) as now:
            organisation = seen(organisation_id)
            form.check(organisation)
            service.change_status(
                organisation, form.status.data, on=form.on.data, reason=form.reason.data, actor=me(), now=now
            )
            return form.done(_("The register status is changed."), url_for(".show", organisation_id=organisation.id))
    return render_template(
        "organisations/change_status.html",
        form=form,
        organisation=organisation,
        statuses_of=queries.statuses(organisation),
        **WORDS,
    )
