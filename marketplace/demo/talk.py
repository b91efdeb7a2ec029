"""Negotiation in the demonstration: what the buyer changed in a draft, comments beside clauses, last days to sign."""

from datetime import timedelta

from sqlalchemy import select

from marketplace.contracts import service_drawing, service_talking
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import SIGNING_DAYS, ContractState
from marketplace.demo.stage import Stage
from marketplace.extensions import db
from marketplace.kernel.dates import local_date

LATER_PAYMENT = 20
SAID = (
    ("payment", "Điều về thanh toán", "Bên chúng tôi cần 20 ngày vì còn chờ siêu thị quyết toán."),
    ("delivery", "Điều về giao nhận", "Đề nghị báo trước ba ngày để thu xếp xe lạnh."),
)


def negotiate(stage: Stage) -> None:
    """The buyer answers the newest draft; texts that wait for signatures have their last day."""
    drafts = select(Contract).where(Contract.state == ContractState.DRAFT).order_by(Contract.id.desc())
    draft = db.session.scalars(drafts).unique().first()
    if draft is not None:
        answer(stage, draft)
    waiting = select(Contract).where(Contract.state == ContractState.AWAITING)
    for contract in db.session.scalars(waiting).unique():
        contract.sign_by = local_date(contract.documents[-1].frozen_at) + timedelta(days=SIGNING_DAYS)


def answer(stage: Stage, draft: Contract) -> None:
    """Another day of payment, and what the buyer asks for; one request is met already."""
    buyer = draft.parties[-1]
    actor = next(stage.people[key] for key, row in stage.organisations.items() if row.id == buyer.organisation_id)
    changes = {"payment_days": LATER_PAYMENT}
    service_drawing.edit(draft, changes, actor=actor, on_behalf_of=None, now=stage.ago(3))
    for clause, name, text in SAID:
        now = stage.ago(3, 10)
        service_talking.comment(draft, buyer, clause, name, text, actor=actor, on_behalf_of=None, now=now)
