"""Offers of the last weeks: open, asked of one seller, closed, ended without a choice, withdrawn, drafted; and quotes."""

from marketplace.demo.deals import CLEAN, Wish, answer, draft_offer, publish_offer, said_of
from marketplace.demo.stage import Stage
from marketplace.kernel.prices import PriceKind
from marketplace.offers import service as offers
from marketplace.offers.rules import LinkageForm, NoAward
from marketplace.quotes import service as quotes
from marketplace.quotes.rules import Decline

F2, F4 = LinkageForm.F2_INPUT_SALE, LinkageForm.F4_INPUT_PROD_SALE


def close_some(stage: Stage) -> None:
    """Offers that are over, or wait for their outcome."""
    alone = publish_offer(stage, Wish("mill", "Mắc ca nhân sấy", "sticky-rice", "kg", 300, 210_000, 80, months=2))
    offers.end_without_award(alone, NoAward.NO_QUOTES, actor=stage.people["mill"], now=stage.ago(65))
    back = publish_offer(stage, Wish("shop", "Rau trái vụ giao hằng tuần", "greens", "kg", 600, 16_000, 45))
    answer(stage, back, "guava", 43, said_of(stage, back, "greens", 17_000))
    offers.withdraw(back, actor=stage.people["shop"], now=stage.ago(40))
    late = publish_offer(stage, Wish("food", "Gạo nếp cho bếp ăn", "sticky-rice", "kg", 900, 36_000, 24, -20, months=4))
    answer(stage, late, "htx2", 20, said_of(stage, late, "sticky-rice", 35_500))
    answer(stage, late, "rice", 19, said_of(stage, late, "co-giang", 38_500, 60))
    refused = answer(stage, late, "htx", 18, said_of(stage, late, "htx-rice", 41_000, 40))
    quotes.decline(refused, Decline.PRICE, "Giá cao hơn dự toán.", actor=stage.people["food"], now=stage.ago(15))


def keep_some_open(stage: Stage) -> None:
    """What stands on the home page: the newest last."""
    guava = publish_offer(
        stage,
        Wish(
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
        ),
    )
    answer(stage, guava, "guava", 9, said_of(stage, guava, "guava", 16_500, price_kind=PriceKind.FLOOR))
    publish_offer(
        stage,
        Wish(
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
        ),
    )
    vermicelli = publish_offer(
        stage, Wish("food", "Miến dong sạch", "vermicelli", "kg", 800, 61_000, 9, -14, months=6, demands=CLEAN)
    )
    answer(stage, vermicelli, "htx2", 6, said_of(stage, vermicelli, "vermicelli", 61_000))
    publish_offer(
        stage,
        Wish(
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
        ),
    )
    rice(stage)
    enquiry = Wish(
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
    publish_offer(stage, enquiry)
    publish_offer(
        stage,
        Wish("buyer", "Khăn thổ cẩm cho hội nghị", "scarf", "cai", 150, 260_000, 2, -21, months=1, minimum_stars=3),
    )
    draft_offer(stage, Wish("buyer", "Măng khô loại 1", "bamboo", "kg", 100, None, 1, -28, months=3))


def rice(stage: Stage) -> None:
    """The one with several answers: two versions of one, a part of the quantity from another, a draft of a third."""
    offer = publish_offer(
        stage,
        Wish(
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
        ),
    )
    answer(stage, offer, "rice", 6, said_of(stage, offer, "seng-cu", 35_500_000, valid_until=stage.day(-30)))
    answer(
        stage,
        offer,
        "rice",
        4,
        said_of(
            stage, offer, "seng-cu", 34_200_000, valid_until=stage.day(-30), terms="Giảm giá khi nhận đủ sáu tháng."
        ),
    )
    answer(stage, offer, "htx", 3, said_of(stage, offer, "htx-rice", 33_800_000, 50, valid_until=stage.day(-20)))
    said = said_of(stage, offer, "sticky-rice", 36_000_000, 20)
    quotes.draft(offer, stage.organisations["htx2"], said, actor=stage.people["htx2"], now=stage.ago(2))
