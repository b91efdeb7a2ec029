"""The PDF says exactly what the text says, in every Vietnamese letter, and is the same file every time."""

import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import typst
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import Image
from pypdf import PdfReader

from marketplace.clauses.documents import FONTS, HERE, MOTTO, STATE, printed, render_pdf
from marketplace.clauses.drafting import contract_text
from marketplace.clauses.terms import ContractKind
from marketplace.clauses.text import fingerprint, short
from marketplace.kernel.errors import Refusal
from tests.clauses.examples import BUYER, ISSUED, RICE, SELLER, TERMS, document, with_goods
from tests.clauses.reading import plain_text

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = (
    "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES) + "bcdđghklmnpqrstvx"
)
ALPHABET = LETTERS + LETTERS.upper()
MARKUP = r"#panic() $x^2$ *đậm* _nghiêng_ `mã` \escape @nhãn <neo> <script>alert(1)</script> // [x] {{ 7*7 }} %(s)s"


def drawn(text: dict, **options: object) -> PdfReader:
    """The PDF of a document, read back."""
    return PdfReader(io.BytesIO(render_pdf(text, issued_at=ISSUED, **options)))


def render_html(text: dict) -> str:
    """The text as pages include it."""
    folder = FileSystemLoader(HERE.parent.parent / "templates")
    pages = Environment(loader=folder, autoescape=True, undefined=StrictUndefined)
    return pages.get_template("contracts/text.html").render(text=text, state=STATE, motto=MOTTO, beside=None)


