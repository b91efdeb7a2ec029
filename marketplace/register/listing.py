"""What a list of OCOP products would do: owners found or made, certificates and evaluations compared."""

from dataclasses import dataclass, field
from datetime import date

from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.vietnamese import fold
from marketplace.ocop import queries as ocop
from marketplace.ocop.rules import WHOLE_YEAR, Assessment, round_label
from marketplace.organisations.models import Organisation
from marketplace.organisations.rules import Kind, folded_name, name_keys
from marketplace.places.models import AdminUnit
from marketplace.products import queries as products
from marketplace.products.models import Certificate, Product
from marketplace.products.rules import (
    CertificateKind,
    CertificateState,
    Group,
    Paper,
    ProductState,
    same_number,
)
from marketplace.register import queries
from marketplace.register.comparing import FUTURE, plain
from marketplace.register.planning import Enlisting, Planned, Planner
from marketplace.register.rows import OcopRow
from marketplace.register.rules import Change, Line, Outcome

OWNERS = (Kind.COMPANY, Kind.HOUSEHOLD)
"""An owner of these kinds that nobody knows yet is made; a cooperative must stand in the register."""

SEVERAL = msgid("Several organisations are called “%(name)s”. Write the commune of the owner.")
NO_OWNER_KIND = msgid(
    "“%(name)s” is not in the register, and its name does not say what it is. Write Công ty, Hộ kinh doanh or HTX before it."
)


@dataclass
class Owner:
    """Who makes a product: known already, entered by the same file, or made with it."""

    kind: Kind
    name: str
    unit: AdminUnit | None
    tax_code: str | None = None
    organisation: Organisation | None = None
    enlisting: Enlisting | None = None


@dataclass
class Listing:
    """One row of products, and what it comes to."""

    row: OcopRow
    owner: Owner
    line: Line
    paper: Paper | None = None
    assessment: Assessment | None = None


