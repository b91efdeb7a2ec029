"""The administrator's pages of contract templates: versions, their example, what changed, publishing."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.accounts.access import Administrator
from marketplace.clauses import presenting, queries, service
from marketplace.clauses.documents import MOTTO, STATE
from marketplace.clauses.forms import MOVES, ClauseForm, HeadForm, PublishForm
from marketplace.clauses.labels import STATUSES, TEMPLATE_KINDS
from marketplace.clauses.language import FURTHER, problems
from marketplace.clauses.models import TemplateVersion
from marketplace.clauses.vocabulary import PLACEHOLDERS, TABLES
from marketplace.extensions import db
from marketplace.files.responses import POLICY
from marketplace.kernel.errors import NotVisible
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.forms import DoForm, Form
from marketplace.web.handed import take
from marketplace.web.messages import say
from marketplace.web.writes import write

bp = Blueprint("clauses", __name__, url_prefix="/templates")
WORDS: dict[str, Any] = {
    "statuses": STATUSES,
    "kinds": TEMPLATE_KINDS,
    "condition": presenting.condition_in_words,
    "tables": TABLES,
    "further": FURTHER,
}


def me() -> Any:
    """The visitor as a row, not a proxy."""
    return current_user._get_current_object()


def written(version_id: int) -> TemplateVersion:
    """A version that is still being written."""
    version = queries.version(version_id)
    if version.published_at is not None:
        raise NotVisible
    return version


def locked(form: Form, version_id: int) -> TemplateVersion:
    """The same inside a write: nobody else changed it since the page was made."""
    version = written(version_id)
    form.check(version)
    return version


def show_url(version: TemplateVersion) -> str:
    """The version's page."""
    return url_for(".show", version_id=version.id)


@bp.route("/")
@allow(Administrator)
def index() -> str:
    """Every template with its versions and how many contracts are written from each."""
    return render_template(
        "clauses/index.html", templates=queries.templates(), uses=take("template_uses")(), form=DoForm(), **WORDS
    )


@bp.post("/<int:template_id>/begin")
@allow(Administrator)
def begin(template_id: int) -> Any:
    """A new version, beginning as the last one reads."""
    form = DoForm()
    if form.accepted():
        with write(form) as now:
            template = queries.template(template_id)
            db.session.refresh(template, with_for_update=True)
            version = service.begin(template, actor=me(), now=now)
            return form.done(_("Now write the new version; contracts go on using the old one."), show_url(version))
    return render_template(
        "clauses/index.html", templates=queries.templates(), uses=take("template_uses")(), form=form, **WORDS
    )


@bp.route("/versions/<int:version_id>")
@allow(Administrator)
def show(version_id: int) -> str:
    """A version clause by clause."""
    return shown(version_id, DoForm())


def shown(version_id: int, form: Form) -> str:
    """The page of a version, with what was refused."""
    version = queries.version(version_id)
    wrong: dict[Any, list[str]] = {}
    for problem in problems(version.body, version.template.kind):
        place = problem.path[1] if problem.path[0] == "clauses" and len(problem.path) > 1 else "head"
        wrong.setdefault(place, []).append(say(problem.message))
    return render_template(
        "clauses/show.html",
        version=version,
        wrong=wrong,
        before=queries.before(version),
        differs=queries.differs(version),
        form=form,
        button=lambda: DoForm(formdata=None, version=version.version),
        **WORDS,
    )


@bp.route("/versions/<int:version_id>/edit", methods=["GET", "POST"])
@allow(Administrator)
def edit(version_id: int) -> Any:
    """The words around the clauses."""
    version = written(version_id)
    form = HeadForm.of(version)
    if form.accepted():
        with write(form) as now:
            version = locked(form, version_id)
            service.change(version, form.changes(), title=form.name.data, now=now)
            return form.done(_("Saved in the new version."), show_url(version))
    return render_template("clauses/edit.html", version=version, form=form, placeholders=PLACEHOLDERS)


