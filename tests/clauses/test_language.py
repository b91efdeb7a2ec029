"""The language of templates: what is written out, what is refused and where; the shipped templates are sound."""

import json
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from marketplace.clauses.drafting import contract_text
from marketplace.clauses.language import NOT, Status, problems, silent
from marketplace.clauses.seeds import DEFAULTS, ORDER, body_for, seeds
from marketplace.clauses.terms import ContractKind, Venue
from marketplace.clauses.vocabulary import CONDITIONS, PLACEHOLDERS, TABLES, Scene
from tests.clauses.examples import BUYER, SELLER, TERMS
from tests.clauses.reading import plain_text

BODY: dict[str, Any] = {
    "title": "Hợp đồng thử",
    "roles": {"seller": "Bên bán", "buyer": "Bên mua"},
    "legal_bases": ["Căn cứ Bộ luật Dân sự số 91/2015/QH13;"],
    "opening": "Hôm nay, {signing_day}, tại {signing_place}:",
    "agreement": "Các bên thỏa thuận:",
    "closing": "Các bên đã đọc.",
    "clauses": [
        {
            "key": "goods",
            "title": "Hàng hóa",
            "status": "locked",
            "sentences": [{"text": "Theo bảng:", "table": "goods"}, {"text": "Phần mỗi bên:", "table": "split"}],
        },
        {
            "key": "care",
            "title": "Bảo quản",
            "status": "optional",
            "default": False,
            "sentences": [{"text": "Giao tại {place}."}],
        },
        {
            "key": "contact",
            "title": "Liên hệ",
            "status": "free",
            "sentences": [{"text": "Trong {payment_days} ngày.", "when": "has_payment_days"}],
        },
        {
            "key": "effect",
            "title": "Hiệu lực",
            "status": "locked",
            "sentences": [{"text": "Hết {end_day}.", "when": "has_end"}, {"text": "Không hạn.", "when": "not has_end"}],
        },
    ],
}


def words(wording: dict[str, Any] | None = None, body: dict[str, Any] = BODY, **changes: Any) -> str:
    """The text of the small template."""
    terms = replace(TERMS, **changes)
    return plain_text(contract_text(terms, [SELLER, BUYER], number="1", body=body, wording=wording).document())


