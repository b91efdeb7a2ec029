"""Which signatures count for official statistics: a setting of each province, printed on each report."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from marketplace.accounts.models import User
from marketplace.contracts.counting import SETTING, of_province
from marketplace.contracts.rules import Counting
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.ledger.service import record
from marketplace.organisations.access import capacities
from marketplace.places.models import AdminUnit
from marketplace.web import settings

COUNTINGS: dict[Counting, Message] = {
    Counting.INK: msgid("signed on paper"),
    Counting.DIGITAL: msgid("digital signature"),
    Counting.APP_ATTESTED: msgid("confirmed in the application and attested by an officer"),
    Counting.APP: msgid("confirmed in the application, also without attestation"),
}


def name_of(province_id: int) -> str:
    """The name of the province's setting."""
    return f"{SETTING}{province_id}"


def provinces(user: Any) -> list[AdminUnit]:
    """The provinces whose setting this person may change: an officer's of the province."""
    units = {post.unit.id: post.unit for post in capacities(user).acting_posts if post.unit is not None}
    return [unit for unit in units.values() if unit.level == "province"]


def change(province: AdminUnit, chosen: Collection[Counting], *, actor: User, now: datetime) -> None:
    """Let these ways of signing count from now on, in every report of whatever day."""
    if not chosen:
        raise Refusal(msgid("Choose at least one way of signing that counts."), field="counting")
    before, after = sorted(of_province(province.id)), sorted(set(chosen))
    if before == after:
        return
    settings.put(name_of(province.id), [str(code) for code in after])
    record(
        "counting:changed",
        province,
        actor=actor.id,
        now=now,
        data={"before": [str(code) for code in before], "after": [str(code) for code in after]},
    )