@dataclass
class Catalogue:
    """Plans the rows of products after those of cooperatives."""

    planner: Planner
    owners: dict[tuple[str, int | None], Owner] = field(default_factory=dict)
    planned: set[tuple[int, str]] = field(default_factory=set)

    def listings(self) -> list[Listing]:
        """Every row of products that can be entered."""
        found = []
        for row in self.planner.reading.products:
            try:
                found.append(self.listing(row))
            except Refusal as refusal:
                self.planner.fail(row, refusal, row.product)
        return found

    def listing(self, row: OcopRow) -> Listing:
        """What one row comes to."""
        if row.decided and row.decided.day > self.planner.scope.today and row.decided.precision == "day":
            raise Refusal(FUTURE, "decided_on")
        owner = self.owner(row)
        place = owner.unit.name if owner.unit else ""
        line = Line(row.sheet, row.row, "product", row.product, place, Outcome.CREATED)
        listing = Listing(row, owner, line, paper_of(row), assessment_of(row))
        product = self.product(listing)
        same = (id(owner), fold(row.product))
        line.changes = stated(listing) if product is None else self.changes(listing, product)
        if product is not None or same in self.planned:
            line.outcome = Outcome.CHANGED if line.changes else Outcome.UNCHANGED
        line.organisation_id = owner.organisation.id if owner.organisation else None
        line.product_id = product.id if product else None
        self.planned.add(same)
        return listing

    # The owner -----------------------------------------------------------------------------------------------------

    def owner(self, row: OcopRow) -> Owner:
        """Who makes it, by tax code, else by name (and commune, where written)."""
        unit = self.planner.scope.unit(row.commune) if row.commune else None
        if unit is not None:
            self.planner.known.learn([unit.id])
        found = self.candidates(row, unit)
        if len(found) > 1:
            raise Refusal(msgid(SEVERAL.text, name=row.owner), "owner")
        owner = found[0] if found else self.made(row, unit)
        self.planner.scope.check(owner.unit)
        return owner

    def candidates(self, row: OcopRow, unit: AdminUnit | None) -> list[Owner]:
        """Those in the file and in the database whom the row may mean."""
        by_code = self.planner.known.by_code.get(row.owner_tax_code or "")
        if by_code is not None:
            return [self.of_organisation(by_code)]
        found: dict[object, Owner] = {}
        for key in name_keys(row.owner_kind or Kind.HTX, row.owner):
            for enlisting in self.planner.by_key.get(key, ()):
                if self.meant(enlisting.row.kind, enlisting.unit.id, row, unit):
                    found[enlisting.organisation.id if enlisting.organisation else id(enlisting)] = self.of_row(
                        enlisting
                    )
            for organisation in self.planner.known.by_key.get(key, ()):
                seat = organisation.places[-1].unit_id if organisation.places else None
                if self.here(seat) and self.meant(organisation.kind, seat, row, unit):
                    found.setdefault(organisation.id, self.of_organisation(organisation))
        exact = [owner for owner in found.values() if folded_name(owner.name) == folded_name(row.owner)]
        return exact or list(found.values())

    def meant(self, kind: Kind, seat: int | None, row: OcopRow, unit: AdminUnit | None) -> bool:
        """Of the kind and in the commune that the row states, where it does."""
        if row.owner_kind is not None and kind != row.owner_kind:
            return False
        return unit is None or seat is None or self.planner.known.related(seat, unit.id)

    def here(self, seat: int | None) -> bool:
        """Within the units that the file can mean."""
        units = self.planner.scope.units
        return seat is None or units is None or seat in units

    def of_row(self, enlisting: Enlisting) -> Owner:
        """An owner that stands in the file's own register."""
        key = (f"row {id(enlisting)}", None)
        row = enlisting.row
        return self.owners.setdefault(
            key, Owner(row.kind, row.name, enlisting.unit, None, enlisting.organisation, enlisting)
        )

    def of_organisation(self, organisation: Organisation) -> Owner:
        """An owner that the database knows."""
        key = (f"organisation {organisation.id}", None)
        made = Owner(organisation.kind, organisation.name, organisation.unit, None, organisation)
        return self.owners.setdefault(key, made)

    def made(self, row: OcopRow, unit: AdminUnit | None) -> Owner:
        """A company or household that nobody knows yet; a cooperative must be in the register."""
        if row.owner_kind is None:
            raise Refusal(msgid(NO_OWNER_KIND.text, name=row.owner), "owner")
        if row.owner_kind not in OWNERS:
            raise Refusal(self.unknown(row), "owner")
        key = (folded_name(row.owner), unit.id if unit else None)
        return self.owners.setdefault(key, Owner(row.owner_kind, row.owner, unit, row.owner_tax_code))

    def unknown(self, row: OcopRow) -> Message:
        """The sentence for a cooperative that is not in the register."""
        near = self.planner.scope.nearest(fold(row.owner), self.names)
        if near:
            return msgid(
                "“%(name)s” is not in the register. Did you mean %(names)s? Otherwise enter it in the register first.",
                name=row.owner,
                names=", ".join(near),
            )
        return msgid(
            "“%(name)s” is not in the register. Enter it in the register of cooperatives first.", name=row.owner
        )

    def names(self) -> dict[str, str]:
        """What the file and the register call cooperatives, by the folded name."""
        written = [each.name for each in self.planner.reading.cooperatives]
        return {fold(name): name for name in written + queries.names_within(self.planner.scope.units)}

    # The product ---------------------------------------------------------------------------------------------------

    def product(self, listing: Listing) -> Product | None:
        """The product that the row is about, where the database has it."""
        owner = listing.owner.organisation
        if owner is None:
            return None
        found = products.registered(owner.id, listing.row.product, listing.paper.number) if listing.paper else None
        return found or products.same_named(owner.id, listing.row.product)

    def changes(self, listing: Listing, product: Product) -> list[Change]:
        """What would change about a known product."""
        found = []
        if product.from_register and product.state == ProductState.DRAFT:
            unit = listing.owner.unit
            given = {
                "group": Group(listing.row.group),
                "measure": listing.row.measure,
                "unit": unit.name if unit else None,
            }
            known = {
                "group": product.group,
                "measure": product.measure,
                "unit": product.unit.name if product.unit else None,
            }
            found += [
                Change(name, plain(known[name]) if known[name] else None, plain(value))
                for name, value in given.items()
                if value and value != known[name]
            ]
        return found + self.of_certificate(listing, product) + self.of_evaluation(listing, product)

    def of_certificate(self, listing: Listing, product: Product) -> list[Change]:
        """What would change about its certificate; what the row leaves open stays as it is known."""
        if listing.paper is None:
            return []
        known = certificate_of(product, listing.paper.number)
        if known is None:
            return [Change("certificate", None, listing.paper.number)]
        listing.paper = paper_of(listing.row, known) or listing.paper
        found = compared(known, listing.paper)
        if known.state in (CertificateState.DECLARED, CertificateState.REFUSED) or not known.from_register:
            found.append(Change("certificate", str(known.state.value), str(CertificateState.CHECKED.value)))
        return found

    def of_evaluation(self, listing: Listing, product: Product) -> list[Change]:
        """What would change about its part in a round."""
        said = listing.assessment
        if said is None:
            return []
        area = self.planner.scope.area
        known = ocop.evaluation(product.id, said.year, said.number, area.id if area else None)
        if known is None:
            return [Change("round", None, round_label(said.year, said.number))]
        same = all(
            value is None or value == getattr(known, name)
            for name, value in (("decided_on", said.decided_on), ("stars", said.stars), ("score", said.score))
        )
        return [] if same else [Change("round", known.round.label, known.round.label)]


