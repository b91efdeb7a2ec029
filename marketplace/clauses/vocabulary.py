"""PURE: the words that a template may use: placeholders, conditions and tables, each computed from the terms.

Their meanings are Vietnamese like the text they stand in: whoever edits a template writes Vietnamese law.
This list is the whole language: a template can say nothing that is not here, and nothing in it is ever executed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from marketplace.clauses.goods_tables import goods_table, schedule_table
from marketplace.clauses.split import label, sellers, split_tables
from marketplace.clauses.terms import Party, PaymentMethod, Side, Stage, Terms, Vat, Venue
from marketplace.clauses.text import Table
from marketplace.clauses.wording import copies_each, money_words, percent, quantity, signing_day
from marketplace.kernel.dates import add_months, long_date
from marketplace.kernel.prices import MARKET_KINDS, PriceKind

YEAR = 12
METHODS = {
    PaymentMethod.TRANSFER: "chuyển khoản vào tài khoản của Bên A",
    PaymentMethod.CASH: "tiền mặt",
    PaymentMethod.EITHER: "chuyển khoản hoặc tiền mặt",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that a text is written from."""

    terms: Terms
    parties: tuple[Party, ...] = ()
    number: str = ""
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A placeholder: what it means, and its value; an empty value is printed as dots to fill in by hand."""

    meaning: str
    value: Callable[[Scene], str]


@dataclass(frozen=True, slots=True)
class Condition:
    """When a sentence stands in the text."""

    meaning: str
    holds: Callable[[Scene], bool]


@dataclass(frozen=True, slots=True)
class TableName:
    """A table that may stand under a sentence, or several, each with words of its own that lead to it.

    A sentence whose table has no rows is left out.
    """

    meaning: str
    draw: Callable[[Scene], Iterable[tuple[str, Table]]]


def goods_names(scene: Scene) -> str:
    """Every name once."""
    return "; ".join(dict.fromkeys(line.name for line in scene.terms.goods))


def scale(scene: Scene) -> str:
    """Season, households, area and output, as far as they are known."""
    terms = scene.terms
    parts = [terms.season] if terms.season else []
    parts += [f"{quantity(terms.households)} hộ tham gia"] if terms.households else []
    parts += [f"diện tích {quantity(terms.area_ha)} ha"] if terms.area_ha else []
    parts += [f"sản lượng dự kiến {terms.expected_output}"] if terms.expected_output else []
    return "; ".join(parts)


def linkage_form(scene: Scene) -> str:
    """The form of linkage, with its place in the decree where it is one of the seven."""
    linkage = scene.terms.linkage
    if linkage is None:
        return ""
    law = f" (hình thức thứ {linkage.number} tại Điều 4 Nghị định số 98/2018/NĐ-CP)" if linkage.number else ""
    return f"{linkage.label}{law}"


def lasts_years(scene: Scene) -> bool:
    """More than a year from the first day to the last."""
    first, last = scene.terms.starts_on, scene.terms.ends_on
    return first is not None and last is not None and last >= add_months(first, YEAR)


def carrier(scene: Scene) -> str:
    """Who brings the goods to the place of delivery."""
    return {Side.SELLER: "Bên A", Side.BUYER: "Bên B", None: ""}[scene.terms.transport]


def end_day(scene: Scene) -> str:
    """The last day."""
    return long_date(scene.terms.ends_on) if scene.terms.ends_on else ""


def start_day(scene: Scene) -> str:
    """The first day; without one the contract begins when all have signed."""
    return long_date(scene.terms.starts_on) if scene.terms.starts_on else "ngày bên sau cùng ký"


def sharing_sellers(scene: Scene) -> str:
    """Every one of several sellers as the contract calls it."""
    return "; ".join(f"{label(seller)}: {name}" for seller, name in sellers(scene.terms).items())


def sharing_lead(scene: Scene) -> str:
    """Which of several sellers speaks for all: Bên A1."""
    return next((label(portion.seller) for portion in scene.terms.split if portion.leads), "")


def one(table: Table | None) -> list[tuple[str, Table]]:
    """A table without words of its own."""
    return [] if table is None else [("", table)]


PLACEHOLDERS: dict[str, Word] = {
    "goods": Word("tên các mặt hàng", goods_names),
    "season": Word("mùa vụ", lambda scene: scene.terms.season),
    "scale": Word("quy mô: mùa vụ, số hộ, diện tích, sản lượng", scale),
    "linkage_form": Word("hình thức liên kết theo Nghị định 98", linkage_form),
    "lead": Word("tên bên chủ trì liên kết", lambda scene: scene.terms.linkage.lead if scene.terms.linkage else ""),
    "total": Word(
        "giá trị hợp đồng, bằng số và bằng chữ",
        lambda scene: "" if scene.terms.total is None else money_words(scene.terms.total),
    ),
    "tolerance": Word(
        "tỷ lệ chênh lệch số lượng",
        lambda scene: "" if scene.terms.tolerance is None else percent(scene.terms.tolerance),
    ),
    "packaging": Word("quy cách đóng gói, bảo quản", lambda scene: scene.terms.packaging),
    "inspection": Word("cách kiểm tra, nghiệm thu", lambda scene: scene.terms.inspection),
    "deduction": Word("cách trừ độ ẩm, tạp chất", lambda scene: scene.terms.deduction),
    "place": Word("địa điểm giao nhận", lambda scene: scene.terms.place),
    "carrier": Word("bên chịu vận chuyển (Bên A hoặc Bên B)", carrier),
    "payment_days": Word(
        "số ngày phải thanh toán",
        lambda scene: f"{scene.terms.payment_days:02d}" if scene.terms.payment_days is not None else "",
    ),
    "payment_method": Word("hình thức thanh toán", lambda scene: METHODS[scene.terms.payment_method]),
    "inputs": Word("vật tư, dịch vụ ứng trước", lambda scene: scene.terms.advance_inputs),
    "advance": Word(
        "tiền ứng trước, bằng số và bằng chữ",
        lambda scene: money_words(scene.terms.advance_amount) if scene.terms.advance_amount else "",
    ),
    "deposit": Word(
        "tiền đặt cọc, bằng số và bằng chữ",
        lambda scene: money_words(scene.terms.deposit) if scene.terms.deposit else "",
    ),
    "penalty": Word(
        "mức phạt vi phạm",
        lambda scene: percent(scene.terms.penalty_percent) if scene.terms.penalty_percent else "",
    ),
    "arbitration": Word("tên trung tâm trọng tài", lambda scene: scene.terms.arbitration),
    "disputes": Word("cách giải quyết tranh chấp do các bên tự ghi", lambda scene: scene.terms.disputes),
    "copies": Word("số bản", lambda scene: f"{scene.terms.copies:02d}"),
    "copies_each": Word("mỗi bên giữ bao nhiêu bản", lambda scene: copies_each(scene.terms.copies, len(scene.parties))),
    "start_day": Word("ngày bắt đầu có hiệu lực", start_day),
    "end_day": Word("ngày hết hiệu lực", end_day),
    "sellers": Word("các bên bán cùng đứng tên (Bên A1: …; Bên A2: …)", sharing_sellers),
    "sellers_count": Word("số bên bán cùng đứng tên", lambda scene: str(len(sellers(scene.terms)))),
    "sellers_lead": Word("bên bán thay mặt các bên bán khác (Bên A1)", sharing_lead),
    "signing_day": Word("ngày ký", lambda scene: signing_day(scene.signed_on)),
    "signing_place": Word("nơi ký", lambda scene: scene.terms.signing_place),
}


def has_kind(kind: PriceKind) -> Callable[[Scene], bool]:
    """Whether a line has this kind of price."""
    return lambda scene: any(line.price_kind is kind for line in scene.terms.goods)


def has_stage(stage: Stage) -> Callable[[Scene], bool]:
    """Whether the form of linkage covers this stage."""
    return lambda scene: scene.terms.linkage is not None and stage in scene.terms.linkage.stages


def has_vat(vat: Vat | None) -> Callable[[Scene], bool]:
    """Whether this is said about the tax."""
    return lambda scene: scene.terms.vat is vat


CONDITIONS: dict[str, Condition] = {
    "has_goods": Condition("có danh mục hàng hóa", lambda scene: bool(scene.terms.goods)),
    "has_quantities": Condition(
        "có số lượng", lambda scene: any(line.quantity is not None for line in scene.terms.goods)
    ),
    "has_schedule": Condition(
        "có lịch giao theo tháng", lambda scene: any(line.schedule for line in scene.terms.goods)
    ),
    "has_total": Condition("tính được giá trị", lambda scene: scene.terms.total is not None),
    "exact_total": Condition(
        "giá trị là con số chắc chắn",
        lambda scene: scene.terms.total is not None and not scene.terms.total_is_estimate,
    ),
    "estimated_total": Condition(
        "giá trị là tạm tính", lambda scene: scene.terms.total is not None and scene.terms.total_is_estimate
    ),
    "total_open": Condition("giá hoặc số lượng chưa chắc chắn", lambda scene: scene.terms.total_is_estimate),
    "has_tolerance": Condition("có tỷ lệ chênh lệch số lượng", lambda scene: scene.terms.tolerance is not None),
    "has_linkage": Condition("có hình thức liên kết", lambda scene: scene.terms.linkage is not None),
    "has_scale": Condition("có quy mô liên kết", lambda scene: bool(scale(scene))),
    "has_season": Condition("có mùa vụ", lambda scene: bool(scene.terms.season)),
    "has_lead": Condition(
        "có bên chủ trì liên kết", lambda scene: scene.terms.linkage is not None and bool(scene.terms.linkage.lead)
    ),
    "stage_inputs": Condition("liên kết có cung ứng đầu vào", has_stage(Stage.INPUTS)),
    "stage_production": Condition("liên kết có tổ chức sản xuất", has_stage(Stage.PRODUCTION)),
    "stage_harvest": Condition("liên kết có thu hoạch", has_stage(Stage.HARVEST)),
    "stage_processing": Condition("liên kết có sơ chế, chế biến", has_stage(Stage.PROCESSING)),
    "lasts_years": Condition("thời hạn từ một năm trở lên", lasts_years),
    "several_sellers": Condition("có nhiều bên bán chia nhau sản lượng", lambda scene: len(sellers(scene.terms)) > 1),
    "has_sellers_lead": Condition("một bên bán thay mặt các bên bán khác", lambda scene: bool(sharing_lead(scene))),
    "price_fixed": Condition("có giá cố định", has_kind(PriceKind.FIXED)),
    "price_floor": Condition("có giá sàn", has_kind(PriceKind.FLOOR)),
    "price_floor_share": Condition("có giá sàn và chia phần tăng", has_kind(PriceKind.FLOOR_SHARE)),
    "price_market": Condition("có giá thị trường cộng, trừ phần trăm", has_kind(PriceKind.MARKET)),
    "price_ceiling": Condition("có giá trần", has_kind(PriceKind.CEILING)),
    "price_negotiable": Condition("có giá thỏa thuận sau", has_kind(PriceKind.NEGOTIABLE)),
    "follows_market": Condition(
        "có giá tính theo giá thị trường",
        lambda scene: any(line.price_kind in MARKET_KINDS for line in scene.terms.goods),
    ),
    "vat_included": Condition("giá đã gồm thuế giá trị gia tăng", has_vat(Vat.INCLUDED)),
    "vat_excluded": Condition("giá chưa gồm thuế giá trị gia tăng", has_vat(Vat.EXCLUDED)),
    "vat_exempt": Condition("hàng không chịu thuế giá trị gia tăng", has_vat(Vat.EXEMPT)),
    "vat_unsaid": Condition("chưa nói về thuế giá trị gia tăng", has_vat(None)),
    "has_packaging": Condition("có quy cách đóng gói", lambda scene: bool(scene.terms.packaging)),
    "has_inspection": Condition("có cách nghiệm thu riêng", lambda scene: bool(scene.terms.inspection)),
    "has_deduction": Condition("có cách trừ độ ẩm, tạp chất", lambda scene: bool(scene.terms.deduction)),
    "has_place": Condition("có địa điểm giao nhận", lambda scene: bool(scene.terms.place)),
    "has_carrier": Condition("có bên chịu vận chuyển", lambda scene: scene.terms.transport is not None),
    "has_payment_days": Condition("có số ngày thanh toán", lambda scene: bool(scene.terms.payment_days)),
    "has_inputs": Condition("có vật tư, dịch vụ ứng trước", lambda scene: bool(scene.terms.advance_inputs)),
    "has_advance": Condition("có tiền ứng trước", lambda scene: bool(scene.terms.advance_amount)),
    "has_inputs_or_advance": Condition(
        "có vật tư hoặc tiền ứng trước",
        lambda scene: bool(scene.terms.advance_inputs or scene.terms.advance_amount),
    ),
    "has_deposit": Condition("có đặt cọc", lambda scene: bool(scene.terms.deposit)),
    "has_penalty": Condition("có mức phạt vi phạm", lambda scene: bool(scene.terms.penalty_percent)),
    "has_disputes": Condition("các bên tự ghi cách giải quyết tranh chấp", lambda scene: bool(scene.terms.disputes)),
    "to_court": Condition(
        "tranh chấp đưa ra Tòa án",
        lambda scene: scene.terms.venue is Venue.COURT and not scene.terms.disputes,
    ),
    "to_arbitration": Condition(
        "tranh chấp đưa ra trọng tài",
        lambda scene: scene.terms.venue is Venue.ARBITRATION and not scene.terms.disputes,
    ),
    "has_end": Condition("có ngày hết hiệu lực", lambda scene: scene.terms.ends_on is not None),
}

TABLES: dict[str, TableName] = {
    "goods": TableName("hàng hóa, số lượng, đơn giá", lambda scene: one(goods_table(scene.terms))),
    "schedule": TableName("số lượng giao từng tháng", lambda scene: one(schedule_table(scene.terms))),
    "split": TableName("phần của từng bên bán", lambda scene: split_tables(scene.terms)),
}
