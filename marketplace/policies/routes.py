"""The footer's pages and their editor."""

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from marketplace.accounts.access import Administrator
from marketplace.kernel.errors import NotVisible
from marketplace.policies import queries, service
from marketplace.policies.forms import EditForm
from marketplace.policies.rules import TITLES, Name, blocks
from marketplace.web.access import Public, allow
from marketplace.web.addresses import number_or_none
from marketplace.web.messages import say
from marketplace.web.writes import write

bp = Blueprint("policies", __name__, url_prefix="/policies")


def known(name: str) -> Name:
    """The text that an address names, or a 404."""
    if name not in set(Name):
        raise NotVisible
    return Name(name)


@bp.route("/operating-rules", defaults={"name": Name.OPERATING_RULES.value}, endpoint="operating_rules")
@bp.route("/privacy", defaults={"name": Name.PRIVACY.value}, endpoint="privacy")
@bp.route("/complaints", defaults={"name": Name.COMPLAINTS.value}, endpoint="complaints")
@allow(Public)
def show(name: str) -> str:
    """One text, the version in force."""
    text = queries.current(known(name))
    return render_template("policies/show.html", text=text, title=say(TITLES[text.name]), blocks=blocks(text.body))


@bp.route("/<name>/edit", methods=["GET", "POST"])
@allow(Administrator)
def edit(name: str) -> str | Response:
    """Publish the next version."""
    text_name = known(name)
    latest = queries.current(text_name)
    form = EditForm(body=latest.body, seen=str(latest.number))
    if form.accepted():
        with write(form) as now:
            text = service.publish(
                text_name, form.body.data, seen=number_or_none(form.seen.data) or 0, actor=current_user, now=now
            )
            message = _("Version %(number)s is published.", number=text.number)
            return form.done(message, url_for(f".{text_name.replace('-', '_')}"))
    return render_template(
        "policies/edit.html", form=form, title=say(TITLES[text_name]), versions=queries.versions(text_name)
    )
