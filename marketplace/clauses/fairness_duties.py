"""PURE: rules of "Điểm cần lưu ý" about payment, advances, breach, duties, signatories and the term of a contract.

Suggested sentences are document words.
"""

from datetime import timedelta

from marketplace.clauses.fairness_case import DOTS, Case, Rule, Weight, missing, of_parties, party_field, when
from marketplace.clauses.terms import MOST_PENALTY, ContractKind, Party, PaymentMethod, Side
from marketplace.kernel.dates import add_months, format_date
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.numbers import format_number
from marketplace.kernel.vietnamese import fold

LATE_PAYMENT = 30
"""Days after delivery; later than this a cooperative lives on credit."""
SHORT_CYCLE, LONG_CYCLE = 36, 60
"""Months that support for a linkage may ask for (Decree 98/2018, recalled and not verified): told as a question."""


def pays_late(case: Case) -> Message | None:
    """More days than a cooperative can wait."""
    days = case.terms.payment_days
    if days is None or days <= LATE_PAYMENT:
        return None
    return msgid("The money comes only %(days)s days after delivery: can the seller wait so long?", days=days)


def days_missing(case: Case) -> Message | None:
    """No number of days; what our own text says then."""
    if case.terms.payment_days is not None:
        return None
    if case.keys is None or case.lacks("payment"):
        return msgid("No number of days for payment is fixed.")
    return msgid("No number of days for payment is fixed: the text then says at once, when goods and papers are there.")


def penalty_too_high(case: Case) -> Message | None:
    """The law's bound."""
    percent = case.terms.penalty_percent
    if percent is None or percent <= MOST_PENALTY:
        return None
    return msgid("A penalty of %(percent)s%% is more than the 8%% that the law allows.", percent=format_number(percent))


def support_term(case: Case) -> Message | None:
    """Whether the term may be too short for support: a question to ask, never a fact."""
    start, end = case.terms.starts_on or case.today, case.terms.ends_on
    if case.terms.kind is not ContractKind.LINKAGE or end is None:
        return None
    if end < add_months(start, SHORT_CYCLE) - timedelta(days=1):
        return msgid(
            "The linkage lasts less than three years. It may not yet meet the conditions for support: ask the commune "
            "or the provincial department."
        )
    if end < add_months(start, LONG_CYCLE) - timedelta(days=1):
        return msgid(
            "The linkage lasts less than five years. For crops or animals with a cycle of a year or more it may not yet "
            "meet the conditions for support: ask the commune or the provincial department."
        )
    return None


def end_past(case: Case) -> Message | None:
    """An end before it began."""
    end = case.terms.ends_on
    return msgid("The end date %(day)s has passed already.", day=format_date(end)) if end and end < case.today else None


def another_signs(party: Party, _case: Case) -> bool:
    """Somebody else than the legal representative signs, and no power of attorney is named."""
    return bool(party.representative and party.legal and not party.authority.strip()) and (
        fold(party.representative) != fold(party.legal)
    )


def unnamed(party: Party, _case: Case) -> bool:
    """Nobody is named who signs."""
    return not party.representative.strip()


def no_account(party: Party, case: Case) -> bool:
    """Money is to be sent, and nobody wrote where to."""
    sent = case.terms.payment_method is not PaymentMethod.CASH
    return sent and party.side is Side.SELLER and not party.bank.strip()


def authority_over(party: Party, case: Case) -> bool:
    """The power of attorney does not hold today."""
    since, until = party.authority_from, party.authority_until
    return (until is not None and until < case.today) or (since is not None and since > case.today)


def account_changed(case: Case) -> Message | None:
    """A bank account that was replaced by another one while the text was negotiated."""
    changed = [(party.name, day) for party in case.parties if (day := party.account_changed) is not None]
    if not changed:
        return None
    return msgid(
        "The bank account was changed in the draft: %(names)s. Ask them by telephone whether it is right.",
        names=", ".join(f"{name} ({format_date(day)})" for name, day in changed),
    )


def advances(case: Case) -> bool:
    """Whether the buyer gives something beforehand."""
    return bool(case.terms.advance_inputs or case.terms.advance_amount)


