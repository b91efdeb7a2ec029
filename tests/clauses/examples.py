"""A full linkage contract between fictional parties, for the tests of texts and documents."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from marketplace.clauses.drafting import contract_text
from marketplace.clauses.linkages import linkage
from marketplace.clauses.terms import ContractKind, Goods, Party, Side, Terms
from marketplace.kernel.prices import PriceKind
from marketplace.offers.rules import LinkageForm

ISSUED = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
SELLER = Party(
    side=Side.SELLER,
    name="Hợp tác xã Nông nghiệp Bản Thử",
    tax_code="0090000019",
    address="bản Thử, xã Than Uyên, tỉnh Lai Châu",
    representative="Bùi Thị Ỷ",
    position="Chủ tịch Hội đồng quản trị",
)
BUYER = Party(
    side=Side.BUYER,
    name="Công ty TNHH Thực phẩm Minh Họa",
    tax_code="0090000026",
    address="Số 12 phố Minh Họa, thành phố Hà Nội",
    representative="Đặng Ỵ",
    position="Phó Giám đốc",
    authority="số 05/GUQ ngày 02/01/2026",
)
RICE = Goods(
    name="Gạo Séng Cù",
    unit="kg",
    quantity=Decimal(20000),
    standard="VietGAP; độ ẩm ≤ 14%",
    price_kind=PriceKind.FIXED,
    price=25000,
    schedule={date(2026, 10, 1): Decimal(12000), date(2026, 11, 1): Decimal(8000)},
)
TERMS = Terms(
    kind=ContractKind.LINKAGE,
    goods=(RICE,),
    linkage=linkage(LinkageForm.F4_INPUT_PROD_SALE),
    season="vụ Mùa 2026",
    households=206,
    area_ha=Decimal("45.5"),
    place="kho của Bên A",
    transport=Side.BUYER,
    payment_days=15,
    advance_inputs="giống lúa",
    advance_amount=120_000_000,
    penalty_percent=Decimal(8),
    starts_on=date(2026, 1, 5),
    ends_on=date(2028, 12, 31),
)


def document(terms: Terms = TERMS, seller: Party = SELLER, buyer: Party = BUYER) -> dict:
    """The frozen text of these terms."""
    return contract_text(terms, [seller, buyer], number="12/2026/HĐLK").document()


def with_goods(*goods: Goods) -> Terms:
    """The same terms about other goods."""
    return replace(TERMS, goods=goods)
