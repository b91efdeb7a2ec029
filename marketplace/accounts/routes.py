"""Pages of one's own account, the one-time code that an officer hands over, and where it is used."""

import json
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import login_user, logout_user
from flask_security.recoverable import generate_reset_password_token

from marketplace.accounts import letters, queries, rules, service
from marketplace.accounts.forms import CloseForm, ContactForm, OneTimeCodeForm
from marketplace.extensions import limiter
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.web import clock, handed
from marketplace.web.access import Public, SignedIn, allow
from marketplace.web.forms import DoForm
from marketplace.web.messages import say
from marketplace.web.writes import transaction, write

bp = Blueprint("accounts", __name__)
WRONG_PASSWORD = Refusal(msgid("This password is not right."), "password")


def me() -> Any:
    """The signed-in person as a row, not a proxy."""
    return current_user._get_current_object()


@bp.route("/account")
@allow(SignedIn)
def show() -> str:
    """One's own account."""
    return render_template(
        "accounts/show.html",
        user=me(),
        consents=queries.consents(me()),
        labels=rules.TEXTS,
        must_have_code=me().check_tf_required_setup(),
        form=DoForm(),
    )


def proved(form: ContactForm | CloseForm) -> bool:
    """Whether the password typed into the form is the person's; hashes, so before the write."""
    try:
        if service.reauthenticated(me(), password=form.password.data):
            return True
        form.refuse(WRONG_PASSWORD)
    except Refusal as refusal:
        form.refuse(refusal)
    return False


@bp.route("/account/contact", methods=["GET", "POST"])
@allow(SignedIn)
def contact() -> Any:
    """Name, phone number and e-mail address."""
    user = me()
    form = ContactForm(data={"person_name": user.name, "person_phone": user.phone, "person_email": user.email})
    if form.accepted() and proved(form):
        with write(form) as now:
            before = user.email
            service.change_contact(
                user,
                name=form.person_name.data or "",
                email=form.person_email.data,
                phone=form.person_phone.data,
                now=now,
            )
            if before and before != user.email:
                tell(before, msgid("Your account has another address now"), now=now)
            return form.done(_("Saved."), url_for(".show"))
    return render_template("accounts/contact.html", form=form)


@bp.route("/account/letter", methods=["POST"])
@allow(SignedIn)
@limiter.limit("5/day")
def send_letter() -> Any:
    """A letter to the own address, to prove it."""
    form = DoForm()
    if form.accepted():
        with write(form) as now:
            letters.send(me(), now=now)
            return form.done(_("The letter is on its way. Open its link within two days."), url_for(".show"))
    return redirect(url_for(".show"), 303)


@bp.route("/account/email/<token>", methods=["GET", "POST"])
@allow(Public)
@limiter.limit("60/hour")
def prove_email(token: str) -> Any:
    """The link of that letter; whoever opens it need not be signed in on this device."""
    user = letters.reader_of(token)
    form = DoForm()
    if user is not None and form.accepted():
        with write(form) as now:
            service.prove_email(user, now=now)
            return form.done(_("Your address is proved."), url_for(".show") if current_user.is_authenticated else "/")
    return render_template("accounts/prove_email.html", user=user, form=form), 200 if user else 404


def tell(recipient: str, subject: Message, **options: Any) -> None:
    """A short mail to an address that something happened to."""
    body = msgid("If this was not you, tell the commune's officer at once.")
    handed.take("mailer")(recipient, say(subject), f"{say(subject)}. {say(body)}", path=url_for(".show"), **options)


@bp.route("/account/sign-out-everywhere", methods=["POST"])
@allow(SignedIn)
def sign_out_everywhere() -> Any:
    """End the sessions on all other devices."""
    form = DoForm()
    if form.accepted():
        with write(form) as now:
            user = me()
            service.sign_out_everywhere(user, now=now)
            login_user(user, authn_via=["change"])
            return form.done(_("All other devices are signed out."), url_for(".show"))
    return redirect(url_for(".show"), 303)


@bp.route("/account/data")
@allow(SignedIn)
def data() -> Response:
    """Everything that is held about the person, as JSON."""
    user = me()
    held = queries.held_about(user)
    for name, part in handed.take("personal_data"):
        held[name] = part(user)
    answer = Response(json.dumps(held, ensure_ascii=False, indent=2, default=str), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="du-lieu-{clock.today().isoformat()}.json"'
    return answer


@bp.route("/account/close", methods=["GET", "POST"])
@allow(SignedIn)
def close() -> Any:
    """Close the account, and erase the person where nothing binds."""
    user = me()
    form = CloseForm()
    if form.accepted() and proved(form):
        with write(form) as now:
            erased = service.close(user, now=now)
            logout_user()
            words = _("Your account is closed and your details are erased.") if erased else _("Your account is closed.")
            return form.done(words, "/")
    return render_template("accounts/close.html", form=form, bound=queries.has_acted(user))


@bp.route("/one-time-code", methods=["GET", "POST"])
@allow(Public)
def one_time_code() -> Any:
    """A code from the officer opens the page for a new password; a wrong try is counted, so it is written too."""
    form = OneTimeCodeForm()
    if form.accepted():
        user = queries.by_identity(form.identity.data or "")
        with transaction() as now:
            right = service.use_one_time_code(user, form.passcode.data or "", now=now)
        if right:
            flash(_("The code is right. Now choose your new password."))
            return redirect(url_for("security.reset_password", token=generate_reset_password_token(user)), 303)
        form.refuse(
            Refusal(msgid("This code is not right or no longer good. Check it, or ask the officer for a new one."))
        )
    return render_template("accounts/one_time_code.html", form=form)


@bp.route("/accounts/<int:user_id>/one-time-code", methods=["GET", "POST"])
@allow(SignedIn)
def hand_over_code(user_id: int) -> Any:
    """For an officer who has the person in front of him or her; create_app() says who may."""
    user = queries.get(user_id)
    if not handed.take("may_hand_over_code")(me(), user):
        raise NotVisible
    form = DoForm()
    code = None
    if form.accepted():
        with write(form) as now:
            code = service.make_one_time_code(user, me(), now)
            if user.email:
                tell(user.email, msgid("An officer made a one-time code for your account"), now=now)
            form.answer = url_for(".hand_over_code", user_id=user.id)
    return render_template("accounts/hand_over_code.html", form=form, user=user, code=code)
