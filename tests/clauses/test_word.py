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


def test_a_figure_is_never_broken_in_two() -> None:
    usual = document(with_goods(replace(RICE, price=25_000, quantity=Decimal(1), schedule={})))
    longest = document(with_goods(replace(RICE, price=999_999_999_999, quantity=Decimal(999), schedule={})))
    sizes = [
        [run.font.size.pt for run in read(text).tables[0].rows[2].cells[5].paragraphs[0].runs]
        for text in (usual, longest)
    ]
    assert sizes[0] == [11.5]
    assert sizes[1][0] < 11.5
    # A digit takes half the size of its letters, a point a quarter; two cell margins of 70 twentieths of a point.
    room = (9070 * 20 // 100 - 140) / 20
    assert (15 * 0.5 + 4 * 0.25) * sizes[1][0] <= room


def test_small_tables_a_party_and_the_places_to_sign_stay_together() -> None:
    file = read(document())
    goods, signatures = file.tables[0], file.tables[-1]
    for row in goods.rows[:-1]:
        assert all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in row.cells)
    assert not goods.rows[-1].cells[-1].paragraphs[0].paragraph_format.keep_with_next
    assert not signatures.rows[-1].cells[0].paragraphs[0].paragraph_format.keep_with_next
    kept = {paragraph.text: paragraph.paragraph_format.keep_with_next for paragraph in file.paragraphs}
    assert kept["Mã số thuế: 0090000019"]
    assert not kept["Chức vụ: Chủ tịch Hội đồng quản trị"]
    assert next(held for words, held in kept.items() if "mỗi bên giữ 02 bản" in words)


def test_the_motto_has_its_line_and_every_cell_a_paragraph() -> None:
    file = read(document())
    assert "w:pBdr" in file.styles["Motto"].element.xml
    order = [part.tag.split("}")[1] for part in file.styles["Motto"].element.pPr]
    assert order.index("pBdr") < order.index("spacing") < order.index("ind") < order.index("jc")
    for table in file.tables:
        assert all(cell.paragraphs for row in table.rows for cell in row.cells)


def test_a_table_of_words_alone_keeps_its_type() -> None:
    text = document()
    table = next(part["table"] for clause in text["clauses"] for part in clause["paragraphs"] if part["table"])
    table |= {
        "head": ["Đã thỏa thuận", "Nay sửa thành"],
        "rows": [["25.000", "26.000"]],
        "align": "ll",
        "widths": [1, 1],
    }
    table["foot"] = []
    assert read(text).tables[0].rows[1].cells[1].paragraphs[0].runs[0].font.size.pt == 11.5
