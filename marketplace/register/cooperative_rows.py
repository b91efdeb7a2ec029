"""PURE: one row of a register of cooperatives: its cells read and held against each other."""

import re
from collections.abc import Callable
from datetime import date
from functools import partial

from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.organisations.rules import GONE, STATUSES, Kind, RegisterStatus
from marketplace.register import cells, meanings, names
from marketplace.register.cells import Dated
from marketplace.register.grid import Value, text_of
from marketplace.register.rows import Cells, CooperativeRow
from marketplace.register.sections import Context

ValidTaxCode = Callable[[str], bool]

NO_NAME = msgid("The name is missing. Write it, or delete the row.")
NO_COMMUNE = msgid("The commune is missing. Write for example “Xã Mường Cang”.")
NO_FOUNDED = msgid("The founding date is missing. Write it, or the year alone where the day is not known.")
NO_KIND = msgid(
    "It cannot be told what kind of organisation this is. Write HTX, THT, Công ty or Hộ kinh doanh before the name."
)


def read_cooperative(row: Cells, context: Context, valid_tax_code: ValidTaxCode) -> CooperativeRow | None:
    """One organisation; None, with the failures recorded, where a cell cannot be read."""
    name = row.need("name", cells.text, NO_NAME)
    kind = row.read("kind", kind_stated) or (names.kind_of(name) if name else None) or context.kind
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
        representative=row.read("representative", short(120)),
        title=row.read("title", short(80)),
        phone=row.read("phone", cells.phone),
        email=row.read("email", cells.email),
        sector=row.read("sector", meanings.sector) or _ticked(row) or context.sector,
        status=status,
        ended=ended,
        note=row.read("note", short(2000)),
    )
    return None if row.failures else found


def short(longest: int) -> Callable[[Value], str]:
    """A reader of text up to a length."""
    return partial(cells.text, longest=longest)


def kind_stated(value: Value) -> Kind | None:
    """The kind that a column of its own states."""
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
    registration = row.read("registration_no", short(60))
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
        ended = day_in(within[0]) if within else None
    if status in GONE and not ended and not row.failures:
        message = msgid(
            "It is marked “%(status)s” without a date. Write the date, or the year alone, in the column of dissolution.",
            status=STATUSES[status],
        )
        row.fail("ended" if "ended" in row.header.columns else "note", message)
    return status, ended


def day_in(text: str) -> Dated | None:
    """The day within a remark, where it is one."""
    try:
        return cells.dated(text)
    except Refusal:
        return None
