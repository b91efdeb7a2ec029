"""Many rows quickly: the demonstration's own products, offers and contracts, copied under new names by bulk inserts."""

import random
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Connection, Table, func, insert, select, text

from marketplace.contracts.models import Contract, Document, Line, Party, Signature
from marketplace.kernel.vietnamese import fold
from marketplace.offers.models import Demand, OfferMonth, PurchaseOffer
from marketplace.organisations.models import Organisation, OrganisationPlace, StatusChange
from marketplace.places.models import AdminUnit
from marketplace.products.models import Certificate, HarvestMonth, Product
from marketplace.textindex import searchable

GOODS = "Gạo nếp|Gạo Séng Cù|Gạo tẻ râu|Miến dong|Mật ong|Chè xanh|Chè ô long|Cá lòng hồ|Cá khô|Thịt sấy|Măng khô|Mắc ca|Ổi lê|Rượu ngô|Khăn thêu|Thảo quả|Hạt dổi|Bún khô|Dưa lưới|Ngô nếp"
KINDS = "nương|đồi|hữu cơ|sạch|đặc sản|loại một|truyền thống|vùng cao|đóng túi|hảo hạng|thủ công|mùa mới"
PLACES = "bản Lào|bản Đán|bản Mè|bản Xanh|Đội Mười|Nà Khoang|Phiêng Lúc|Huổi Hằm|Nà Ban|Hua Nà|Cẩm Trung|Sắp Ngụa"
YEARS = 3


class Pen:
    """Copies rows of one database under new ids; every choice comes from a seeded draw, so that runs are alike."""

    def __init__(self, connection: Connection, today: date) -> None:
        self.connection = connection
        self.today = today
        self.draw = random.Random(20)
        self.next_ids: dict[str, int] = {}

    def rows(self, model: type, **wanted: Any) -> list[dict[str, Any]]:
        """Rows of a table as plain values."""
        table = table_of(model)
        statement = (
            select(table).where(*(table.c[name] == value for name, value in wanted.items())).order_by(table.c.id)
        )
        return [dict(row) for row in self.connection.execute(statement).mappings()]

    def new_id(self, model: type) -> int:
        """The next free id of a table."""
        table = table_of(model)
        if table.name not in self.next_ids:
            self.next_ids[table.name] = self.connection.scalar(select(func.max(table.c.id))) or 0
        self.next_ids[table.name] += 1
        return self.next_ids[table.name]

    def like(self, model: type, row: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
        """A copy of a row with an id of its own."""
        return {**row, "id": self.new_id(model), **changes}

    def write(self, model: type, rows: list[dict[str, Any]]) -> None:
        """Insert them, and let the database give ids after them."""
        table = table_of(model)
        for start in range(0, len(rows), 2000):
            self.connection.execute(insert(table), rows[start : start + 2000])
        if rows and self.connection.dialect.name == "postgresql":
            self.connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM {table.name}))")
            )

    def name(self) -> str:
        """Goods, kind and place."""
        return " ".join(self.draw.choice(words.split("|")) for words in (GOODS, KINDS, PLACES))

    def day(self, before: int, after: int) -> date:
        """Some day from so many days ago to so many ahead."""
        return self.today + timedelta(days=self.draw.randint(-before, after))


def table_of(model: type) -> Table:
    """The table of a model."""
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


