"""The pure rules: what may follow what, until when a certificate holds, what a listing may say."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from marketplace.kernel.errors import Refusal
from marketplace.products.calendar import heights, next_months, next_twelve
from marketplace.products.rules import (
    CERTIFICATE,
    CertificateAct,
    CertificateKind,
    CertificateState,
    Group,
    Listing,
    Paper,
    ProductAct,
    ProductState,
    after,
    check,
    check_paper,
    comparable,
    counted_on,
    counts_on,
    ends_soon,
    same_number,
    shown_state,
)

P, A = ProductState, ProductAct
LEADS = {
    (P.DRAFT, A.PUBLISH, False): P.PUBLISHED,
    (P.DRAFT, A.ARCHIVE, False): P.ARCHIVED,
    (P.PUBLISHED, A.HIDE, False): P.HIDDEN,
    (P.PUBLISHED, A.TAKE_DOWN, False): P.HIDDEN,
    (P.PUBLISHED, A.ARCHIVE, False): P.ARCHIVED,
    (P.HIDDEN, A.SHOW, False): P.PUBLISHED,
    (P.HIDDEN, A.ARCHIVE, False): P.ARCHIVED,
    (P.HIDDEN, A.ARCHIVE, True): P.ARCHIVED,
    (P.HIDDEN, A.RELEASE, True): P.PUBLISHED,
}


@pytest.mark.parametrize(("state", "act", "taken_down"), list(product(P, A, (False, True))))
def test_every_state_with_every_act(state: ProductState, act: ProductAct, taken_down: bool) -> None:
    if taken_down and state != P.HIDDEN:
        return
    expected = LEADS.get((state, act, taken_down))
    if expected is None:
        with pytest.raises(Refusal):
            after(state, act, taken_down)
    else:
        assert after(state, act, taken_down) == expected


CERTIFICATE_LEADS = {
    ("declared", "declare"): "declared",
    ("declared", "check"): "checked",
    ("declared", "refuse"): "refused",
    ("refused", "declare"): "declared",
    ("refused", "check"): "checked",
    ("checked", "withdraw"): "withdrawn",
    ("checked", "supersede"): "superseded",
}


@pytest.mark.parametrize(("state", "act"), list(product(CertificateState, CertificateAct)))
def test_every_certificate_state_with_every_act(state: CertificateState, act: CertificateAct) -> None:
    expected = CERTIFICATE_LEADS.get((str(state), str(act)))
    if expected is None:
        with pytest.raises(Refusal):
            CERTIFICATE.after(state, act)
    else:
        assert CERTIFICATE.after(state, act) == CertificateState(expected)


@dataclass
class Some:
    """A certificate as the rules see it."""

    id: int = 1
    kind: CertificateKind = CertificateKind.OCOP
    state: CertificateState = CertificateState.CHECKED
    issued_on: date | None = date(2024, 2, 29)
    last_day: date | None = date(2027, 2, 28)
    ended_on: date | None = None
    stars: int | None = 4


@pytest.mark.parametrize(
    ("issued", "printed", "last"),
    [
        (date(2024, 2, 29), None, date(2027, 2, 28)),
        (date(2022, 3, 15), None, date(2025, 3, 15)),
        (date(2023, 1, 31), None, date(2026, 1, 31)),
        (date(2024, 2, 29), date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_the_last_valid_day(issued: date, printed: date | None, last: date) -> None:
    assert Paper(CertificateKind.OCOP, issued_on=issued, last_day=printed).ends_on == last


def test_other_kinds_end_as_printed_or_never() -> None:
    assert Paper(CertificateKind.CDDL, issued_on=date(2020, 1, 1)).ends_on is None
    assert Paper(CertificateKind.VIETGAP, last_day=date(2027, 1, 1)).ends_on == date(2027, 1, 1)


def test_stars_count_from_the_day_of_issue_to_the_last_day() -> None:
    paper = Some()
    assert [counts_on(paper, day) for day in (date(2024, 2, 28), date(2024, 2, 29))] == [False, True]
    assert [counts_on(paper, day) for day in (date(2027, 2, 28), date(2027, 3, 1))] == [True, False]


@pytest.mark.parametrize(
    "paper",
    [
        Some(state=CertificateState.DECLARED),
        Some(state=CertificateState.REFUSED),
        Some(kind=CertificateKind.VIETGAP),
        Some(stars=2),
        Some(stars=None),
        Some(issued_on=None),
        Some(last_day=None),
        Some(state=CertificateState.WITHDRAWN, ended_on=None),
    ],
)
def test_what_does_not_count(paper: Some) -> None:
    assert not counts_on(paper, date(2025, 1, 1))


def test_withdrawn_counts_until_the_day_of_withdrawal() -> None:
    paper = Some(state=CertificateState.WITHDRAWN, ended_on=date(2025, 6, 1))
    assert counts_on(paper, date(2025, 5, 31))
    assert not counts_on(paper, date(2025, 6, 1))


def test_of_two_that_count_the_later_gives_the_stars() -> None:
    old, new = Some(id=1, stars=3), Some(id=2, stars=4, issued_on=date(2025, 1, 1), last_day=date(2028, 1, 1))
    found = counted_on([new, old], date(2025, 2, 1))
    assert found is new
    assert counted_on([new, old], date(2024, 12, 31)) is old
    assert counted_on([], date(2025, 1, 1)) is None


def test_words_of_a_certificate() -> None:
    assert str(shown_state(Some(), date(2027, 3, 1))[0]) == "Expired"
    assert shown_state(Some(), date(2027, 2, 28))[1] == "in_force"
    assert shown_state(Some(state=CertificateState.REFUSED), date(2030, 1, 1))[1] == "problem"
    assert ends_soon(Some(), date(2026, 8, 31))
    assert not ends_soon(Some(), date(2026, 8, 27))
    assert not ends_soon(Some(), date(2027, 3, 1))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("101/QĐ-UBND", "101 /qđ-ubnd", True),
        ("101/QĐ-UBND", "Số 101/QĐ-UBND", True),
        ("Quyết định số 101/QĐ-UBND", "101/QĐ-UBND", True),
        ("101/QĐ-UBND", "102/QĐ-UBND", False),
        ("", "", False),
    ],
)
def test_numbers_of_decisions(one: str, other: str, same: bool) -> None:
    assert same_number(one, other) is same


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price_high": 5}, "price"),
        ({"price": 10, "price_high": 10}, "price_high"),
        ({"net_content": Decimal(5)}, "net_measure"),
        ({"net_measure": "kg"}, "net_content"),
    ],
)
def test_facts_that_do_not_go_together(change: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        check(Listing("Gạo", Group.TP, "kg", 1, **change))  # type: ignore[arg-type]
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("paper", "field"),
    [
        (Paper(CertificateKind.OCOP, number="1", issued_on=date(2025, 1, 1)), "stars"),
        (Paper(CertificateKind.OCOP, stars=4, issued_on=date(2025, 1, 1)), "number"),
        (Paper(CertificateKind.OCOP, stars=4, number="1"), "issued_on"),
        (Paper(CertificateKind.VIETGAP, number="1"), "last_day"),
        (Paper(CertificateKind.CDDL, issued_on=date(2025, 1, 2), last_day=date(2025, 1, 1)), "last_day"),
    ],
)
def test_a_paper_says_enough(paper: Paper, field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        check_paper(paper)
    assert refusal.value.field == field


def test_prices_compare_by_kg_or_lit() -> None:
    assert comparable(30_000_000, "tan", None, None) == 30_000
    assert comparable(150_000, "tui", Decimal(5), "kg") == 30_000
    assert comparable(50_000, "chai", Decimal(500), "ml") == 100_000
    assert comparable(50_000, "chai", None, None) == 50_000
    assert comparable(50_000, "", None, None) == 50_000
    assert comparable(None, "kg", None, None) is None


def test_the_calendar_of_the_coming_year() -> None:
    today = date(2026, 10, 15)
    assert next_months(today)[8:11] == [date(2027, 9, 1), date(2026, 10, 1), date(2026, 11, 1)]
    taken = {date(2027, 1, 1): Decimal(30), date(2026, 11, 1): Decimal(200)}
    months = next_twelve({1: Decimal(100), 2: None, 11: Decimal(150)}, taken, today)
    january, february, november = months[0], months[1], months[10]
    assert (january.free, january.over, january.unsaid) == (Decimal(70), False, False)
    assert february.unsaid
    assert february.free > 0
    assert november.over
    assert november.free == 0
    assert not months[5].harvested
    assert months[5].free == 0
    assert heights({3: None})[2] > 0 == heights({3: None})[3]
