"""Writes of certificates: declared by the owner, entered from the register, checked, refused, withdrawn, replaced."""

from dataclasses import asdict
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.files.models import StoredFile
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.kernel.messages import msgid
from marketplace.kernel.vietnamese import fold
from marketplace.ledger.service import record
from marketplace.organisations.access import capacities
from marketplace.products import policy, queries
from marketplace.products.models import Certificate, Product
from marketplace.products.rules import (
    CERTIFICATE,
    CertificateAct,
    CertificateKind,
    CertificateState,
    Paper,
    ProductState,
    check_paper,
    same_number,
)
from marketplace.products.service_telling import tell_officers, tell_owner


def put(certificate: Certificate, paper: Paper) -> bool:
    """Write what the paper says; whether anything changed."""
    values: dict[str, Any] = {**asdict(paper), "last_day": paper.ends_on}
    changed = [name for name, value in values.items() if getattr(certificate, name) != value]
    for name in changed:
        setattr(certificate, name, values[name])
    return bool(changed)


def facts(certificate: Certificate) -> dict[str, Any]:
    """What the ledger keeps of a certificate."""
    return {
        "product": certificate.product_id,
        "kind": certificate.kind,
        "number": certificate.number,
        "stars": certificate.stars,
        "issued_on": certificate.issued_on.isoformat() if certificate.issued_on else None,
        "last_day": certificate.last_day.isoformat() if certificate.last_day else None,
    }


def declare(
    product: Product, paper: Paper, *, actor: User, now: datetime, file: StoredFile | None = None
) -> Certificate:
    """The owner says what the paper says. Where the register has the very same one, that one is used."""
    if not policy.may_edit(capacities(actor), product):
        raise NotVisible
    check_paper(paper)
    if any(each.kind == paper.kind and same_number(each.number, paper.number) for each in product.certificates):
        raise Refusal(msgid("A certificate with this number is already listed for this product."), field="number")
    found = matched(product, paper)
    certificate = found or Certificate(product_id=product.id, printed_name=product.name, created_at=now)
    if found is None:
        put(certificate, paper)
        product.certificates.append(certificate)
    if file is not None:
        certificate.file_id = file.id
    db.session.flush()
    event = "certificate:matched" if found else "certificate:declared"
    behalf = queries.on_behalf(actor, product.organisation_id)
    record(event, certificate, actor=actor.id, on_behalf_of=behalf, now=now, data=facts(certificate))
    if found is None and paper.kind == CertificateKind.OCOP:
        waiting = msgid("“%(name)s”: an OCOP certificate waits for your check.", name=product.name)
        tell_officers(product, waiting, once=f"certificate:{certificate.id}:declared", now=now)
    return certificate


def matched(product: Product, paper: Paper) -> Certificate | None:
    """The register's own certificate of the same number, owner and name, moved here from the register's draft."""
    if paper.kind != CertificateKind.OCOP:
        return None
    for each in queries.register_certificates(product.organisation_id, paper.number):
        if fold(each.printed_name) == fold(product.name) and each.product.state == ProductState.DRAFT:
            move(each, product)
            return each
    return None


def move(certificate: Certificate, product: Product) -> None:
    """A register's certificate goes from the register's draft to the listing it belongs to; the empty draft is archived."""
    draft = certificate.product
    draft.certificates.remove(certificate)
    product.certificates.append(certificate)
    if not draft.certificates:
        draft.state = ProductState.ARCHIVED
    db.session.flush()
    db.session.refresh(certificate)


def correct(
    certificate: Certificate,
    product: Product,
    paper: Paper,
    *,
    actor: User,
    now: datetime,
    file: StoredFile | None = None,
) -> None:
    """The owner corrects what nobody has checked; after a refusal it is declared anew."""
    if not policy.may_correct(capacities(actor), product, certificate):
        raise NotVisible
    check_paper(paper)
    put(certificate, paper)
    if file is not None:
        certificate.file_id = file.id
    certificate.state = CERTIFICATE.after(certificate.state, CertificateAct.DECLARE)
    certificate.reason = None
    db.session.flush()
    behalf = queries.on_behalf(actor, product.organisation_id)
    record("certificate:declared", certificate, actor=actor.id, on_behalf_of=behalf, now=now, data=facts(certificate))


def remove(certificate: Certificate, product: Product, *, actor: User, now: datetime) -> None:
    """The owner takes back a declaration that nobody has checked."""
    if not policy.may_correct(capacities(actor), product, certificate):
        raise NotVisible
    behalf = queries.on_behalf(actor, product.organisation_id)
    record("certificate:removed", certificate, actor=actor.id, on_behalf_of=behalf, now=now, data=facts(certificate))
    product.certificates.remove(certificate)
    db.session.delete(certificate)
    db.session.flush()


# What an office does; the caller has asked whether the owner is in the officer's territory ------------------------


