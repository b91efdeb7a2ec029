"""`flask users create-admin|list|remove-second-factor`: the first administrator, and help for who is locked out."""

import json
import sys

import click
from flask.cli import AppGroup

from marketplace.accounts import queries, service
from marketplace.accounts.identity import email_of, phone_of
from marketplace.accounts.models import User
from marketplace.kernel.errors import Refusal
from marketplace.web import handed
from marketplace.web.messages import say
from marketplace.web.writes import transaction

group = AppGroup("users", help="People who sign in.")
as_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")


def facts(user: User) -> dict[str, object]:
    """What the commands print of a person."""
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "phone": user.us_phone_number,
        "active": user.active,
        "administrator": user.administrator,
        "second_factor": user.second_factor,
    }


def show(user: User, as_json: bool, sentence: str) -> None:
    """One person, for people or for programs."""
    if as_json:
        click.echo(json.dumps(facts(user), ensure_ascii=False))
        return
    click.echo(sentence)
    for name, value in facts(user).items():
        click.echo(f"  {name:14} {value if value is not None else '—'}")


def ask_password(from_stdin: bool) -> str:
    """Typed twice, or the first line of standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


@group.command("create-admin")
@click.option("--name", required=True, help="Full name.")
@click.option("--email", help="E-mail address to sign in with.")
@click.option("--phone", help="Phone number to sign in with.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@as_json_option
def create_admin(name: str, email: str | None, phone: str | None, password_stdin: bool, as_json: bool) -> None:
    """Make an administrator; the first one of an installation is made here."""
    if not email and not phone:
        raise click.UsageError("Give --email or --phone: it is what the administrator signs in with.")
    if email and not (email := email_of(email)):
        raise click.BadParameter("not an e-mail address", param_hint="--email")
    if phone and not (phone := phone_of(phone)):
        raise click.BadParameter("not a phone number", param_hint="--phone")
    password = ask_password(password_stdin)
    known = {"name": name, "email": email or "", "phone": phone or ""}
    wrong, _normal = handed.take("security").password_util.validate(password, True, **known)
    if wrong:
        raise click.ClickException(" ".join(map(str, wrong)))
    hashed = service.hashed(password)
    try:
        with transaction() as now:
            user = service.create_user(
                name=name, email=email, phone=phone, password_hash=hashed, consents={}, now=now, administrator=True
            )
    except Refusal as refusal:
        raise click.ClickException(say(refusal.message)) from refusal
    show(user, as_json, "The administrator can sign in now; a real installation will ask for a second factor first.")


@group.command("list")
@as_json_option
def list_users(as_json: bool) -> None:
    """Everybody, oldest first."""
    people = [facts(user) for user in queries.everybody()]
    if as_json:
        click.echo(json.dumps({"users": people}, ensure_ascii=False))
        return
    for person in people:
        marks = [name for name in ("administrator", "second_factor") if person[name]]
        marks += [] if person["active"] else ["closed"]
        click.echo(
            f"{person['id']:>6}  {person['name']:<30}  {person['email'] or person['phone'] or '—':<32}  {' '.join(marks)}"
        )
    click.echo(f"{len(people)} people")


@group.command("remove-second-factor")
@click.argument("identity")
@as_json_option
def remove_second_factor(identity: str, as_json: bool) -> None:
    """For somebody who lost both the phone and the spare codes; make sure who asks. Signs that person out."""
    user = queries.by_identity(identity)
    if user is None:
        raise click.ClickException("Nobody signs in with this.")
    with transaction() as now:
        service.remove_second_factor(user, now=now)
    show(user, as_json, "The next sign-in asks for the password only, or to set a second factor up anew.")
