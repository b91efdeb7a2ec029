"""What the buyers of the demonstration want, in the order in which the story tells of it."""

from decimal import Decimal

from marketplace.clauses.terms import Side
from marketplace.demo.deals import CLEAN, Wish
from marketplace.kernel.prices import PriceKind
from marketplace.offers.rules import LinkageForm

F2, F4, F6 = LinkageForm.F2_INPUT_SALE, LinkageForm.F4_INPUT_PROD_SALE, LinkageForm.F6_INPUT_PROC_SALE

# They became contracts.
MILL_VERMICELLI = Wish("mill", "Miến dong khô", "vermicelli", "kg", 500, 58_000, 300, months=4)
MILL_SENG_CU = Wish(
    "mill",
    "Gạo Séng Cù nguyên liệu",
    "seng-cu",
    "kg",
    4_000,
    27_000,
    295,
    months=3,
    form=F4,
    extra={"households": 30},
)
FOOD_GUAVA = Wish("food", "Ổi tươi cho bếp ăn", "guava", "kg", 900, 17_000, 240, months=8)
BUYER_TEA_230 = Wish("buyer", "Chè xanh Shan gói 200 g", "tea", "goi", 300, 88_000, 230, months=5)
BUYER_DRIED_FISH = Wish(
    "buyer",
    "Cá lăng sấy đóng gói",
    "dried-fish",
    "goi",
    400,
    118_000,
    140,
    months=12,
    form=F6,
    demands=CLEAN,
    inputs="Bên mua cấp bao bì in nhãn, trừ dần vào tiền hàng.",
    extra={"households": 21},
)
BUYER_STICKY_RICE = Wish(
    "buyer",
    "Gạo nếp Tan Pỏm",
    "sticky-rice",
    "kg",
    1_500,
    33_000,
    100,
    months=9,
    form=F4,
    extra={"households": 40},
)
SHOP_GUAVA = Wish("shop", "Ổi Hua Nà loại 1", "guava", "kg", 1_200, 16_500, 60, months=8)
FOOD_FRESH_FISH = Wish("food", "Cá lăng tươi", "fresh-fish", "kg", 300, 105_000, 90, months=10)
FOOD_SENG_CU = Wish(
    "food",
    "Gạo Séng Cù túi 5 kg",
    "seng-cu",
    "kg",
    5_000,
    33_500,
    25,
    months=6,
    first=2,  # it is signed and waits for its first day
    form=F4,
    extra={"households": 52},
)
BUYER_TEA = Wish("buyer", "Chè hộp quà Tết", "tea", "goi", 200, 99_000, 70)
SHOP_SCARF = Wish("shop", "Khăn thổ cẩm trưng bày", "scarf", "cai", 20, 250_000, 50)
BUYER_HTX_RICE = Wish(
    "buyer",
    "Gạo tẻ Séng Cù Nà Bai",
    "htx-rice",
    "kg",
    3_000,
    30_000,
    22,
    months=4,
    form=F4,
    demands=CLEAN,
    extra={
        "households": 21,
        "transport": Side.BUYER,
        "deduction": "trừ phần độ ẩm vượt 14% theo máy đo, hai bên cùng xem",
    },
    rule={
        "price_kind": PriceKind.FLOOR_SHARE,
        "price_percent": Decimal(50),
        "market": "giá bán buôn gạo tẻ Séng Cù tại chợ trung tâm Than Uyên, hai bên cùng hỏi sáng ngày giao",
    },
)
BUYER_TOGETHER = Wish(
    "buyer",
    "Gạo đặc sản Than Uyên, tẻ và nếp",
    "htx-rice",
    "tan",
    5,
    31_000_000,
    16,
    months=6,
    form=F4,
    demands=CLEAN,
    inputs="Cấp giống xác nhận cho vụ xuân, trừ vào tiền hàng.",
    place="Kho Cầu Giấy, Hà Nội",
    extra={"households": 61, "penalty_percent": Decimal(8)},
)
BUYER_CO_GIANG = Wish("buyer", "Gạo nếp Co Giàng", "co-giang", "kg", 800, 39_000, 20, months=3)
BUYER_VERMICELLI = Wish(
    "buyer",
    "Miến dong cho cửa hàng",
    "vermicelli",
    "kg",
    700,
    60_000,
    16,
    months=5,
    form=F2,
    extra={"households": 35},
    rule={"price_kind": PriceKind.CEILING, "price": None, "price_most": 75_000},  # a draft with much to talk about
)

# Offers of the last weeks.
MILL_STICKY_RICE = Wish("mill", "Mắc ca nhân sấy", "sticky-rice", "kg", 300, 210_000, 80, months=2)
SHOP_GREENS = Wish("shop", "Rau trái vụ giao hằng tuần", "greens", "kg", 600, 16_000, 45)
FOOD_STICKY_RICE = Wish("food", "Gạo nếp cho bếp ăn", "sticky-rice", "kg", 900, 36_000, 24, -20, months=4)
FOOD_GUAVA_13 = Wish(
    "food",
    "Ổi Hua Nà giòn",
    "guava",
    "kg",
    1_500,
    15_000,
    13,
    -35,
    months=3,
    floor=True,
    place="Bếp trung tâm, giao thứ hai và thứ năm",
)
MILL_TEA = Wish(
    "mill",
    "Chè Shan búp tươi, loại A",
    "tea",
    "tan",
    4,
    None,
    11,
    -40,
    months=5,
    form=F4,
    inputs="Ứng phân bón hữu cơ đầu vụ.",
    place="Nhà máy",
)
FOOD_VERMICELLI = Wish("food", "Miến dong sạch", "vermicelli", "kg", 800, 61_000, 9, -14, months=6, demands=CLEAN)
SHOP_DRIED_FISH = Wish(
    "shop",
    "Cá lăng, cá trắm sấy làm quà Tết",
    "dried-fish",
    "kg",
    300,
    420_000,
    6,
    -30,
    months=2,
    minimum_stars=3,
)
BUYER_DRIED_FISH_3 = Wish(
    "buyer",
    "Cá lăng sấy, hộp quà 500 g",
    "dried-fish",
    "goi",
    250,
    None,
    3,
    -18,
    months=2,
    enquiry=True,
    note="Cần mẫu hộp trước ngày 10 tháng sau.",
)
BUYER_SCARF = Wish(
    "buyer", "Khăn thổ cẩm cho hội nghị", "scarf", "cai", 150, 260_000, 2, -21, months=1, minimum_stars=3
)
BUYER_BAMBOO = Wish("buyer", "Măng khô loại 1", "bamboo", "kg", 100, None, 1, -28, months=3)
BUYER_SENG_CU = Wish(
    "buyer",
    "Gạo đặc sản Séng Cù",
    "seng-cu",
    "tan",
    10,
    34_000_000,
    8,
    -26,
    months=6,
    form=F4,
    demands=CLEAN,
    minimum_stars=3,
    inputs="Cấp giống xác nhận cho vụ xuân, trừ vào tiền hàng.",
    note="Ưu tiên nơi có nhật ký đồng ruộng.",
)
