"""Opens an uploaded Excel file safely: a real .xlsx by its content, bounded before anything is unpacked."""

import re
import warnings
import zipfile
from bisect import bisect_left, bisect_right
from typing import Any, BinaryIO
from xml.etree import ElementTree
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, range_boundaries

from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.register.grid import Broken, Merge, Row, Sheet, Value, blank

LARGEST_FILE = 10 * 2**20
LARGEST_UNPACKED = 64 * 2**20
MOST_PARTS, MOST_ROWS, MOST_COLUMNS, MOST_MERGES, MOST_FILLED = 2_000, 50_000, 100, 5_000, 200_000
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

TOO_LARGE = msgid("The file is larger than 10 MB. Delete pictures and empty sheets, or split it.")
UNPACKS_TOO_LARGE = msgid(
    "The file unpacks to far more than it seems. Copy the table into a new file and save it as .xlsx."
)
OLD_EXCEL = msgid("This is a file of Excel 97–2003 (.xls). Open it in Excel and save it as .xlsx (Lưu lại dạng .xlsx).")
ENCRYPTED = msgid("The file is protected by a password. Remove the password in Excel and save it again.")
MACROS = msgid("The file holds macros. Save it as .xlsx, the kind without macros (Lưu lại dạng .xlsx).")
NOT_XLSX = msgid("This is not an Excel file, whatever its name says. Open the table in Excel and save it as .xlsx.")
TEXT = msgid("This is a text or CSV file. Open it in Excel and save it as .xlsx (Lưu lại dạng .xlsx).")
PAGE = msgid("This is a web page with the name of an Excel file. Open it in Excel and save it as .xlsx.")
OTHER_OFFICE = msgid("This is not an .xlsx file but another office document. Save the table as .xlsx.")
DAMAGED = msgid("The file is damaged. Open it in Excel, save it under a new name, and upload that.")
EMPTY = msgid("The file is empty. Choose the Excel file once more.")
TOO_MANY_ROWS = msgid("The sheet “%(sheet)s” has more than 50.000 rows. Split it into several files.")
TOO_MANY_COLUMNS = msgid(
    "The sheet “%(sheet)s” has more than 100 columns. Delete those that the register does not need."
)
TOO_MANY_MERGES = msgid("The sheet “%(sheet)s” has too many merged cells. Unmerge them and save the file again.")

# openpyxl warns about every feature that it does not keep; nothing is written back here.
warnings.filterwarnings("ignore", module="openpyxl")


def open_workbook(stream: BinaryIO) -> list[Sheet]:
    """The sheets of an uploaded file; a Refusal says why it cannot be read and what to do."""
    check_signature(stream)
    try:
        with zipfile.ZipFile(stream) as archive:
            main = check_parts(archive)
            places = sheet_parts(archive, main)
            structures = {name: scan(archive, part, name) for name, part, _hidden in places}
            stream.seek(0)
            book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            try:
                return [
                    read_sheet(book[name], structures[name], name, hidden)
                    for name, _part, hidden in places
                    if name in structures and not hasattr(book[name], "charts")
                ]
            finally:
                book.close()
    except Refusal:
        raise
    except Exception as error:  # a hostile or broken file can fail anywhere inside zipfile, expat and openpyxl
        raise Refusal(DAMAGED) from error


def check_signature(stream: BinaryIO) -> None:
    """What the first bytes say, before the archive is opened."""
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(0)
    head = stream.read(4096)
    stream.seek(0)
    if size == 0:
        raise Refusal(EMPTY)
    if size > LARGEST_FILE:
        raise Refusal(TOO_LARGE)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        whole = stream.read()
        raise Refusal(ENCRYPTED if "EncryptedPackage".encode("utf-16-le") in whole else OLD_EXCEL)
    if head.startswith(b"PK\x03\x04"):
        return
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml", b"<head", b"<meta", b"<style")):
        raise Refusal(PAGE)
    raise Refusal(TEXT if is_text(head) else NOT_XLSX)


def is_text(head: bytes) -> bool:
    """Lines of text in some encoding: what a CSV file is."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not re.search(rb"[\x00-\x08\x0e-\x1f]", head)


def check_parts(archive: zipfile.ZipFile) -> str:
    """Bounds and kind of the archive; the name of its workbook part."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Refusal(UNPACKS_TOO_LARGE)
    names = {part.filename for part in parts}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refusal(MACROS)
    if "[Content_Types].xml" not in names:
        raise Refusal(OTHER_OFFICE if "mimetype" in names or "content.xml" in names else NOT_XLSX)
    for name in names:
        if name.endswith((".xml", ".rels")):
            refuse_doctype(archive, name)
    types = ElementTree.fromstring(archive.read("[Content_Types].xml"))
    for entry in types:
        kind, name = entry.get("ContentType", ""), entry.get("PartName", "").lstrip("/")
        if kind == WORKBOOK:
            return name
        if "macroEnabled" in kind:
            raise Refusal(MACROS)
    raise Refusal(OTHER_OFFICE)


def refuse_doctype(archive: zipfile.ZipFile, name: str) -> None:
    """No office program writes a document type; entities in one are an attack."""
    parser = expat.ParserCreate()
    seen: list[str] = []
    parser.StartElementHandler = lambda tag, _attributes: seen.append(tag)

    def doctype(*_rest: Any) -> None:
        raise Refusal(DAMAGED)

    parser.StartDoctypeDeclHandler = doctype
    with archive.open(name) as part:
        while not seen and (chunk := part.read(16_384)):
            parser.Parse(chunk)


