"""Terms on a day: what an annex changes and what it leaves; nothing later ever reaches back."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from marketplace.annexes.effective import Change, NewTerms, difference, effective_terms, replaced
from marketplace.annexes.line_changes import LineChange
from marketplace.annexes.rules import Field
from marketplace.clauses.terms import ContractKind, Goods, Terms
from marketplace.kernel.prices import PriceKind

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
RICE = Goods(
    "Gạo Séng Cù",
    "tấn",
    Decimal(20),
    price_kind=PriceKind.FIXED,
    price=25_000_000,
    schedule={NOVEMBER: Decimal(12), DECEMBER: Decimal(8)},
)
TEA = Goods("Chè Shan", "kg", Decimal(500), price_kind=PriceKind.FIXED, price=320_000)
TERMS = Terms(
    ContractKind.SALE,
    goods=(RICE, TEA),
    place="Kho HTX",
    payment_days=15,
    starts_on=date(2026, 10, 1),
    ends_on=date(2027, 3, 31),
)
FIRST = Change("PL01", date(2026, 11, 15), NewTerms(lines={1: LineChange(price=27_000_000)}))
SECOND = Change("PL02", date(2026, 12, 1), NewTerms(ends_on=date(2027, 9, 30), lines={1: LineChange(price=26_000_000)}))


def test_each_value_says_by_which_annex_and_since_when() -> None:
    before = effective_terms(TERMS, [FIRST, SECOND], date(2026, 11, 14))
    assert before.terms == TERMS
    assert before.origins == {}
    between = effective_terms(TERMS, [FIRST, SECOND], date(2026, 11, 15))
    assert [line.price for line in between.terms.goods] == [27_000_000, 320_000]
    assert between.origin("price", 1) is FIRST
    assert between.origin("price", 2) is None
    after = effective_terms(TERMS, [FIRST, SECOND], date(2026, 12, 1))
    assert after.terms.ends_on == date(2027, 9, 30)
    assert after.origin("price", 1) is SECOND
    assert after.origin("ends_on") is SECOND
    assert after.terms.total == 20 * 26_000_000 + 500 * 320_000
    assert effective_terms(TERMS, [SECOND, FIRST], None) == effective_terms(TERMS, [FIRST, SECOND], None)


def test_of_two_on_one_day_the_one_signed_later_holds() -> None:
    same = Change("PL02", FIRST.effective_on, NewTerms(lines={1: LineChange(price=24_000_000)}))
    assert effective_terms(TERMS, [FIRST, same], FIRST.effective_on).terms.goods[0].price == 24_000_000
    assert effective_terms(TERMS, [same, FIRST], FIRST.effective_on).terms.goods[0].price == 27_000_000


def test_clauses_add_up() -> None:
    added = [Change(f"PL0{n}", date(2026, 11, n), NewTerms(clause=f"Điều thêm {n}")) for n in (1, 2)]
    assert [each.number for each in effective_terms(TERMS, added, date(2026, 11, 2)).clauses] == ["PL01", "PL02"]
    assert [each.number for each in effective_terms(TERMS, added, date(2026, 11, 1)).clauses] == ["PL01"]


def test_a_form_that_shows_everything_gives_only_what_differs() -> None:
    typed = NewTerms(
        ends_on=TERMS.ends_on,
        place="Kho bên mua",
        payment_days=15,
        clause="",
        lines={
            1: LineChange(quantity=Decimal("20.000"), price=25_000_000, months={DECEMBER: 8, NOVEMBER: 12}),
            2: LineChange(quantity=Decimal(600), price=320_000),
        },
    )
    new = difference(TERMS, typed)
    assert new == NewTerms(place="Kho bên mua", lines={2: LineChange(quantity=Decimal(600))})
    assert new.fields == {Field.PLACE, Field.QUANTITY}
    assert replaced(TERMS, new) == {"place": "Kho HTX", "lines": {"2": {"quantity": "500"}}}


MONTHS = st.dictionaries(st.sampled_from([NOVEMBER, DECEMBER]), st.integers(1, 99).map(Decimal), min_size=1) | st.just(
    {}
)
LINES = st.builds(
    LineChange,
    st.none() | st.decimals(1, 999, places=3),
    st.none() | st.integers(1, 10**9),
    st.none() | MONTHS,
)
NEW = st.builds(
    NewTerms,
    st.none() | st.dates(date(2027, 1, 1), date(2027, 12, 31)),
    st.none() | st.text(max_size=5),
    st.none() | st.integers(0, 90),
    st.none() | st.text("abc", min_size=1, max_size=5),
    st.dictionaries(st.integers(1, 2), LINES),
)
DAYS = st.dates(date(2026, 10, 1), date(2026, 10, 12))
CHANGES = st.lists(st.builds(Change, st.sampled_from(["PL01", "PL02", "PL03"]), DAYS, NEW), max_size=5)


@given(changes=CHANGES, more=CHANGES, day=DAYS)
def test_terms_on_a_day_never_depend_on_later_annexes(changes: list[Change], more: list[Change], day: date) -> None:
    later = [Change(row.number, day + timedelta(days=1 + place), row.new) for place, row in enumerate(more)]
    mixed = sorted([*changes, *later], key=lambda row: row.number)
    plain = sorted(changes, key=lambda row: row.number)
    assert effective_terms(TERMS, mixed, day) == effective_terms(TERMS, plain, day)


@given(new=NEW)
def test_stored_terms_read_back_the_same(new: NewTerms) -> None:
    back = NewTerms.read(new.stored())
    assert back.stored() == new.stored()
    assert back.applied(TERMS) == new.applied(TERMS)
    assert back.fields == new.fields


@given(new=NEW)
def test_what_is_applied_no_longer_differs_except_for_the_added_clause(new: NewTerms) -> None:
    left = difference(new.applied(TERMS), new)
    assert left.fields <= {Field.CLAUSE}
