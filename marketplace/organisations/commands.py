"""`flask officials add|list|end`: officials' posts from the command line, as an installation begins."""

import json
from datetime import date, datetime

import click
from flask.cli import AppGroup
from sqlalchemy import select

from marketplace.accounts.identity import email_of, phone_of
from marketplace.accounts.models import User
from marketplace.accounts.queries import by_identity
from marketplace.accounts.service import create_user
from marketplace.extensions import db
from marketplace.kernel.dates import parse_date
from marketplace.kernel.errors import Refusal
from marketplace.organisations import service_posts
from marketplace.organisations.models import Post
from marketplace.organisations.rules import PostRole
from marketplace.places import queries as places
from marketplace.places.models import AdminUnit, ReportingArea
from marketplace.places.names import folded_name
from marketplace.web import clock
from marketplace.web.messages import say
from marketplace.web.writes import transaction

group = AppGroup("officials", help="Officials and their posts.")
as_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")


def facts(post: Post) -> dict[str, object]:
    """What the commands print of a post."""
    place = post.unit.name if post.unit else post.area.name if post.area else None
    return {
        "id": post.id,
        "name": post.user.name,
        "email": post.user.email,
        "phone": post.user.phone,
        "role": str(post.role),
        "place": place,
        "body": post.body,
        "title": post.title,
        "from": post.held_from.isoformat(),
        "until": post.held_until.isoformat() if post.held_until else None,
    }


def show(posts: list[Post], as_json: bool) -> None:
    """For people or for programs."""
    if as_json:
        click.echo(json.dumps({"posts": [facts(post) for post in posts]}, ensure_ascii=False))
        return
    for post in posts:
        known = facts(post)
        until = f" – {known['until']}" if known["until"] else ""
        click.echo(f"{post.id:>5}  {known['name']:<28} {known['role']:<8} {known['place']:<22} {known['from']}{until}")
    click.echo(f"{len(posts)} posts")


def read_day(text: str | None) -> date | None:
    """A day as typed, or none."""
    try:
        return parse_date(text) if text else None
    except Refusal as refusal:
        raise click.ClickException(say(refusal.message)) from refusal


def find_place(
    unit: str | None, province: str | None, area: str | None
) -> tuple[AdminUnit | None, ReportingArea | None]:
    """The one place that the options name."""
    today = clock.today()
    if area:
        found_area = places.area_by_name(area)
        if found_area is None:
            raise click.ClickException(f"There is no reporting area {area!r}; `flask places load` brings those known.")
        return None, found_area
    provinces = [row for row in places.provinces(today) if province and row.folded == folded_name(province)]
    if province and not provinces:
        raise click.ClickException(f"There is no province {province!r}; load the units with `flask places load`.")
    if not unit:
        return (provinces[0] if provinces else None), None
    found = places.find_commune(unit, at=today, province_id=provinces[0].id if provinces else None)
    if found is None:
        raise click.ClickException(f"{unit!r} names no commune of today, or more than one: add --province.")
    return found, None


def person_of(name: str, email: str | None, phone: str | None, now: datetime) -> User:
    """Whoever signs in with these, or a new account without a password."""
    found = next((user for text in (email, phone) if text and (user := by_identity(text))), None)
    return found or create_user(name=name, email=email, phone=phone, password_hash=None, consents={}, now=now)


@group.command("add")
@click.option("--name", required=True, help="Full name.")
@click.option("--email", help="E-mail address to sign in with.")
@click.option("--phone", help="Phone number to sign in with.")
@click.option("--unit", help='Commune, for example "Xã Than Uyên".')
@click.option("--province", help='Province: alone for a provincial post, or to tell communes apart, e.g. "Lai Châu".')
@click.option("--area", help="Reporting area, for reading only.")
@click.option("--role", type=click.Choice([str(role) for role in PostRole]), default=str(PostRole.OFFICER))
@click.option("--body", required=True, help='Body as on papers, for example "UBND xã Than Uyên".')
@click.option("--title", default="", help="Position.")
@click.option("--from", "first", help="First day, dd/mm/yyyy (today).")
@click.option("--until", help="Last day, dd/mm/yyyy.")
@as_json_option
def add(
    name: str,
    email: str | None,
    phone: str | None,
    unit: str | None,
    province: str | None,
    area: str | None,
    role: str,
    body: str,
    title: str,
    first: str | None,
    until: str | None,
    as_json: bool,
) -> None:
    """Give somebody a post; an account is made where there is none."""
    if not email and not phone:
        raise click.UsageError("Give --email or --phone: it is what the official signs in with.")
    if email and not (email := email_of(email)):
        raise click.BadParameter("not an e-mail address", param_hint="--email")
    if phone and not (phone := phone_of(phone)):
        raise click.BadParameter("not a phone number", param_hint="--phone")
    place, reporting_area = find_place(unit, province, area)
    try:
        with transaction() as now:
            post = service_posts.appoint(
                person_of(name, email, phone, now),
                role=PostRole(role),
                body=body,
                title=title,
                unit=place,
                area=reporting_area,
                held_from=read_day(first) or clock.today(),
                held_until=read_day(until),
                actor=None,
                now=now,
            )
    except Refusal as refusal:
        raise click.ClickException(say(refusal.message)) from refusal
    show([post], as_json)


@group.command("list")
@as_json_option
def list_posts(as_json: bool) -> None:
    """All posts."""
    show(service_posts.all_posts(), as_json)


@group.command("end")
@click.argument("post_id", type=int)
@click.option("--on", help="Last day, dd/mm/yyyy (today).")
@as_json_option
def end(post_id: int, on: str | None, as_json: bool) -> None:
    """Say until when a post is held."""
    last_day = read_day(on) or clock.today()
    try:
        with transaction() as now:
            post = db.session.scalar(select(Post).filter_by(id=post_id))
            if post is None:
                raise click.ClickException("There is no such post; see `flask officials list`.")
            service_posts.end_post(post, last_day=last_day, actor=None, now=now)
    except Refusal as refusal:
        raise click.ClickException(say(refusal.message)) from refusal
    show([post], as_json)