def children(rows: Iterable[dict[str, Any]], key: str) -> dict[int, list[dict[str, Any]]]:
    """Rows by the row they hang on."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def fill(connection: Connection, today: date, products: int) -> dict[str, int]:
    """Bring the demonstration to so many products, and a tenth as many organisations, offers and contracts."""
    pen = Pen(connection, today)
    communes = communes_of(pen)
    sellers = organisations(pen, communes, products // 10)
    made = listings(pen, communes, sellers, products)
    wishes(pen, communes, sellers, products // 10)
    deals(pen, sellers, made, products // 10)
    connection.commit()
    connection.exec_driver_sql("ANALYZE")
    connection.commit()
    return {
        table_of(model).name: connection.scalar(select(func.count()).select_from(table_of(model))) or 0
        for model in (Organisation, Product, Certificate, HarvestMonth, PurchaseOffer, Contract, Signature)
    }


def communes_of(pen: Pen) -> list[int]:
    """Today's communes; every other draw is one of the demonstration's province, more than any province will hold."""
    units = [row for row in pen.rows(AdminUnit, level="commune") if row["valid_to"] is None]
    provinces = [row for row in pen.rows(AdminUnit, level="province") if row["valid_to"] is None]
    home = next(row["id"] for row in provinces if row["name"].endswith("Lai Châu"))
    near = [row["id"] for row in units if row["parent_id"] == home]
    return near * (len(units) // len(near)) + [row["id"] for row in units]


def organisations(pen: Pen, communes: list[int], total: int) -> list[dict[str, Any]]:
    """Verified cooperatives with a seat and a status; all verified ones, with their commune."""
    models = pen.rows(Organisation, verification="verified", kind="htx")
    seats = {row["organisation_id"]: row["unit_id"] for row in pen.rows(OrganisationPlace)}
    made: list[dict[str, Any]] = []
    for number in range(len(pen.rows(Organisation)), total):
        name = f"HTX {pen.name()} số {number}"
        changes = {"name": name, "folded": fold(name), "tax_code": None, "founded_on": pen.day(4000, -30)}
        made.append(pen.like(Organisation, pen.draw.choice(models), **changes))
        seats[made[-1]["id"]] = pen.draw.choice(communes)
    pen.write(Organisation, made)
    since, moment = date(1, 1, 1), datetime(2025, 1, 1, tzinfo=UTC)
    pen.write(
        OrganisationPlace,
        [
            {"id": pen.new_id(OrganisationPlace), "organisation_id": row["id"], "unit_id": seats[row["id"]]}
            | {"valid_from": since, "valid_to": None}
            for row in made
        ],
    )
    pen.write(
        StatusChange,
        [
            {"id": pen.new_id(StatusChange), "organisation_id": row["id"], "status": "active", "reason": None}
            | {"effective_on": row["founded_on"], "recorded_at": moment}
            for row in made
        ],
    )
    everybody = pen.rows(Organisation, verification="verified", kind="htx")
    return [{**row, "unit_id": seats[row["id"]]} for row in everybody if row["id"] in seats]


def listings(pen: Pen, communes: list[int], sellers: list[dict[str, Any]], total: int) -> list[dict[str, Any]]:
    """Published products with harvest months; half of them with a certificate."""
    models = pen.rows(Product, state="published")
    months = children(pen.rows(HarvestMonth), "product_id")
    papers = pen.rows(Certificate, state="checked")
    made, harvests, certificates = [], [], []
    for _number in range(len(pen.rows(Product)), total):
        model, seller, name = pen.draw.choice(models), pen.draw.choice(sellers), pen.name()
        exact, folded = searchable(name, seller["name"], model["description"])
        price = pen.draw.randrange(10_000, 900_000, 500)
        row = pen.like(
            Product,
            model,
            organisation_id=seller["id"],
            unit_id=seller["unit_id"],
            name=name,
            folded=fold(name),
            price=price,
            price_high=None,
            comparable=price,
            comparable_high=None,
            search_exact=exact,
            search_fold=folded,
        )
        made.append(row)
        harvests += [pen.like(HarvestMonth, each, product_id=row["id"]) for each in months.get(model["id"], ())]
        if pen.draw.random() < 0.5:
            issued = pen.day(365 * YEARS + 200, 0)
            dates = {"issued_on": issued, "last_day": issued + timedelta(days=365 * YEARS)}
            number = f"{len(made)}/QĐ-UBND"
            paper = pen.draw.choice(papers)
            certificates.append(pen.like(Certificate, paper, product_id=row["id"], number=number, **dates))
    pen.write(Product, made)
    pen.write(HarvestMonth, harvests)
    pen.write(Certificate, certificates)
    return made


def wishes(pen: Pen, communes: list[int], sellers: list[dict[str, Any]], total: int) -> None:
    """Public purchase offers, two in five of them open."""
    models = [row for row in pen.rows(PurchaseOffer) if row["addressed_to_id"] is None and row["state"] == "open"]
    months = children(pen.rows(OfferMonth), "offer_id")
    demands = children(pen.rows(Demand), "offer_id")
    made, wanted, asked = [], [], []
    for _number in range(len(pen.rows(PurchaseOffer)), total):
        model, name = pen.draw.choice(models), pen.name()
        exact, folded = searchable(name, model["note"])
        is_open = pen.draw.random() < 0.4
        row = pen.like(
            PurchaseOffer,
            model,
            buyer_id=pen.draw.choice(sellers)["id"],
            unit_id=pen.draw.choice(communes),
            product_id=None,
            what=name,
            closes_on=pen.day(0, 60) if is_open else pen.day(500, -1),
            state="open" if is_open else "awarded",
            search_exact=exact,
            search_fold=folded,
        )
        made.append(row)
        wanted += [pen.like(OfferMonth, each, offer_id=row["id"]) for each in months.get(model["id"], ())]
        asked += [pen.like(Demand, each, offer_id=row["id"]) for each in demands.get(model["id"], ())]
    pen.write(PurchaseOffer, made)
    pen.write(OfferMonth, wanted)
    pen.write(Demand, asked)


def deals(pen: Pen, sellers: list[dict[str, Any]], products: list[dict[str, Any]], total: int) -> None:
    """Signed contracts of the last three years with text, two parties, goods and signatures."""
    texts = children(pen.rows(Document), "contract_id")
    models = [row for row in pen.rows(Contract, state="signed") if row["id"] in texts]
    parties, lines = children(pen.rows(Party), "contract_id"), children(pen.rows(Line), "contract_id")
    signatures = children(pen.rows(Signature), "document_id")
    made: dict[type, list[dict[str, Any]]] = {Contract: [], Party: [], Line: [], Document: [], Signature: []}
    for number in range(len(pen.rows(Contract)), total):
        model, signed = pen.draw.choice(models), pen.day(365 * YEARS, 0)
        contract = pen.like(
            Contract,
            model,
            code=f"{number:010d}",
            number=f"{number}/HĐLK",
            quote_id=None,
            signed_on=signed,
            starts_on=signed,
            ends_on=signed + timedelta(days=pen.draw.randint(60, 700)),
            value=pen.draw.randrange(10_000_000, 2_000_000_000, 1_000_000),
        )
        made[Contract].append(contract)
        sides = {}
        for party in parties[model["id"]]:
            owner = pen.draw.choice(sellers)
            facts = {"organisation_id": owner["id"], "name": owner["name"], "seat_id": owner["unit_id"]}
            made[Party].append(pen.like(Party, party, contract_id=contract["id"], sector=owner["sector"], **facts))
            sides[party["id"]] = made[Party][-1]["id"]
        for line in lines[model["id"]]:
            facts = {"product_id": pen.draw.choice(products)["id"], "quantity": Decimal(pen.draw.randint(1, 500))}
            made[Line].append(pen.like(Line, line, contract_id=contract["id"], **facts))
        for document in texts[model["id"]]:
            made[Document].append(pen.like(Document, document, contract_id=contract["id"]))
            for signature in signatures.get(document["id"], ()):
                facts = {"party_id": sides[signature["party_id"]], "signed_on": signed}
                made[Signature].append(pen.like(Signature, signature, document_id=made[Document][-1]["id"], **facts))
    for model_class, rows in made.items():
        pen.write(model_class, rows)
