"""Price rules in the contract: the table says what `pay` computes, around where the rule changes, in round figures."""

import itertools
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from marketplace.clauses.price_sentences import ladder, price_sentences, reason, steps
from marketplace.clauses.terms import ContractKind
from marketplace.kernel.numbers import format_number
from marketplace.kernel.prices import MARKET_KINDS, PriceKind, PriceRule, pay
from tests.clauses.examples import RICE, TERMS, document, with_goods
from tests.clauses.reading import plain_text
from tests.kernel.test_prices import rules

SHARE = replace(RICE, price_kind=PriceKind.FLOOR_SHARE, percent=Decimal(50), market="giá bán buôn tại chợ Bản Thử")


@given(rules())
def test_a_ladder_rises_in_five_to_seven_steps_around_the_bounds(rule: PriceRule) -> None:
    if rule.kind not in MARKET_KINDS:
        assert steps(rule, "kg") == []
        return
    prices = ladder(rule, "kg")
    assert 5 <= len(prices) <= 7
    assert prices[0] > 0
    assert all(low < high for low, high in itertools.pairwise(prices))
    assert [paid for _market, paid in steps(rule, "kg")] == [pay(rule, market) for market in prices]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            PriceRule(PriceKind.FLOOR, 25_000),
            [
                (15_000, 25_000, "bằng giá sàn"),
                (20_000, 25_000, "bằng giá sàn"),
                (25_000, 25_000, "bằng giá sàn"),
                (30_000, 30_000, "bằng giá thị trường"),
                (35_000, 35_000, "bằng giá thị trường"),
                (45_000, 45_000, "bằng giá thị trường"),
            ],
        ),
        (
            PriceRule(PriceKind.CEILING, 20_000, None, 30_000),
            [
                (18_000, 20_000, "bằng giá sàn"),
                (19_000, 20_000, "bằng giá sàn"),
                (20_000, 20_000, "bằng giá sàn"),
                (25_000, 25_000, "bằng giá thị trường"),
                (30_000, 30_000, "bằng giá trần"),
                (31_000, 30_000, "bằng giá trần"),
                (32_000, 30_000, "bằng giá trần"),
            ],
        ),
        (
            PriceRule(PriceKind.MARKET, None, Decimal(-5)),
            [
                (10_000, 9_500, "giá thị trường trừ đi 5%"),
                (15_000, 14_250, "giá thị trường trừ đi 5%"),
                (20_000, 19_000, "giá thị trường trừ đi 5%"),
                (30_000, 28_500, "giá thị trường trừ đi 5%"),
                (40_000, 38_000, "giá thị trường trừ đi 5%"),
            ],
        ),
    ],
)
def test_the_steps_of_a_rule(rule: PriceRule, expected: list[tuple[int, int, str]]) -> None:
    assert [(market, paid, reason(rule, market, paid)) for market, paid in steps(rule, "kg")] == expected


@given(rules())
def test_sentence_example_and_table_carry_the_figures_that_are_paid(rule: PriceRule) -> None:
    line = replace(
        RICE,
        price_kind=rule.kind,
        price=rule.price,
        percent=rule.percent,
        most=rule.most,
        quantity=Decimal(100),
        schedule={},
    )
    for text, table in price_sentences(with_goods(line)):
        market, paid = (int(words.replace(".", "")) for words in table.rows[-2][:2])
        assert pay(rule, market) == paid
        assert f"giá thị trường là {format_number(market)} đồng/kg thì Bên A nhận {format_number(paid)} đồng/kg" in text
        assert f"giao 100 kg được {format_number(paid * 100)} đồng" in text
        for row in table.rows:
            assert pay(rule, int(row[0].replace(".", ""))) == int(row[1].replace(".", ""))
        for bound in (rule.price, rule.most):
            assert bound is None or f"{format_number(bound)} đồng/kg" in text
        assert ("làm tròn" in text) == bool(rule.percent)


