"""The sign-in library fitted to our house: short write transactions, mails to the outbox, codes used once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import segno
from flask_security import MailUtil, MfRecoveryCodesUtil, PasswordUtil, PhoneUtil, SQLAlchemyUserDatastore, Totp
from flask_security.mail_util import EmailValidateException
from flask_security.utils import get_message
from passlib.exc import TokenError
from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from marketplace.accounts import messages, rules, service
from marketplace.accounts.identity import email_of, phone_of
from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.web import handed
from marketplace.web.messages import say
from marketplace.web.writes import transaction

PENDING = "accounts_pending"


class Store(SQLAlchemyUserDatastore):
    """What the library changes on a user waits for commit(), which writes it with the ledger's entries, at once.

    The library reads, hashes and changes in one go; written as it comes, that would turn a reading transaction into a
    writing one in the middle, which SQLite refuses as soon as anybody else has written meanwhile.
    """

    def put(self, model: Any) -> Any:
        """Hold the change back: a query in between must not begin to write."""
        self.db.session().autoflush = False
        return super().put(model)

    def later(self, act: Callable[[datetime], object]) -> None:
        """Do something in the transaction of the next commit()."""
        self.db.session.info.setdefault(PENDING, []).append(act)

    def waiting(self) -> bool:
        """Whether anything waits for commit()."""
        return bool(self.db.session.info.get(PENDING))

    def commit(self) -> None:
        """Everything that waits, in one short transaction."""
        session = self.db.session()
        changed = [(user, changes(user)) for user in session.dirty if isinstance(user, User)]
        acts = session.info.pop(PENDING, [])
        session.autoflush = True
        if not acts and not any(values for _user, values in changed):
            return
        with transaction() as now:
            for user, values in changed:
                for name, value in values.items():
                    setattr(user, name, value)
            for act in acts:
                act(now)


@event.listens_for(db.session, "after_soft_rollback")
def forget(session: Session, _transaction: object) -> None:
    """What is undone leaves nothing behind to be recorded or mailed."""
    session.info.pop(PENDING, None)


def changes(user: User) -> dict[str, Any]:
    """The columns of a user that differ from the database."""
    return {attr.key: attr.value for attr in inspect(user).attrs if attr.history.has_changes()}


class Outbox(MailUtil):
    """Mails go through the mailer that create_app() hands in, in the transaction of what they tell about."""

    def send_mail(self, template: str, subject: str, recipient: Any, *_rest: Any, **context: Any) -> None:
        """Our sentences instead of a rendered template; who has no address gets no mail."""
        if not recipient:
            return
        title, body = messages.MAILS[template]
        path = urlsplit(context.get("reset_link", "/forgot-password")).path
        mailer = handed.take("mailer")
        store = handed.take("store")
        store.later(lambda now: mailer(recipient, say(title), say(body), path=path, now=now))

    def normalize(self, email: str) -> str:
        """As it is stored."""
        found = email_of(email)
        if found is None:
            raise EmailValidateException(get_message("INVALID_EMAIL_ADDRESS")[0])
        return found

    def validate(self, email: str) -> str:
        """The same; whether the address exists shows when a mail comes back."""
        return self.normalize(email)


class Phones(PhoneUtil):
    """Phone numbers in any spelling, as everywhere else in the house."""

    def validate_phone_number(self, input_data: str) -> str | None:
        """None, or what is wrong."""
        return None if self.get_canonical_form(input_data) else get_message("PHONE_INVALID")[0]

    def get_canonical_form(self, input_data: str) -> str | None:
        """E.164, or None."""
        return phone_of(input_data)


class Passwords(PasswordUtil):
    """Length, and none of those that anybody would try first."""

    def validate(self, password: str, is_register: bool, **known: Any) -> tuple[list[str] | None, str]:
        """What is wrong with it (None: nothing), and its normal form."""
        wrong, normal = super().validate(password, is_register, **known)
        user = known.get("user")
        about = [user.name, user.email, user.us_phone_number] if user else list(known.values())
        if not wrong and rules.easily_guessed(normal, [text for text in about if isinstance(text, str)]):
            wrong = [get_message("PASSWORD_TOO_SIMPLE")[0]]
        return wrong, normal


class Codes(Totp):
    """Codes of the authenticator app: each is good once; the picture is an SVG without inline style."""

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:
        """Right, and never used before: the count is moved on in the same statement that checks it."""
        try:
            match = self._totp.verify(str(token).replace(" ", ""), totp_secret, window=window)
        except TokenError:
            return False
        with transaction():
            return service.use_counter(user, match.counter)

    def generate_qrcode(self, username: str, totp: str) -> str:
        """A picture for <img src>."""
        picture = segno.make(self.get_totp_uri(username, totp), error="m")
        return str(picture.svg_data_uri(scale=5, border=4, dark="#1c2430", light="#fff"))


class SpareCodes(MfRecoveryCodesUtil):
    """Spare codes are shown once and stored as digests; checking one uses it up."""

    def create_recovery_codes(self, user: Any) -> list[str]:
        """Ten new ones; the old ones are void."""
        codes = handed.take("security").totp_factory.generate_recovery_codes(rules.SPARE_CODES)
        store = handed.take("store")
        store.mf_set_recovery_codes(user, [service.digest_of_code(code) for code in codes])
        store.later(lambda now: service.note("account:spare_codes_made", user, now=now))
        return list(codes)

    def get_recovery_codes(self, user: Any) -> list[str]:
        """They cannot be shown again."""
        return []

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Right and unused; used from now on."""
        with transaction() as now:
            return service.use_spare_code(user, code, now=now)

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Checking has already used it up."""
        return True
