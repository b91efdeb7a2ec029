"""What the cooperatives sell: listings in every state, with harvest months, certificates and drawn pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from marketplace.accounts.models import User
from marketplace.demo.pictures import Colour, woven
from marketplace.demo.stage import OPENING, Stage
from marketplace.kernel.dates import add_months
from marketplace.organisations import queries as organisations
from marketplace.places import queries as places
from marketplace.products import service, service_certificates, service_photos
from marketplace.products.models import Product
from marketplace.products.rules import CertificateKind, Group, Listing, Paper

ALL_YEAR = tuple(range(1, 13))


@dataclass(frozen=True)
class Ocop:
    """An OCOP certificate by the day it was issued, counted in months before today."""

    stars: int
    months_ago: int
    checked: bool = True


@dataclass(frozen=True)
class Item:
    """One listing."""

    key: str
    owner: str
    name: str
    group: Group
    measure: str
    price: int | None
    months: Mapping[int, int] = field(default_factory=dict)
    description: str = ""
    ocop: Ocop | None = None
    papers: tuple[tuple[CertificateKind, int, int], ...] = ()  # kind, issued months ago, valid for months
    colours: tuple[Colour, Colour, Colour] | None = None
    net: tuple[str, str] | None = None
    high: int | None = None
    after: str = "publish"


def monthly(amount: int, months: tuple[int, ...] = ALL_YEAR) -> dict[int, int]:
    """The same capacity in these months."""
    return dict.fromkeys(months, amount)


GREEN, CREAM, EARTH = (45, 106, 62), (238, 228, 200), (150, 92, 50)
INDIGO, RED, GOLD = (36, 59, 107), (162, 65, 43), (201, 146, 31)

ITEMS = (
    Item(
        "dried-fish",
        "htx",
        "Cá lăng sấy",
        Group.TP,
        "goi",
        135_000,
        monthly(800),
        "Cá lăng nuôi lồng, sấy lạnh, hút chân không 300 g.",
        Ocop(3, 8),
        ((CertificateKind.ATTP, 10, 36),),
        (INDIGO, CREAM, GOLD),
        ("300", "g"),
    ),
    Item(
        "fresh-fish",
        "htx",
        "Cá lăng tươi lòng hồ",
        Group.TP,
        "kg",
        110_000,
        monthly(2_500),
        "Cá nuôi lồng trên hồ, giao sống hoặc ướp đá trong ngày.",
        None,
        ((CertificateKind.VIETGAP, 20, 24),),
        ((60, 100, 140), CREAM, RED),
        high=125_000,
    ),
    Item(
        "htx-rice",
        "htx",
        "Gạo tẻ Séng Cù Nà Bai",
        Group.TP,
        "kg",
        32_000,
        monthly(12_000, (6, 7, 10, 11, 12)),
        "Lúa hai vụ trên cánh đồng bậc thang, xay xát trong tuần.",
        None,
        ((CertificateKind.VIETGAP, 5, 24),),
        (CREAM, GREEN, GOLD),
    ),
    Item(
        "trout",
        "htx",
        "Cá trắm khô một nắng",
        Group.TP,
        "kg",
        190_000,
        monthly(150),
        "Tạm hết hàng, bán lại từ vụ sau.",
        after="hide",
    ),
    Item("sauce", "htx", "Mắm cá lòng hồ", Group.TP, "chai", None, {}, "Đang thử nghiệm công thức.", after="draft"),
    Item(
        "sticky-rice",
        "htx2",
        "Gạo nếp Tan Pỏm",
        Group.TP,
        "kg",
        38_000,
        monthly(6_000, (10, 11, 12, 1)),
        "Nếp nương dẻo thơm, vụ mùa.",
        Ocop(3, 33),
        ((CertificateKind.VIETGAP, 8, 24),),
        ((240, 236, 220), EARTH, RED),
    ),
    Item(
        "vermicelli",
        "htx2",
        "Miến dong",
        Group.TP,
        "kg",
        62_000,
        monthly(3_000, (11, 12, 1, 2, 3)),
        "Dong riềng trồng tại bản, phơi nắng, không hàn the.",
        None,
        ((CertificateKind.ATTP, 6, 36),),
        ((222, 214, 196), (110, 90, 80), INDIGO),
    ),
    Item(
        "sausage",
        "htx2",
        "Lạp xưởng hun khói",
        Group.TP,
        "goi",
        165_000,
        monthly(500, (9, 10, 11, 12, 1)),
        "Lợn đen, hun khói bếp củi, gói 500 g.",
        Ocop(3, 2, checked=False),
        (),
        (RED, CREAM, GOLD),
        ("500", "g"),
    ),
    Item(
        "bamboo", "htx2", "Măng khô Tà Mung", Group.TP, "kg", 240_000, monthly(200, (4, 5, 6, 7)), "Măng vầu phơi nắng."
    ),
    Item(
        "guava",
        "guava",
        "Ổi Hua Nà",
        Group.TP,
        "kg",
        22_000,
        monthly(9_000, (8, 9, 10, 11, 12)),
        "Ổi giòn, hái theo đơn.",
        Ocop(3, 31),
        ((CertificateKind.VIETGAP, 30, 24),),
        (GREEN, (210, 224, 160), RED),
    ),
    Item(
        "greens",
        "guava",
        "Rau cải mèo trái vụ",
        Group.TP,
        "kg",
        18_000,
        monthly(4_000, (1, 2, 3, 11, 12)),
        "Trồng trên nương cao, bán theo tuần.",
        colours=((70, 130, 70), CREAM, GOLD),
    ),
    Item(
        "seng-cu",
        "rice",
        "Gạo Séng Cù",
        Group.TP,
        "kg",
        36_000,
        monthly(20_000, (6, 7, 10, 11, 12)),
        "Gạo Séng Cù chính vụ, đóng túi 5 kg.",
        Ocop(4, 14),
        ((CertificateKind.VIETGAP, 12, 24), (CertificateKind.ATTP, 12, 36)),
        ((246, 240, 222), GREEN, INDIGO),
        high=40_000,
    ),
    Item(
        "co-giang",
        "rice",
        "Gạo nếp Co Giàng",
        Group.TP,
        "kg",
        42_000,
        monthly(5_000, (10, 11, 12)),
        "Nếp thơm, gặt tay.",
        Ocop(3, 20),
        (),
        ((244, 236, 224), GOLD, EARTH),
    ),
    Item(
        "tea",
        "tea",
        "Chè xanh Shan",
        Group.TP,
        "goi",
        95_000,
        monthly(2_000, (3, 4, 5, 6, 7, 8, 9, 10)),
        "Một tôm hai lá, sao tay, gói 200 g.",
        Ocop(4, 5),
        ((CertificateKind.HUU_CO, 4, 12),),
        ((38, 88, 60), (196, 214, 150), GOLD),
        ("200", "g"),
    ),
    Item(
        "fish-balls",
        "tea",
        "Chả cá viên",
        Group.TP,
        "goi",
        70_000,
        {},
        "Ảnh và giá chưa đúng với bao bì.",
        after="take_down",
    ),
    Item(
        "scarf",
        "scarf",
        "Khăn thổ cẩm Thái",
        Group.TCMN,
        "cai",
        280_000,
        monthly(120),
        "Khăn piêu dệt tay, chỉ nhuộm chàm.",
        Ocop(3, 10),
        (),
        (INDIGO, RED, GOLD),
    ),
    Item("old-scarf", "scarf", "Túi vải chàm (mẫu cũ)", Group.TCMN, "cai", 120_000, {}, after="archive"),
)


def list_products(stage: Stage) -> None:
    """All listings, each through its life."""
    for turn, item in enumerate(ITEMS):
        stage.products[item.key] = list_product(stage, item, turn)
        stage.say(f"  {item.name}")


def list_product(stage: Stage, item: Item, turn: int) -> Product:
    """Drafted and published soon after the opening."""
    owner, actor = stage.organisations[item.owner], stage.actor(item.owner)
    now, seat = stage.at(OPENING, 17), places.resolve(owner.unit, "new")
    listing = Listing(
        name=item.name,
        group=item.group,
        measure=item.measure,
        unit_id=seat.id if seat else None,
        price=item.price,
        price_high=item.high,
        description=item.description or None,
        net_content=Decimal(item.net[0]) if item.net else None,
        net_measure=item.net[1] if item.net else None,
        months={month: Decimal(amount) for month, amount in item.months.items()},
    )
    product = service.create(owner, listing, actor=actor, now=now)
    if item.colours:
        pictures = [service_photos.prepare(woven(*item.colours, turn=turn + more)) for more in range(1 + turn % 2)]
        service_photos.add_photos(product, pictures, actor=actor, now=now)
    if item.after != "draft":
        service.publish(product, actor=actor, now=now)
    return product


def certify_products(stage: Stage) -> None:
    """The certificates of all listings, declared and checked a month ago."""
    for item in ITEMS:
        certify(stage, item, stage.products[item.key])


def settle_products(stage: Stage) -> None:
    """What became of the listings since."""
    for item in ITEMS:
        settle(stage, item, stage.products[item.key])


def certify(stage: Stage, item: Item, product: Product) -> None:
    """Certificates as the owner declares them; the officer checks the OCOP ones that are said to be checked."""
    actor, now = stage.actor(item.owner), stage.ago(30)
    for serial, (kind, months_ago, valid) in enumerate(item.papers, 1):
        issued = back(stage, months_ago)
        paper = Paper(
            kind=kind,
            number=f"{kind}-{product.id:03d}/{serial}",
            issuer="Tổ chức chứng nhận Minh Họa",
            issued_on=issued,
            last_day=add_months(issued, valid),
        )
        service_certificates.declare(product, paper, actor=actor, now=now)
    if item.ocop is None:
        return
    issued = back(stage, item.ocop.months_ago)
    paper = Paper(
        kind=CertificateKind.OCOP,
        number=f"{500 + product.id}/QĐ-UBND",
        issuer="UBND tỉnh Lai Châu",
        issued_on=issued,
        stars=item.ocop.stars,
        round_label=f"Đợt 1 năm {issued.year}",
    )
    certificate = service_certificates.declare(product, paper, actor=actor, now=now)
    if item.ocop.checked:
        service_certificates.check(certificate, product, actor=officer_of(stage, item), now=stage.ago(28))


def back(stage: Stage, months: int) -> date:
    """A day so many months ago."""
    return add_months(stage.today, -months)


def officer_of(stage: Stage, item: Item) -> User:
    """Who looks after the owner."""
    return organisations.officers_for(stage.organisations[item.owner])[0]


def settle(stage: Stage, item: Item, product: Product) -> None:
    """What became of the listing since."""
    actor = stage.actor(item.owner)
    if item.after == "hide":
        service.hide(product, actor=actor, now=stage.ago(25))
    elif item.after == "archive":
        service.archive(product, actor=actor, now=stage.ago(60))
    elif item.after == "take_down":
        reason = "Khối lượng ghi trên bao bì khác với nội dung đăng. Đề nghị sửa rồi báo lại."
        service.take_down(product, reason, actor=officer_of(stage, item), now=stage.ago(9))
