"""Pages of trade events: the public ones, and the desk's for the officers who manage them."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from marketplace.kernel.vietnamese import clean
from marketplace.organisations.access import Official, capacities
from marketplace.promotion import queries, service
from marketplace.promotion.forms import EnrolForm, EventForm
from marketplace.promotion.models import TradeEvent
from marketplace.promotion.rules import EVENT, EVENT_ACTS, EVENT_KINDS, EVENT_STATES, REACHES, EventAct, EventState
from marketplace.web.access import Public, allow
from marketplace.web.forms import DoForm, Form
from marketplace.web.paging import by_key
from marketplace.web.writes import write

bp = Blueprint("promotion", __name__, url_prefix="/events")
WORDS = {"kinds": EVENT_KINDS, "reaches": REACHES, "states": EVENT_STATES}


@bp.route("")
@allow(Public)
def index() -> str:
    """Events that everybody may know of."""
    events = by_key(queries.visible(current_user).where(TradeEvent.state != EventState.DRAFT), TradeEvent.id)
    return render_template("promotion/index.html", page=events, **WORDS)


@bp.route("/<int:event_id>")
@allow(Public)
def show(event_id: int) -> str:
    """One event: when, where, who takes part."""
    event = queries.get(event_id, visible_to=current_user)
    return render_template(
        "promotion/show.html",
        event=event,
        participants=queries.participants(event, public=True),
        manages=queries.manages(current_user, event),
        **WORDS,
    )


@bp.route("/desk")
@allow(Official)
def desk() -> str:
    """The events of the territory."""
    events = by_key(queries.on_desk(current_user), TradeEvent.id)
    return render_template(
        "promotion/desk.html",
        page=events,
        counts=queries.counts(list(events.rows)),
        may_create=bool(queries.organisers(current_user)),
        **WORDS,
    )


@bp.route("/create", methods=["GET", "POST"])
@allow(Official, acting=True)
def create() -> Any:
    """A new event, in preparation until it is opened."""
    organisers = queries.organisers(current_user)
    first = capacities(current_user).acting_posts[0]
    form = EventForm(organisers, queries.places(current_user), organiser=first.body, organiser_unit_id=first.unit_id)
    if form.accepted():
        with write(form) as now:
            event = service.create(form.details(), actor=current_user, now=now)
            return form.done(
                _("The event is prepared. Add who takes part, then open it."), url_for(".manage", event_id=event.id)
            )
    return render_template("promotion/create.html", form=form)


@bp.route("/<int:event_id>/edit", methods=["GET", "POST"])
@allow(Official, acting=True)
def edit(event_id: int) -> Any:
    """Change an event."""
    event = queries.managed(event_id, by=current_user)
    organisers = {row.id: row for row in [*queries.organisers(current_user), event.organiser_unit]}
    form = EventForm(list(organisers.values()), queries.places(current_user), obj=event, version=event.version)
    if form.accepted():
        with write(form) as now:
            event = queries.managed(event_id, by=current_user)
            form.check(event)
            service.edit(event, form.details(), actor=current_user, now=now)
            return form.done(_("Saved."), url_for(".manage", event_id=event.id))
    return render_template("promotion/edit.html", form=form, event=event)


@bp.route("/<int:event_id>/manage")
@allow(Official)
def manage(event_id: int) -> str:
    """The desk's page of one event: its facts, who takes part, and what comes of it."""
    event = queries.desk(event_id, current_user)
    return render_template(
        "promotion/manage.html",
        event=event,
        participants=queries.participants(event),
        manages=queries.manages(current_user, event),
        acts=[(act, EVENT_ACTS[act]) for act in EVENT.acts(event.state)],
        # Each button has a key of its own: after going back, a second act is not taken for a repeat of the first.
        button=lambda: DoForm(version=event.version),
        **WORDS,
    )


@bp.post("/<int:event_id>/<any(open,close,reopen):act>")
@allow(Official, acting=True)
def move(event_id: int, act: str) -> Any:
    """Open, close or reopen an event."""
    form = DoForm()
    if form.accepted():
        with write(form) as now:
            event = queries.managed(event_id, by=current_user)
            form.check(event)
            service.move(event, EventAct(act), actor=current_user, now=now)
            done = {
                "open": _("The event is open."),
                "close": _("The event is closed."),
                "reopen": _("The event is open."),
            }
            return form.done(done[act], url_for(".manage", event_id=event.id))
    return refused(form, event_id)


@bp.route("/<int:event_id>/enrol", methods=["GET", "POST"])
@allow(Official, acting=True)
def enrol(event_id: int) -> Any:
    """Find an organisation and put it on the list of participants."""
    event = queries.managed(event_id, by=current_user)
    text = clean(request.args.get("q", ""))[:200]
    found = queries.search_organisations(text, current_user)
    form = EnrolForm(found)
    if form.accepted():
        with write(form) as now:
            event = queries.managed(event_id, by=current_user)
            row = service.enrol(
                event,
                form.organisation_id.data,
                booth=form.booth.data or "",
                products=form.products.data or "",
                actor=current_user,
                now=now,
            )
            message = _("%(name)s is on the list. Add the next one.", name=row.organisation.name)
            return form.done(message, url_for(".enrol", event_id=event.id))
    return render_template("promotion/enrol.html", form=form, event=event, text=text, found=found, most=queries.FOUND)


@bp.post("/<int:event_id>/withdraw/<int:participation_id>")
@allow(Official, acting=True)
def withdraw(event_id: int, participation_id: int) -> Any:
    """Take an organisation off the list of participants."""
    form = DoForm()
    if form.accepted():
        with write(form) as now:
            event = queries.managed(event_id, by=current_user)
            row = queries.participation(event, participation_id)
            name = row.organisation.name
            service.withdraw(event, row, actor=current_user, now=now)
            return form.done(_("%(name)s is off the list.", name=name), url_for(".manage", event_id=event.id))
    return refused(form, event_id)


def refused(form: Form, event_id: int) -> Response:
    """Back to the event's page with the reason why nothing was done."""
    for sentence in form.refusals:
        flash(sentence, "problem")
    return redirect(url_for(".manage", event_id=event_id), 303)