@pytest.mark.parametrize(
    ("rule", "words", "row"),
    [
        (PriceRule(PriceKind.FLOOR, 1), "không thấp hơn giá sàn 1 đồng/kg", ("1", "1", "bằng giá sàn")),
        (
            PriceRule(PriceKind.FLOOR_SHARE, 25_000, Decimal("33.33")),
            "trả thêm cho Bên A 33,33% phần cao hơn",
            ("35.000", "28.333", "giá sàn cộng 33,33% của 10.000"),
        ),
        (
            PriceRule(PriceKind.FLOOR_SHARE, 10**12, Decimal(100)),
            "giá sàn là 1.000.000.000.000 đồng/kg",
            ("1.400.000.000.000", "1.400.000.000.000", "giá sàn cộng 100% của 400.000.000.000"),
        ),
        (
            PriceRule(PriceKind.MARKET, None, Decimal(100)),
            "cộng thêm 100%",
            ("30.000", "60.000", "giá thị trường cộng thêm 100%"),
        ),
        (
            PriceRule(PriceKind.CEILING, 20_000, None, 20_000),
            "không thấp hơn giá sàn 20.000 đồng/kg và không cao hơn giá trần 20.000 đồng/kg",
            ("16.000", "20.000", "bằng giá sàn"),
        ),
    ],
)
def test_odd_rules_read_right(rule: PriceRule, words: str, row: tuple[str, ...]) -> None:
    line = replace(RICE, price_kind=rule.kind, price=rule.price, percent=rule.percent, most=rule.most)
    [(text, table)] = price_sentences(with_goods(line))
    assert words in text
    assert row in table.rows


def test_a_tonne_costs_a_thousand_times_as_much() -> None:
    rule = PriceRule(PriceKind.MARKET)
    assert ladder(rule, "tấn") == [price * 1000 for price in ladder(rule, "kg")]


def test_the_price_clause_carries_rule_source_example_and_table() -> None:
    text = document(with_goods(SHARE))
    clause = next(clause for clause in text["clauses"] if clause["key"] == "price")
    paragraph = clause["paragraphs"][-1]
    for words in (
        "Gạo Séng Cù: giá sàn là 25.000 đồng/kg",
        "Bên B trả thêm cho Bên A 50% phần cao hơn",
        "Giá thị trường là giá bán buôn tại chợ Bản Thử.",
        "giá thị trường là 35.000 đồng/kg thì Bên A nhận 30.000 đồng/kg, giao 100 kg được 3.000.000 đồng",
    ):
        assert words in paragraph["text"]
    table = paragraph["table"]
    assert table["head"] == ["Nếu giá thị trường là (đồng/kg)", "thì Bên A nhận (đồng/kg)", "Cách tính"]
    assert ["30.000", "27.500", "giá sàn cộng 50% của 5.000"] in table["rows"]
    assert f"{format_number(25_000)}\n(giá sàn)\nthêm 50% phần tăng" in str(text["clauses"]).replace("\\n", "\n")
    assert "30.000 | 27.500" in plain_text(text)


def test_lines_with_the_same_rule_share_a_table_and_others_have_their_own() -> None:
    terms = with_goods(SHARE, replace(SHARE, name="Gạo nếp"), replace(SHARE, name="Chè", price=90_000))
    captions = [table.caption for _text, table in price_sentences(terms)]
    assert captions == [
        "Giá Bên A nhận theo giá thị trường: Gạo Séng Cù; Gạo nếp",
        "Giá Bên A nhận theo giá thị trường: Chè",
    ]


def test_no_table_where_nothing_is_computed() -> None:
    assert price_sentences(TERMS) == []
    assert price_sentences(with_goods(replace(RICE, price_kind=PriceKind.NEGOTIABLE))) == []
    assert price_sentences(replace(with_goods(SHARE), kind=ContractKind.FRAMEWORK)) == []


@given(rules())
def test_the_table_shows_both_sides_of_every_bound(rule: PriceRule) -> None:
    if rule.kind not in MARKET_KINDS:
        return
    reasons = {reason(rule, market, paid) for market, paid in steps(rule, "kg")}
    assert ("bằng giá trần" in reasons) == (rule.most is not None)
    if rule.price is not None and rule.price > 1 and (rule.percent or 0) < 100:
        assert "bằng giá sàn" in reasons
