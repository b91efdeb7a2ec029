"""Contracts as rows, straight into the tables: what reports count does not depend on how they came about."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from marketplace.clauses.terms import ContractKind, Side
from marketplace.contracts.models import Contract, Document, Line, Party, Signature
from marketplace.contracts.rules import ContractState, Method
from marketplace.extensions import db
from marketplace.files.models import StoredFile
from marketplace.offers.rules import LinkageForm
from marketplace.organisations.models import Organisation
from marketplace.products.rules import Group
from tests.factories import Factories

numbers = count(1)


def deal(
    make: Factories,
    sellers: Sequence[Organisation],
    buyer: Organisation | None,
    *,
    form: LinkageForm | None = LinkageForm.F3_PROD_SALE,
    method: Method = Method.WET_INK,
    attested: bool = False,
    lead: Organisation | None = None,
    groups: Sequence[Group] = (Group.TP,),
    abroad: bool = False,
    **values: Any,
) -> Contract:
    """A signed contract between sellers and one buyer (None: a name without account)."""
    number = next(numbers)
    signed_on = values.get("signed_on", date(2026, 8, 10))
    contract = Contract(
        **{
            "kind": ContractKind.LINKAGE if form else ContractKind.SALE,
            "linkage_form": form,
            "number": f"{number:02}/2026/HĐLK",
            "code": f"T{number:06}",
            "state": ContractState.SIGNED,
            "signed_on": signed_on,
            "starts_on": signed_on,
            "ends_on": date(2027, 8, 9),
            "concluded_at": datetime(signed_on.year, signed_on.month, signed_on.day, 2, tzinfo=UTC),
            "value": 120_000_000,
            "created_at": make.now,
            **values,
        }
    )
    sides = [(each, Side.SELLER) for each in sellers] + [(buyer, Side.BUYER)]
    contract.parties = [party(each, side, position, lead, abroad) for position, (each, side) in enumerate(sides, 1)]
    contract.lines = [
        Line(position=place, name="Gạo", group=group, measure="kg", quantity=1000, price=120_000)
        for place, group in enumerate(groups, 1)
    ]
    make.add(contract)
    sign(make, contract, method, attested, signed_on)
    return contract


def party(
    organisation: Organisation | None, side: Side, position: int, lead: Organisation | None, abroad: bool
) -> Party:
    """One side, with seat and sector as at signing."""
    return Party(
        position=position,
        side=side,
        lead=organisation is not None and organisation is lead,
        organisation_id=organisation.id if organisation else None,
        name=organisation.name if organisation else "Công ty nước ngoài Thử",
        abroad=abroad and side == Side.BUYER,
        seat_id=organisation.unit.id if organisation and organisation.unit else None,
        sector=organisation.sector if organisation else None,
    )


def sign(make: Factories, contract: Contract, method: Method, attested: bool, day: date) -> None:
    """Every party's signature under one document."""
    file = make.add(
        StoredFile(
            digest=f"{contract.id:064x}", media_type="application/pdf", size=1, name="hop-dong.pdf", stored_at=make.now
        )
    )
    document = make.add(
        Document(
            contract_id=contract.id,
            number=1,
            text={},
            text_digest="0" * 64,
            file_id=file.id,
            file_digest="0" * 64,
            frozen_at=make.now,
        )
    )
    for each in contract.parties:
        make.add(
            Signature(
                document_id=document.id,
                party_id=each.id,
                method=method,
                signed_on=day,
                recorded_at=make.now,
                signer_name="Người ký Thử",
                digest="0" * 64,
                attested_at=make.now if attested else None,
            )
        )
    db.session.flush()
