"""What the worker does for organisations: tell the province's officers of applications that waited too long."""

from flask import Flask
from sqlalchemy import select

from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.messages import msgid
from marketplace.notices.service import notify
from marketplace.organisations import queries
from marketplace.organisations.models import Organisation
from marketplace.organisations.rules import Verification, overdue_until
from marketplace.web import clock
from marketplace.web.addresses import path_of
from marketplace.web.writes import lock, transaction


def escalate(_app: Flask) -> int:
    """After three working days the province's officers are told, once for each time it was sent."""
    late = select(Organisation.id).where(
        Organisation.verification == Verification.PENDING,
        Organisation.submitted_at < overdue_until(local_date(clock.now())),
    )
    told = 0
    for organisation_id in list(db.session.scalars(late.order_by(Organisation.id))):
        with transaction() as now:
            organisation = db.session.get_one(Organisation, organisation_id)
            lock(organisation)
            if organisation.verification != Verification.PENDING:
                continue
            told += notify(
                queries.provincial_officers_for(organisation),
                msgid("%(name)s has waited three working days for verification.", name=organisation.name),
                url=path_of("organisations.review", organisation_id=organisation.id),
                subject=f"organisation:{organisation.id}",
                once=f"organisation:{organisation.id}:late:{organisation.submitted_at:%Y%m%d%H%M%S}",
                now=now,
            )
    return told
