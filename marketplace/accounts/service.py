"""Writes of accounts: new people, one-time codes, codes used once, contact details, closing."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from flask_security import hash_password, verify_password
from flask_security.utils import get_hmac
from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.accounts import queries, rules, tries
from marketplace.accounts.models import Consent, OneTimeCode, User
from marketplace.extensions import db
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.ledger.models import Detail, Entry
from marketplace.ledger.queries import subject_of
from marketplace.ledger.service import record
from marketplace.web import handed
from marketplace.web.writes import transaction


def hashed(password: str) -> str:
    """The argon2 hash of a password; slow on purpose, so never inside a write transaction."""
    return hash_password(rules.normal(password))


def digest_of_code(code: str) -> str:
    """What is stored of a short code: keyed with the installation's secret, so that it cannot be tried out offline."""
    bare = "".join(sign for sign in code.casefold() if sign.isalnum())
    return hashlib.sha256(get_hmac(bare)).hexdigest()


def note(event: str, user: User, *, now: datetime, actor: int | None = None, **values: Any) -> None:
    """Record on the person's own chain; by the person unless said otherwise."""
    record(event, user, actor=user.id if actor is None else actor, now=now, **values)


def create_user(
    *,
    name: str,
    email: str | None,
    phone: str | None,
    password_hash: str | None,
    consents: Mapping[str, str],
    now: datetime,
    actor: int | None = None,
    administrator: bool = False,
) -> User:
    """A new person; `consents` are the texts agreed to: name → version. Refusals name person_phone or person_email."""
    if not email and not phone:
        raise Refusal(msgid("Give a phone number or an e-mail address."), "person_phone")
    if email:
        email = email.lower()
    free(email, phone)
    user = User(
        name=name,
        email=email or None,
        us_phone_number=phone or None,
        password=password_hash,
        administrator=administrator,
        fs_uniquifier=uuid4().hex,
        confirmed_at=now,
        created_at=now,
    )
    db.session.add(user)
    flush_unless_taken()
    for text_name, version in consents.items():
        give_consent(user, text_name, version, now=now)
    note("account:created", user, now=now, actor=actor, data={"consents": dict(consents)})
    return user


def flush_unless_taken() -> None:
    """Write now; somebody who took the same address or number a moment ago has won."""
    try:
        db.session.flush()
    except IntegrityError as error:
        raise taken("person_email" if "email" in str(error.orig) else "person_phone") from error


def taken(field: str) -> Refusal:
    """The sentence, at the field that names the other account."""
    return Refusal(msgid("There is an account with this already; sign in, or ask for a new password."), field)


def free(email: str | None, phone: str | None, besides: User | None = None) -> None:
    """Refuse an address or number that another account has."""
    for column, value, field in ((User.email, email, "person_email"), (User.us_phone_number, phone, "person_phone")):
        owner = db.session.scalar(select(User.id).where(column == value)) if value else None
        if owner is not None and (besides is None or owner != besides.id):
            raise taken(field)


def give_consent(user: User, text_name: str, version: str, *, now: datetime) -> None:
    """Remember that the person agreed to this version of a text."""
    db.session.add(Consent(user_id=user.id, text_name=text_name, text_version=version, given_at=now))
    db.session.flush()


def use_counter(user: User, counter: int) -> bool:
    """Move the count of used codes on; False when this code, or a later one, was used before."""
    unused = or_(User.tf_last_counter.is_(None), User.tf_last_counter < counter)
    move = update(User).where(User.id == user.id, unused).values(tf_last_counter=counter).returning(User.id)
    return db.session.scalar(move) is not None


def use_spare_code(user: User, code: str, *, now: datetime) -> bool:
    """Use a spare code up; False when it is not one of this person's unused ones."""
    db.session.refresh(user, with_for_update=True)
    digest = digest_of_code(code)
    left = list(user.mf_recovery_codes or [])
    if digest not in left:
        return False
    user.mf_recovery_codes = [other for other in left if other != digest]
    note("account:spare_code_used", user, now=now, data={"left": len(left) - 1})
    return True


def make_one_time_code(user: User, officer: User, now: datetime) -> str:
    """A code for an officer to hand over in person; shown once, good once, for half an hour."""
    if user.id == officer.id:
        raise Refusal(msgid("Nobody hands a code to himself or herself."))
    if not user.active:
        raise Refusal(msgid("This account is closed."))
    day = OneTimeCode.created_at > now - timedelta(days=1)
    if queries.count_codes(OneTimeCode.user_id == user.id, day) >= rules.CODES_A_DAY:
        raise Refusal(
            msgid("This person has had %(count)s codes since yesterday; please wait.", count=rules.CODES_A_DAY)
        )
    if queries.count_codes(OneTimeCode.officer_id == officer.id, day) >= rules.CODES_A_DAY_BY_OFFICER:
        raise Refusal(msgid("You have handed out many codes since yesterday; please wait."))
    db.session.execute(
        update(OneTimeCode).where(OneTimeCode.user_id == user.id, OneTimeCode.used_at.is_(None)).values(good_until=now)
    )
    code = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}d}"
    db.session.add(
        OneTimeCode(
            user_id=user.id,
            officer_id=officer.id,
            digest=digest_of_code(code),
            created_at=now,
            good_until=now + rules.CODE_GOOD_FOR,
        )
    )
    note("account:code_handed_over", user, actor=officer.id, now=now)
    return f"{code[:4]} {code[4:]}"


