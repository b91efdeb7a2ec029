"""A contract's text as a Word file, for officials who must edit it: the same words, headings, tables and signature blocks.

The frame (styles, page, head and foot) is made here, the body is documents/word.xml; docxtpl fills both in through a
sandboxed environment that escapes everything: no typed value is ever read as markup or as a template.
"""

import io
import re
from datetime import datetime
from functools import cache
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from marketplace.clauses.documents import HERE, MOTTO, STATE, SUMMARY
from marketplace.clauses.text import fingerprint, short

FONT = "Times New Roman"
"""As administrative documents are set; the PDF's Tinos has the same widths."""
LINE = 9070
"""The width of a line in twentieths of a point: A4 without its margins of 30 and 20 mm."""
MARGIN = 70
"""Left and right of the words in a cell."""
LARGEST, SMALLEST = 23, 14
"""Half points: the type of a table."""
FIGURE = re.compile(r"\d[\d.,]*")
SIDES = {"l": "left", "c": "center", "r": "right"}
CENTER, JUSTIFY, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT
AFTER_BORDERS = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")
"""What comes after the borders of a paragraph, as the format orders it."""
STYLES: dict[str, dict[str, Any]] = {
    "State": {"align": CENTER, "bold": True, "after": 0},
    "Motto": {"align": CENTER, "bold": True, "after": 18},
    "Subject": {"align": CENTER, "bold": True, "after": 3},
    "Numbering": {"align": CENTER, "after": 12},
    "Basis": {"align": JUSTIFY, "italic": True, "indent": 10},
    "Sentence": {"align": JUSTIFY, "indent": 10},
    "Party": {"align": LEFT, "bold": True, "before": 6, "next": True},
    "Fact": {"align": LEFT, "after": 3},
    "Cell": {"align": LEFT, "size": 11.5, "after": 0},
    "Signer": {"align": CENTER, "after": 2},
    "After": {"align": LEFT, "size": 4, "after": 2},
    "Mark": {"align": CENTER, "bold": True, "size": 10, "after": 0},
    "Foot": {"align": LEFT, "size": 9, "after": 0},
}
WORDS = {
    "state": STATE,
    "motto": MOTTO,
    "signatures": "Chữ ký của các bên",
    "summary": SUMMARY,
    "note": "Phần này để đọc nhanh. Nội dung đầy đủ ở trên mới là căn cứ.",
}
DRAFT = "DỰ THẢO – chưa có giá trị ký kết"
WORKING_COPY = "BẢN LÀM VIỆC – bản gốc là tệp PDF có dấu vân nội dung {}"


def literally(value: Any) -> Any:
    """Every value as text and nothing else; the underline sign because docxtpl undoes "{_{" after filling in."""
    return Markup(str(escape(value)).replace("_", "&#95;")) if isinstance(value, str) else value


ENVIRONMENT = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=literally)


def render_word(document: dict[str, Any], *, issued_at: datetime, frozen: bool) -> bytes:
    """The Word file of a document (`ContractText.document()`); `frozen`: its PDF exists and is the original."""
    digest = short(fingerprint(document))
    file = DocxTemplate(io.BytesIO(frame()))
    context = {
        "text": {"summary": (), **document},
        "words": WORDS,
        "sides": SIDES,
        "widths": widths,
        "half_points": half_points,
        "margin": MARGIN,
        "mark": WORKING_COPY.format(digest) if frozen else DRAFT,
        "foot": f"{document['number']} · Dấu vân nội dung {digest}",
    }
    file.render(context, ENVIRONMENT)
    facts = file.docx.core_properties
    facts.title = f"{document['title']} {document['number']}"[:255]
    facts.author, facts.comments = "", ""
    facts.language = "vi-VN"
    facts.created = facts.modified = issued_at.replace(tzinfo=None, microsecond=0)
    made = io.BytesIO()
    file.docx.save(made)
    return made.getvalue()