def decide(
    certificate: Certificate, act: CertificateAct, event: str, *, actor: User, now: datetime, reason: str | None = None
) -> None:
    """Carry out an officer's act and record it."""
    certificate.state = CERTIFICATE.after(certificate.state, act)
    certificate.decided_by_id = actor.id
    certificate.decided_at = now
    certificate.reason = reason
    db.session.flush()
    data = {**facts(certificate), **({"reason": reason} if reason else {})}
    record(event, certificate, actor=actor.id, now=now, data=data)


def check(
    certificate: Certificate, product: Product, *, actor: User, now: datetime, twin: Certificate | None = None
) -> Certificate:
    """An officer has compared it with the paper. With `twin`, it is the one that the register holds for a draft."""
    if twin is not None:
        twin.file_id = twin.file_id or certificate.file_id
        record("certificate:merged", certificate, actor=actor.id, now=now, data={**facts(certificate), "into": twin.id})
        move(twin, product)
        product.certificates.remove(certificate)
        db.session.delete(certificate)
        certificate = twin
        db.session.flush()
    else:
        decide(certificate, CertificateAct.CHECK, "certificate:checked", actor=actor, now=now)
    settle(product, actor=actor, now=now)
    tell_owner(product, msgid("The certificate of “%(name)s” was checked and accepted.", name=product.name), now=now)
    return certificate


def refuse(certificate: Certificate, product: Product, reason: str, *, actor: User, now: datetime) -> None:
    """Not what the paper says, or no paper: the owner reads the reason."""
    needs(reason)
    decide(certificate, CertificateAct.REFUSE, "certificate:refused", actor=actor, now=now, reason=reason)
    sentence = msgid("The certificate of “%(name)s” was not accepted: %(reason)s", name=product.name, reason=reason)
    tell_owner(product, sentence, now=now)


def withdraw(
    certificate: Certificate, product: Product, reason: str, *, actor: User, now: datetime, ended_on: date | None = None
) -> None:
    """Thu hồi: from this day on the stars are gone; before it they counted."""
    needs(reason)
    day = ended_on or local_date(now)
    if day > local_date(now):
        raise Refusal(msgid("The day of withdrawal cannot be in the future."), field="ended_on")
    if certificate.issued_on and day < certificate.issued_on:
        raise Refusal(msgid("The day of withdrawal cannot be before the day of issue."), field="ended_on")
    decide(certificate, CertificateAct.WITHDRAW, "certificate:withdrawn", actor=actor, now=now, reason=reason)
    certificate.ended_on = day
    sentence = msgid("The certificate of “%(name)s” was withdrawn: %(reason)s", name=product.name, reason=reason)
    tell_owner(product, sentence, now=now)


def needs(reason: str) -> None:
    """A decision against somebody says why."""
    if not reason.strip():
        raise Refusal(msgid("Write the reason: the owner reads it."), field="reason")


def enter(product: Product, paper: Paper, *, printed_name: str, actor: User | None, now: datetime) -> bool:
    """A line of the register: it is checked by being there. Whether anything changed."""
    check_paper(paper)
    ocop = [each for each in product.certificates if each.kind == CertificateKind.OCOP]
    found = next((each for each in ocop if same_number(each.number, paper.number)), None)
    certificate = found or Certificate(product_id=product.id, created_at=now, state=CertificateState.CHECKED)
    changed = put(certificate, paper)
    if found is None:
        product.certificates.append(certificate)
    if certificate.state in (CertificateState.DECLARED, CertificateState.REFUSED):
        certificate.state = CERTIFICATE.after(certificate.state, CertificateAct.CHECK)
        changed = True
    if not certificate.from_register or not certificate.printed_name:
        certificate.from_register, certificate.printed_name, changed = True, printed_name, True
    db.session.flush()
    if not changed:
        return False
    actor_id = actor.id if actor else None
    record("certificate:registered", certificate, actor=actor_id, now=now, data=facts(certificate))
    settle(product, actor=actor, now=now)
    return True


def settle(product: Product, *, actor: User | None, now: datetime) -> None:
    """A later OCOP certificate replaces the one before from its day of issue on, where that still held then."""
    standing = sorted(
        (
            each
            for each in product.certificates
            if each.kind == CertificateKind.OCOP
            and each.state in (CertificateState.CHECKED, CertificateState.SUPERSEDED, CertificateState.WITHDRAWN)
            and each.issued_on
            and each.last_day
        ),
        key=lambda each: (each.issued_on or date.min, each.id),
    )
    for before, later in pairwise(standing):
        overlaps = later.issued_on and before.last_day and later.issued_on <= before.last_day
        if before.state == CertificateState.CHECKED and overlaps:
            before.state = CERTIFICATE.after(before.state, CertificateAct.SUPERSEDE)
            before.ended_on = later.issued_on
            db.session.flush()
            data = {**facts(before), "by": later.id}
            record("certificate:superseded", before, actor=actor.id if actor else None, now=now, data=data)