def use_one_time_code(user: User | None, code: str, *, now: datetime) -> bool:
    """Use the code up, and with it prove the phone number: the officer gave it to the person face to face.

    A wrong try counts, so the caller commits whatever the answer is.
    """
    found = queries.open_code(user, now) if user is not None and user.active else None
    if user is None or found is None:
        return False
    if not secrets.compare_digest(found.digest, digest_of_code(code)):
        found.tries += 1
        return False
    found.used_at = now
    if user.us_phone_number:
        user.phone_proved_at = now
    note("account:code_used", user, now=now, data={"officer": found.officer_id})
    return True


def reauthenticated(user: User, *, password: str | None = None, totp: str | None = None) -> bool:
    """Whether this is still the same person: by password, or by a fresh code of the authenticator app.

    Hashes and writes by itself: call it before the write transaction. A wrong try is recorded; after too many it
    raises a Refusal at the field "password".
    """
    tries.try_again(user.id)
    right = False
    if totp and user.second_factor and user.tf_totp_secret:
        right = bool(handed.take("security").totp_factory.verify_totp(totp, user.tf_totp_secret, user, window=60))
    elif password and user.password:
        right = verify_password(rules.normal(password), user.password)
    if right:
        tries.succeeded(user.id)
    else:
        with transaction() as now:
            record("account:sign_in_failed", user, actor=None, now=now, data={"code": not password})
    return right


def sign_out_everywhere(user: User, *, now: datetime, actor: int | None = None) -> None:
    """End all sessions; also after an appointment, so that the next sign-in asks for what the duty demands."""
    user.fs_uniquifier = uuid4().hex
    note("account:signed_out_everywhere", user, actor=actor, now=now)


def change_contact(user: User, *, name: str, email: str | None, phone: str | None, now: datetime) -> None:
    """New name, address or number; a new number is unproved."""
    if not email and not phone:
        raise Refusal(msgid("Give a phone number or an e-mail address."), "person_phone")
    email = email.lower() if email else None
    free(email, phone, besides=user)
    old = {"name": user.name, "email": user.email or "", "phone": user.us_phone_number or ""}
    changed = [
        what for what, value in (("name", name), ("email", email), ("phone", phone)) if (value or "") != old[what]
    ]
    if not changed:
        return
    if "phone" in changed:
        user.phone_proved_at = None
    if "email" in changed:
        user.email_proved_at = None
    user.name, user.email, user.us_phone_number = name, email or None, phone or None
    flush_unless_taken()
    note("account:contact_changed", user, now=now, data={"changed": changed}, personal={w: old[w] for w in changed})


def prove_email(user: User, *, now: datetime) -> None:
    """The person opened the link that was sent to the address."""
    if user.email_proved_at is None:
        user.email_proved_at = now
        note("account:email_proved", user, now=now)


def remove_second_factor(user: User, *, now: datetime, actor: int | None = None) -> None:
    """For a person who lost both phone and spare codes; an administrator's act."""
    user.tf_primary_method = user.tf_totp_secret = user.tf_last_counter = user.mf_recovery_codes = None
    user.fs_uniquifier = uuid4().hex
    record("account:second_factor_removed", user, actor=actor, now=now)


def close(user: User, *, now: datetime) -> bool:
    """Close the account and erase who it was; True when the name is erased too.

    Who has acted here keeps the name: papers and records that others rely on bear it.
    """
    if user.administrator and queries.count_administrators() == 1:
        raise Refusal(msgid("You are the only administrator; appoint another one first."))
    bound = queries.has_acted(user)
    note("account:closed", user, now=now, data={"name_kept": bound})
    user.active = False
    user.closed_at = now
    user.fs_uniquifier = uuid4().hex
    user.email = user.us_phone_number = user.password = user.email_proved_at = user.phone_proved_at = None
    user.tf_primary_method = user.tf_totp_secret = user.mf_recovery_codes = None
    if not bound:
        user.name = ""
    db.session.execute(
        update(Consent).where(Consent.user_id == user.id, Consent.withdrawn_at.is_(None)).values(withdrawn_at=now)
    )
    own = select(Entry.id).where(Entry.subject == subject_of(user))
    db.session.execute(delete(Detail).where(Detail.entry_id.in_(own)))
    return not bound
