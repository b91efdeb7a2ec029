"""A person's notices, and the administrator's page of mails."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.accounts.access import Administrator
from marketplace.config import Settings
from marketplace.kernel.errors import NotVisible
from marketplace.notices import queries, service
from marketplace.notices.mail import kept
from marketplace.notices.models import Notice, Outgoing
from marketplace.notices.rules import MAIL_STATES, MailState
from marketplace.web.access import SignedIn, allow
from marketplace.web.forms import DoForm
from marketplace.web.paging import by_key
from marketplace.web.writes import write

bp = Blueprint("notices", __name__, url_prefix="/notices")


@bp.route("/")
@allow(SignedIn)
def index() -> str:
    """What somebody was told, newest first. Each row has a form of its own: reading is a write."""
    page = by_key(queries.of(current_user.id), Notice.id)
    rows = [(notice, None if notice.read_at else DoForm()) for notice in page.rows]
    return render_template("notices/index.html", page=page, rows=rows, all_form=DoForm())


@bp.route("/<int:notice_id>/open", methods=["POST"])
@allow(SignedIn)
def open_one(notice_id: int) -> Any:
    """Read a notice and go to what it is about."""
    return marked(notice_id, go=True)


@bp.route("/<int:notice_id>/read", methods=["POST"])
@allow(SignedIn)
def read(notice_id: int) -> Any:
    """Mark one notice as read and stay."""
    return marked(notice_id, go=False)


def marked(notice_id: int, go: bool) -> Any:
    """The write behind both."""
    notice = queries.get(notice_id, current_user.id)
    form = DoForm()
    target = notice.url if go else url_for(".index")
    if form.accepted():
        with write(form) as now:
            service.read_one(notice, now=now)
            form.answer = target
    return redirect(target, 303)


@bp.route("/read", methods=["POST"])
@allow(SignedIn)
def read_all() -> Any:
    """Mark everything as read."""
    form = DoForm()
    if form.accepted():
        with write(form) as now:
            service.read_all(current_user.id, now=now)
            return form.done(_("All notices are marked as read."), url_for(".index"))
    return redirect(url_for(".index"), 303)


# Mails -----------------------------------------------------------------------------------------------------------


def settings() -> Settings:
    """Those of this installation."""
    found: Settings = current_app.config["SETTINGS"]
    return found


@bp.route("/mails")
@allow(Administrator)
def mails() -> str:
    """The outbox: what was sent, what waits, what failed and why."""
    failed = request.args.get("state") == "failed"
    every, wrong = queries.counts()
    return render_template(
        "notices/mails.html",
        page=by_key(queries.outbox(failed), Outgoing.id),
        failed=failed,
        every=every,
        wrong=wrong,
        keeps=not settings().mail_url,
        states=MAIL_STATES,
    )


@bp.route("/mails/<int:mail_id>")
@allow(Administrator)
def mail(mail_id: int) -> str:
    """One mail. Its text is shown only where mails are kept here instead of sent: it may open somebody's account."""
    found = queries.mail(mail_id)
    letter = kept(found, settings())
    return render_template(
        "notices/mail.html",
        mail=found,
        states=MAIL_STATES,
        may_retry=found.state in (MailState.FAILING, MailState.GIVEN_UP),
        form=DoForm(),
        letter=letter,
        lines=str(letter.get_content()).splitlines() if letter else [],
        keeps=not settings().mail_url,
    )


@bp.route("/mails/<int:mail_id>/retry", methods=["POST"])
@allow(Administrator)
def retry(mail_id: int) -> Any:
    """Try a failed mail again now."""
    form = DoForm()
    if form.accepted():
        with write(form) as now:
            service.retry(queries.mail(mail_id), actor=current_user.id, now=now)
            return form.done(_("It is tried again within a minute."), url_for(".mail", mail_id=mail_id))
    raise NotVisible
