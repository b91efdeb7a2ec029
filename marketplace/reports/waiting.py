"""What waits for an officer: organisations to verify, people who ask to join, certificates to check, papers to attest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from marketplace.contracts import queries as contracts
from marketplace.contracts.models import Contract
from marketplace.extensions import db
from marketplace.kernel.messages import Message, msgid
from marketplace.organisations import queries_list as organisations
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Organisation
from marketplace.organisations.queries import overseen_by, territory
from marketplace.organisations.rules import Verification
from marketplace.products.models import Certificate, Product
from marketplace.products.rules import CertificateState

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
    rows = db.session.scalars(organisations.queue(user, Verification.PENDING, now=now, due=False).limit(EACH))
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
    return [
        Waiting(
            msgid("%(person)s asks to join %(name)s", person=row.user.name, name=row.organisation.name),
            "organisations.queue",
            {},
            row.requested_at,
        )
        for row in organisations.open_requests(user)[:EACH]
    ]


def to_check(user: Any) -> Sequence[Waiting]:
    """Certificates that somebody declared."""
    here = Product.unit_id.in_(sorted(territory(user, acting=True)))
    owned = Product.organisation_id.in_(select(Organisation.id).where(overseen_by(user, acting=True)))
    rows = db.session.execute(
        select(Product.id, Product.name, Certificate.created_at)
        .join(Certificate, Certificate.product_id == Product.id)
        .where(Certificate.state == CertificateState.DECLARED, or_(here, owned))
        .order_by(Certificate.created_at, Certificate.id)
        .limit(EACH)
    )
    return [
        Waiting(
            msgid("A certificate of %(name)s waits to be checked", name=row.name),
            "products.show",
            {"product_id": row.id},
            row.created_at,
        )
        for row in rows
    ]


def to_attest(user: Any) -> Sequence[Waiting]:
    """Contracts that count once an officer has seen the original."""
    rows: Iterable[Any] = db.session.scalars(
        contracts.to_attest(user).order_by(Contract.turn_since, Contract.id).limit(EACH)
    ).unique()
    return [
        Waiting(
            msgid("Contract %(number)s waits for its original to be seen", number=row.number or row.code),
            "contracts.show",
            {"contract_id": row.id},
            row.turn_since or row.concluded_at or row.created_at,
        )
        for row in rows
    ]
