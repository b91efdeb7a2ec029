"""Vietnamese text: cleaning, folding, exact words, typing leftovers, sorting, abbreviations."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.vietnamese import (
    clean,
    exact,
    expand_aliases,
    fold,
    nfc,
    sort_key,
    untelex,
    without_marks,
)

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
SYLLABLES = st.sampled_from(
    (
        "Mường",
        "Kim",
        "Thẩm",
        "Phé",
        "gạo",
        "Séng",
        "Cù",
        "mật",
        "ong",
        "Đường",
        "đương",
        "hoà",
        "hòa",
        "thuỷ",
        "quý",
        "Ta",
        "Gia",
        "10",
        "2",
        "a",
    )
)
TEXTS = st.lists(SYLLABLES, max_size=5).map(" ".join)


def in_order(texts: list[str]) -> list[str]:
    return sorted(random.Random(7).sample(texts, len(texts)), key=sort_key)


def nfd(s: str) -> str:
    return unicodedata.normalize("NFD", s)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Gạo Séng Cù", "gao seng cu"),
        ("đường ĐƯỜNG Ðường", "duong duong duong"),
        ("mắc-ca  SẤY/khô", "mac ca say kho"),
        ("Hoà, hòa; thuỷ. thủy", "hoa hoa thuy thuy"),
        ("m² ½ kg", "m2 1 2 kg"),
        ("Pa ủ", "pa u"),
        ("gạo ST25", "gao st25"),
        ("!?", ""),
        ("", ""),
        ("Ẩm\u200b thực", "am thuc"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded == fold(nfd(text))


def test_zero_width_characters_do_not_split_a_word() -> None:
    assert fold("Sé\u200bng") == "seng"
    assert exact("Sé\u200bng \ufeffCù") == "séng cù"


@given(st.text())
def test_fold_is_ascii_and_folding_again_changes_nothing(text: str) -> None:
    folded = fold(text)
    assert folded.isascii()
    assert fold(folded) == folded


@given(st.text())
def test_exact_again_changes_nothing_and_says_no_less_than_fold(text: str) -> None:
    assert exact(exact(text)) == exact(text)
    assert exact(nfd(text)) == exact(text)
    assert fold(exact(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bò, bơ & bó", "bò bơ bó"),
        ("HOÀ khoẻ Thuỷ", "hòa khỏe thủy"),
        ("quý quỳ thuý", "quý quỳ thúy"),
        ("toán hoàng thoả_thuận", "toán hoàng thỏa thuận"),
        ("Ðiện", "điện"),
        ("0\u0300 bản 0\u03000", "0 bản 00"),
    ],
)
def test_exact(text: str, words: str) -> None:
    assert exact(text) == words == exact(nfd(text))


@given(st.text())
def test_clean_leaves_single_spaces_composed_text_and_nothing_invisible(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned == nfc(cleaned) == cleaned.strip()
    assert "  " not in cleaned
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in cleaned)


def test_clean_examples() -> None:
    assert clean("  HTX\u00a0\u200bHoa\t\n Ban\x00 \ufeff") == "HTX Hoa Ban"
    assert clean(nfd("Thẩm Phé")) == "Thẩm Phé"
    assert clean("Ðồng") == "Đồng"


def test_without_marks_keeps_the_punctuation() -> None:
    assert without_marks("1,2 Tỷ đồng/kg") == "1,2 ty dong/kg"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gaoj", "gao"),
        ("sengs", "seng"),
        ("cuf", "cu"),
        ("cheef", "che"),
        ("maatj", "mat"),
        ("dduwowngf", "duong"),
        ("truwngs", "trung"),
        ("ca", "ca"),
        ("ong", "ong"),
        ("ga5o", "gao"),
        ("d9u7o7ng2", "duong"),
        ("ma65t", "mat"),
        ("st25", "st25"),
    ],
)
def test_untelex(typed: str, meant: str) -> None:
    assert untelex(typed) == meant


def test_letters_sort_in_the_order_of_the_alphabet() -> None:
    assert in_order(list(LETTERS)) == list(LETTERS)


def test_tones_sort_after_the_letters_of_the_syllable() -> None:
    ordered = ["ma", "mà", "mả", "mã", "má", "mạ", "mai", "màn", "mạn", "măn", "mân"]
    assert in_order(ordered) == ordered


def test_syllables_are_compared_one_by_one() -> None:
    ordered = ["ba vì", "bà ba", "bà tám", "bác", "ban thị an", "bàn văn an", "đa", "Ê đê"]
    assert in_order(ordered) == ordered


def test_numbers_sort_by_their_value() -> None:
    ordered = ["2 túi", "10 túi", "Bản 2", "Bản 010", "Bản 11", "Bản Hon"]
    assert in_order(ordered) == ordered


@given(TEXTS, TEXTS)
def test_the_key_ignores_case_form_and_the_place_of_the_tone(one: str, other: str) -> None:
    assert sort_key(one) == sort_key(nfd(one)) == sort_key(one.upper()) == sort_key(exact(one))
    if exact(one) != exact(other):
        assert sort_key(one) != sort_key(other)


@given(TEXTS, SYLLABLES)
def test_a_text_sorts_before_itself_with_more_words(text: str, word: str) -> None:
    assert sort_key(text) < sort_key(f"{text} {word}")


@given(st.lists(TEXTS))
def test_the_key_sorts_alike_in_any_collation(texts: list[str]) -> None:
    keys = [sort_key(text) for text in texts]
    assert all(key.isascii() and (key.isalnum() or not key) and key == key.lower() for key in keys)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTX NN Suối Mây", "Hợp tác xã nông nghiệp Suối Mây"),
        ("Cty TNHH MTV Núi Xanh", "Công ty trách nhiệm hữu hạn một thành viên Núi Xanh"),
        ("Cty CP Đầu Nguồn", "CÔNG TY CỔ PHẦN ĐẦU NGUỒN"),
        ("THT x. Mường Kim", "Tổ hợp tác xã Mường Kim"),
        ("TT. Than Uyên", "Thị trấn Than Uyên"),
        ("SP OCOP 5kg", "sản phẩm OCOP 5 ký"),
    ],
)
def test_abbreviations_and_full_names_meet(one: str, other: str) -> None:
    assert expand_aliases(fold(one)) == expand_aliases(fold(other))


def test_only_whole_tokens_are_abbreviations() -> None:
    assert expand_aliases("thtx xoai dnp kysu ky son") == "thtx xoai dnp kysu ky son"


@given(
    st.lists(st.sampled_from(("htx", "tht", "cty", "x", "tt", "5kg", "3", "ky", "gao", "mtv", "1tv", "tp"))).map(
        " ".join
    )
)
def test_expanding_again_changes_nothing(folded: str) -> None:
    assert expand_aliases(expand_aliases(folded)) == expand_aliases(folded)
