"""PURE: from a sheet to what its rows say: cooperatives, OCOP products, and every failure with its place."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.vietnamese import expand_aliases, fold
from marketplace.organisations.rules import Kind
from marketplace.register import headings, terms
from marketplace.register.cooperative_rows import ValidTaxCode, read_cooperative
from marketplace.register.grid import Row, Sheet, letter, text_of
from marketplace.register.headings import Header
from marketplace.register.ocop_rows import read_product
from marketplace.register.rows import Cells, CooperativeRow, Failure, OcopRow
from marketplace.register.sections import Context, Line, classify

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
    texts: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    """Every row of data as it stands, with the sector of its section at the end: for the file that is handed back."""
    headings: dict[str, list[str]] = field(default_factory=dict)
    """The heading of each column of a sheet."""
    columns: dict[str, dict[str, int]] = field(default_factory=dict)
    """Where each meaning stands in a sheet."""


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
    reading.headings[sheet.name] = headings_of(header)
    reading.columns[sheet.name] = header.columns
    context = Context(kind=default_kind(sheet, header))
    for row in data_rows(sheet, header, context, report, reading.failures):
        report.rows += 1
        width = len(reading.headings[sheet.name])
        words = [text_of(row.at(column)) for column in range(1, width + 1)]
        reading.texts[sheet.name, row.number] = [*words, section_words(context, header)]
        row_cells = Cells(sheet.name, header, row)
        if header.kind == "ocop":
            product = read_product(row_cells, context, valid_tax_code)
            reading.products += [product] if product else []
        else:
            cooperative = read_cooperative(row_cells, context, valid_tax_code)
            reading.cooperatives += [cooperative] if cooperative else []
        reading.failures += row_cells.failures


def headings_of(header: Header) -> list[str]:
    """One heading for each column, such that the sheet could be read again from it."""
    width = max(header.headings)
    texts = [header.headings.get(column, "") for column in range(1, width + 1)]
    capital = header.columns.get("capital")
    if capital and header.unit and headings.money_unit(texts[capital - 1]) is None:
        texts[capital - 1] += f" ({headings.UNIT_WORDS[header.unit]})"
    return texts


def section_words(context: Context, header: Header) -> str:
    """The sector that only the section above gives its rows, in words that are read back."""
    own = "sector" in header.columns or header.marks
    return terms.WORDS_OF_SECTOR[context.sector] if context.sector and not own else ""


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
