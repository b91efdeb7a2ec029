"""Every rule of "Điểm cần lưu ý" speaks when it should and is silent otherwise; what was found can be kept and read back."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from marketplace.clauses.drafting import contract_text
from marketplace.clauses.example import example
from marketplace.clauses.fairness import (
    RULES,
    Point,
    grouped,
    points,
    restored,
    with_sentence,
    without_sentence,
)
from marketplace.clauses.fairness_case import Weight
from marketplace.clauses.seeds import ORDER, body_for, seeds
from marketplace.clauses.terms import ContractKind, Goods, Party, PaymentMethod, Terms, Vat
from marketplace.kernel.prices import PriceKind
from tests.clauses.examples import BUYER, RICE, SELLER, TERMS

TODAY = date(2026, 1, 5)
PAID = replace(SELLER, bank="0123456789 – Ngân hàng Thử")
FAIR = replace(
    TERMS,
    advance_inputs="",
    advance_amount=None,
    deduction="theo máy đo độ ẩm của Bên A",
    vat=Vat.INCLUDED,
    ends_on=date(2031, 1, 4),
)
"""Terms that leave nothing to look at twice."""
KEYS = frozenset(clause["key"] for clause in body_for(ContractKind.LINKAGE)["clauses"])
MARKET = replace(RICE, price_kind=PriceKind.MARKET, market="chợ Than Uyên")


def found(terms: Terms = FAIR, parties: tuple[Party, ...] = (PAID, BUYER), **reading: Any) -> dict[str, Point]:
    """The points by their codes."""
    return {point.code: point for point in points(terms, parties, TODAY, **{"keys": KEYS, **reading})}


def changed(**values: Any) -> dict[str, Any]:
    """The fair terms with something changed."""
    return {"terms": replace(FAIR, **values)}


def goods(**values: Any) -> dict[str, Any]:
    """The fair terms with another line of goods."""
    return changed(goods=(replace(RICE, **values),))


def seller(**values: Any) -> dict[str, Any]:
    """The fair terms with another seller."""
    return {"parties": (replace(PAID, **values), BUYER)}


def without(key: str) -> dict[str, Any]:
    """A text in which this clause does not stand."""
    return {"keys": KEYS - {key}}


CASES: dict[str, dict[str, Any]] = {
    "no_goods": changed(goods=()),
    "no_price": goods(price_kind=PriceKind.NEGOTIABLE, price=None),
    "no_floor": goods(price_kind=PriceKind.MARKET, price=None, market="chợ Than Uyên"),
    "no_market": goods(price_kind=PriceKind.FLOOR),
    "payment_missing": changed(payment_days=None),
    "payment_late": changed(payment_days=31),
    "penalty_high": changed(penalty_percent=Decimal("8.01")),
    "force_majeure": without("force_majeure"),
    "signatory": seller(legal="Lò Thị Khác"),
    "authority_over": seller(authority_until=date(2026, 1, 4)),
    "account_changed": seller(account_changed=date(2026, 1, 4)),
    "end_past": changed(ends_on=date(2026, 1, 4)),
    "no_quantity": goods(quantity=None, schedule={}),
    "no_months": goods(schedule={}),
    "months_outside": changed(ends_on=date(2026, 10, 31)),
    "no_place": changed(place=" "),
    "no_transport": changed(transport=None),
    "inspection": without("quality"),
    "no_deduction": changed(deduction=""),
    "late_interest": without("payment"),
    "no_penalty": changed(penalty_percent=None),
    "penalty_both": without("breach"),
    "side_selling": without("seller_duties"),
    "buyer_refuses": without("buyer_duties"),
    "advance_deducted": {**changed(advance_amount=1_000_000), **without("advance")},
    "inputs_value": {**changed(advance_inputs="giống lúa"), **without("advance")},
    "inputs_risk": {**changed(advance_inputs="giống lúa", advance_amount=1_000_000), **without("inputs_risk")},
    "disputes": without("disputes"),
    "one_sided_end": without("termination"),
    "no_account": seller(bank=" "),
    "no_representative": seller(representative=""),
    "no_end": changed(ends_on=None),
    "copies": changed(copies=1),
    "estimate": goods(price_kind=PriceKind.FLOOR, market="chợ Than Uyên"),
    "vat": changed(vat=None),
    "deposit": {**changed(deposit=5_000_000), **without("payment")},
    "abroad": {"parties": (SELLER, replace(BUYER, abroad=True))},
    "support_term": changed(ends_on=date(2031, 1, 3)),
}


def test_fair_terms_have_no_point() -> None:
    assert found() == {}


def test_every_rule_has_its_case() -> None:
    assert set(CASES) == {rule.code for rule in RULES}
    assert len(RULES) == len(CASES) >= 20


@pytest.mark.parametrize("code", list(CASES))
def test_a_rule_speaks_when_it_should(code: str) -> None:
    point = found(**CASES[code])[code]
    assert str(point.message)
    assert "%(" not in str(point.message)
    assert "{" not in point.suggestion
    assert point.suggestion == "" or point.suggestion.endswith(".")


@pytest.mark.parametrize(
    ("code", "case"),
    [
        ("payment_late", changed(payment_days=30)),
        ("penalty_high", changed(penalty_percent=Decimal(8))),
        ("signatory", seller(legal="BÙI THỊ Ỷ")),
        ("signatory", seller(legal="Lò Thị Khác", authority="số 01/GUQ ngày 02/01/2026")),
        ("signatory", seller(legal="Lò Thị Khác", representative="")),
        ("authority_over", seller(authority_from=TODAY, authority_until=TODAY)),
        ("end_past", changed(ends_on=TODAY)),
        ("months_outside", changed(ends_on=date(2026, 11, 30))),
        ("no_floor", {"terms": replace(FAIR, goods=(MARKET,))}),
        ("no_market", {"terms": replace(FAIR, goods=(MARKET,))}),
        ("advance_deducted", without("advance")),
        ("inputs_value", {**changed(advance_inputs="giống lúa", advance_amount=1), **without("advance")}),
        ("inputs_value", changed(advance_inputs="giống lúa")),
        ("deposit", changed(deposit=5_000_000)),
        ("inspection", changed(inspection="cân tại kho")),
        ("no_deduction", changed(deduction="", kind=ContractKind.SALE)),
        ("copies", changed(copies=2)),
        ("no_account", {**changed(payment_method=PaymentMethod.CASH), **seller(bank="")}),
        ("abroad", {"parties": (replace(SELLER, abroad=True), BUYER)}),
    ],
)
def test_a_rule_is_silent_at_its_bound(code: str, case: dict[str, Any]) -> None:
    assert code not in found(**case)


def test_the_field_is_that_of_the_line_or_party_that_was_found() -> None:
    floating = replace(RICE, price_kind=PriceKind.MARKET, price=None, quantity=None, schedule={})
    lines = found(replace(FAIR, goods=(RICE, RICE, floating)))
    assert lines["no_floor"].field == "lines-2-price"
    assert lines["no_market"].field == "lines-2-market"
    assert lines["no_quantity"].field == "lines-2-quantity"
    sides = found(parties=(SELLER, replace(BUYER, representative="")))
    assert sides["no_representative"].field == "parties-1-representative"
    other = found(parties=(SELLER, replace(BUYER, authority="", legal="Lò Thị Khác")))
    assert other["signatory"].field == "parties-1-authority"


def test_without_days_the_point_says_what_our_text_says() -> None:
    assert "at once" in str(found(**changed(payment_days=None))["payment_missing"].message)
    unread = found(keys=None, **changed(payment_days=None))["payment_missing"]
    assert str(unread.message) == "No number of days for payment is fixed."


@pytest.mark.parametrize("code", ORDER)
def test_a_template_of_ours_filled_in_raises_no_false_alarm(code: str) -> None:
    body = seeds()[code]["body"]
    scene = example(ContractKind(seeds()[code]["kind"]), TODAY, code)
    for chosen in ({}, {clause["key"]: True for clause in body["clauses"]}):
        text = contract_text(
            scene.terms, scene.parties, number="1", body=body, wording={"chosen": chosen, "free": {}}
        ).document()
        keys = {clause["key"] for clause in text["clauses"]}
        rows = points(scene.terms, scene.parties, TODAY, keys=keys)
        assert {row.code for row in rows} <= {"estimate", "support_term"}


@pytest.mark.parametrize("code", [rule.code for rule in RULES if rule.suggestion and not rule.field])
def test_a_sentence_that_was_taken_settles_its_point(code: str) -> None:
    case = CASES[code]
    point = found(**case)[code]
    terms = replace(case.get("terms", FAIR), extra=with_sentence("Họp mỗi tháng.", point.suggestion))
    assert found(**{**case, "terms": terms})[code].taken


def test_a_power_of_attorney_that_begins_later_is_no_authority_today() -> None:
    assert "authority_over" in found(**seller(authority_from=date(2026, 1, 6)))


def test_the_term_is_a_question_and_never_a_fact() -> None:
    short = found(**changed(ends_on=date(2029, 1, 3)))["support_term"]
    longer = found(**changed(ends_on=date(2029, 1, 4)))["support_term"]
    assert "less than three years" in str(short.message)
    assert "less than five years" in str(longer.message)
    assert "may not" in str(short.message)
    assert "may not" in str(longer.message)
    assert short.weight is longer.weight is Weight.KNOW
    assert "support_term" not in found(**changed(kind=ContractKind.SALE, ends_on=date(2026, 12, 31)))


def test_a_clause_in_the_parties_own_words_is_not_guessed_at() -> None:
    own = found(own={"payment", "breach"})
    assert set(own) == {"late_interest", "penalty_both"}
    assert found(keys=None) == {}


def test_papers_that_oblige_nobody_are_asked_little() -> None:
    bare = Terms(kind=ContractKind.MEMORANDUM, copies=1)
    assert set(found(bare, (replace(SELLER, representative=""), BUYER))) == {"no_representative", "no_end", "copies"}


def test_the_gravest_come_first_and_goods_are_named_briefly() -> None:
    lines = tuple(Goods(f"Mặt hàng {n}", "kg") for n in range(1, 301))
    rows = points(replace(FAIR, goods=lines), [SELLER, BUYER], TODAY, keys=KEYS)
    weights = [list(Weight).index(row.weight) for row in rows]
    assert weights == sorted(weights)
    assert str(rows[0].message).endswith("Mặt hàng 1, Mặt hàng 2, Mặt hàng 3, ….")
    assert [weight for weight, _words, _rows in grouped(rows)] == [Weight.GRAVE, Weight.CHECK]


def test_points_are_kept_as_json_and_read_back() -> None:
    for case in CASES.values():
        rows = list(found(**case).values())
        kept = restored(json.loads(json.dumps([row.stored() for row in rows], ensure_ascii=False)))
        assert kept == rows


def test_a_sentence_is_taken_over_once_and_taken_out_again() -> None:
    point = found(**CASES["no_deduction"])["no_deduction"]
    extra = with_sentence("Họp mỗi tháng một lần.\n", point.suggestion)
    assert extra == f"Họp mỗi tháng một lần.\n{point.suggestion}"
    assert with_sentence(extra, point.suggestion) == extra
    terms = replace(FAIR, deduction="", extra=extra)
    assert found(terms)["no_deduction"].taken
    assert without_sentence(extra, point.suggestion) == "Họp mỗi tháng một lần."
    assert with_sentence("", point.suggestion) == point.suggestion


@pytest.mark.parametrize("code", [rule.code for rule in RULES])
def test_a_suggested_sentence_stands_in_the_text_as_it_was_shown(code: str) -> None:
    case = CASES[code]
    point = found(**case)[code]
    terms = replace(case.get("terms", FAIR), extra=point.suggestion, penalty_percent=None)
    if point.suggestion and terms.ends_on and terms.ends_on > TODAY:
        text = contract_text(terms, case.get("parties", (SELLER, BUYER)), number="1").document()
        clause = next(clause for clause in text["clauses"] if clause["key"] == "further")
        assert point.suggestion in [paragraph["text"] for paragraph in clause["paragraphs"]]


@pytest.mark.parametrize("kind", [ContractKind.LINKAGE, ContractKind.SALE])
def test_no_template_of_ours_lacks_the_usual_words(kind: ContractKind) -> None:
    for seed in seeds().values():
        if seed["kind"] == kind:
            keys = {clause["key"] for clause in seed["body"]["clauses"]}
            assert found(replace(FAIR, kind=kind), keys=keys) == {}, seed["code"]