def widths(table: dict[str, Any]) -> list[int]:
    """The columns' widths; together a whole line."""
    shares = table["widths"]
    return [LINE * share // sum(shares) for share in shares]


def half_points(table: dict[str, Any]) -> int:
    """The size of a table's type: as large as the cells, or so small that no figure is broken in two."""
    room = [width - 2 * MARGIN for width in widths(table)]
    rows = [*table["rows"], *([""] * (len(room) - 1) + [value] for _label, value in table["foot"])]
    sizes = (
        int(room[at] / 10 / ems(figure))
        for row in rows
        for at, cell in enumerate(row)
        if table["align"][at] == "r"
        for figure in FIGURE.findall(cell)
    )
    return max(min([LARGEST, *sizes]), SMALLEST)


def ems(figure: str) -> float:
    """How wide a figure is: a digit takes half the size of its letters, a point or comma a quarter."""
    return sum(0.25 if sign in ".," else 0.5 for sign in figure)


@cache
def frame() -> bytes:
    """The empty file with its styles, page, head and foot, and the body to be filled in."""
    file = Document()
    page = file.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin = page.bottom_margin = page.right_margin = Mm(20)
    page.left_margin = Mm(30)
    normal(file)
    for name, look in STYLES.items():
        style(file, name, **look)
    ruled(file.styles["Motto"])
    page.header.paragraphs[0].style = "Mark"
    page.header.paragraphs[0].add_run("{{ mark }}")
    foot(page.footer.paragraphs[0])
    body = file.element.body
    for part in list(body):
        if part.tag != qn("w:sectPr"):
            body.remove(part)
    given = parse_xml((HERE / "documents" / "word.xml").read_text(encoding="utf-8"))
    end = body.find(qn("w:sectPr"))
    for part in given:
        end.addprevious(part)
    # The instructions between the elements are text of the tree: those before the first element, too.
    body.text = given.text
    made = io.BytesIO()
    file.save(made)
    return made.getvalue()


def normal(file: Any) -> None:
    """The type of the whole file, and headings that look like those of a contract."""
    base = file.styles["Normal"]
    face(base, 13)
    base.paragraph_format.space_after = Pt(6)
    for name, size in (("Heading 1", 15), ("Heading 2", 13)):
        heading = file.styles[name]
        face(heading, size)
        heading.font.bold, heading.font.color.rgb = True, RGBColor(0, 0, 0)
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(10), Pt(6)
    first = file.styles["Heading 1"]
    first.font.all_caps, first.paragraph_format.alignment = True, CENTER
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    base.element.get_or_add_rPr().append(language)


def face(style: Any, size: float) -> None:
    """Font and size; all four names, or Word takes another font for letters with marks."""
    style.font.name, style.font.size = FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)


def style(
    file: Any,
    name: str,
    *,
    align: WD_ALIGN_PARAGRAPH,
    size: float = 13,
    bold: bool = False,
    italic: bool = False,
    before: float = 0,
    after: float = 6,
    indent: int = 0,
    next: bool = False,
) -> ParagraphStyle:
    """A paragraph style of ours."""
    made: ParagraphStyle = file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.base_style = file.styles["Normal"]
    made.font.size, made.font.bold, made.font.italic = Pt(size), bold, italic
    shape = made.paragraph_format
    shape.alignment, shape.space_before, shape.space_after = align, Pt(before), Pt(after)
    shape.keep_with_next = next
    if indent:
        shape.first_line_indent = Mm(indent)
    return made


def ruled(motto: Any) -> None:
    """The line under the motto, as long as its words."""
    shape = motto.paragraph_format
    shape.left_indent = shape.right_indent = Mm(47)
    border = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        line.set(qn(f"w:{name}"), value)
    border.append(line)
    motto.element.get_or_add_pPr().insert_element_before(border, *AFTER_BORDERS)


def foot(paragraph: Any) -> None:
    """The contract's number and fingerprint, and the page's number."""
    paragraph.style = "Foot"
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(160), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run("{{ foot }}")
    paragraph.add_run("\tTrang ")
    for instruction in ("PAGE", "NUMPAGES"):
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), instruction)
        run = OxmlElement("w:r")
        shown = OxmlElement("w:t")
        shown.text = "1"
        run.append(shown)
        field.append(run)
        paragraph._p.append(field)
        if instruction == "PAGE":
            paragraph.add_run("/")