def sheet_parts(archive: zipfile.ZipFile, main: str) -> list[tuple[str, str, bool]]:
    """(name, part, hidden) of every worksheet, in the order of the tabs."""
    folder, _, file = main.rpartition("/")
    relations = ElementTree.fromstring(archive.read(f"{folder}/_rels/{file}.rels"))
    targets = {
        relation.get("Id"): (relation.get("Target", ""), relation.get("Type", ""))
        for relation in relations
        if relation.get("TargetMode") != "External"
    }
    found = []
    for element in ElementTree.fromstring(archive.read(main)).iter():
        if element.tag.endswith("}sheet"):
            identity = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            target, kind = targets.get(identity, ("", ""))
            part = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            if kind.endswith("/worksheet") and part in archive.namelist():
                found.append((element.get("name", ""), part, element.get("state", "visible") != "visible"))
    return found


class Structure:
    """What openpyxl does not tell in its streaming mode: merged ranges, and formulas stored without a result."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.merges: list[Merge] = []
        self.unresolved: set[tuple[int, int]] = set()
        self.rows: set[int] = set()
        self.row = self.column = 0
        self.formula = self.value = self.inside = False
        self.string = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        match tag.rpartition(":")[2]:
            case "row":
                self.row, self.column = int(attributes.get("r", self.row + 1)), 0
            case "c":
                if reference := attributes.get("r"):
                    letters, self.row = coordinate_from_string(reference)
                    self.column = column_index_from_string(letters)
                else:
                    self.column += 1
                self.formula = self.value = False
                self.string = attributes.get("t") in ("str", "inlineStr")
            case "f":
                self.formula = True
            case "v" | "is":
                self.inside = True
            case "mergeCell":
                self.merge(attributes.get("ref", ""))

    def merge(self, reference: str) -> None:
        """Note a merged range."""
        left, top, right, bottom = range_boundaries(reference)
        self.merges.append(Merge(int(top or 1), int(left or 1), int(bottom or 1), int(right or 1)))
        if len(self.merges) > MOST_MERGES:
            raise Refusal(msgid(TOO_MANY_MERGES.text, sheet=self.sheet))

    def data(self, text: str) -> None:
        """Character data; only that of a value matters."""
        self.value = self.value or (self.inside and bool(text.strip()))

    def end(self, tag: str) -> None:
        """An element ends."""
        tag = tag.rpartition(":")[2]
        if tag in ("v", "is"):
            self.inside = False
        elif tag == "c":
            if self.formula and not self.value and not self.string:
                self.unresolved.add((self.row, self.column))
            elif self.value:
                self.rows.add(self.row)
                if self.column > MOST_COLUMNS:
                    raise Refusal(msgid(TOO_MANY_COLUMNS.text, sheet=self.sheet))
            if len(self.rows) > MOST_ROWS or len(self.unresolved) > MOST_FILLED:
                raise Refusal(msgid(TOO_MANY_ROWS.text, sheet=self.sheet))


def scan(archive: zipfile.ZipFile, part: str, name: str) -> Structure:
    """One quick pass over a sheet's XML, which also holds its bounds."""
    structure = Structure(name)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = structure.start, structure.end
    parser.CharacterDataHandler = structure.data
    with archive.open(part) as file:
        parser.ParseFile(file)
    return structure


def read_sheet(worksheet: Any, structure: Structure, name: str, hidden: bool) -> Sheet:
    """The rows that hold something; a value merged over several rows stands in each of them."""
    worksheet.reset_dimensions()
    rows: dict[int, list[Value]] = {}
    unresolved: dict[int, list[int]] = {}
    for number, column in structure.unresolved:
        unresolved.setdefault(number, []).append(column)
    for number, cells in enumerate(worksheet.iter_rows(min_row=1, max_col=MOST_COLUMNS), 1):
        if number not in structure.rows and number not in unresolved:
            continue
        values: list[Value] = [Broken(str(cell.value)) if cell.data_type == "e" else cell.value for cell in cells]
        for column in unresolved.get(number, ()):
            if column <= len(values):
                values[column - 1] = Broken()
        while values and blank(values[-1]):
            values.pop()
        if values:
            rows[number] = values
    fill_down(rows, structure)
    return Sheet(
        name, tuple(Row(number, tuple(values)) for number, values in rows.items()), tuple(structure.merges), hidden
    )


def fill_down(rows: dict[int, list[Value]], structure: Structure) -> None:
    """Give the value of a range merged over rows to each of its rows."""
    numbers = list(rows)
    filled = 0
    for merge in structure.merges:
        source = rows.get(merge.top, [])
        value = source[merge.left - 1] if merge.left <= len(source) else None
        if merge.bottom == merge.top or blank(value):
            continue
        for number in numbers[bisect_right(numbers, merge.top) : bisect_left(numbers, merge.bottom + 1)]:
            values = rows[number]
            values.extend([None] * (merge.left - len(values)))
            values[merge.left - 1] = value
            filled += 1
        if filled > MOST_FILLED:
            raise Refusal(msgid(TOO_MANY_MERGES.text, sheet=structure.sheet))
