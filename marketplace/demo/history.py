"""Contracts from 2023 to today, in every state that a contract can be in."""

from datetime import date

from marketplace.clauses.terms import Side
from marketplace.contracts import service_signing
from marketplace.contracts.rules import ContractAct
from marketplace.demo import papers, wishes
from marketplace.demo.deals import (
    Sheet,
    agree,
    attest,
    conclude,
    end,
    open_for_signing,
    record,
    sign,
)
from marketplace.demo.stage import OPENING, Stage
from marketplace.offers.rules import LinkageForm
from marketplace.promotion import service as promotion
from marketplace.promotion.models import TradeEvent
from marketplace.promotion.rules import EventAct, EventKind, Reach
from marketplace.promotion.service import Details

F2, F4 = LinkageForm.F2_INPUT_SALE, LinkageForm.F4_INPUT_PROD_SALE

PAPERS = (
    Sheet(
        "05/2023/HĐTT",
        "rice",
        "mill",
        date(2023, 3, 20),
        "seng-cu",
        40_000,
        "kg",
        24_000,
        months=10,
        form=F4,
        households=36,
    ),
    Sheet("11/2023/HĐTT", "htx2", "shop", date(2023, 8, 11), "vermicelli", 3_000, "kg", 52_000),
    Sheet(
        "02/2024/HĐTT",
        "guava",
        "Cửa hàng nông sản Thí Dụ",
        date(2024, 2, 26),
        "guava",
        15_000,
        "kg",
        15_000,
        buyer_code="0090000058",
    ),
    Sheet(
        "09/2024/HĐLK", "tea", "mill", date(2024, 4, 5), "tea", 6_000, "goi", 82_000, months=24, form=F2, households=48
    ),
    Sheet(
        "14/2024/HĐNH",
        "htx",
        "shop",
        date(2024, 9, 30),
        "fresh-fish",
        12_000,
        "kg",
        95_000,
        with_households=True,
        households=14,
        form=F2,
    ),
    Sheet(
        "03/2025/HĐXK",
        "scarf",
        "Sample Handicraft Co., Ltd",
        date(2025, 3, 18),
        "scarf",
        600,
        "cai",
        240_000,
        abroad=True,
        months=18,
    ),
    Sheet(
        "08/2025/HĐLK",
        "rice",
        "food",
        date(2025, 6, 12),
        "co-giang",
        18_000,
        "kg",
        37_000,
        months=24,
        form=F4,
        households=52,
    ),
)


def enter_papers(stage: Stage) -> None:
    """Papers of the years before the opening, seen by an officer; all of them are late entries."""
    first = (stage.today - OPENING).days - 30
    officers = {"rice": "commune2", "htx2": "commune2", "guava": "commune", "htx": "commune", "scarf": "commune"}
    for place, sheet in enumerate(PAPERS):
        officer = officers.get(sheet.seller, "province")
        record(stage, sheet, days=first - 2 * place, by=officer, officer=True, seen=True)


def hold_fair(stage: Stage) -> None:
    """One fair with participants, contracts and memoranda signed at the booth."""
    officer = stage.people["province"]
    opened = 75
    details: Details = {
        "name": f"Tuần hàng đặc sản Than Uyên (minh họa) năm {stage.day(opened).year}",
        "kind": EventKind.FAIR,
        "reach": Reach.COUNTRY,
        "place": "Nhà triển lãm Minh Họa, Hà Nội",
        "place_unit_id": stage.unit("Phường Cầu Giấy", "Hà Nội").id,
        "starts_on": stage.day(opened),
        "ends_on": stage.day(opened - 4),
        "organiser": "Sở Công Thương tỉnh Lai Châu",
        "organiser_unit_id": stage.province().id,
        "note": None,
    }
    event = promotion.create(details, actor=officer, now=stage.ago(opened + 30))
    promotion.move(event, EventAct.OPEN, actor=officer, now=stage.ago(opened + 20))
    booths = {
        "htx": ("A1", "Cá lăng sấy"),
        "htx2": ("A2", "Nếp Tan Pỏm, miến dong"),
        "rice": ("A3", "Gạo Séng Cù"),
        "scarf": ("B1", "Khăn thổ cẩm"),
    }
    for key, (booth, shown) in booths.items():
        promotion.enrol(
            event, stage.organisations[key].id, booth=booth, products=shown, actor=officer, now=stage.ago(opened + 5)
        )
    sign_at_the_fair(stage, event, opened)
    promotion.move(event, EventAct.CLOSE, actor=officer, now=stage.ago(opened - 10))


