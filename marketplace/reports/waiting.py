"""What waits for an officer: organisations to verify, people who ask to join, certificates to check, papers to attest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.contracts import queries as contracts
from marketplace.contracts.models import Contract
from marketplace.extensions import db
from marketplace.kernel.messages import Message, msgid
from marketplace.organisations import queries_list as organisations
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.queries import has_province_post, overseen_by
from marketplace.organisations.rules import MembershipState, Verification
from marketplace.products.models import Certificate, Product
from marketplace.products.rules import CERTIFICATE_KINDS, CertificateState

EACH = 5
"""So many of each kind are named; the queues hold the rest."""


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: a sentence, the page where it is done, since when."""

    sentence: Message
    endpoint: str
    values: Mapping[str, int]
    since: datetime | None


def read(user: Any, now: datetime) -> list[Waiting]:
    """Longest waiting first; nothing for who only reads. A fixed number of queries."""
    if not capacities(user).acting_posts:
        return []
    found = [*to_verify(user, now), *to_admit(user), *to_check(user), *to_attest(user)]
    return sorted(found, key=lambda each: each.since or now)


def to_verify(user: Any, now: datetime) -> Sequence[Waiting]:
    """Organisations that registered or claimed."""
    # A province's officers see first what no commune's officer has seen to in time.
    queue = organisations.queue(user, Verification.PENDING, now=now, due=has_province_post(user, acting=True))
    rows = db.session.execute(
        queue.with_only_columns(Organisation.id, Organisation.name, Organisation.submitted_at).limit(EACH)
    )
    return [
        Waiting(
            msgid("%(name)s waits for verification", name=row.name),
            "organisations.review",
            {"organisation_id": row.id},
            row.submitted_at,
        )
        for row in rows
    ]


def to_admit(user: Any) -> Sequence[Waiting]:
    """People who ask to join an organisation."""
    rows = db.session.execute(
        select(Organisation.name, User.name.label("person"), Membership.requested_at)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.state == MembershipState.REQUESTED, overseen_by(user, acting=True))
        .order_by(Membership.requested_at, Membership.id)
        .limit(EACH)
    )
    return [
        Waiting(
            msgid("%(person)s asks to join %(name)s", person=row.person, name=row.name),
            "organisations.queue",
            {},
            row.requested_at,
        )
        for row in rows
    ]


def to_check(user: Any) -> Sequence[Waiting]:
    """Certificates that somebody declared."""
    owned = Product.organisation_id.in_(select(Organisation.id).where(overseen_by(user, acting=True)))
    rows = db.session.execute(
        select(Certificate.id, Certificate.kind, Certificate.created_at, Product.name)
        .join(Product, Certificate.product_id == Product.id)
        .where(Certificate.state == CertificateState.DECLARED, owned)
        .order_by(Certificate.created_at, Certificate.id)
        .limit(EACH)
    )
    return [
        Waiting(
            msgid("%(kind)s of %(name)s waits to be checked", kind=CERTIFICATE_KINDS[row.kind], name=row.name),
            "ocop.show",
            {"certificate_id": row.id},
            row.created_at,
        )
        for row in rows
    ]


def to_attest(user: Any) -> Sequence[Waiting]:
    """Contracts that count once an officer has seen the original."""
    open_ids = contracts.to_attest(user).with_only_columns(Contract.id).subquery()
    rows = db.session.execute(
        select(
            Contract.id, Contract.number, Contract.code, Contract.turn_since, Contract.concluded_at, Contract.created_at
        )
        .where(Contract.id.in_(select(open_ids.c.id)))
        .order_by(Contract.turn_since, Contract.id)
        .limit(EACH)
    )
    return [
        Waiting(
            msgid("Contract %(number)s waits for its original to be seen", number=row.number or row.code),
            "contracts.show",
            {"contract_id": row.id},
            row.turn_since or row.concluded_at or row.created_at,
        )
        for row in rows
    ]
