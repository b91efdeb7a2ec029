"""People and things for tests, one method for each noun; names are invented, tax codes fictional (prefix 00)."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any
from uuid import uuid4

from flask_security import hash_password
from stdnum.vn import mst

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.prices import PriceKind
from marketplace.kernel.vietnamese import expand_aliases, fold
from marketplace.offers.models import Demand, OfferMonth, PurchaseOffer
from marketplace.offers.rules import OfferState
from marketplace.offers.service import index as index_offer
from marketplace.organisations.models import Membership, Organisation, OrganisationPlace, Post, StatusChange
from marketplace.organisations.rules import (
    AuthorityBasis,
    Kind,
    MembershipState,
    PostRole,
    RegisterStatus,
    Sector,
    Verification,
)
from marketplace.places import service as places
from marketplace.places.models import UNKNOWN_START, AdminUnit, ReportingArea, ReportingAreaUnit, Succession
from marketplace.products.models import Product
from marketplace.products.rules import Group, ProductState
from marketplace.quotes.models import Quote, QuoteMonth, QuoteVersion
from marketplace.quotes.rules import QuoteState

PASSWORD = "mat-khau-thu-2026"
LONG_AGO = date(2025, 7, 1)
TYPES = ("Thành phố", "Tỉnh", "Huyện", "Thị trấn", "Phường", "Xã")


@cache
def password_hash() -> str:
    """One hash for all users of a run: argon2 is slow on purpose."""
    return hash_password(PASSWORD)


def tax_codes() -> Any:
    """Valid, fictional codes: prefix 00 belongs to no province."""
    for serial in count(90_100):
        for digit in range(10):
            code = f"00{serial:07d}{digit}"
            if mst.is_valid(code):
                yield code


class Factories:
    """Each method adds a row and flushes; the test commits by `make.commit()` where a browser must see it."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.numbers = count(1)
        self.codes = tax_codes()

    def commit(self) -> None:
        """Make everything visible to other connections."""
        db.session.commit()

    def add(self, thing: Any) -> Any:
        """Add and flush."""
        db.session.add(thing)
        db.session.flush()
        return thing

    def unit(self, name: str = "Xã Than Uyên", parent: AdminUnit | None = None, **values: Any) -> AdminUnit:
        """A commune of today (by default in Tỉnh Lai Châu), or any unit: the same name gives the same unit."""
        found = db.session.query(AdminUnit).filter_by(name=name, valid_to=values.get("valid_to")).first()
        if found is not None:
            return found
        kind = next(word for word in TYPES if name.startswith(word))
        level = {"Tỉnh": "province", "Thành phố": "province", "Huyện": "district"}.get(kind, "commune")
        if level == "commune" and parent is None:
            parent = self.unit("Tỉnh Lai Châu")
        width = {"province": 2, "district": 3, "commune": 5}[level]
        return self.add(
            AdminUnit(
                **{
                    "level": level,
                    "type": kind.lower(),
                    "code": f"T{next(self.numbers):0{width - 1}d}",  # no code of the files
                    "name": name,
                    "folded": fold(name.removeprefix(kind)),
                    "parent_id": parent.id if parent else None,
                    "valid_from": LONG_AGO if level == "commune" else UNKNOWN_START,
                    **values,
                }
            )
        )

    def than_uyen(self) -> ReportingArea:
        """The reporting area of Than Uyên with its 12 old and 4 new units, from the files, without the rest of Vietnam."""
        members = {(row["code"], row["era"] == "new") for row in places.rows_of("reporting_areas.csv")}
        ids: dict[tuple[str, str, bool], int] = {}
        for row in places.rows_of("admin_units.csv"):
            today = not row["valid_to"]
            wanted = {"province": row["code"] == "12", "district": row["code"] == "110"}
            if wanted.get(row["level"], (row["code"], today) in members):
                ids[row["level"], row["code"], today] = self.add(AdminUnit(**places.unit_values(row, ids))).id
        for row in places.rows_of("admin_unit_successors.csv"):
            old, new = (row["level"], row["old_code"], False), (row["level"], row["new_code"], True)
            if old in ids and new in ids:
                self.add(Succession(old_id=ids[old], new_id=ids[new], extent=row["extent"]))
        area = self.add(ReportingArea(code="than-uyen", name="Than Uyên", province_id=ids["province", "12", True]))
        for code, today in sorted(members):
            self.add(ReportingAreaUnit(area_id=area.id, unit_id=ids["commune", code, today]))
        return area

    def user(self, name: str = "Bùi Thị Ỷ", **values: Any) -> User:
        """A person who signs in with PASSWORD."""
        number = next(self.numbers)
        return self.add(
            User(
                **{
                    "name": name,
                    "email": f"nguoi{number}@example.vn",
                    "email_proved_at": self.now,
                    "us_phone_number": f"+84900{number:06d}",
                    "password": password_hash(),
                    "fs_uniquifier": uuid4().hex,
                    "active": True,
                    "created_at": self.now,
                    "confirmed_at": self.now,
                    **values,
                }
            )
        )

    def organisation(
        self, kind: Kind = Kind.HTX, name: str = "", unit: AdminUnit | None = None, verified: bool = True, **values: Any
    ) -> Organisation:
        """An organisation seated in a commune since ever, active, verified unless said otherwise."""
        name = name or f"HTX Thử {next(self.numbers)}"
        organisation = self.add(
            Organisation(
                **{
                    "kind": kind,
                    "name": name,
                    "folded": expand_aliases(fold(name)),
                    "tax_code": next(self.codes),
                    "sector": Sector.NLN if kind in (Kind.HTX, Kind.LHHTX, Kind.THT) else None,
                    "founded_on": date(2019, 5, 20),
                    "verification": Verification.VERIFIED if verified else Verification.PENDING,
                    "submitted_at": self.now,
                    "created_at": self.now,
                    **values,
                }
            )
        )
        seat = unit or self.unit()
        self.add(OrganisationPlace(organisation_id=organisation.id, unit_id=seat.id, valid_from=UNKNOWN_START))
        self.add(
            StatusChange(
                organisation_id=organisation.id,
                status=RegisterStatus.ACTIVE,
                effective_on=organisation.founded_on or UNKNOWN_START,
                recorded_at=self.now,
            )
        )
        db.session.refresh(organisation)
        return organisation

    def cooperative(self, name: str = "", **values: Any) -> Organisation:
        """A verified HTX."""
        return self.organisation(Kind.HTX, name, **values)

    def company(self, name: str = "", **values: Any) -> Organisation:
        """A verified company."""
        return self.organisation(Kind.COMPANY, name or f"Công ty TNHH Thử {next(self.numbers)}", **values)

    def member(self, organisation: Organisation, authority: bool = True, name: str = "Đặng Ỵ", **values: Any) -> User:
        """A user who belongs to the organisation, with authority to sign unless said otherwise."""
        user = self.user(name, **values)
        self.belong(user, organisation, authority)
        return user

    def belong(self, user: User, organisation: Organisation, authority: bool = True) -> None:
        """Somebody who is there already belongs to the organisation too."""
        self.add(
            Membership(
                organisation_id=organisation.id,
                user_id=user.id,
                state=MembershipState.ACTIVE,
                title="Giám đốc",
                authority=authority,
                authority_basis=AuthorityBasis.LEGAL_REPRESENTATIVE if authority else None,
                requested_at=self.now,
                decided_at=self.now,
            )
        )

    def officer(self, unit: AdminUnit, role: PostRole = PostRole.OFFICER, **values: Any) -> User:
        """An official with a post in a commune or province."""
        user = self.user(f"Cán bộ {unit.name}", **values)
        self.add(Post(user_id=user.id, role=role, body=f"UBND {unit.name}", unit_id=unit.id, held_from=LONG_AGO))
        return user

    def product(self, organisation: Organisation, name: str = "Gạo Thử", **values: Any) -> Product:
        """A published product, without its search words (the products service makes those)."""
        return self.add(
            Product(
                **{
                    "organisation_id": organisation.id,
                    "name": name,
                    "group": Group.TP,
                    "measure": "kg",
                    "price": 30_000,
                    "unit_id": organisation.unit.id if organisation.unit else self.unit().id,
                    "state": ProductState.PUBLISHED,
                    "created_at": self.now,
                    "published_at": self.now,
                    **values,
                }
            )
        )

    def offer(self, buyer: Organisation, what: str = "Gạo Thử", **values: Any) -> PurchaseOffer:
        """An open purchase offer for 40 tonnes, as its service makes it; `months`, `demands` as the service takes them."""
        months, demands = values.pop("months", {}), values.pop("demands", ())
        offer = PurchaseOffer(
            **{
                "buyer_id": buyer.id,
                "what": what,
                "group": Group.TP,
                "quantity": Decimal(40),
                "measure": "tan",
                "unit_id": buyer.unit.id if buyer.unit else self.unit().id,
                "closes_on": date(2027, 12, 31),
                "price_kind": PriceKind.NEGOTIABLE,
                "state": OfferState.OPEN,
                "created_at": self.now,
                "changed_at": self.now,
                "published_at": self.now,
                **values,
            }
        )
        offer.months = [OfferMonth(month=month, quantity=amount) for month, amount in months.items()]
        offer.demands = [
            Demand(position=place, level=row.level, certificate=row.certificate, text=row.text)
            for place, row in enumerate(demands, 1)
        ]
        index_offer(offer)
        self.add(offer)
        db.session.refresh(offer)
        return offer

    def quote(self, offer: PurchaseOffer, seller: Organisation, price: int = 20_000_000, **values: Any) -> Quote:
        """A quote that was sent, in one version."""
        quantity = values.pop("quantity", offer.quantity)
        version = {name: values.pop(name) for name in ("valid_until", "terms", "months") if name in values}
        months = [QuoteMonth(month=month, quantity=amount) for month, amount in version.pop("months", {}).items()]
        times = {"created_at": self.now, "changed_at": self.now, "submitted_at": self.now}
        state = {"state": QuoteState.SUBMITTED, **times, **values}
        quote = Quote(offer=offer, offer_id=offer.id, seller=seller, seller_id=seller.id, **state)
        first = QuoteVersion(number=1, price=price, quantity=quantity, submitted_at=quote.submitted_at, **version)
        first.months = months
        quote.versions = [first]
        return self.add(quote)


__all__ = ["PASSWORD", "Factories"]
