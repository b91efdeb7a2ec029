"""The one way in: an uploaded Excel file to everything that it says."""

from typing import BinaryIO

from marketplace.register.sheets import Reading, ValidTaxCode, read_sheets
from marketplace.register.workbook import open_workbook


def read(stream: BinaryIO, *, valid_tax_code: ValidTaxCode) -> Reading:
    """Read a register; a Refusal says why the file as a whole cannot be read."""
    return read_sheets(open_workbook(stream), valid_tax_code)