@bp.route("/versions/<int:version_id>/clauses/<int:place>", methods=["GET", "POST"])
@allow(Administrator)
def clause(version_id: int, place: int) -> Any:
    """One clause; the place after the last one is a new clause."""
    version = written(version_id)
    clauses = version.body["clauses"]
    new = place == len(clauses)
    found = {"sentences": [{"text": ""}]} if new else queries.clause_of(version.body, place)
    form = ClauseForm(version, found, [each["key"] for at, each in enumerate(clauses) if at != place])
    if form.is_submitted() and form.arranged(request.form):
        return render_template(
            "clauses/clause.html", version=version, form=form, place=place, new=new, placeholders=PLACEHOLDERS
        )
    if form.accepted():
        with write(form) as now:
            version = locked(form, version_id)
            service.put_clause(version, place, form.clause(), now=now)
            return form.done(_("The clause is saved in the new version."), show_url(version))
    return render_template(
        "clauses/clause.html", version=version, form=form, place=place, new=new, placeholders=PLACEHOLDERS
    )


@bp.post("/versions/<int:version_id>/arrange")
@allow(Administrator)
def arrange(version_id: int) -> Any:
    """Move a clause up or down, or take it out: the button that was pressed says which, "up 3"."""
    written(version_id)
    form = DoForm()
    if form.accepted():
        with write(form) as now:
            version = locked(form, version_id)
            act, _space, place = request.form.get("act", "").partition(" ")
            at = int(place) if place.isascii() and place.isdigit() and len(place) < 4 else -1
            if act == "remove":
                service.remove_clause(version, at, now=now)
            else:
                service.move_clause(version, at, MOVES.get(act, 0), now=now)
            return form.done(_("Saved in the new version."), show_url(version))
    return shown(version_id, form)


@bp.route("/versions/<int:version_id>/publish", methods=["GET", "POST"])
@allow(Administrator)
def publish(version_id: int) -> Any:
    """From a day on new contracts are written from it."""
    version = written(version_id)
    form = PublishForm(version=version.version, valid_from=clock.today())
    if form.accepted():
        with write(form) as now:
            version = locked(form, version_id)
            service.publish(version, form.day, actor=me(), now=now)
            return form.done(_("Published. Contracts drawn up before keep their own version."), show_url(version))
    return render_template(
        "clauses/publish.html",
        version=version,
        form=form,
        ready=queries.differs(version) and not problems(version.body, version.template.kind),
        changes=presenting.compared(version),
        **WORDS,
    )


@bp.post("/versions/<int:version_id>/drop")
@allow(Administrator)
def drop(version_id: int) -> Any:
    """Throw the new version away."""
    written(version_id)
    form = DoForm()
    if form.accepted():
        with write(form) as now:
            version = locked(form, version_id)
            service.drop(version, actor=me(), now=now)
            return form.done(_("The new version is thrown away."), url_for(".index"))
    return shown(version_id, form)


@bp.route("/versions/<int:version_id>/words")
@allow(Administrator)
def words(version_id: int) -> str:
    """Every sentence with its condition."""
    return render_template("clauses/words.html", version=queries.version(version_id), **WORDS)


@bp.route("/versions/<int:version_id>/compare")
@allow(Administrator)
def compare(version_id: int) -> str:
    """What differs from the version before, word by word."""
    version = queries.version(version_id)
    return render_template(
        "clauses/compare.html", version=version, before=queries.before(version), changes=presenting.compared(version)
    )


@bp.route("/versions/<int:version_id>/preview")
@allow(Administrator)
def preview(version_id: int) -> Any:
    """The version written out with invented terms, as a page."""
    version = queries.version(version_id)
    if problems(version.body, version.template.kind):
        return shown(version_id, DoForm())
    text = presenting.example_text(version, clock.today())
    return render_template("clauses/preview.html", version=version, text=text, state=STATE, motto=MOTTO)


@bp.route("/versions/<int:version_id>/preview.pdf")
@allow(Administrator)
def preview_pdf(version_id: int) -> Any:
    """The same as a PDF."""
    version = queries.version(version_id)
    if problems(version.body, version.template.kind):
        return shown(version_id, DoForm())
    answer = Response(presenting.example_pdf(version, clock.now(), clock.today()), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="vi-du-{version.template.code}-{version.number}.pdf"'
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
