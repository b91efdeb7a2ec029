"""The officers' pages of imports: upload, look at what would change, apply, take the failed rows home."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.extensions import limiter
from marketplace.files import service as files
from marketplace.files.sniff import MediaType
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.organisations import queries as organisations
from marketplace.organisations.access import Official
from marketplace.places.models import ReportingArea
from marketplace.register import policy, queries, service
from marketplace.register.forms import UploadForm
from marketplace.register.models import RegisterImport
from marketplace.register.planning import Planned
from marketplace.register.returned import failed_workbook
from marketplace.register.rules import FACTS, OUTCOMES, Outcome, Plan, restored, unpacked
from marketplace.register.scope import Scope
from marketplace.register.wording import words
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.forms import DoForm
from marketplace.web.messages import say
from marketplace.web.paging import by_key
from marketplace.web.writes import write

bp = Blueprint("register", __name__, url_prefix="/registers")
PAGE = 50
"""Rows of a plan on one page."""


@bp.route("")
@allow(Official, acting=True)
def index() -> str:
    """The uploads so far."""
    page = by_key(queries.visible_to(current_user), RegisterImport.id)
    return render_template("register/index.html", page=page)


@bp.route("/upload", methods=["GET", "POST"])
@allow(Official, acting=True)
@limiter.limit("60/hour", methods=["POST"])
def upload() -> Any:
    """Choose a file; nothing is imported by this."""
    province = queries.province_of(current_user)
    form = UploadForm(queries.areas_of(current_user), province.name if province else _("All communes"))
    read = read_upload(form) if form.accepted() else None
    if read is not None:
        planned, data = read
        with write(form) as now:
            held = service.upload(
                data,
                form.file.data.filename or "",
                planned,
                area=form.chosen_area,
                province=queries.province_of(current_user),
                era=form.era.data or None,
                actor=current_user,
                now=now,
            )
            message = _("The file is read.")
            return form.done(message, url_for(".show", import_id=held.id))
    return render_template("register/upload.html", form=form)


def read_upload(form: UploadForm) -> tuple[Planned, bytes] | None:
    """The file read and planned, before any transaction; what is wrong with it lands on its field."""
    data = form.file.data.read()
    try:
        planned = service.preview(service.read(data), scope_of(form.chosen_area, form.era.data or None))
        files.put_early(data, {MediaType.XLSX})
    except Refusal as refusal:
        form.refuse(Refusal(refusal.message, "file"))
        return None
    return planned, data


def scope_of(area: ReportingArea | None, era: str | None) -> Scope:
    """The bounds of the officer's own territory."""
    return Scope(
        clock.today(),
        area=area,
        province=queries.province_of(current_user),
        territory=organisations.territory(current_user, acting=True),
        whole_province=organisations.has_province_post(current_user, acting=True),
        era=era,
    )


@bp.route("/<int:import_id>")
@allow(Official, acting=True)
def show(import_id: int) -> str:
    """What a file would change, or what importing it has changed."""
    return page_of(queries.get(import_id, visible_to=current_user))


@bp.post("/<int:import_id>/apply")
@allow(Official, acting=True)
def apply(import_id: int) -> Any:
    """Do exactly what was shown; where the register has changed since, show anew and do nothing."""
    held = queries.get(import_id, visible_to=current_user)
    if held.uploaded_by_id != current_user.id:
        raise NotVisible
    form = DoForm()
    if not form.accepted():
        return page_of(held)
    found = service.read(files.read(held.file))
    with write(form) as now:
        held = queries.get(import_id, visible_to=current_user)
        form.check(held)
        if service.apply_upload(held, found, scope_of(held.area, held.era), actor=current_user, now=now):
            return form.done(_("Imported."), url_for(".show", import_id=held.id))
        form.answer = url_for(".show", import_id=held.id)
    held = queries.get(import_id, visible_to=current_user)
    for refusal in form.refusals:
        flash(refusal, "problem")
    if not form.refusals:
        flash(_("The register has changed since. This is the new preview; nothing was imported."), "warning")
    return page_of(held), 409


@bp.route("/<int:import_id>/failed")
@allow(Official, acting=True)
def failed(import_id: int) -> Response:
    """The failed rows as Excel, with the reasons."""
    plan = restored(queries.get(import_id, visible_to=current_user).plan)
    if not plan.failed:
        raise NotVisible
    response = Response(failed_workbook(plan), mimetype=MediaType.XLSX.value)
    response.headers["Content-Disposition"] = f'attachment; filename="dong-can-sua-{import_id}.xlsx"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def page_of(held: RegisterImport) -> str:
    """The page of an upload, on one of its four tabs."""
    plan = restored(held.plan)
    tab = shown_tab(plan)
    start = max(request.args.get("start", 0, type=int), 0)
    rows: list[Any] = list(plan.problems) if tab == Outcome.FAILED else list(plan.of(tab))
    found = plan.counts()
    address: dict[str, Any] = {"import_id": held.id, "tab": tab.value}
    return render_template(
        "register/show.html",
        held=held,
        plan=plan,
        tab=tab,
        tabs=[
            {
                "label": say(label),
                "url": url_for(".show", import_id=held.id, tab=outcome.value),
                "active": outcome == tab,
                "count": found[outcome],
            }
            for outcome, label in OUTCOMES.items()
        ],
        counts=found,
        rows=rows[start : start + PAGE],
        newer=url_for(".show", **address, start=max(start - PAGE, 0)) if start else None,
        older=url_for(".show", **address, start=start + PAGE) if start + PAGE < len(rows) else None,
        form=DoForm(version=held.version) if policy.may_apply(current_user, held) else None,
        facts=FACTS,
        words=words,
        unpacked=unpacked,
        Outcome=Outcome,
    )


def shown_tab(plan: Plan) -> Outcome:
    """The tab asked for, else the first that holds something."""
    asked = request.args.get("tab", "")
    if asked in set(Outcome):
        return Outcome(asked)
    found = plan.counts()
    return next((outcome for outcome in Outcome if found[outcome]), Outcome.CREATED)