def sign_at_the_fair(stage: Stage, event: TradeEvent, opened: int) -> None:
    """A contract, a framework agreement and two memoranda, typed in on a phone."""
    day, year = stage.day(opened - 2), stage.day(opened - 2).year
    sheets = (
        Sheet(f"01/{year}/TH-HĐ", "rice", "buyer", day, "seng-cu", 9_000, "kg", 34_000, months=10),
        Sheet(
            f"02/{year}/TH-HĐNT",
            "htx2",
            "food",
            day,
            "vermicelli",
            None,
            "kg",
            None,
            title="Hợp đồng nguyên tắc",
            months=24,
        ),
        Sheet(
            f"03/{year}/TH-GN", "htx", "food", day, "dried-fish", None, "goi", None, title="Biên bản ghi nhớ", will=True
        ),
        Sheet(
            f"04/{year}/TH-GN",
            "scarf",
            "Cửa hàng quà tặng Thí Dụ",
            day,
            "scarf",
            None,
            "cai",
            None,
            title="Biên bản ghi nhớ",
            will=True,
            buyer_code="0090000065",
        ),
    )
    for sheet in sheets:
        record(stage, sheet, days=opened - 3, by="province", officer=True, seen=True, event=event)


def finish_some(stage: Stage) -> None:
    """Contracts that are over: performed, settled, terminated, past their end."""
    done = conclude(stage, "htx2", wishes.MILL_VERMICELLI, ink=True)
    end(stage, done, ContractAct.COMPLETE, 150)
    settled = conclude(stage, "rice", wishes.MILL_SENG_CU, ink=True)
    end(stage, settled, ContractAct.COMPLETE, 170)
    papers.settle(stage, settled, 160)
    broken = conclude(stage, "guava", wishes.FOOD_GUAVA, ink=True)
    end(stage, broken, ContractAct.TERMINATE, 130, "Sâu bệnh làm mất sản lượng; hai bên thống nhất dừng, không phạt.")
    papers.state_as_performed(stage, conclude(stage, "tea", wishes.BUYER_TEA_230, ink=True), 9)


def keep_some_running(stage: Stage) -> None:
    """Contracts in force or about to be: on paper, confirmed in the application, on hold, not yet started."""
    papers.raise_price(stage, conclude(stage, "htx", wishes.BUYER_DRIED_FISH, ink=True), 30)
    app = conclude(stage, "htx2", wishes.BUYER_STICKY_RICE, ink=False)
    attest(stage, app, "commune2", 80)
    papers.wait_for_renewal(stage, app, 7)
    conclude(stage, "guava", wishes.SHOP_GUAVA, ink=False)
    held = conclude(stage, "htx", wishes.FOOD_FRESH_FISH, ink=True)
    end(stage, held, ContractAct.SUSPEND, 20, "Nước hồ rút, tạm dừng giao đến khi thả lại lồng.")
    papers.draft_later_delivery(stage, held, 4)
    conclude(stage, "rice", wishes.FOOD_SENG_CU, ink=True)


def leave_some_open(stage: Stage) -> None:
    """Contracts that wait for somebody, and some that came to nothing."""
    dropped = agree(stage, "tea", wishes.BUYER_TEA)
    service_signing.cancel(
        dropped, "Bên mua đổi mẫu hộp, sẽ hỏi lại sau.", actor=stage.people["buyer"], now=stage.ago(58)
    )
    refused = open_for_signing(stage, agree(stage, "scarf", wishes.SHOP_SCARF), 40)
    service_signing.decline(
        refused, "Chưa thống nhất thời hạn thanh toán.", actor=stage.people["scarf"], now=stage.ago(38)
    )
    half = open_for_signing(
        stage,
        agree(stage, "htx", wishes.BUYER_HTX_RICE),
        12,
    )
    sign(stage, half, Side.BUYER, 9, ink=True)
    other = open_for_signing(stage, agree(stage, "rice", wishes.BUYER_CO_GIANG), 11)
    sign(stage, other, Side.SELLER, 6, ink=False)
    waits = Sheet(
        f"17/{stage.today.year}/HĐTT", "htx", "shop", stage.day(12), "dried-fish", 600, "goi", 120_000, months=6
    )
    record(stage, waits, days=5, by="htx")
    agree(stage, "htx2", wishes.BUYER_VERMICELLI)
