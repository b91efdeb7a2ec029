"""How often one may try: by the visitor's address, by whose account is tried, or by who is signed in."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, abort, current_app, g, request, session
from flask_login import current_user
from limits import RateLimitItem, parse

from marketplace.accounts.identity import email_of, phone_of
from marketplace.extensions import limiter
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid


def address() -> str:
    """Whoever is at this address; many people may share it."""
    return f"address:{request.remote_addr}"


def identity() -> str:
    """The account that is tried, in whatever spelling."""
    typed = request.form.get("identity") or request.form.get("email") or ""
    found = email_of(typed) or phone_of(typed) or typed.casefold().strip()
    return f"identity:{hashlib.sha256(found.encode()).hexdigest()[:32]}"


def halfway() -> str:
    """The account whose password was right and whose code is asked for, or who is setting the code up."""
    return f"halfway:{session['tf_user_id']}" if "tf_user_id" in session else person()


def person() -> str:
    """Who is signed in."""
    return f"person:{current_user.get_id() if current_user.is_authenticated else request.remote_addr}"


@dataclass(frozen=True)
class Rule:
    """So many tries in so long a time; a success forgives those of one account, never those of an address."""

    whose: Callable[[], str]
    limit: RateLimitItem
    forgiving: bool = False


CODE_TRIES = (Rule(halfway, parse("8/15 minutes"), True), Rule(address, parse("60/15 minutes")))
OWN_PASSWORD = (Rule(person, parse("10/15 minutes"), True),)

RULES: dict[str, tuple[Rule, ...]] = {
    "security.login": (Rule(identity, parse("10/15 minutes"), True), Rule(address, parse("120/15 minutes"))),
    "security.two_factor_token_validation": CODE_TRIES,
    "security.mf_recovery": CODE_TRIES,
    "security.forgot_password": (Rule(identity, parse("3/hour")), Rule(address, parse("15/hour"))),
    "security.reset_password": (Rule(address, parse("20/hour")),),
    "security.verify": OWN_PASSWORD,
    "security.change_password": OWN_PASSWORD,
    "accounts.contact": OWN_PASSWORD,
    "accounts.close": OWN_PASSWORD,
    "accounts.one_time_code": (Rule(identity, parse("10/hour")), Rule(address, parse("20/hour"))),
}
"""For what is sent (POST) to these endpoints."""

AGAIN = parse("10/15 minutes")


def enabled() -> bool:
    """Off only where tests say so."""
    return bool(current_app.config.get("RATELIMIT_ENABLED", True))


def count() -> None:
    """Before the view: one more try, or 429."""
    rules = RULES.get(request.endpoint or "", ()) if request.method == "POST" and enabled() else ()
    g.tried = [(rule, request.endpoint, rule.whose()) for rule in rules]
    # All are counted, also when the first one already refuses: no address hides behind an account that is full.
    allowed = [limiter.limiter.hit(rule.limit, endpoint, key) for rule, endpoint, key in g.tried]
    if not all(allowed):
        abort(429)
    # Whoever is signed in gets led on from the sign-in page whatever is typed: that proves nothing.
    if current_user.is_authenticated:
        g.tried = [found for found in g.tried if found[0].whose is person]


def forgive(response: Response) -> Response:
    """After the view: a success (it leads on) clears what failed before it."""
    if response.status_code in (302, 303):
        for rule, endpoint, key in g.get("tried", ()):
            if rule.forgiving:
                limiter.limiter.clear(rule.limit, endpoint, key)
    return response


def try_again(user_id: int) -> None:
    """Count one try to prove in a form of a later slice who one is; refused when there were too many."""
    if enabled() and not limiter.limiter.hit(AGAIN, "reauthenticate", str(user_id)):
        raise Refusal(msgid("Too many tries; please wait a quarter of an hour."), "password")


def succeeded(user_id: int) -> None:
    """It was this person: the tries before are forgotten."""
    if enabled():
        limiter.limiter.clear(AGAIN, "reauthenticate", str(user_id))


def init_app(app: Flask) -> None:
    """Count before every view."""
    app.before_request(count)
    app.after_request(forgive)
