"""The failed rows as an Excel file: as they were, with the reason beside them, to be corrected and uploaded again."""

import io
from collections import defaultdict

from xlsxwriter import Workbook

from marketplace.register.rules import Plan, joined, unpacked
from marketplace.web.messages import say

REASON = "Cần sửa"
"""The heading of the reasons; it means none of the columns that the reader knows, so the file can be uploaded as it is."""
UNSAFE_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def failed_workbook(plan: Plan) -> bytes:
    """The file. Every cell is text, so that nothing in it can act as a formula."""
    reasons: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    for problem in plan.problems:
        where = f"{problem.heading}: " if problem.heading else ""
        reasons[problem.sheet, problem.row].append(where + say(unpacked(problem.message)))
    file = io.BytesIO()
    workbook = Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    plain = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    marked = workbook.add_format({"text_wrap": True, "valign": "top", "font_color": "#A2412B"})
    for failed in plan.failed:
        sheet = workbook.add_worksheet(failed.name.translate(UNSAFE_IN_NAMES)[:31])
        last = len(failed.headings)
        for column, heading in enumerate([*failed.headings, REASON]):
            sheet.write_string(0, column, heading, bold)
        for line, (row, texts) in enumerate(failed.rows, 1):
            for column, text in enumerate(texts[:last]):
                sheet.write_string(line, column, text, plain)
            sheet.write_string(line, last, joined(reasons[failed.name, row]), marked)
        sheet.set_column(0, max(last - 1, 0), 18)
        sheet.set_column(last, last, 60)
        sheet.freeze_panes(1, 0)
    workbook.close()
    return file.getvalue()
