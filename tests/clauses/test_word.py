"""The Word file says what the text says, in headings, tables and signature blocks, and typed text stays text."""

import io
import unicodedata
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from docx import Document

from marketplace.clauses.drafting import contract_text
from marketplace.clauses.example import example
from marketplace.clauses.seeds import ORDER, seeds
from marketplace.clauses.terms import ContractKind
from marketplace.clauses.text import fingerprint, short
from marketplace.clauses.word import render_word
from tests.clauses.examples import BUYER, ISSUED, RICE, SELLER, TERMS, document, with_goods

HOSTILE = r"{{ 7*7 }} {% raw %} {_{ 7*7 }_} {#x#} <w:p/> </w:t></w:r> &amp; ]]> {{ words.__class__ }} ' \" #panic()"


def read(text: dict, frozen: bool = False) -> object:
    """The Word file, opened again."""
    return Document(io.BytesIO(render_word(text, issued_at=ISSUED, frozen=frozen)))


def everything(file: object) -> str:
    """Every word of the body, paragraphs and cells."""
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in file.paragraphs] + cells)


@pytest.mark.parametrize("code", ORDER)
def test_every_line_of_every_template_is_in_the_file(code: str) -> None:
    scene = example(ContractKind(seeds()[code]["kind"]), ISSUED.date(), code)
    text = contract_text(scene.terms, scene.parties, number="1", body=seeds()[code]["body"]).document()
    file = read(text)
    words = everything(file)
    for clause in text["clauses"]:
        assert f"{clause['number']}. {clause['title']}" in words
        for paragraph in clause["paragraphs"]:
            assert f"{paragraph['number']} {paragraph['text']}".strip() in words
            for row in paragraph["table"]["rows"] if paragraph["table"] else ():
                assert all(cell in words for cell in row)
    for party in text["parties"]:
        assert f"{party['label']}: {party['name']}" in words
        assert all(f"{label}: {value}" in words for label, value in party["facts"])
    assert all(block["name"] in words for block in text["signatures"])
    assert all(basis in words for basis in text["legal_bases"])


def test_headings_tables_and_signatures_are_real_ones() -> None:
    text = document()
    file = read(text)
    styles = [paragraph.style.name for paragraph in file.paragraphs]
    assert styles.count("Heading 1") == 1
    assert styles.count("Heading 2") == len(text["clauses"]) + bool(text["summary"])
    goods = file.tables[0]
    assert goods.rows[0].cells[1].text == "Tên hàng, giống, tiêu chuẩn"
    assert goods.rows[1].cells[1].text == "Gạo Séng Cù\nVietGAP; độ ẩm ≤ 14%"
    assert goods.rows[2].cells[5].text == "500.000.000"
    assert [column.width for column in goods.columns][1] > goods.columns[0].width
    assert "Bùi Thị Ỷ" in file.tables[-1].rows[0].cells[0].text
    assert file.styles["Normal"].font.name == "Times New Roman"


def test_three_signatures_leave_a_place_empty() -> None:
    third = replace(SELLER, name="Tổ hợp tác Bản Khác", representative="Lò Thị Ví Dụ")
    text = contract_text(TERMS, [SELLER, third, BUYER], number="1").document()
    table = read(text).tables[-1]
    assert "Lò Thị Ví Dụ" in table.rows[0].cells[1].text
    assert "Đặng Ỵ" in table.rows[1].cells[0].text
    assert table.rows[1].cells[1].text == ""


def test_what_it_is_stands_at_its_head_and_foot() -> None:
    text = document()
    digest = short(fingerprint(text))
    draft, frozen = read(text), read(text, frozen=True)
    assert "DỰ THẢO" in draft.sections[0].header.paragraphs[0].text
    assert "BẢN LÀM VIỆC" in frozen.sections[0].header.paragraphs[0].text
    assert digest in frozen.sections[0].header.paragraphs[0].text
    assert digest in draft.sections[0].footer.paragraphs[0].text
    assert "PAGE" in draft.sections[0].footer._element.xml


def test_typed_text_is_never_read_as_markup_or_template() -> None:
    text = document(with_goods(replace(RICE, name=HOSTILE)), seller=replace(SELLER, name=HOSTILE, position=HOSTILE))
    file = read(text)
    words = everything(file)
    assert words.count(HOSTILE) >= 3
    assert "49" not in file.tables[0].rows[1].cells[1].text
    assert f"Bên A (Bên bán): {HOSTILE}" in words
    again = everything(read(document(replace(TERMS, extra=HOSTILE, place=HOSTILE))))
    assert f"Địa điểm giao nhận: {HOSTILE}." in again


def test_letters_control_signs_and_long_words_arrive() -> None:
    name = unicodedata.normalize("NFD", "Đặng Ỵ") + "\u202e\u200b\x0b"
    words = everything(
        read(document(buyer=replace(BUYER, representative=name), seller=replace(SELLER, name="Ỹ" * 200)))
    )
    assert "Đặng Ỵ" in words
    assert "\u202e" not in words
    assert "Ỹ" * 200 in words
    assert "25.000 ₫" in everything(read(document(replace(TERMS, extra="Giá 25.000 ₫"))))


def test_three_hundred_lines_are_three_hundred_rows() -> None:
    goods = [replace(RICE, name=f"Mặt hàng {n}", quantity=Decimal(n), schedule={}) for n in range(1, 301)]
    table = read(document(with_goods(*goods))).tables[0]
    assert len(table.rows) == 302
    assert "w:tblHeader" in table.rows[0]._tr.xml


def test_an_older_text_without_summary_and_keys_still_becomes_a_file() -> None:
    text = document()
    del text["summary"]
    for clause in text["clauses"]:
        del clause["key"]
    assert "Bùi Thị Ỷ" in everything(read(text))


def test_the_file_carries_no_author_and_nothing_that_runs() -> None:
    made = render_word(document(), issued_at=ISSUED, frozen=True)
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        names = file.namelist()
        core = file.read("docProps/core.xml").decode()
    assert not [name for name in names if "vba" in name.lower() or "activeX" in name or "embeddings" in name]
    assert "python-docx" not in core
    assert "2026-01-05" in core