def layer(reader: PdfReader) -> str:
    """Its text layer on one line."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def pictures(text: dict) -> list[Image.Image]:
    """The pages as pictures, drawn from the same template."""
    compiler = typst.Compiler(root=HERE / "documents", font_paths=FONTS)
    given = json.dumps(printed(text, None, None, draft=False), ensure_ascii=False)
    pages = compiler.compile(HERE / "documents" / "contract.typ", format="png", ppi=40, sys_inputs={"document": given})
    return [Image.open(io.BytesIO(page)) for page in (pages if isinstance(pages, list) else [pages])]


def tight(text: str) -> str:
    """Without any space: lines break elsewhere in the PDF."""
    return re.sub(r"\s+|\u200b", "", text)


@pytest.mark.parametrize("kind", list(ContractKind))
def test_every_line_of_the_text_is_in_the_pdf_and_in_the_html(kind: ContractKind) -> None:
    text = document(replace(TERMS, kind=kind))
    printed = tight(layer(drawn(text))).casefold()
    shown = tight(unescape(re.sub(r"<[^>]+>", " ", render_html(text)))).casefold().replace(":", "")
    for line in plain_text(text).splitlines():
        for part in line.split(" | "):
            assert tight(part).casefold().replace(":", "") in shown
            if "Tổng cộng" not in part:
                # A footer may part a paragraph that runs over a page's end; its words are all there.
                assert all(tight(word).casefold() in printed for word in part.split())


def test_all_vietnamese_letters_and_the_currency_sign_are_drawn() -> None:
    assert len(ALPHABET) == 178
    extra = "\n".join((" ".join(ALPHABET), "Giá 25.000 ₫ – “ngoặc” … ≤ ≥ ± × ° ² ½ €"))
    text = document(replace(TERMS, extra=extra))
    printed = layer(drawn(text))
    assert tight(ALPHABET) in tight(printed)
    assert tight("25.000 ₫ – “ngoặc” … ≤ ≥ ± × ° ² ½ €") in tight(printed)
    assert "Bùi Thị Ỷ" in printed
    assert "Đặng Ỵ" in printed


def test_decomposed_names_are_printed_composed() -> None:
    text = document(seller=replace(SELLER, representative=unicodedata.normalize("NFD", "Bùi Thị Ỷ")))
    assert "Bùi Thị Ỷ" in layer(drawn(text))
    assert render_pdf(text, issued_at=ISSUED) == render_pdf(document(), issued_at=ISSUED)


def test_markup_is_carried_literally() -> None:
    text = document(with_goods(replace(RICE, name=MARKUP, standard=MARKUP)), buyer=replace(BUYER, name=MARKUP))
    assert tight(layer(drawn(text))).count(tight(MARKUP)) >= 3
    html = render_html(text)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "{{ 7*7 }}" in unescape(html)


def test_the_same_document_is_the_same_file() -> None:
    options = {"verify_url": "https://lienket.example.vn/verify/7K2M-9QXR", "code": "7K2M-9QXR"}
    first = render_pdf(document(), issued_at=ISSUED, **options)
    assert render_pdf(document(), issued_at=ISSUED, **options) == first
    assert render_pdf(document(), issued_at=ISSUED.replace(day=6), **options) != first


def test_three_hundred_lines_repeat_the_head_on_every_page() -> None:
    goods = [
        replace(RICE, name=f"Mặt hàng thứ {n}", standard="", quantity=Decimal(n), schedule={}) for n in range(1, 301)
    ]
    reader = drawn(document(with_goods(*goods)))
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    with_rows = [page for page in pages[1:] if "Mặt hàng thứ" in page and "25.000" in page]
    assert len(with_rows) > 5
    assert all("Thành tiền (đồng)" in page for page in with_rows)
    printed = " ".join(pages)
    assert all(f"Mặt hàng thứ {n} kg" in printed for n in range(1, 301))
    total = sum(range(1, 301)) * 25000
    assert f"{total:,}".replace(",", ".") in printed
    assert f"Trang {len(pages)}/{len(pages)}" in pages[-1]


@pytest.mark.parametrize("name", ["Hợp tác xã " + "rất dài " * 24, "W" * 200, "Ỹ" * 200])
def test_long_names_stay_inside_the_page(name: str) -> None:
    text = document(with_goods(replace(RICE, name=name)), seller=replace(SELLER, name=name, representative=name))
    reader = drawn(text)
    assert tight(name) in tight(layer(reader))
    for page in pictures(text):
        # The right margin is 20 mm of 210 mm; nothing but the paper is in its outer half.
        margin = page.convert("L").crop((int(page.width * 200 / 210), 0, page.width, page.height))
        assert margin.getextrema() == (255, 255)


def sizes(text: dict, figure: str) -> set[float]:
    """In which sizes this figure is printed."""
    found: set[float] = set()

    def note(words: str, _page: object, _line: object, _font: object, size: float) -> None:
        if figure in words.split():
            found.add(size)

    for page in drawn(text).pages:
        page.extract_text(visitor_text=note)
    return found


def test_a_long_figure_is_set_smaller_and_never_over_the_next_column() -> None:
    line = replace(RICE, quantity=Decimal(1), schedule={})
    assert 11.5 in sizes(document(with_goods(replace(line, price=25_000))), "25.000")
    longest = sizes(document(with_goods(replace(line, price=999_999_999_999))), "999.999.999.999")
    assert 11.5 not in longest
    assert min(longest) < 11.5


def test_a_row_of_the_table_stays_on_one_page() -> None:
    goods = [
        replace(RICE, name=f"Hàng{n}", standard=f"VietGAP, độ ẩm không quá 14%, loại một, xay xát kỹ, hết{n}")
        for n in range(1, 61)
    ]
    pages = [page.extract_text().split() for page in drawn(document(with_goods(*goods))).pages]
    tables = [page for page in pages if "Thành" in page and "ĐVT" in page]
    assert len(tables) > 3
    for n in range(1, 61):
        assert any(f"Hàng{n}" in page and f"hết{n}" in page for page in tables), n


@pytest.mark.parametrize("count", [1, 3, 5])
def test_all_places_to_sign_stand_together_under_the_last_sentence(count: int) -> None:
    sellers = [replace(SELLER, name=f"Hợp tác xã {n}", representative=f"Người{n}") for n in range(count)]
    for filler in range(0, 24, 4):
        terms = replace(TERMS, extra="\n".join(f"Thỏa thuận thêm {n}" for n in range(filler)))
        pages = drawn(contract_text(terms, [*sellers, BUYER], number="1").document()).pages
        last = pages[-1].extract_text()
        assert "tự nguyện cùng ký tên dưới đây" in last
        assert last.count("(Ký, ghi rõ họ tên, đóng dấu)") == count + 1


def test_signs_without_a_glyph_are_refused_by_name() -> None:
    with pytest.raises(Refusal) as refused:
        drawn(document(buyer=replace(BUYER, name="Công ty 云南 ✅")))
    assert "云 南 ✅" in str(refused.value)


def test_the_footer_names_the_contract_its_code_and_its_fingerprint_on_every_page() -> None:
    text = document()
    reader = drawn(text, verify_url="https://lienket.example.vn/verify/7K2M-9QXR", code="7K2M-9QXR")
    for number, page in enumerate(reader.pages, start=1):
        printed = " ".join(page.extract_text().split())
        for expected in (
            "Số: 12/2026/HĐLK",
            short(fingerprint(text)),
            "7K2M-9QXR",
            f"Trang {number}/{len(reader.pages)}",
        ):
            assert expected in printed


def test_a_draft_says_so_and_a_contract_does_not() -> None:
    assert all("DỰ THẢO" in page.extract_text() for page in drawn(document(), draft=True).pages)
    assert "DỰ THẢO" not in layer(drawn(document()))


def test_the_file_is_tagged_archivable_and_dated_by_its_issue() -> None:
    reader = drawn(document(), verify_url="https://lienket.example.vn/verify/7K2M-9QXR")
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] in ("vi", "vi-VN")
    assert reader.metadata.creation_date == ISSUED
    assert reader.metadata.title.startswith("Hợp đồng liên kết")
    xmp = catalogue["/Metadata"].get_data().decode()
    assert "pdfuaid" in xmp
    assert "pdfaid" in xmp


def parts(reader: PdfReader) -> list[tuple[str, Any]]:
    """The kinds of all parts of the structure tree, in the order in which they are read aloud."""

    def walk(node: Any) -> Iterator[tuple[str, Any]]:
        node = node.get_object()
        if isinstance(node, list):
            for part in node:
                yield from walk(part)
        elif isinstance(node, dict) and ("/S" in node or "/K" in node):
            if "/S" in node:
                yield str(node["/S"]), node
            if "/K" in node:
                yield from walk(node["/K"])

    return list(walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"]))


def test_the_structure_is_read_in_order_with_headings_tables_and_a_described_picture() -> None:
    text = document()
    read = parts(drawn(text, verify_url="https://lienket.example.vn/verify/7K2M-9QXR", code="7K2M-9QXR"))
    kinds = [kind for kind, _node in read]
    tables = [part["table"] for clause in text["clauses"] for part in clause["paragraphs"] if part["table"]]
    assert kinds.count("/H1") == 2
    assert kinds.count("/H2") == len(text["clauses"])
    assert kinds.count("/Table") == len(tables)
    assert kinds.count("/TH") == sum(len(table["head"]) for table in tables)
    assert "7K2M-9QXR" in next(node["/Alt"] for kind, node in read if kind == "/Figure")
    assert kinds.index("/H1") < kinds.index("/Figure") < kinds.index("/H2") < kinds.index("/Table")
    columns = [node["/A"] for kind, node in read if kind == "/TH"]
    assert all("/Column" in str(each) for each in columns)


def test_html_has_headings_below_the_pages_own_and_no_inline_style() -> None:
    html = render_html(document())
    assert "<h1" not in html
    assert html.count("<h2") == 1
    assert "style=" not in html
    assert html.count("<th scope") >= 10