def paper_of(row: OcopRow, known: Certificate | None = None) -> Paper | None:
    """What the certificate of a row says; None while the product is under evaluation."""
    if row.stars is None or row.decided is None:
        return None
    printed: date | None = row.expires
    if printed is None and known is not None and known.issued_on == row.decided.day:
        printed = known.last_day
    return Paper(
        kind=CertificateKind.OCOP,
        number=(known.number if known else row.decision_no) or "",
        issuer=known.issuer if known else "",
        issued_on=row.decided.day,
        last_day=printed,
        stars=row.stars,
        score=row.score if row.score is not None else (known.score if known else None),
        round_label=label_of(row) or (known.round_label if known else None),
    )


def label_of(row: OcopRow) -> str | None:
    """The name of its round."""
    return round_label(row.round.year, row.round.number or WHOLE_YEAR) if row.round else None


def assessment_of(row: OcopRow) -> Assessment | None:
    """What its round said."""
    if row.round is None:
        return None
    number = row.round.number or WHOLE_YEAR
    return Assessment(row.round.year, number, row.decided.day if row.decided else None, row.stars, row.score)


def certificate_of(product: Product, number: str) -> Certificate | None:
    """Its OCOP certificate of this decision."""
    ocop_ones = (each for each in product.certificates if each.kind == CertificateKind.OCOP)
    return next((each for each in ocop_ones if same_number(each.number, number)), None)


def compared(known: Certificate, paper: Paper) -> list[Change]:
    """The facts of a certificate that differ."""
    now = {
        "stars": paper.stars,
        "score": paper.score,
        "issued_on": paper.issued_on,
        "last_day": paper.ends_on,
        "round": paper.round_label,
    }
    before = {name: getattr(known, "round_label" if name == "round" else name) for name in now}
    return [
        Change(name, None if before[name] is None else plain(before[name]), plain(value))
        for name, value in now.items()
        if value is not None and value != before[name]
    ]


def stated(listing: Listing) -> list[Change]:
    """What the preview shows of a new product."""
    row, paper = listing.row, listing.paper
    facts = {
        "owner": listing.owner.name,
        "group": row.group,
        "measure": row.measure,
        "stars": paper.stars if paper else None,
        "score": paper.score if paper else None,
        "number": paper.number if paper else None,
        "issued_on": paper.issued_on if paper else None,
        "last_day": paper.ends_on if paper else None,
        "round": label_of(row),
    }
    return [Change(name, None, plain(value)) for name, value in facts.items() if value is not None]


def plan(planner: Planner) -> Planned:
    """The whole file."""
    enlistings = planner.cooperatives()
    listings = Catalogue(planner).listings()
    lines = [each.line for each in enlistings] + [each.line for each in listings]
    return Planned(planner.plan(lines), enlistings, listings)
