"""PURE: from a sheet to what its rows say: cooperatives, OCOP products, and every failure with its place."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.quantities import parse_unit
from marketplace.kernel.vietnamese import expand_aliases, fold
from marketplace.organisations.rules import GONE, STATUSES, Kind, RegisterStatus
from marketplace.register import cells, headings, meanings, names
from marketplace.register.cells import Dated
from marketplace.register.grid import Row, Sheet, Value, letter, text_of
from marketplace.register.headings import Header
from marketplace.register.rows import Cells, CooperativeRow, Failure, OcopRow
from marketplace.register.sections import Context, Line, classify

ValidTaxCode = Callable[[str], bool]
MAIN = {"cooperatives": "name", "ocop": "product"}


@dataclass(slots=True)
class SheetReport:
    """What became of a sheet; `kind` is cooperatives, ocop, hidden or unknown."""

    name: str
    kind: str
    header: tuple[int, int] | None = None
    rows: int = 0
    unread: list[str] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """All that a file says."""

    cooperatives: list[CooperativeRow] = field(default_factory=list)
    products: list[OcopRow] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    sheets: list[SheetReport] = field(default_factory=list)
    raw: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    """The texts of each failed row, for the file that is handed back."""


def read_sheets(sheets: list[Sheet], valid_tax_code: ValidTaxCode) -> Reading:
    """Read every sheet; a thing written twice in the file is read once and reported."""
    reading = Reading()
    for sheet in sheets:
        header = None if sheet.hidden else headings.find(sheet)
        if header is None:
            reading.sheets.append(SheetReport(sheet.name, "hidden" if sheet.hidden else "unknown"))
        else:
            read_sheet(sheet, header, valid_tax_code, reading)
    twice(reading)
    failed = {(failure.sheet, failure.row) for failure in reading.failures}
    for sheet in sheets:
        for row in sheet.rows:
            if (sheet.name, row.number) in failed:
                reading.raw[sheet.name, row.number] = [text_of(value) for value in row.values]
    return reading


def read_sheet(sheet: Sheet, header: Header, valid_tax_code: ValidTaxCode, reading: Reading) -> None:
    """Read one sheet into the reading; a header with a fault stops the sheet, with the reason."""
    report = SheetReport(sheet.name, header.kind, (header.first, header.last), unread=header.unread)
    reading.sheets.append(report)
    faults = [
        Failure(sheet.name, header.last, letter(column) if column else "", heading, "", message)
        for column, heading, message in headings.problems(header)
    ]
    reading.failures += faults
    if faults:
        return
    context = Context(kind=default_kind(sheet, header))
    for row in data_rows(sheet, header, context, report, reading.failures):
        report.rows += 1
        row_cells = Cells(sheet.name, header, row)
        if header.kind == "ocop":
            product = read_product(row_cells, context, valid_tax_code)
            reading.products += [product] if product else []
        else:
            cooperative = read_cooperative(row_cells, context, valid_tax_code)
            reading.cooperatives += [cooperative] if cooperative else []
        reading.failures += row_cells.failures


def default_kind(sheet: Sheet, header: Header) -> Kind | None:
    """What a name without HTX or THT before it is, by the heading of its column or the title above."""
    column = header.columns.get(MAIN[header.kind])
    if header.kind == "ocop" or column is None:
        return None
    for text in (header.headings[column], headings.above(sheet, header.first)):
        kinds = {Kind(word) for word in headings.words(text).split() if word in ("htx", "tht", "lhhtx")}
        if len(kinds) == 1:
            return kinds.pop()
    return None


def data_rows(
    sheet: Sheet, header: Header, context: Context, report: SheetReport, failures: list[Failure]
) -> Iterator[Row]:
    """The rows below the header that name a thing; section lines between them change the context."""
    main = MAIN[header.kind]
    ended = False
    for row in sheet.rows:
        if row.number <= header.last:
            continue
        line = classify(row, header, main)
        words = " ".join(text_of(row.at(column)) for column in row.filled())
        if line is Line.DATA and not (ended and not _numbered(row, header)):
            yield row
        elif line is Line.SECTION and not ended:
            title = text_of(row.at(header.columns[main])) or words
            if not context.take(title, header.kind == "ocop"):
                line = Line.UNKNOWN_SECTION
        elif line is Line.END:
            ended = True
        if line is Line.UNKNOWN_SECTION and not ended:
            context.sector = None
            failures.append(Failure(sheet.name, row.number, "", "", words, UNKNOWN_SECTION))
        elif line is Line.REMARK or (ended and line is not Line.NOTHING):
            report.skipped.append((row.number, words))


def _numbered(row: Row, header: Header) -> bool:
    column = header.columns.get("order")
    return column is not None and text_of(row.at(column)).rstrip(".").isdigit()


UNKNOWN_SECTION = msgid(
    "This line looks like the title of a section, but it names no sector. Write one of the six, or delete the line."
)
NO_NAME = msgid("The name is missing. Write it, or delete the row.")
NO_COMMUNE = msgid("The commune is missing. Write for example “Xã Mường Cang”.")
NO_FOUNDED = msgid("The founding date is missing. Write it, or the year alone where the day is not known.")
NO_KIND = msgid(
    "It cannot be told what kind of organisation this is. Write HTX, THT, Công ty or Hộ kinh doanh before the name."
)


def read_cooperative(row: Cells, context: Context, valid_tax_code: ValidTaxCode) -> CooperativeRow | None:
    """One organisation; None, with the failures recorded, where a cell cannot be read."""
    name = row.need("name", cells.text, NO_NAME)
    kind = row.read("kind", _kind) or (names.kind_of(name) if name else None) or context.kind
    if name and kind is None:
        row.fail("name", NO_KIND)
    where = "commune" if "commune" in row.header.columns else "address"
    commune = row.read(where, meanings.commune) or row.read("address", meanings.commune) or context.commune
    if commune is None and not row.failures:
        row.fail(where, NO_COMMUNE)
    founded = row.need("founded", cells.dated, NO_FOUNDED)
    tax, registration = _codes(row, valid_tax_code, kind)
    status, ended = standing(row)
    if founded and ended and ended.day < founded.day:
        row.fail("ended", msgid("It ended before it was founded. Correct one of the two dates."))
    found = CooperativeRow(
        sheet=row.sheet,
        row=row.row.number,
        name=name or "",
        kind=kind or Kind.HTX,
        tax_code=tax,
        registration_no=registration,
        commune=commune or names.Commune(None, "", ""),
        address=_address(row, commune, where),
        founded=founded or Dated(date.max),
        members=row.read("members", cells.whole),
        capital=row.read("capital", lambda value: cells.money(value, row.header.unit)),
        representative=row.read("representative", cells.text),
        title=row.read("title", cells.text),
        phone=row.read("phone", cells.phone),
        email=row.read("email", cells.text),
        sector=row.read("sector", meanings.sector) or _ticked(row) or context.sector,
        status=status,
        ended=ended,
        note=row.read("note", cells.text),
    )
    return None if row.failures else found


def _kind(value: Value) -> Kind | None:
    return names.kind_of(cells.text(value))


def _address(row: Cells, commune: names.Commune | None, where: str) -> str | None:
    """What is written below the commune."""
    written = row.read("address", cells.text) if where == "commune" else None
    return written or (commune.detail if commune else "") or None


def _ticked(row: Cells) -> meanings.Sector | None:
    """The sector whose column carries a tick."""
    ticked = [sector for column, sector in row.header.marks.items() if not cells.empty(row.row.at(column))]
    if len(ticked) > 1:
        row.fail("name", msgid("More than one sector is ticked. Leave the main one only."))
    return meanings.Sector(ticked[0]) if len(ticked) == 1 else None


def _codes(row: Cells, valid: ValidTaxCode, kind: Kind | None) -> tuple[str | None, str | None]:
    """Tax code and registration number; a registration number that is a valid tax code is both."""
    personal = kind in (Kind.HOUSEHOLD, Kind.THT)
    tax = row.read("tax_code", partial(cells.tax_code, valid=valid, personal=personal))
    registration = row.read("registration_no", cells.text)
    if registration and not tax and cells.empty(row.raw("tax_code")):
        try:
            tax = cells.tax_code(registration, valid)
        except Refusal:
            return None, registration
    return tax, registration


DAY_WITHIN = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}|\d{1,2}[/.\-]\d{4}|(?:năm|nam)\s+\d{4}", re.I)


def standing(row: Cells) -> tuple[RegisterStatus | None, Dated | None]:
    """The status and the day it holds from: by its column, the column of dissolution, or an unmistakable remark."""
    ended = row.read("ended", cells.dated)
    stated = row.read("status", meanings.status)
    remark = text_of(row.raw("note"))
    status = stated or meanings.status_in(remark, remark=True)
    if ended and stated is RegisterStatus.ACTIVE:
        row.fail("ended", msgid("It is said to be active, yet has a date of dissolution. Correct one of the two."))
    if ended and status in (None, RegisterStatus.ACTIVE, RegisterStatus.DISSOLVING):
        status = RegisterStatus.DISSOLVED
    if status and status is not RegisterStatus.ACTIVE and not ended:
        within = DAY_WITHIN.search(text_of(row.raw("status"))) or DAY_WITHIN.search(remark)
        ended = _day_in(within[0]) if within else None
    if status in GONE and not ended and not row.failures:
        message = msgid(
            "It is marked “%(status)s” without a date. Write the date, or the year alone, in the column of dissolution.",
            status=STATUSES[status],
        )
        row.fail("ended" if "ended" in row.header.columns else "note", message)
    return status, ended


def _day_in(text: str) -> Dated | None:
    try:
        return cells.dated(text)
    except Refusal:
        return None


NO_OWNER = msgid("The owner is missing. Write the cooperative, company or household that makes the product.")
NO_GROUP = msgid("The product group is missing. Write for example “Thực phẩm”.")
NO_DECISION_DAY = msgid("A product with stars needs the date of its decision. Write it, for example 16/6/2022.")
NO_ROUND = msgid(
    "A product without stars needs its round of evaluation. Write for example “Đợt 1 năm 2023”, or its stars."
)


def read_product(row: Cells, context: Context, valid_tax_code: ValidTaxCode) -> OcopRow | None:
    """One OCOP product; None, with the failures recorded, where a cell cannot be read."""
    product = row.need("product", cells.text, NO_NAME)
    owner = row.need("owner", cells.text, NO_OWNER)
    owner_kind = row.read("kind", _kind) or (names.kind_of(owner) if owner else None)
    group = row.read("group", meanings.group) or context.group
    if group is None and not row.failures:
        row.fail("group", NO_GROUP)
    stars = row.read("stars", meanings.stars) or context.stars
    number, decided = decision(row)
    if stars and decided is None and not row.failures:
        row.fail("decided_on" if "decided_on" in row.header.columns else "decision_no", NO_DECISION_DAY)
    in_round = row.read("round", meanings.round_of) or context.round
    if stars is None and in_round is None and not row.failures:
        row.fail("round" if "round" in row.header.columns else "stars", NO_ROUND)
    unit = row.read("unit", cells.text)
    found = OcopRow(
        sheet=row.sheet,
        row=row.row.number,
        product=product or "",
        owner=owner or "",
        owner_kind=owner_kind,
        owner_tax_code=row.read("tax_code", partial(cells.tax_code, valid=valid_tax_code, personal=True)),
        commune=row.read("commune", meanings.commune) or row.read("address", meanings.commune) or context.commune,
        group=group or "",
        measure=parse_unit(unit) if unit else None,
        measure_text=unit,
        stars=stars,
        score=row.read("score", cells.score),
        decision_no=number,
        decided=decided,
        expires=_expires(row),
        round=in_round,
        note=row.read("note", cells.text),
    )
    return None if row.failures else found


def decision(row: Cells) -> tuple[str | None, Dated | None]:
    """Number and day of the decision; some lists write "101/QĐ-UBND ngày 13/3/2022" into one cell."""
    written = row.read("decision_no", cells.text)
    decided = row.read("decided_on", cells.dated)
    if written and (parts := re.match(r"(?:số\s*)?(\S.*?)[\s,;(]+ngày\s+([0-9/.\-]+)", written, re.I)):
        written = parts[1]
        decided = decided or _day_in(parts[2])
    return written, decided


def _expires(row: Cells) -> date | None:
    """The printed last day; a term such as "36 tháng" is what the law says anyway."""
    if re.search(r"tháng|thang", text_of(row.raw("expires_on")), re.I) and not DAY_WITHIN.search(
        text_of(row.raw("expires_on"))
    ):
        return None
    found = row.read("expires_on", cells.dated)
    return found.day if found else None


def name_key(name: str) -> str:
    """One key for all spellings of a name."""
    return " ".join(word for word in expand_aliases(fold(name)).split() if word != "va")


def twice(reading: Reading) -> None:
    """Keep the first of two rows about the same thing, and report the second."""
    kept: list[CooperativeRow] = []
    by_code: dict[str, CooperativeRow] = {}
    by_name: dict[tuple[str, str], CooperativeRow] = {}
    for row in reading.cooperatives:
        named = (name_key(row.name), row.commune.folded)
        first = by_code.get(row.tax_code or "") or by_name.get(named)
        if first and not (first.tax_code and row.tax_code and first.tax_code != row.tax_code):
            reading.failures.append(_again(row, first, row.name))
            continue
        kept.append(row)
        by_name.setdefault(named, row)
        if row.tax_code:
            by_code[row.tax_code] = row
    reading.cooperatives = kept
    listed: dict[tuple[str, ...], OcopRow] = {}
    for product in reading.products:
        occasion = product.decision_no or str(product.round)
        first_listed = listed.setdefault((name_key(product.product), name_key(product.owner), fold(occasion)), product)
        if first_listed is not product:
            reading.failures.append(_again(product, first_listed, product.product))
    reading.products = list(listed.values())


def _again(row: CooperativeRow | OcopRow, first: CooperativeRow | OcopRow, name: str) -> Failure:
    message: Message = msgid(
        "Already written in row %(row)s of sheet “%(sheet)s”. Delete one of the two rows.",
        row=first.row,
        sheet=first.sheet,
    )
    return Failure(row.sheet, row.row, "", "", name, message)
