"""PURE: a contract in one screen of plain Vietnamese, for somebody who will not read twelve pages.

Document words, never translated: the summary is frozen and hashed with the text. It only helps to read; the text decides.
"""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from marketplace.clauses.price_sentences import change, joined, ladder, money, sample
from marketplace.clauses.terms import ContractKind, Goods, Party, PaymentMethod, Side, Terms
from marketplace.clauses.text import Line
from marketplace.clauses.wording import percent, quantity
from marketplace.kernel.dates import format_date
from marketplace.kernel.numbers import format_number
from marketplace.kernel.prices import MARKET_KINDS, PriceKind, pay

MOST_GOODS, MOST_PARTIES = 5, 3
MOST_TYPED, MOST_NAME = 120, 60
"""Letters; what is longer stands in full in the text."""
WAYS = {
    PaymentMethod.TRANSFER: "bằng chuyển khoản",
    PaymentMethod.CASH: "bằng tiền mặt",
    PaymentMethod.EITHER: "bằng chuyển khoản hoặc tiền mặt",
}
ASK = "Hỏi lại bên kia, hoặc cán bộ kinh tế của xã, trước khi ký. Chưa hiểu chỗ nào thì chưa ký."


def summary(terms: Terms, parties: Sequence[Party], keys: Collection[str] = ()) -> tuple[Line, ...]:
    """What the contract means for those who sign it; `keys` are the clauses that stand in its text."""
    if terms.kind in (ContractKind.FRAMEWORK, ContractKind.MEMORANDUM):
        lines = intention(terms, parties)
    else:
        lines = bargain(terms, parties, keys)
    return tuple(Line(label, text) for label, text in lines if text)


def bargain(terms: Terms, parties: Sequence[Party], keys: Collection[str]) -> list[tuple[str, str]]:
    """A contract that obliges."""
    return [
        ("Ai bán, ai mua", who(parties, "bán cho")),
        ("Bán gì, bao nhiêu", what(terms)),
        ("Giao khi nào, ở đâu", delivery(terms)),
        ("Mỗi bên bán phần nào", shares(terms)),
        ("Cân, kiểm hàng thế nào", checking(terms, keys)),
        ("Giá bao nhiêu", prices(terms)),
        ("Bao giờ có tiền", money_comes(terms)),
        ("Trả tiền chậm thì sao", "Bên mua phải trả thêm tiền lãi cho số tiền và số ngày trả chậm."),
        ("Bán cho người khác được không", elsewhere(terms, keys)),
        ("Mất mùa, thiên tai thì sao", crop_fails(keys)),
        ("Một bên làm sai thì sao", breach(terms)),
        ("Hợp đồng đến bao giờ", period(terms, "Hợp đồng")),
        ("Muốn dừng thì làm thế nào", ending(terms)),
        ("Chưa rõ thì hỏi ai", ASK),
    ]


def intention(terms: Terms, parties: Sequence[Party]) -> list[tuple[str, str]]:
    """A framework or memorandum: nobody has to deliver yet."""
    memorandum = terms.kind is ContractKind.MEMORANDUM
    name = "Biên bản" if memorandum else "Hợp đồng nguyên tắc"
    return [
        ("Ai với ai", who(parties, "bàn việc làm ăn với")),
        ("Về việc gì", what(terms)),
        (
            "Có bắt buộc mua bán không",
            f"Không. {name} này chưa buộc ai phải giao hàng hay trả tiền. Số lượng và giá sẽ ghi trong hợp đồng mua bán "
            "ký riêng cho từng vụ, từng đợt.",
        ),
        ("Có hiệu lực đến bao giờ", period(terms, name)),
        ("Chưa rõ thì hỏi ai", ASK),
    ]


def who(parties: Sequence[Party], does: str) -> str:
    """The two sides by name."""
    sellers, buyers = (capped([p.name for p in parties if p.side is side]) for side in (Side.SELLER, Side.BUYER))
    return f"{sellers or '……'} (Bên A, bên bán) {does} {buyers or '……'} (Bên B, bên mua)."


def capped(names: list[str]) -> str:
    """The first few, and how many more."""
    shown = ", ".join(shortened(name, MOST_NAME) for name in names[:MOST_PARTIES])
    more = len(names) - MOST_PARTIES
    return f"{shown} và {more} bên khác" if more > 0 else shown


