"""PURE: what figures are broken down by, with the words and order of every value."""

from collections.abc import Mapping

from marketplace.contracts.rules import METHODS, BuyerPlace
from marketplace.kernel.messages import Message, msgid
from marketplace.offers.rules import LINKAGE_FORMS
from marketplace.organisations.rules import KINDS, SECTORS
from marketplace.products.rules import GROUPS, Group
from marketplace.reports.figures import Dimension

NOT_ASSIGNABLE = msgid("Not assignable to one commune")

BUYER_PLACES: dict[BuyerPlace, Message] = {
    BuyerPlace.AREA: msgid("In the area"),
    BuyerPlace.PROVINCE: msgid("Elsewhere in the province"),
    BuyerPlace.COUNTRY: msgid("In another province"),
    BuyerPlace.ABROAD: msgid("Abroad"),
}

SECTOR = Dimension("sector", msgid("By sector"), {str(code): words for code, words in SECTORS.items()})
STARS = Dimension(
    "stars",
    msgid("By stars"),
    {"3": msgid("3 stars"), "4": msgid("4 stars"), "5": msgid("5 stars")},
)
GROUP = Dimension(
    "group", msgid("By OCOP group"), {str(code): words for code, words in GROUPS.items() if code != Group.KHAC}
)
GOODS = Dimension(
    "group", msgid("By group of goods"), {str(code): words for code, words in GROUPS.items()}, keep_empty=False
)
OWNER = Dimension(
    "owner", msgid("By kind of owner"), {str(code): words for code, words in KINDS.items()}, keep_empty=False
)
FORM = Dimension(
    "form",
    msgid("By form of linkage"),
    {str(code): words for code, words in LINKAGE_FORMS.items()},
    unknown=msgid("Sale, without a form of linkage"),
    keep_empty=False,
)
METHOD = Dimension("method", msgid("By way of signing"), {str(code): words for code, words in METHODS.items()})
BUYER = Dimension("buyer", msgid("By where the buyer is"), {str(code): words for code, words in BUYER_PLACES.items()})


def by_unit(names: Mapping[str, str], era: str, keep_empty: bool = True) -> Dimension:
    """By commune of one era, in the order given."""
    label = (
        msgid("By commune (units since 1 July 2025)")
        if era == "new"
        else msgid("By commune (units until 30 June 2025)")
    )
    return Dimension("unit", label, names, unknown=NOT_ASSIGNABLE, keep_empty=keep_empty)


def by_event(names: Mapping[str, str]) -> Dimension:
    """By the trade event that a contract was made at."""
    return Dimension("event", msgid("By trade event"), names, unknown=msgid("Not at a trade event"))