G, C, K = Weight.GRAVE, Weight.CHECK, Weight.KNOW
DUTY_RULES: tuple[Rule, ...] = (
    Rule(
        "payment_missing",
        G,
        "payment",
        days_missing,
        "Bên B thanh toán trong vòng 15 ngày kể từ ngày nhận đủ hàng và chứng từ của từng đợt giao.",
        field="payment_days",
    ),
    Rule(
        "payment_late",
        G,
        "payment",
        pays_late,
        "Bên B trả trước 50% tiền hàng của mỗi đợt ngay khi nhận hàng; phần còn lại trả trong vòng 30 ngày.",
        field="payment_days",
    ),
    Rule(
        "penalty_high",
        G,
        "breach",
        penalty_too_high,
        "Mức phạt vi phạm không vượt 8% giá trị phần nghĩa vụ hợp đồng bị vi phạm và áp dụng như nhau cho hai bên.",
        field="penalty_percent",
    ),
    Rule(
        "force_majeure",
        G,
        "force_majeure",
        missing("force_majeure", msgid("The usual words about storms, floods and disease are not there.")),
        "Bên bị thiên tai, dịch bệnh hoặc sự kiện bất khả kháng khác báo ngay cho bên kia và không phải chịu trách "
        "nhiệm về phần nghĩa vụ không thực hiện được; hai bên bàn lại thời gian và số lượng.",
    ),
    Rule(
        "signatory",
        G,
        "parties",
        of_parties(
            another_signs,
            lambda names: msgid(
                "Somebody else than the legal representative signs, and no power of attorney is named: %(names)s.",
                names=names,
            ),
        ),
        field=party_field(another_signs, "authority"),
    ),
    Rule(
        "authority_over",
        G,
        "parties",
        of_parties(
            authority_over,
            lambda names: msgid("The power of attorney is not valid today: %(names)s.", names=names),
        ),
        field=party_field(authority_over, "authority"),
    ),
    Rule("account_changed", G, "parties", account_changed, always=True),
    Rule("end_past", G, "effect", end_past, field="ends_on", always=True),
    Rule(
        "late_interest",
        C,
        "payment",
        missing("payment", msgid("The usual words about interest on late payment are not there.")),
        "Bên B chậm thanh toán thì trả thêm tiền lãi trên số tiền chậm trả theo lãi suất nợ quá hạn trung bình trên thị "
        "trường tại thời điểm thanh toán, tương ứng với thời gian chậm trả.",
    ),
    Rule(
        "no_penalty",
        C,
        "breach",
        when(
            lambda case: not case.terms.penalty_percent,
            msgid("No penalty is fixed: who suffers a breach must prove the damage to get anything."),
        ),
        "Bên vi phạm, dù là Bên A hay Bên B, chịu phạt 8% giá trị phần nghĩa vụ hợp đồng bị vi phạm.",
        field="penalty_percent",
    ),
    Rule(
        "penalty_both",
        C,
        "breach",
        missing(
            "breach", msgid("See that the penalty is the same for both sides, at most 8 per cent of the breached part.")
        ),
        "Mọi mức phạt vi phạm trong hợp đồng áp dụng như nhau cho Bên A và Bên B, không vượt 8% giá trị phần nghĩa vụ "
        "bị vi phạm.",
    ),
    Rule(
        "side_selling",
        C,
        "seller_duties",
        missing(
            "seller_duties", msgid("See what is said about selling to others, and about goods the buyer does not take.")
        ),
        "Bên A không bán cho người khác phần hàng đã cam kết; phần hàng đạt tiêu chuẩn mà Bên B không nhận trong 03 ngày "
        "kể từ ngày được báo thì Bên A được bán cho người khác.",
    ),
    Rule(
        "buyer_refuses",
        C,
        "buyer_duties",
        missing("buyer_duties", msgid("See what happens when the buyer does not take goods that are good.")),
        "Bên B nhận đủ hàng đạt tiêu chuẩn, không tự ý hạ giá, hạ cấp; không nhận hàng mà không có lý do ghi trong biên "
        "bản thì bồi thường thiệt hại cho Bên A.",
    ),
    Rule(
        "advance_deducted",
        C,
        "advance",
        lambda case: (
            msgid("It is not said how the advance is deducted.") if advances(case) and case.lacks("advance") else None
        ),
        "Giá trị đã ứng trước được trừ dần vào tiền hàng của từng đợt giao, không tính lãi, cho đến khi hết.",
    ),
    Rule(
        "inputs_value",
        C,
        "advance",
        when(
            lambda case: (
                bool(case.terms.advance_inputs.strip()) and not case.terms.advance_amount and case.lacks("advance")
            ),
            msgid("The inputs supplied have no value in money: nobody will know what is to be deducted."),
        ),
        "Giống, vật tư ứng trước được ghi số lượng, đơn giá và thành tiền trong biên bản giao nhận có chữ ký hai bên; "
        "đơn giá không cao hơn giá bán lẻ tại địa phương cùng ngày.",
    ),
    Rule(
        "inputs_risk",
        C,
        "advance",
        when(
            lambda case: bool(case.terms.advance_inputs.strip()) and "inputs_risk" not in (case.keys or ()),
            msgid("It is not said who bears the loss when seedlings or inputs are bad, or the crop fails."),
        ),
        "Giống, vật tư không bảo đảm chất lượng thì Bên B chịu thiệt hại; mất mùa do bất khả kháng thì phần ứng trước "
        "chưa trừ được lùi sang vụ sau, không tính lãi.",
    ),
    Rule(
        "disputes",
        C,
        "disputes",
        missing("disputes", msgid("The steps for settling disputes are not there: talks, mediation, then the court.")),
        "Tranh chấp được giải quyết lần lượt bằng thương lượng, hòa giải tại xã nơi sản xuất, rồi đến Tòa án nhân dân có "
        "thẩm quyền.",
    ),
    Rule(
        "one_sided_end",
        C,
        "termination",
        missing(
            "termination", msgid("See whether one side alone may end the contract, and with how many days' notice.")
        ),
        "Bên muốn chấm dứt hợp đồng trước hạn báo cho bên kia bằng văn bản ít nhất 30 ngày; tự ý chấm dứt mà không có lý "
        "do theo hợp đồng hoặc pháp luật thì bồi thường thiệt hại. Quyền này như nhau cho hai bên.",
    ),
    Rule(
        "no_account",
        C,
        "parties",
        of_parties(
            no_account,
            lambda names: msgid(
                "The seller's bank account, to which the money is sent, is not written: %(names)s.", names=names
            ),
        ),
        field=party_field(no_account, "bank"),
    ),
    Rule(
        "no_representative",
        C,
        "parties",
        of_parties(
            unnamed,
            lambda names: msgid(
                "The representative is not named; a blank is left to fill by hand: %(names)s.", names=names
            ),
        ),
        field=party_field(unnamed, "representative"),
        always=True,
    ),
    Rule(
        "no_end",
        C,
        "effect",
        when(lambda case: case.terms.ends_on is None, msgid("The contract has no end date.")),
        f"Hợp đồng có hiệu lực đến hết ngày {DOTS}.",
        field="ends_on",
        always=True,
    ),
    Rule(
        "copies",
        C,
        "effect",
        when(
            lambda case: case.terms.copies < len(case.parties),
            msgid("There are fewer copies than parties: somebody would hold none."),
        ),
        field="copies",
        always=True,
    ),
    Rule(
        "deposit",
        K,
        "payment",
        when(
            lambda case: bool(case.terms.deposit) and case.lacks("payment"),
            msgid("See what becomes of the deposit when one side does not perform."),
        ),
        "Bên B từ chối thực hiện hợp đồng thì tiền cọc thuộc về Bên A; Bên A từ chối thực hiện thì trả lại tiền cọc và "
        "trả thêm một khoản bằng tiền cọc.",
    ),
    Rule(
        "abroad",
        K,
        "payment",
        when(
            lambda case: any(party.abroad and party.side is Side.BUYER for party in case.parties),
            msgid("The buyer is abroad; prices are in đồng: say at which rate another currency is paid."),
        ),
        "Thanh toán bằng ngoại tệ thì quy đổi theo tỷ giá mua chuyển khoản của ngân hàng Bên A vào ngày thanh toán; phí "
        "chuyển tiền do Bên B chịu.",
    ),
    Rule("support_term", K, "effect", support_term, field="ends_on"),
)
