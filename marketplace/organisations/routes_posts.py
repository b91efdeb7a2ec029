"""The administrator's pages of officials: who holds which post, appointing, ending."""

from datetime import datetime

from flask import render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from marketplace.accounts.access import Administrator
from marketplace.accounts.models import User
from marketplace.accounts.queries import by_identity
from marketplace.accounts.service import create_user
from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.kernel.messages import msgid
from marketplace.organisations import service_posts
from marketplace.organisations.forms import listed
from marketplace.organisations.forms_people import AppointForm, EndPostForm
from marketplace.organisations.models import Post
from marketplace.organisations.routes_base import bp, home_province, me
from marketplace.organisations.rules import POST_ROLES, same_person
from marketplace.places import queries as places
from marketplace.places.models import AdminUnit, ReportingArea
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.writes import write


@bp.route("/organisations/posts")
@allow(Administrator)
def posts() -> str:
    """All posts."""
    return render_template("organisations/posts.html", posts=service_posts.all_posts(), roles=POST_ROLES)


@bp.route("/organisations/posts/appoint", methods=["GET", "POST"])
@allow(Administrator)
def appoint() -> str | Response:
    """Give somebody a post; whoever has no account gets one, and a one-time code to enter it."""
    form = AppointForm(held_from=clock.today())
    form.place.choices = place_choices()
    if form.accepted():
        with write(form) as now:
            person, is_new = person_for(form, now)
            unit, area = place_of(form.place.data)
            service_posts.appoint(
                person,
                role=form.role.data,
                body=form.body.data or "",
                title=form.title.data or "",
                unit=unit,
                area=area,
                held_from=form.held_from.data or clock.today(),
                held_until=form.held_until.data,
                actor=me(),
                now=now,
            )
            if is_new:
                code_page = url_for("accounts.hand_over_code", user_id=person.id)
                return form.done(
                    _("The post is given. Make a code with which the official chooses a password."), code_page
                )
            return form.done(_("The post is given."), url_for(".posts"))
    return render_template("organisations/appoint.html", form=form)


def person_for(form: AppointForm, now: datetime) -> tuple[User, bool]:
    """The account with this phone or e-mail, when the name agrees; else a new one without a password."""
    typed = [text for text in (form.person_phone.data, form.person_email.data) if text]
    found = next((person for text in typed if (person := by_identity(text)) is not None), None)
    name = form.person_name.data or ""
    if found is None:
        made = create_user(
            name=name,
            email=form.person_email.data,
            phone=form.person_phone.data,
            password_hash=None,
            consents={},
            now=now,
            actor=me().id,
        )
        return made, True
    if not same_person(found.name, name):
        raise Refusal(msgid("Somebody of another name has this phone number or e-mail."), "person_name")
    return found, False


def place_choices() -> list[SelectChoice]:
    """The home province, its communes, and the reporting areas; without an area, all provinces."""
    today = clock.today()
    home = home_province()
    provinces = [row for row in places.provinces(today) if home in (None, row.id)]
    communes = places.communes(home, today) if home else []
    units = [(f"unit:{row.id}", row.name) for row in [*provinces, *communes]]
    areas = [(f"area:{row.id}", _("Reporting area %(name)s", name=row.name)) for row in places.areas()]
    return listed([*units, *areas], _("Choose …"))


def place_of(choice: str) -> tuple[AdminUnit | None, ReportingArea | None]:
    """The unit or the area that was chosen."""
    what, _colon, number = choice.partition(":")
    if what == "unit":
        return places.unit(int(number)), None
    return None, db.session.get(ReportingArea, int(number))


@bp.route("/organisations/posts/<int:post_id>/end", methods=["GET", "POST"])
@allow(Administrator)
def end_post(post_id: int) -> str | Response:
    """The last day of a post."""
    post = db.session.scalar(select(Post).filter_by(id=post_id))
    if post is None:
        raise NotVisible
    form = EndPostForm(last_day=clock.today())
    if form.accepted():
        with write(form) as now:
            service_posts.end_post(post, last_day=form.last_day.data or clock.today(), actor=me(), now=now)
            return form.done(_("The post ends."), url_for(".posts"))
    return render_template("organisations/end_post.html", form=form, post=post)
