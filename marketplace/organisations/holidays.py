"""`flask doctor`: whether terms in working days can be computed this year, and soon the next."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from marketplace.config import Settings
from marketplace.kernel.dates import local_date
from marketplace.kernel.messages import msgid
from marketplace.kernel.public_holidays import known
from marketplace.signatures.doctor import Check, Health

AHEAD = timedelta(days=30)


def known_this_year(_settings: Settings, now: datetime) -> Iterable[Check]:
    """A year without its public holidays counts too many working days."""
    missing = [year for year in sorted({local_date(now).year, local_date(now + AHEAD).year}) if not known(year)]
    if not missing:
        yield Check("holidays", Health.OK, msgid("This year's public holidays are known."))
        return
    text = msgid(
        "The public holidays of %(year)s are not known: terms in working days end too early. Install a newer version.",
        year=str(missing[0]),
    )
    yield Check("holidays", Health.WARN, text)
