"""Draws a contract's frozen text as a PDF through typst."""

import io
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
import typst

from marketplace.clauses.codes import check_code
from marketplace.clauses.text import fingerprint, short
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid

HERE = Path(__file__).parent
STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
SUMMARY = "Tóm tắt dễ hiểu"
SUMMARY_NOTE = "Trang này để đọc nhanh. Nội dung đầy đủ ở các trang sau mới là căn cứ."
WORDS = {
    "state": STATE,
    "motto": MOTTO,
    "page": "Trang",
    "draft": "DỰ THẢO",
    "summary": SUMMARY,
    "summary_note": SUMMARY_NOTE,
}
FONTS = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"])
UNPRINTABLE = re.compile(r'the text `"(.+?)"` could not be displayed')

OBJECTS = re.compile(rb"/Size (\d+)")
MOST_TO_CHECK = 40_000
"""Objects in a file times signatures over them: what a check can read in its time and memory (signatures/inspection.py).

With two parties that is a table of about 1,300 rows, with ten one of about 450.
"""
TOO_LONG = msgid(
    "This contract is too long: its digital signatures could not be checked. Enter fewer goods or months of delivery, "
    "or make several contracts of it."
)


def render_pdf(
    document: dict[str, Any],
    *,
    issued_at: datetime,
    verify_url: str | None = None,
    code: str | None = None,
    statement: str = "",
    draft: bool = False,
) -> bytes:
    """The PDF of a document (`ContractText.document()`); the same arguments give the same bytes.

    `issued_at` is the file's own time stamp; `verify_url` and `code` print the QR code for checking it later, and
    `statement` (signed, see signatures/statement.py) lets that code be checked without asking anybody.
    """
    given = printed(document, verify_url, code, draft)
    if verify_url:
        given["verify"] = check_mark(verify_url, statement)
    pdf = compiled("contract.typ", given, issued_at)
    # The platform signs as well, and a time stamp may stand over all.
    signatures = len(document["parties"]) + 2
    if not draft and int(OBJECTS.findall(pdf)[-1]) * signatures > MOST_TO_CHECK:
        raise Refusal(TOO_LONG)
    return pdf


def compiled(template: str, given: dict[str, Any], issued_at: datetime) -> bytes:
    """One of our templates with what it draws, as PDF."""
    compiler = typst.Compiler(root=HERE / "documents", font_paths=FONTS)
    try:
        pdf, warnings = compiler.compile_with_warnings(
            input=HERE / "documents" / template,
            format="pdf",
            sys_inputs={"document": json.dumps(given, ensure_ascii=False)},
            # Readable for decades (PDF/A-2a) and by screen readers (PDF/UA-1).
            pdf_standards=["a-2a", "ua-1"],
            timestamp=issued_at.replace(microsecond=0),
        )
    except typst.TypstError as error:
        raise unprintable(error) from error
    if warnings or not isinstance(pdf, bytes):
        raise RuntimeError(f"typst did not draw {template} cleanly: {[warning.message for warning in warnings]}")
    return pdf


def printed(document: dict[str, Any], verify_url: str | None, code: str | None, draft: bool) -> dict[str, Any]:
    """Everything that the template draws."""
    return {
        "document": document,
        "words": WORDS,
        "draft": draft,
        "footer": footer(document, verify_url, code),
        "verify": check_mark(verify_url) if verify_url else None,
    }


def unprintable(error: typst.TypstError) -> Exception:
    """A Refusal that shows the signs our fonts lack; anything else is our own mistake and stays an error."""
    signs = " ".join(dict.fromkeys(UNPRINTABLE.findall(error.diagnostic)))
    if not signs:
        return error
    return Refusal(
        msgid("These characters cannot be printed in a contract: %(signs)s. Write them in letters.", signs=signs)
    )


def footer(document: dict[str, Any], verify_url: str | None, code: str | None) -> list[str]:
    """What stands at the foot of every page, so that no page can be exchanged unnoticed."""
    check = f" · Mã số kiểm tra {check_code(code)}" if verify_url and code else ""
    lines = [f"{document['number']}{check} · Dấu vân nội dung {short(fingerprint(document))}"]
    if verify_url:
        lines.append(f"Kiểm tra tại {verify_url}" + (f" · Mã tra cứu {code}" if code else ""))
    return lines


QUIET = 4
"""The white around a code, in dots; fewer, and what is printed beside it disturbs the reader."""
SMALLEST = 0.42
"""Millimetres for one dot."""


def check_mark(verify_url: str, statement: str = "") -> dict[str, str | int]:
    """The QR code of the address where anybody can check the contract; its words stand in the footer.

    A statement rides behind the address, where no browser sends it anywhere: an ordinary phone opens the page, a checker
    without network reads the statement, and the print is larger. Where the address is long, less is corrected, so that no
    dot is smaller than a phone reads.
    """
    drawn = io.BytesIO()
    content, width = (f"{verify_url}#{statement}", 30) if statement else (verify_url, 20)
    code = segno.make(content, error="m", micro=False, boost_error=False)
    if width / code.symbol_size(border=QUIET)[0] < SMALLEST:
        code = segno.make(content, error="l", micro=False, boost_error=False)
    code.save(drawn, kind="svg", border=QUIET, xmldecl=False)
    return {"qr": drawn.getvalue().decode(), "alt": f"Mã QR dẫn tới {verify_url}", "width": width}
