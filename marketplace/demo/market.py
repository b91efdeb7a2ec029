"""Offers of the last weeks: open, asked of one seller, closed, ended without a choice, withdrawn, drafted; and quotes."""

from marketplace.demo import wishes
from marketplace.demo.deals import answer, draft_offer, publish_offer, said_of
from marketplace.demo.stage import Stage
from marketplace.kernel.prices import PriceKind
from marketplace.offers import service as offers
from marketplace.offers.rules import NoAward
from marketplace.quotes import service as quotes
from marketplace.quotes.rules import Decline


def close_some(stage: Stage) -> None:
    """Offers that are over, or wait for their outcome."""
    alone = publish_offer(stage, wishes.MILL_STICKY_RICE)
    offers.end_without_award(alone, NoAward.NO_QUOTES, actor=stage.people["mill"], now=stage.ago(65))
    back = publish_offer(stage, wishes.SHOP_GREENS)
    answer(stage, back, "guava", 43, said_of(stage, back, "greens", 17_000))
    offers.withdraw(back, actor=stage.people["shop"], now=stage.ago(40))
    late = publish_offer(stage, wishes.FOOD_STICKY_RICE)
    answer(stage, late, "htx2", 20, said_of(stage, late, "sticky-rice", 35_500))
    answer(stage, late, "rice", 19, said_of(stage, late, "co-giang", 38_500, 60))
    refused = answer(stage, late, "htx", 18, said_of(stage, late, "htx-rice", 41_000, 40))
    quotes.decline(refused, Decline.PRICE, "Giá cao hơn dự toán.", actor=stage.people["food"], now=stage.ago(15))


def keep_some_open(stage: Stage) -> None:
    """What stands on the home page: the newest last."""
    guava = publish_offer(stage, wishes.FOOD_GUAVA_13)
    answer(stage, guava, "guava", 9, said_of(stage, guava, "guava", 16_500, price_kind=PriceKind.FLOOR))
    publish_offer(stage, wishes.MILL_TEA)
    vermicelli = publish_offer(stage, wishes.FOOD_VERMICELLI)
    answer(stage, vermicelli, "htx2", 6, said_of(stage, vermicelli, "vermicelli", 61_000))
    publish_offer(stage, wishes.SHOP_DRIED_FISH)
    rice(stage)
    enquiry = wishes.BUYER_DRIED_FISH_3
    publish_offer(stage, enquiry)
    publish_offer(stage, wishes.BUYER_SCARF)
    draft_offer(stage, wishes.BUYER_BAMBOO)


def rice(stage: Stage) -> None:
    """The one with several answers: two versions of one, a part of the quantity from another, a draft of a third."""
    offer = publish_offer(stage, wishes.BUYER_SENG_CU)
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
