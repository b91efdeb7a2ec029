"""Where a register belongs: which communes its names mean, and which of them the officer may enter."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.places import names as place_names
from marketplace.places import queries as places
from marketplace.places.models import AdminUnit, ReportingArea
from marketplace.register import queries
from marketplace.register.names import SWITCH, Commune, era_of
from marketplace.register.sheets import Reading

MOST_GUESSES = 50


@dataclass
class Scope:
    """The bounds of an import. `territory` None: everywhere (a command of the installation's operator)."""

    today: date
    area: ReportingArea | None = None
    province: AdminUnit | None = None
    territory: set[int] | None = None
    whole_province: bool = True  # may also enter what has no commune
    era: str | None = None
    found: dict[str, AdminUnit | None] = field(default_factory=dict)
    guesses: dict[str, list[str]] = field(default_factory=dict)
    old: list[AdminUnit] = field(default_factory=list)
    new: list[AdminUnit] = field(default_factory=list)

    def learn(self, reading: Reading) -> None:
        """Read the communes that may be meant, and tell the era of the file where nobody said it."""
        province_id = self.province.id if self.province else None
        self.old = queries.communes(self.area, province_id, "old")
        self.new = queries.communes(self.area, province_id, "new")
        if self.era is None:
            self.era = era_of(
                {(row.commune.type, row.commune.folded) for row in reading.cooperatives},
                {(unit.type, unit.folded) for unit in self.old},
                {(unit.type, unit.folded) for unit in self.new},
                latest_day(reading),
            )

    @property
    def units(self) -> set[int] | None:
        """All units that the file can mean; None: any."""
        return {unit.id for unit in (*self.old, *self.new)} or None

    def unit(self, commune: Commune) -> AdminUnit:
        """The commune meant; a Refusal names the nearest ones, or says that it is not the officer's."""
        text = commune.full
        if text not in self.found:
            day = queries.LAST_OLD_DAY if self.era == "old" else max(self.today, SWITCH)
            province_id = self.province.id if self.province else None
            self.found[text] = places.find_commune(text, at=day, province_id=province_id, area=self.area)
        found = self.found[text]
        if found is None:
            raise Refusal(self.unknown(commune), "commune")
        self.check(found)
        return found

    def check(self, unit: AdminUnit | None) -> None:
        """Refuse what lies outside the officer's territory."""
        if self.territory is None:
            return
        if unit is None and not self.whole_province:
            raise Refusal(
                msgid("Write the commune: without it only the province's officers can enter this row."), "commune"
            )
        if unit is not None and unit.id not in self.territory:
            outside = msgid("%(commune)s is outside your area: its own officers enter this row.", commune=unit.name)
            raise Refusal(outside, "commune")

    def unknown(self, commune: Commune) -> Message:
        """The sentence for a name that no commune has."""
        listed = self.old if self.era == "old" else self.new
        by_name: dict[str, str] = {unit.folded: unit.name for unit in (*listed, *self.old, *self.new)}
        near = self.nearest(place_names.folded_name(commune.text), lambda: by_name)
        if near:
            return msgid(
                "There is no commune “%(value)s” here. Did you mean %(names)s?",
                value=commune.text,
                names=", ".join(near),
            )
        return msgid(
            "There is no commune “%(value)s” here. Write its name as in the list of communes, for example “Xã Mường Cang”.",
            value=commune.text,
        )

    def nearest(self, folded: str, known: Callable[[], dict[str, str]]) -> list[str]:
        """Names (by their folded form) that look like what was written, closest first; compared once for each text.

        Comparing is slow, so a file with a mistake in every row gets suggestions for its first ones only.
        """
        if folded not in self.guesses and len(self.guesses) < MOST_GUESSES:
            names = known()
            close = difflib.get_close_matches(folded, list(names), n=3, cutoff=0.6)
            self.guesses[folded] = [names[key] for key in close]
        return self.guesses.get(folded, [])


def latest_day(reading: Reading) -> date | None:
    """The latest day that stands in a file: it is not older than that."""
    days = [row.founded.day for row in reading.cooperatives if row.founded.precision == "day"]
    days += [row.ended.day for row in reading.cooperatives if row.ended and row.ended.precision == "day"]
    days += [row.decided.day for row in reading.products if row.decided and row.decided.precision == "day"]
    return max(days, default=None)
