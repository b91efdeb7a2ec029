"""PURE rules: every state with every act, names, waiting days, authority, mandates."""

import unicodedata
from datetime import UTC, date, datetime
from itertools import product

import pytest

from marketplace.kernel.errors import Refusal
from marketplace.organisations.rules import (
    EVIDENCES,
    KINDS,
    SECTORS,
    STATUSES,
    VERIFICATION,
    VERIFICATIONS,
    Evidence,
    Kind,
    RegisterStatus,
    Sector,
    Verification,
    VerificationAct,
    escalates_on,
    folded_name,
    last_mandate_day,
    may_sign_on,
    name_keys,
    nearly_same,
    overdue_until,
    same_person,
)
from marketplace.organisations.tax_codes import read_tax_code

POSSIBLE = {
    ("listed", "claim"): "pending",
    ("pending", "verify"): "verified",
    ("pending", "return"): "returned",
    ("pending", "release"): "listed",
    ("returned", "resubmit"): "pending",
    ("returned", "release"): "listed",
    ("verified", "suspend"): "suspended",
    ("suspended", "restore"): "verified",
}


@pytest.mark.parametrize(("state", "act"), list(product(Verification, VerificationAct)))
def test_every_state_with_every_act(state: Verification, act: VerificationAct) -> None:
    after = POSSIBLE.get((state, act))
    assert VERIFICATION.allows(state, act) is (after is not None)
    if after is None:
        with pytest.raises(Refusal):
            VERIFICATION.after(state, act)
    else:
        assert VERIFICATION.after(state, act) == after


def test_every_code_has_words() -> None:
    tables = ((Kind, KINDS), (Sector, SECTORS), (RegisterStatus, STATUSES), (Verification, VERIFICATIONS))
    for codes, words in (*tables, (Evidence, EVIDENCES)):
        assert set(codes) == set(words)


def test_names_are_compared_without_marks_abbreviations_and_composition() -> None:
    name = "HTX Nông nghiệp Bùi Thị Ỷ"
    assert folded_name(unicodedata.normalize("NFD", name)) == folded_name(name)
    assert folded_name("Hợp tác xã NN Bùi Thị Ỷ") == folded_name(name)
    assert folded_name(name) in name_keys(Kind.HTX, "Nông nghiệp Bùi Thị Ỷ")
    assert folded_name("Nông nghiệp Bùi Thị Ỷ") in name_keys(Kind.HTX, name)
    assert folded_name(name) not in name_keys(Kind.COMPANY, "Nông nghiệp Bùi Thị Ỷ")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("HTX Nông nghiệp Thanh Xanh", "Hợp tác xã Xây dựng Thanh Xanh", True),
        ("HTX Thanh Xanh", "HTX Thanh Xang", True),
        ("HTX Thanh Xanh", "HTX Xanh", False),
        ("HTX Chè Pha Đin", "HTX Chè Nậm Cần", False),
        ("HTX Nông nghiệp", "HTX Vận tải", False),
    ],
)
def test_names_nearly_the_same(one: str, other: str, alike: bool) -> None:
    assert nearly_same(folded_name(one), folded_name(other)) is alike


def test_a_person_is_the_same_in_every_spelling() -> None:
    assert same_person("Bùi Thị Ỷ", unicodedata.normalize("NFD", "bùi thị ỷ"))
    assert same_person("Bui Thi Y", "Bùi Thị Ỷ")
    assert not same_person("Bùi Thị Ỷ", "Bùi Văn Ỷ")
    assert not same_person("", "")


@pytest.mark.parametrize(
    ("submitted", "expected"),
    [
        (datetime(2026, 10, 12, 2, tzinfo=UTC), date(2026, 10, 15)),  # Monday → Thursday
        (datetime(2026, 10, 15, 2, tzinfo=UTC), date(2026, 10, 20)),  # Thursday → Tuesday
        (datetime(2026, 10, 16, 18, tzinfo=UTC), date(2026, 10, 21)),  # Saturday in Vietnam → Wednesday
        (datetime(2026, 2, 13, 2, tzinfo=UTC), date(2026, 2, 25)),  # the Friday before Tết → Wednesday after it
    ],
)
def test_after_three_working_days_it_waits_for_the_province(submitted: datetime, expected: date) -> None:
    assert escalates_on(submitted) == expected
    assert submitted < overdue_until(expected)
    assert not submitted < overdue_until(date.fromordinal(expected.toordinal() - 1))


def test_authority_ends_with_its_last_day() -> None:
    last = date(2026, 10, 15)
    assert may_sign_on(last, True, last)
    assert may_sign_on(last, True, None)
    assert not may_sign_on(date(2026, 10, 16), True, last)
    assert not may_sign_on(last, False, None)


def test_a_mandate_lasts_a_year_at_most() -> None:
    assert last_mandate_day(date(2026, 10, 15)) == date(2027, 10, 15)
    assert last_mandate_day(date(2028, 2, 29)) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("typed", "kind", "code"),
    [
        ("0100109106", Kind.HTX, "0100109106"),
        ("0314409058-002", Kind.COMPANY, "0314409058002"),
        ("03144.09058 002", Kind.COMPANY, "0314409058002"),
        ("0090000019", Kind.THT, "0090000019"),
        ("012345678901", Kind.HOUSEHOLD, "012345678901"),
    ],
)
def test_tax_codes_are_read_in_every_spelling(typed: str, kind: Kind, code: str) -> None:
    assert read_tax_code(typed, kind) == code


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("0100233480", Kind.HTX),
        ("12345", Kind.HTX),
        ("012345678901", Kind.HTX),
        ("0314409058-000", Kind.COMPANY),
        ("٠١٠٠١٠٩١٠٦", Kind.HTX),
        ("abc", Kind.HOUSEHOLD),
    ],
)
def test_what_is_no_tax_code_is_refused_at_its_field(typed: str, kind: Kind) -> None:
    with pytest.raises(Refusal) as refused:
        read_tax_code(typed, kind)
    assert refused.value.field == "tax_code"