def first_goods(terms: Terms, said: Iterable[str], rest: str) -> str:
    """What is said of each of the first goods, and how many follow."""
    more = len(terms.goods) - MOST_GOODS
    parts = [f"{one}." for one in said][:MOST_GOODS] + ([f"Và {more} mặt hàng nữa, {rest}."] if more > 0 else [])
    return "\n".join(parts)


def what(terms: Terms) -> str:
    """Goods and quantities."""
    said = [f"{name(line)}: {amount(line)}" for line in terms.goods]
    return first_goods(terms, said, "xem bảng hàng hóa") or "Chưa ghi hàng hóa."


def amount(line: Goods) -> str:
    """How much of one line."""
    return "chưa ghi số lượng" if line.quantity is None else f"{quantity(line.quantity)} {line.unit}"


def delivery(terms: Terms) -> str:
    """Months, place, transport."""
    months = sorted({month for line in terms.goods for month, much in line.schedule.items() if much})
    when = "Hai bên hẹn ngày giao trước từng đợt"
    if months:
        first, last = (f"{month.month:02d}/{month.year}" for month in (months[0], months[-1]))
        when = f"Giao trong tháng {first}" if first == last else f"Giao từ tháng {first} đến tháng {last}"
    where = f" Nơi giao: {shortened(terms.place)}." if terms.place else " Nơi giao: hai bên hẹn trước từng đợt."
    carrier = {Side.SELLER: " Bên bán chở hàng và chịu tiền chở.", Side.BUYER: " Bên mua chở hàng và chịu tiền chở."}
    return f"{when}.{where}{carrier.get(terms.transport, '') if terms.transport else ''}"


def shares(terms: Terms) -> str:
    """Of several sellers, how much each of the first ones delivers; nothing for one."""
    whole: dict[str, Decimal] = {}
    for portion in terms.split if len(terms.goods) == 1 else ():
        whole[portion.name] = whole.get(portion.name, Decimal(0)) + sum(portion.schedule.values(), Decimal(0))
    if not terms.split:
        return ""
    said = [f"{shortened(one, MOST_NAME)}: {quantity(much)} {terms.goods[0].unit}" for one, much in whole.items()]
    more = len(said) - MOST_PARTIES
    rest = f"; và {more} bên khác" if more > 0 else ""
    listed = f"{'; '.join(said[:MOST_PARTIES])}{rest}. " if said else ""
    return f"{listed}Bên nào giao và nhận tiền phần của bên đó, không chịu trách nhiệm thay bên khác."


def checking(terms: Terms, keys: Collection[str]) -> str:
    """Who weighs and checks, and what is taken off, where the text has it."""
    if "quality" not in keys:
        return ""
    less = f" Trừ độ ẩm, tạp chất: {shortened(terms.deduction)}." if terms.deduction else ""
    return (
        f"Hai bên cùng cân, cùng kiểm tra rồi ký phiếu giao nhận. Hàng không đạt thì bên mua có quyền không nhận.{less}"
    )


def elsewhere(terms: Terms, keys: Collection[str]) -> str:
    """What a linkage says about selling to others."""
    if terms.kind is not ContractKind.LINKAGE or "seller_duties" not in keys:
        return ""
    return "Phần đã hứa thì không bán cho người khác. Hàng đạt mà bên mua không nhận thì được bán nơi khác."


def shortened(typed: str, most: int = MOST_TYPED) -> str:
    """What somebody typed on one line, cut where it is long."""
    line = joined(typed)
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0].rstrip(' .;,')} …"


def name(line: Goods) -> str:
    """What a line of goods is called."""
    return shortened(line.name, MOST_NAME)


def prices(terms: Terms) -> str:
    """Each price in words, and what one delivery would bring."""
    said = [f"{name(line)}: {price(line)}" for line in terms.goods]
    return f"{first_goods(terms, said, 'xem bảng hàng hóa')}\n{example(terms)}".strip()