def broken(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The small template with one thing changed."""
    body = deepcopy(BODY)
    place: Any = body
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return body


@pytest.mark.parametrize("code", ORDER)
def test_a_shipped_template_is_sound_and_says_everything(code: str) -> None:
    seed = seeds()[code]
    kind = ContractKind(seed["kind"])
    assert problems(seed["body"], kind) == []
    statuses = {clause["status"] for clause in seed["body"]["clauses"]}
    assert statuses == {"locked", "optional", "free"}
    if kind in (ContractKind.LINKAGE, ContractKind.SALE):
        full = replace(
            TERMS,
            kind=kind,
            packaging="bao",
            inspection="cân",
            deduction="ẩm",
            tolerance=Decimal(5),
            place="kho",
            deposit=1,
            linkage=TERMS.linkage if kind is ContractKind.LINKAGE else None,
        )
        assert silent(seed["body"], Scene(full, (SELLER, BUYER))) == []


def test_every_kind_has_a_default_of_its_kind() -> None:
    for kind in ContractKind:
        assert seeds()[DEFAULTS[kind]]["kind"] == kind
        assert body_for(kind)["clauses"]


def test_only_law_that_is_known_is_named() -> None:
    """Laws and articles that the domain's notes mark as verified or well known; nothing else is stated as law."""
    known = {"91/2015/QH13", "36/2005/QH11", "98/2018/NĐ-CP"}
    for code in ORDER:
        said = json.dumps(seeds()[code]["body"], ensure_ascii=False)
        for word in said.replace(";", " ").replace('"', " ").replace(".", " ").split():
            if "/QH" in word or "/NĐ-CP" in word:
                assert word.strip(",)(") in known, word


def test_optional_and_free_clauses_follow_the_choice() -> None:
    assert "Bảo quản" not in words()
    assert "Giao tại kho của Bên A." in words({"chosen": {"care": True}})
    assert "Trong 15 ngày." in words()
    assert "Trong 15 ngày." not in words({"free": {"contact": "Gọi nhau."}})
    assert "Gọi nhau." in words({"free": {"contact": "Gọi nhau."}})
    assert "Liên hệ" not in words({"free": {"contact": " "}})
    assert "Không hạn." in words(ends_on=None)
    assert "Hết ngày 31 tháng 12 năm 2028." in words()


def test_a_locked_clause_stays_whatever_is_stored() -> None:
    assert words({"chosen": {"effect": False}, "free": {"effect": "Khác"}}) == words()


def test_what_is_missing_is_dots_and_additions_come_before_the_last_clause() -> None:
    assert "tại ………………" in words()
    text = words(extra="Hai bên giữ số điện thoại")
    assert text.index("Thỏa thuận khác") < text.index("Hiệu lực")


@pytest.mark.parametrize(
    "typed", ["{place}", "{{ 7*7 }}", "{% raw %}", "#panic()", "${x}", "%(a)s", "{0}", "{place!r}"]
)
def test_what_parties_type_is_never_read(typed: str) -> None:
    assert typed in words(extra=typed)
    assert typed in words({"free": {"contact": typed}})
    assert f"Giao tại {typed}." in words({"chosen": {"care": True}}, place=typed)


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("clauses", 1, "sentences", 0, "text"), "Tại {nowhere}.", ("clauses", 1, "sentences", 0, "text")),
        (("clauses", 1, "sentences", 0, "text"), "{{ 7*7 }}", ("clauses", 1, "sentences", 0, "text")),
        (("clauses", 1, "sentences", 0, "text"), "{place.__class__}", ("clauses", 1, "sentences", 0, "text")),
        (("clauses", 1, "sentences", 0, "text"), "dấu } thừa", ("clauses", 1, "sentences", 0, "text")),
        (("clauses", 1, "sentences", 0, "text"), " ", ("clauses", 1, "sentences", 0, "text")),
        (("clauses", 1, "sentences", 0, "text"), "x" * 3000, ("clauses", 1, "sentences", 0, "text")),
        (("clauses", 2, "sentences", 0, "when"), "is_rich", ("clauses", 2, "sentences", 0, "when")),
        (("clauses", 2, "sentences", 0, "when"), "not not has_end", ("clauses", 2, "sentences", 0, "when")),
        (("clauses", 0, "sentences", 0, "table"), "users", ("clauses", 0, "sentences", 0, "table")),
        (("clauses", 0, "sentences"), [], ("clauses", 0, "title")),
        (("clauses", 0, "status"), "hidden", ("clauses", 0, "status")),
        (("clauses", 0, "status"), "optional", ("clauses",)),
        (("clauses", 0, "title"), "", ("clauses", 0, "title")),
        (("clauses", 3, "key"), "goods", ("clauses", 3, "key")),
        (("clauses", 3, "key"), "Điều 1", ("clauses", 3, "key")),
        (("clauses",), [], ("clauses",)),
        (("opening",), "{tomorrow}", ("opening",)),
        (("title",), "", ("title",)),
        (("legal_bases",), ["Căn cứ {law};"], ("legal_bases", 0)),
    ],
)
def test_what_cannot_be_written_out_is_named_with_its_place(
    path: tuple[Any, ...], value: Any, place: tuple[Any, ...]
) -> None:
    assert problems(BODY, ContractKind.SALE) == []
    assert place in [problem.path for problem in problems(broken(path, value), ContractKind.SALE)]


def test_a_condition_and_its_contrary_never_hold_together() -> None:
    scene = Scene(TERMS, (SELLER, BUYER), "1")
    body = deepcopy(BODY)
    for name in CONDITIONS:
        both = [{"text": "Có.", "when": name}, {"text": "Không.", "when": f"{NOT}{name}"}]
        body["clauses"][1] = {**BODY["clauses"][1], "default": True, "sentences": both}
        text = words(body=body)
        assert ("Có." in text) is CONDITIONS[name].holds(scene)
        assert ("Không." in text) is not CONDITIONS[name].holds(scene)


def test_every_word_of_the_language_can_be_written_out_and_is_explained() -> None:
    for terms in (TERMS, replace(TERMS, goods=(), linkage=None, venue=Venue.ARBITRATION, starts_on=None)):
        scene = Scene(terms, (), "")
        for name, word in PLACEHOLDERS.items():
            assert isinstance(word.value(scene), str), name
            assert word.meaning
        for table in TABLES.values():
            assert table.meaning
            assert all(isinstance(lead, str) for lead, _table in table.draw(scene))


def test_silence_about_something_agreed_is_noticed() -> None:
    scene = Scene(replace(TERMS, packaging="bao", place=""), (SELLER, BUYER))
    assert "quy cách đóng gói, bảo quản" in silent(BODY, scene)
    assert "địa điểm giao nhận" not in silent(BODY, scene)
    assert Status("free") is Status.FREE
