"""The form in which several sellers share out the goods of a draft: a field for each seller, line and month."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms.validators import Optional

from marketplace.contracts.models import Contract, Line, Party
from marketplace.contracts.service_shares import Wanted
from marketplace.contracts.sharing import Months, Shared, shared_out
from marketplace.kernel.dates import format_month
from marketplace.web.fields import QuantityField
from marketplace.web.forms import Form


class SplitForm(Form):
    """Everybody's share. Its fields come with the contract (`split_form`)."""

    shared: list[Shared]

    def fields_of(self, party: Party, shared: Shared) -> list[Any]:
        """One seller's fields for one line, by month."""
        return [self[field_name(party, shared.line, month)] for month in shared.months]

    def wanted(self) -> Wanted:
        """(party, line) → months, as typed."""
        return {
            (row.party.id, shared.line.id): self.typed(row.party, shared)
            for shared in self.shared
            for row in shared.rows
        }

    def typed(self, party: Party, shared: Shared) -> Months:
        """One seller's months of one line."""
        found = ((month, self[field_name(party, shared.line, month)].data) for month in shared.months)
        return {month: quantity for month, quantity in found if quantity}


def field_name(party: Party, line: Line, month: date | None) -> str:
    """The name of a field; lines and sellers by their position, which the version of the page holds."""
    return f"share_{party.position}_{line.position}_{f'{month:%Y%m}' if month else 'whole'}"


def split_form(contract: Contract) -> SplitForm:
    """The form for one contract, with the shares as they are stored."""
    shared = shared_out(contract)
    fields: dict[str, Any] = {"shared": shared}
    values: dict[str, Any] = {"version": contract.version}
    for each in shared:
        for row in each.rows:
            for month in each.months:
                name = field_name(row.party, each.line, month)
                fields[name] = QuantityField(format_month(month) if month else _("Quantity"), [Optional()])
                values[name] = row.months.get(month)
    made: type[SplitForm] = type("SplitForm", (SplitForm,), fields)
    return made(data=values)