def price(line: Goods) -> str:
    """How one price is found."""
    rule = line.rule
    floor, most = (f"{money(sum)}/{line.unit}" if sum is not None else "" for sum in (rule.price, rule.most))
    if rule.kind is PriceKind.NEGOTIABLE or pay(rule, 0) is None:
        return "chưa chốt giá, hai bên thỏa thuận trước mỗi đợt"
    if rule.kind is PriceKind.FIXED:
        return f"{floor}, giá không đổi"
    if rule.kind is PriceKind.FLOOR_SHARE:
        return f"ít nhất {floor}; giá thị trường cao hơn thì bên bán được thêm {percent(rule.percent or Decimal(0))} phần cao hơn"
    bounds = [f"ít nhất {floor}"] if floor else []
    bounds += [f"nhiều nhất {most}"] if most else []
    return ", ".join([f"theo giá thị trường{change(rule)}", *bounds])


def example(terms: Terms) -> str:
    """One delivery: of the first goods whose price follows the market, or else of the first whose price is known."""
    known = [line for line in terms.goods if pay(line.rule, 0) is not None]
    if not known:
        return ""
    line = next((line for line in known if line.price_kind in MARKET_KINDS), known[0])
    market = ladder(line.rule, line.unit)[-2] if line.price_kind in MARKET_KINDS else None
    paid = pay(line.rule, market) or 0
    when = f"khi giá thị trường là {money(market)}/{line.unit}, " if market is not None else ""
    read = f"Giá thị trường là {shortened(line.market)}.\n" if market is not None and line.market else ""
    return f"{read}Ví dụ: {when}giao {format_number(sample(line))} {line.unit} {name(line)} được {money(paid * sample(line))}."


def money_comes(terms: Terms) -> str:
    """Payment, advance, deposit."""
    days = f"trong {terms.payment_days} ngày sau khi nhận hàng" if terms.payment_days else "ngay khi nhận hàng"
    if terms.payment_days is None:
        days = "khi nhận đủ hàng và giấy tờ; hợp đồng chưa ghi số ngày"
    parts = [f"Bên mua trả {WAYS[terms.payment_method]}, {days}."]
    if terms.advance_amount:
        parts.append(f"Bên mua ứng trước {money(terms.advance_amount)}, sau trừ dần vào tiền hàng.")
    if terms.advance_inputs:
        parts.append(f"Bên mua ứng trước vật tư, dịch vụ: {shortened(terms.advance_inputs)}; sau trừ vào tiền hàng.")
    if terms.deposit:
        parts.append(f"Bên mua đặt cọc {money(terms.deposit)}.")
    return " ".join(parts)


def crop_fails(keys: Collection[str]) -> str:
    """Force majeure, where the text has it."""
    if "force_majeure" not in keys:
        return "Hợp đồng không có điều nào về việc này. Hãy bàn với bên kia trước khi ký."
    return (
        "Báo ngay cho bên kia, xin xác nhận của xã nếu có. Phần hàng không giao được vì thiên tai, dịch bệnh thì không "
        "bị coi là làm sai; hai bên bàn lại thời gian và số lượng."
    )


def breach(terms: Terms) -> str:
    """Penalty and damages."""
    harm = "đền thiệt hại thật đã gây ra cho bên kia"
    if terms.penalty_percent:
        return f"Bên làm sai, dù là bên nào, bị phạt {percent(terms.penalty_percent)} giá trị phần làm sai, và {harm}."
    return f"Không ghi tiền phạt. Bên làm sai phải {harm}."


def period(terms: Terms, name: str) -> str:
    """From when to when."""
    start = f"từ ngày {format_date(terms.starts_on)}" if terms.starts_on else "từ ngày bên sau cùng ký"
    if terms.ends_on is None:
        return f"{name} có hiệu lực {start}, chưa ghi ngày kết thúc."
    return f"{name} có hiệu lực {start} đến hết ngày {format_date(terms.ends_on)}."


def ending(terms: Terms) -> str:
    """How one gets out."""
    own = " và trả lại hoặc trừ hết phần đã ứng" if terms.advance_amount or terms.advance_inputs else ""
    return (
        f"Báo trước cho bên kia; hai bên cùng ký giấy thỏa thuận chấm dứt{own}. Tự ý bỏ giữa chừng thì có thể phải đền."
    )
