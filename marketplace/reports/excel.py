"""A report as an Excel file: what the figures are of, the figures, the breakdowns, and the rows behind the total."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from marketplace.contracts.rules import Counting
from marketplace.kernel.dates import format_date
from marketplace.kernel.messages import Message, msgid
from marketplace.reports.asked import NEW, Asked
from marketplace.reports.counting import COUNTINGS
from marketplace.reports.figures import CellKind, Figure, Report, Row, shares
from marketplace.reports.queries import Kind
from marketplace.reports.territories import Scope

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A cell beginning with = + - @ that came from a person must stay text.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDTHS = {CellKind.TEXT: 34, CellKind.WORDS: 26, CellKind.DATE: 12, CellKind.NUMBER: 10, CellKind.MONEY: 18}

Say = Callable[[Any], str]


def head(report: Report, scope: Scope, asked: Asked, counted: Collection[Counting]) -> list[Message]:
    """What every report prints above its figures."""
    units = msgid("communes since 1 July 2025") if asked.units == NEW else msgid("communes until 30 June 2025")
    lines = [
        msgid("Figures as of %(day)s", day=format_date(asked.at)),
        msgid("Area: %(area)s, by %(units)s", area=scope.name, units=units),
    ]
    if report.name == "contracts":
        lines += [
            msgid("Period: %(period)s", period=asked.period.label()),
            *(msgid("Counted as signed: %(way)s", way=COUNTINGS[code]) for code in sorted(counted)),
            msgid("Values in đồng"),
        ]
    return [*lines, *report.notes]


def write(report: Report, kind: Kind, rows: Sequence[Row], *, head: Sequence[str], say: Say) -> bytes:
    """The file's bytes: two sheets."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "bold": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "plain": book.add_format({"text_wrap": True, "valign": "top"}),
            CellKind.NUMBER: book.add_format({"num_format": "#,##0"}),
            CellKind.MONEY: book.add_format({"num_format": "#,##0"}),
            CellKind.DATE: book.add_format({"num_format": "dd/mm/yyyy", "align": "left"}),
            "share": book.add_format({"num_format": "0.0%"}),
        }
        figures_sheet(book.add_worksheet(say(msgid("Figures"))), report, kind, head, formats, say)
        rows_sheet(book.add_worksheet(say(msgid("List"))), kind, rows, formats, say)
    return buffer.getvalue()


def figures_sheet(
    sheet: Worksheet, report: Report, kind: Kind, head: Sequence[str], formats: dict[str, Format], say: Say
) -> None:
    """Head lines, single figures, then each breakdown with its shares."""
    sheet.set_column(0, 0, 48)
    sheet.set_column(1, 4, 16)
    sheet.write_string(0, 0, say(kind.title), formats["title"])
    for line, text in enumerate(head, 1):
        sheet.write_string(line, 0, text)
    at = len(head) + 2
    for figure in [report.total, *report.figures]:
        write_figure(sheet, at, figure, None, formats, say)
        at += 1
    for each in report.breakdowns:
        at += 1
        sheet.write_string(at, 0, say(each.label), formats["bold"])
        sheet.write_string(at, 1, say(msgid("Count")), formats["bold"])
        sheet.write_string(at, 2, say(msgid("Share")), formats["bold"])
        if report.total.worth is not None:
            sheet.write_string(at, 3, say(msgid("Value (đồng)")), formats["bold"])
        if report.total.worth is not None:
            sheet.write_string(at, 3, say(msgid("Value (đồng)")), formats["bold"])
        for figure, share in zip(each.figures, shares(each.figures, each.total), strict=True):
            at += 1
            write_figure(sheet, at, figure, share, formats, say)
        at += 1
        sheet.write_string(at, 0, say(msgid("Total")), formats["bold"])
        sheet.write_number(at, 1, each.total, formats[CellKind.NUMBER])


def write_figure(
    sheet: Worksheet, at: int, figure: Figure, share: Decimal | None, formats: dict[str, Format], say: Say
) -> None:
    """One line: words, count, share, value."""
    sheet.write_string(at, 0, say(figure.label), formats["plain"])
    sheet.write_number(at, 1, figure.count, formats[CellKind.NUMBER])
    if share is not None:
        sheet.write_number(at, 2, float(share), formats["share"])
    if figure.worth is not None and figure.count:
        if figure.worth.told:
            sheet.write_number(at, 3, figure.worth.amount, formats[CellKind.MONEY])
        sheet.write_string(at, 4, "; ".join(say(words) for words in figure.worth.notes()), formats["plain"])


def rows_sheet(sheet: Worksheet, kind: Kind, rows: Sequence[Row], formats: dict[str, Format], say: Say) -> None:
    """The rows with their own types: numbers as numbers, days as days."""
    for place, column in enumerate(kind.columns):
        sheet.set_column(place, place, WIDTHS[column.kind])
        sheet.write_string(0, place, say(column.label), formats["bold"])
    for line, row in enumerate(rows, 1):
        for place, (column, cell) in enumerate(zip(kind.columns, row.cells, strict=True)):
            write_cell(sheet, line, place, cell, column.kind, formats, say)
    sheet.freeze_panes(1, 1)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(kind.columns) - 1)


def write_cell(
    sheet: Worksheet, line: int, place: int, cell: object, kind: CellKind, formats: dict[str, Format], say: Say
) -> None:
    """One cell by its kind; nothing for None."""
    if cell is None:
        return
    if isinstance(cell, date):
        sheet.write_datetime(line, place, cell, formats[CellKind.DATE])  # type: ignore[arg-type]
    elif isinstance(cell, (int, Decimal)):
        sheet.write_number(line, place, float(cell) if isinstance(cell, Decimal) else cell, formats[kind])
    else:
        sheet.write_string(line, place, say(cell), formats["plain"])
