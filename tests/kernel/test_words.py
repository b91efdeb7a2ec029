"""Amounts in words: a table checked by hand, and words read back to numbers by a parser of the test's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.vietnamese import dong_in_words, words

ONES = {
    **{word: n for n, word in enumerate(("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"))},
    "mốt": 1,
    "tư": 4,
    "lăm": 5,
}
SCALES = {"nghìn": 10**3, "triệu": 10**6}


def read(text: str) -> int:
    """The number that the words say, read from the left as a listener would."""
    total = below_billion = group = 0
    digit: int | None = None
    for word in text.split():
        if word in ONES:
            assert digit is None, f"two digits in a row in {text}"
            digit = ONES[word]
        elif word == "lẻ":
            assert digit is None
        elif word == "mười":
            group, digit = group + 10, None
        elif word in ("mươi", "trăm"):
            assert digit is not None
            group, digit = group + digit * (10 if word == "mươi" else 100), None
        elif word in SCALES:
            below_billion, group, digit = below_billion + (group + (digit or 0)) * SCALES[word], 0, None
        else:
            assert word == "tỷ"
            # "một triệu tỷ": everything said so far counts billions.
            total, below_billion = (total + below_billion + group + (digit or 0)) * 10**9, 0
            group, digit = 0, None
    return total + below_billion + group + (digit or 0)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "không"),
        (4, "bốn"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm lẻ một"),
        (104, "một trăm lẻ bốn"),
        (105, "một trăm lẻ năm"),
        (110, "một trăm mười"),
        (111, "một trăm mười một"),
        (115, "một trăm mười lăm"),
        (121, "một trăm hai mươi mốt"),
        (444, "bốn trăm bốn mươi tư"),
        (1_000, "một nghìn"),
        (1_001, "một nghìn không trăm lẻ một"),
        (1_010, "một nghìn không trăm mười"),
        (1_100, "một nghìn một trăm"),
        (24_000, "hai mươi tư nghìn"),
        (31_015, "ba mươi mốt nghìn không trăm mười lăm"),
        (105_000, "một trăm lẻ năm nghìn"),
        (1_005_000, "một triệu không trăm lẻ năm nghìn"),
        (1_000_005, "một triệu không trăm lẻ năm"),
        (1_200_000, "một triệu hai trăm nghìn"),
        (100_001_005, "một trăm triệu không trăm lẻ một nghìn không trăm lẻ năm"),
        (1_000_000_001, "một tỷ không trăm lẻ một"),
        (12_500_000_000_000, "mười hai nghìn năm trăm tỷ"),
        (10**15, "một triệu tỷ"),
        (10**18, "một tỷ tỷ"),
        (1_005_000_000_021, "một nghìn không trăm lẻ năm tỷ không trăm hai mươi mốt"),
        (-5, "âm năm"),
        (-21_000, "âm hai mươi mốt nghìn"),
    ],
)
def test_words(number: int, said: str) -> None:
    assert words(number) == said


@given(st.one_of(st.integers(0, 10**4), st.integers(0, 10**18 - 1), st.integers(0, 999).map(lambda n: n * 10**9 + n)))
def test_words_read_back(number: int) -> None:
    assert read(words(number)) == number


def test_every_number_below_ten_thousand_reads_back_and_no_two_read_alike() -> None:
    said = [words(n) for n in range(10_000)]
    assert [read(text) for text in said] == list(range(10_000))
    assert len(set(said)) == 10_000


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "Không đồng"),
        (1_200_000, "Một triệu hai trăm nghìn đồng"),
        (45_000, "Bốn mươi lăm nghìn đồng"),
        (-5_000, "Âm năm nghìn đồng"),
        (2_500_000_000, "Hai tỷ năm trăm triệu đồng"),
    ],
)
def test_dong_in_words(amount: int, said: str) -> None:
    assert dong_in_words(amount) == said
