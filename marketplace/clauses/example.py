"""PURE: invented terms from which a template is shown while it is being written. Everything says that it is an example."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from marketplace.clauses.linkages import linkage
from marketplace.clauses.terms import ContractKind, Goods, Party, Side, Terms, Vat
from marketplace.clauses.vocabulary import Scene
from marketplace.kernel.dates import add_months, month_start
from marketplace.kernel.prices import PriceKind
from marketplace.offers.rules import LinkageForm

MARK = "VÍ DỤ"
SELLER = Party(
    side=Side.SELLER,
    name="Hợp tác xã Nông nghiệp Ví Dụ",
    tax_code="0090000019",
    address="bản Ví Dụ, xã Ví Dụ, tỉnh Lai Châu",
    representative="Bùi Thị Ỷ",
    position="Giám đốc",
    phone="09xx xxx xxx",
    bank="000000000 – Ngân hàng Ví Dụ",
)
BUYER = Party(
    side=Side.BUYER,
    name="Công ty TNHH Ví Dụ",
    tax_code="0090000026",
    address="Số 1 phố Ví Dụ, thành phố Hà Nội",
    representative="Đặng Ỵ",
    position="Giám đốc",
    authority="số 00/GUQ ngày 02/01/2026",
    bank="111111111 – Ngân hàng Ví Dụ",
)


def example(kind: ContractKind, day: date, code: str = "") -> Scene:
    """Terms in which nearly everything is filled in, so that nearly every sentence is seen."""
    if code == "inputs":
        return supplied(day)
    first = add_months(month_start(day), 3)
    terms = Terms(
        kind=kind,
        goods=produce(first),
        linkage=linkage(LinkageForm.F4_INPUT_PROD_SALE, SELLER.name) if kind is not ContractKind.SALE else None,
        season="vụ Mùa",
        households=120,
        area_ha=Decimal("45.5"),
        place="kho của Bên A",
        transport=Side.BUYER,
        packaging="bao 25 kg, khâu kín",
        deduction="độ ẩm trên 14% thì trừ 1% khối lượng cho mỗi độ vượt",
        payment_days=15,
        advance_inputs="giống lúa, phân bón",
        advance_amount=120_000_000,
        deposit=50_000_000,
        tolerance=Decimal(5),
        penalty_percent=Decimal(8),
        vat=Vat.INCLUDED,
        signing_place="xã Ví Dụ",
        starts_on=day,
        ends_on=add_months(day, 36),
    )
    return Scene(terms, (SELLER, BUYER), MARK)


def produce(first: date) -> tuple[Goods, ...]:
    """What a cooperative sells: at a fixed price, and at one that follows the market."""
    rice = Goods(
        name="Gạo Séng Cù",
        unit="kg",
        quantity=Decimal(20000),
        variety="Séng Cù",
        standard="VietGAP; độ ẩm không quá 14%",
        price_kind=PriceKind.FIXED,
        price=25_000,
        schedule={first: Decimal(12000), add_months(first, 1): Decimal(8000)},
    )
    maize = Goods(
        name="Ngô hạt",
        unit="kg",
        quantity=Decimal(10000),
        price_kind=PriceKind.FLOOR,
        price=7_000,
        market="giá mua ngô hạt tại chợ Ví Dụ, hai bên cùng hỏi vào sáng ngày giao hàng",
        schedule={first: Decimal(10000)},
    )
    return rice, maize


def supplied(day: date) -> Scene:
    """Inputs that a company sells to a cooperative."""
    first = add_months(month_start(day), 3)
    fertiliser = Goods(
        name="Phân bón NPK 16-16-8",
        unit="kg",
        quantity=Decimal(15000),
        standard="bao 50 kg, còn hạn sử dụng ít nhất 12 tháng",
        price_kind=PriceKind.FIXED,
        price=14_500,
        schedule={first: Decimal(15000)},
    )
    terms = Terms(
        kind=ContractKind.SALE,
        goods=(fertiliser,),
        season="vụ Mùa",
        place="kho của Bên B",
        transport=Side.SELLER,
        packaging="bao 50 kg nguyên niêm phong",
        payment_days=30,
        deposit=20_000_000,
        penalty_percent=Decimal(8),
        vat=Vat.INCLUDED,
        signing_place="xã Ví Dụ",
        starts_on=day,
        ends_on=add_months(day, 6),
    )
    sides = replace(BUYER, side=Side.SELLER), replace(SELLER, side=Side.BUYER)
    return Scene(terms, sides, MARK)
