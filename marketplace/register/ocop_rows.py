"""PURE: one row of a list of OCOP products: its cells read and held against each other."""

import re
from datetime import date
from functools import partial

from marketplace.kernel.messages import msgid
from marketplace.kernel.quantities import parse_unit
from marketplace.register import cells, meanings, names
from marketplace.register.cells import Dated
from marketplace.register.cooperative_rows import DAY_WITHIN, NO_NAME, ValidTaxCode, day_in, kind_stated, short
from marketplace.register.grid import text_of
from marketplace.register.rows import Cells, OcopRow
from marketplace.register.sections import Context

NO_OWNER = msgid("The owner is missing. Write the cooperative, company or household that makes the product.")
NO_GROUP = msgid("The product group is missing. Write for example “Thực phẩm”.")
NO_NUMBER = msgid("A product with stars needs the number of its decision. Write it, for example 101/QĐ-UBND.")
TOO_FEW_STARS = msgid("Only 3 to 5 stars are recognised. Correct the stars, or delete the row.")
NO_DECISION_DAY = msgid("A product with stars needs the date of its decision. Write it, for example 16/6/2022.")
NO_ROUND = msgid(
    "A product without stars needs its round of evaluation. Write for example “Đợt 1 năm 2023”, or its stars."
)


def read_product(row: Cells, context: Context, valid_tax_code: ValidTaxCode) -> OcopRow | None:
    """One OCOP product; None, with the failures recorded, where a cell cannot be read."""
    product = row.need("product", short(160), NO_NAME)
    owner = row.need("owner", cells.text, NO_OWNER)
    owner_kind = row.read("kind", kind_stated) or (names.kind_of(owner) if owner else None)
    column = "group" if "group" in row.header.columns else "subgroup"
    group = row.read(column, meanings.group) or context.group
    if group is None and not row.failures:
        row.fail(column, NO_GROUP)
    stars = row.read("stars", meanings.stars) or context.stars
    number, decided = decision(row)
    if stars and decided is None and not row.failures:
        row.fail("decided_on" if "decided_on" in row.header.columns else "decision_no", NO_DECISION_DAY)
    if stars and not number and not row.failures:
        row.fail("decision_no", NO_NUMBER)
    if stars and stars < 3:
        row.fail("stars", TOO_FEW_STARS)
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
        note=row.read("note", short(2000)),
    )
    return None if row.failures else found


def decision(row: Cells) -> tuple[str | None, Dated | None]:
    """Number and day of the decision; some lists write "101/QĐ-UBND ngày 13/3/2022" into one cell."""
    written = row.read("decision_no", short(80))
    decided = row.read("decided_on", cells.dated)
    if written and (parts := re.match(r"(?:số\s*)?(\S.*?)[\s,;(]+ngày\s+([0-9/.\-]+)", written, re.I)):
        written = parts[1]
        decided = decided or day_in(parts[2])
    return written, decided


def _expires(row: Cells) -> date | None:
    """The printed last day; a term such as "36 tháng" is what the law says anyway."""
    if re.search(r"tháng|thang", text_of(row.raw("expires_on")), re.I) and not DAY_WITHIN.search(
        text_of(row.raw("expires_on"))
    ):
        return None
    found = row.read("expires_on", cells.dated)
    return found.day if found else None
