"""Pages for becoming part of an organisation: register, claim, what one belongs to, send again."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import login_user
from werkzeug.wrappers import Response

from marketplace.accounts import letters
from marketplace.accounts.models import User
from marketplace.accounts.service import create_user
from marketplace.extensions import limiter
from marketplace.kernel.identifiers import format_tax_code
from marketplace.organisations import policy, queries, service
from marketplace.organisations.access import capacities
from marketplace.organisations.forms import ApplyForm, ClaimForm, RegisterAndClaimForm, RegisterForm
from marketplace.organisations.models import Membership
from marketplace.organisations.routes_base import bp, home_province, me, need, offer_places, refused, seen, standing_to
from marketplace.organisations.rules import KINDS, TITLES, Kind, MembershipState
from marketplace.places import queries as places
from marketplace.policies.queries import current as policy_text
from marketplace.policies.rules import Name
from marketplace.web import writes
from marketplace.web.access import Public, SignedIn, allow
from marketplace.web.addresses import number_or_none
from marketplace.web.forms import DoForm
from marketplace.web.writes import write

AGREED_TO = (Name.OPERATING_RULES, Name.PRIVACY)


@bp.route("/register", methods=["GET", "POST"])
@limiter.limit("30/hour", methods=["POST"])
@allow(Public)
def register() -> str | Response:
    """First the kind, then one form: the organisation, its seat, and the person."""
    kind = asked_kind()
    if kind is None:
        return render_template("organisations/choose.html", kinds=list(TITLES), names=KINDS)
    writes.owner()  # a visitor's name in the session, so that a double click is one registration
    form = register_form(kind)
    if request.form.get("act") == "places":
        return show_form(form, kind)
    if form.accepted():
        credentials = form.credentials() if isinstance(form, RegisterForm) else None
        answer = None
        with write(form) as now:
            unit = places.unit(form.unit.data)
            application = service.Application(
                kind=kind,
                name=form.name.data,
                unit=unit,
                tax_code=form.tax_code.code,
                sector=form.sector.data if form.sector else None,
                cooperation_contract=form.cooperation_contract.data or None if form.cooperation_contract else None,
                address=form.address.data or None,
                sure=form.sure.data,
                **authority_of(form),
            )
            person = person_of(credentials, now)
            membership = service.register(application, person, now=now)
            answer = form.done(outcome(membership), url_for(".mine"))
        if answer:
            return entered(person, answer)
    return show_form(form, kind)


def asked_kind() -> Kind | None:
    """The kind in the address; those that one may register oneself."""
    kind = request.args.get("kind", "")
    return Kind(kind) if kind in set(TITLES) else None


def register_form(kind: Kind) -> ApplyForm | RegisterForm:
    """With the person's part for whoever has no account yet."""
    made = ApplyForm if current_user.is_authenticated else RegisterForm
    asked = number_or_none(request.args.get("province"))
    form = made(title=TITLES[kind], province=asked or home_province())
    form.fit(kind)
    offer_places(form)
    return form


def show_form(form: ApplyForm | RegisterForm, kind: Kind) -> str:
    """The form of a kind; with those of nearly the same name, where it was refused because of them."""
    unit = places.unit(form.unit.data) if form.sure.errors or form.sure.data else None
    return render_template(
        "organisations/register.html",
        form=form,
        kind=kind,
        kind_name=KINDS[kind],
        alike=queries.namesakes_near(form.name.data or "", unit) if unit else [],
    )


def authority_of(form: Any) -> dict[str, Any]:
    """Title, basis and power of attorney as the service takes them."""
    return {
        "title": form.title.data,
        "basis": form.basis.data,
        "document": form.document.data or None,
        "until": form.until.data,
    }


def person_of(credentials: dict[str, Any] | None, now: Any) -> User:
    """Whoever is signed in, or a new person."""
    if credentials is None:
        return me()
    person = create_user(**credentials, consents={name: str(policy_text(name).number) for name in AGREED_TO}, now=now)
    letters.send(person, now=now)
    return person


def entered(person: User, answer: Response) -> Response:
    """A new person is signed in at once."""
    if not current_user.is_authenticated:
        login_user(person, authn_via=["register"])
    return answer


def outcome(membership: Membership) -> str:
    """What a registration or a claim became."""
    organisation = membership.organisation
    if membership.state == MembershipState.REQUESTED:
        return _("%(name)s is here already. Your request to join was sent to its people.", name=organisation.name)
    if organisation.listed_at is not None:
        return _("%(name)s is in the register; you have claimed it. An officer checks it now.", name=organisation.name)
    return _("%(name)s is registered. An officer checks it now.", name=organisation.name)


@bp.route("/organisations/<int:organisation_id>/claim", methods=["GET", "POST"])
@limiter.limit("30/hour", methods=["POST"])
@allow(Public)
def claim(organisation_id: int) -> str | Response:
    """ "This is ours": the first becomes its representative, others ask to join."""
    organisation = seen(organisation_id)
    need(organisation.kind in TITLES and policy.may_claim(organisation, standing_to(organisation)))
    writes.owner()
    made = ClaimForm if current_user.is_authenticated else RegisterAndClaimForm
    form = made(title=TITLES[organisation.kind])
    if form.accepted():
        credentials = form.credentials() if isinstance(form, RegisterAndClaimForm) else None
        answer = None
        with write(form) as now:
            organisation = seen(organisation_id)
            application = service.Application(
                kind=organisation.kind, name=organisation.name, unit=organisation.unit, **authority_of(form)
            )
            person = person_of(credentials, now)
            membership = service.claim(organisation, person, application, now=now)
            answer = form.done(outcome(membership), url_for(".mine"))
        if answer:
            return entered(person, answer)
    tax_code = format_tax_code(organisation.public_tax_code or "")
    return render_template("organisations/claim.html", form=form, organisation=organisation, tax_code=tax_code)


@bp.route("/organisations/mine")
@allow(SignedIn)
def mine() -> str:
    """What the visitor belongs to, has asked to join, and helps; and the next step of each."""
    found = capacities(me())
    return render_template(
        "organisations/mine.html",
        memberships=found.memberships,
        mandates=found.mandates,
        posts=found.posts,
        requests=queries.requests_of(me()),
        form=DoForm(),
    )


@bp.route("/organisations/<int:organisation_id>/resubmit", methods=["POST"])
@allow(SignedIn)
def resubmit(organisation_id: int) -> Response:
    """A returned application goes to the officers again."""
    organisation = seen(organisation_id)
    form = DoForm()
    back = url_for(".show", organisation_id=organisation_id)
    if form.accepted():
        with write(form) as now:
            service.resubmit(seen(organisation.id), actor=me(), now=now)
            return form.done(_("Sent again. An officer checks it now."), back)
    return refused(form, back)
