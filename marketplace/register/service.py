"""Importing registers: what a file would do (nothing written), and doing exactly that."""

import io
from datetime import date, datetime

from stdnum.vn import mst

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.files import service as files
from marketplace.ledger.service import record
from marketplace.ocop import service as ocop
from marketplace.organisations import service as enlisted
from marketplace.organisations.models import Organisation
from marketplace.organisations.rules import RegisterStatus
from marketplace.places.models import AdminUnit, ReportingArea
from marketplace.products import service as products
from marketplace.products.rules import Group
from marketplace.register import listing, queries, reading
from marketplace.register.listing import Listing, Owner
from marketplace.register.models import RegisterImport
from marketplace.register.planning import Enlisting, Planned, Planner
from marketplace.register.rules import IMPORT, ImportAct, ImportState, Outcome, Plan
from marketplace.register.scope import Scope
from marketplace.register.sheets import Reading


def read(data: bytes) -> Reading:
    """What a file says; a Refusal where it cannot be read at all. Slow for large files: before any transaction."""
    return reading.read(io.BytesIO(data), valid_tax_code=mst.is_valid)


def preview(found: Reading, scope: Scope) -> Planned:
    """What a file would do; nothing is written."""
    return listing.plan(Planner(found, scope))


def plan_to_apply(found: Reading, scope: Scope) -> Planned:
    """The same inside the transaction that applies it: nobody else enters these communes meanwhile."""
    queries.hold_communes(scope.area, scope.province)
    return preview(found, scope)


def apply(planned: Planned, scope: Scope, *, actor: User | None, now: datetime) -> None:
    """Do what was planned in this same transaction, and note in its lines what came of it."""
    for enlisting in planned.enlistings:
        carry_out(enlisting, actor, now)
    for each in planned.listings:
        enter(each, scope, actor, now)


# Organisations ---------------------------------------------------------------------------------------------------


def carry_out(enlisting: Enlisting, actor: User | None, now: datetime) -> None:
    """One row of cooperatives."""
    if enlisting.line.outcome == Outcome.CREATED:
        enlisting.organisation = create(enlisting, actor, now)
    elif enlisting.line.outcome == Outcome.CHANGED and enlisting.organisation is not None:
        change(enlisting, enlisting.organisation, actor, now)
    enlisting.line.organisation_id = enlisting.organisation.id if enlisting.organisation else None


def create(enlisting: Enlisting, actor: User | None, now: datetime) -> Organisation:
    """An organisation that nobody knew: it counts from its founding, and waits to be claimed."""
    row = enlisting.row
    return enlisted.enlist(
        row.kind,
        row.name,
        unit=enlisting.unit,
        now=now,
        actor=actor,
        tax_code=row.tax_code,
        sector=row.sector,
        founded_on=row.founded.day,
        founded_precision=row.founded.precision,
        status=row.status or RegisterStatus.ACTIVE,
        status_since=row.ended_on,
        registration_no=row.registration_no,
        representative=row.representative,
        representative_title=row.title,
        phone=row.phone,
        email=row.email,
        address=row.address,
        member_count=row.members,
        charter_capital=row.capital,
    )


def change(enlisting: Enlisting, known: Organisation, actor: User | None, now: datetime) -> None:
    """What a row changes about a known organisation."""
    if enlisting.facts:
        enlisted.amend(known, actor=actor, now=now, **enlisting.facts)
    if enlisting.moves_since is not None:
        enlisted.move(known, enlisting.unit, since=enlisting.moves_since, actor=actor, now=now, address=known.address)
    if enlisting.status is not None:
        status, since = enlisting.status
        enlisted.change_status(known, status, on=since, reason=None, actor=actor, now=now)


# Products --------------------------------------------------------------------------------------------------------


def enter(each: Listing, scope: Scope, actor: User | None, now: datetime) -> None:
    """One row of products: its owner, the product with its certificate, its part in the round."""
    organisation = owner_of(each.owner, actor, now)
    each.line.organisation_id = organisation.id
    if each.line.outcome == Outcome.UNCHANGED:
        return
    row, paper = each.row, each.paper
    common = {"name": row.product, "group": Group(row.group), "measure": row.measure or "", "unit": each.owner.unit}
    if paper is None:
        product, _made = products.enlist(organisation, **common, actor=actor, now=now)  # type: ignore[arg-type]
        products.fill(
            product, group=Group(row.group), measure=row.measure or "", unit=each.owner.unit, actor=actor, now=now
        )
    else:
        product, _outcome = products.record_ocop(
            organisation,
            **common,  # type: ignore[arg-type]
            stars=paper.stars or 0,
            number=paper.number,
            issued_on=paper.issued_on or date.max,
            score=paper.score,
            last_day=paper.last_day,
            round_label=paper.round_label,
            issuer=paper.issuer,
            actor=actor,
            now=now,
        )
    if each.assessment is not None:
        ocop.assess(product, each.assessment, area=scope.area, actor=actor, now=now)
    each.line.product_id = product.id


def owner_of(owner: Owner, actor: User | None, now: datetime) -> Organisation:
    """The owner's organisation; a company or household that nobody knew is enlisted once."""
    if owner.organisation is None and owner.enlisting is not None:
        owner.organisation = owner.enlisting.organisation
    if owner.organisation is None:
        owner.organisation = enlisted.enlist(
            owner.kind, owner.name, unit=owner.unit, now=now, actor=actor, tax_code=owner.tax_code
        )
    return owner.organisation


# Uploads ---------------------------------------------------------------------------------------------------------


def upload(
    data: bytes,
    filename: str,
    planned: Planned,
    *,
    area: ReportingArea | None,
    province: AdminUnit | None,
    era: str | None,
    actor: User,
    now: datetime,
) -> RegisterImport:
    """Keep a file with what it would do, to be looked at and then applied."""
    stored = files.keep(data, filename, now, actor.id)
    made = RegisterImport(
        file=stored,
        filename=stored.name,
        area=area,
        province=province,
        era=era,
        uploaded_by=actor,
        uploaded_at=now,
        state=ImportState.SHOWN,
        digest=planned.plan.digest(),
    )
    keep(made, planned.plan)
    db.session.add(made)
    db.session.flush()
    record("register:uploaded", made, actor=actor.id, now=now, data={**planned.plan.counts(), "file": stored.digest})
    return made


def apply_upload(held: RegisterImport, found: Reading, scope: Scope, *, actor: User, now: datetime) -> bool:
    """Do what the upload showed. False, with the new plan kept to be shown, where the register has changed since."""
    state = IMPORT.after(held.state, ImportAct.APPLY)
    planned = plan_to_apply(found, scope)
    if planned.plan.digest() != held.digest:
        keep(held, planned.plan)
        held.digest = planned.plan.digest()
        db.session.flush()
        return False
    apply(planned, scope, actor=actor, now=now)
    keep(held, planned.plan)
    held.state, held.applied_at = state, now
    db.session.flush()
    record("register:imported", held, actor=actor.id, now=now, data=planned.plan.counts())
    return True


def keep(held: RegisterImport, plan: Plan) -> None:
    """Store what is shown of an upload, with its figures for lists."""
    held.plan, held.counts = plan.stored(), plan.counts()
