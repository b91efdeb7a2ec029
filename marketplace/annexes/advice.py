"""PURE: what to look at twice in an annex before it is sent and signed. The parties may know better: nothing is refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.annexes.effective import NewTerms
from marketplace.annexes.rules import FIELDS, Field
from marketplace.clauses.fairness_case import Case
from marketplace.clauses.fairness_duties import support_term
from marketplace.clauses.terms import Terms
from marketplace.kernel.dates import format_date, format_month, month_start
from marketplace.kernel.messages import Message, msgid


@dataclass(frozen=True)
class Neighbour:
    """A contract between the same parties, or another open annex, by its name."""

    name: str
    until: date | None = None  # of a contract
    fields: frozenset[Field] = frozenset()  # of an annex


def advice(
    standing: Terms,
    new: NewTerms,
    effective_on: date,
    signed_on: date,
    *,
    contracts: Sequence[Neighbour] = (),
    annexes: Sequence[Neighbour] = (),
) -> list[Message]:
    """Everything about one annex; `signed_on` is the day of the last signature, or today while it is awaited."""
    after = new.applied(standing)
    return [
        *reaches_back(new, effective_on, signed_on),
        *beyond_the_end(after, new),
        *given_up(standing, after, effective_on),
        *support(standing, after, effective_on),
        *twice(standing, after, contracts),
        *also_changed(new, annexes),
    ]


def reaches_back(new: NewTerms, effective_on: date, signed_on: date) -> Iterator[Message]:
    """It holds before all have signed."""
    if effective_on >= signed_on:
        return
    day = format_date(effective_on)
    yield msgid(
        "This annex takes effect on %(day)s, before all have signed: it reaches back. Make sure that both sides mean that.",
        day=day,
    )
    if Field.PRICE in new.fields:
        yield msgid(
            "The new price then holds for goods delivered since %(day)s too: write how the difference is paid.", day=day
        )


def beyond_the_end(after: Terms, new: NewTerms) -> Iterator[Message]:
    """A month of delivery after the end."""
    if after.ends_on is None or not new.fields & {Field.ENDS_ON, Field.MONTHS, Field.GOODS, Field.SPLIT}:
        return
    for line in after.goods:
        late = sorted(month for month, much in line.schedule.items() if much and month > after.ends_on)
        if late:
            yield msgid(
                "%(goods)s is to be delivered until %(month)s, but the contract then ends on %(day)s.",
                goods=line.name,
                month=format_month(late[-1]),
                day=format_date(after.ends_on),
            )


def given_up(standing: Terms, after: Terms, effective_on: date) -> Iterator[Message]:
    """Months that are still to come by the terms that stand, and no longer by the annex: a renewal that begins too early."""
    if after.ends_on is None or standing.ends_on is None or after.ends_on <= standing.ends_on:
        return
    for line, then in zip(standing.goods, after.goods, strict=False):
        gone = sorted(set(line.schedule) - set(then.schedule))
        gone = [month for month in gone if month >= month_start(effective_on)]
        if gone:
            yield msgid(
                "%(goods)s: from %(day)s on the months %(months)s of the running term no longer stand. "
                "Let the renewal take effect later, or keep these months.",
                goods=line.name,
                day=format_date(effective_on),
                months=", ".join(map(format_month, gone)),
            )


def support(standing: Terms, after: Terms, today: date) -> Iterator[Message]:
    """A term that was long enough for support, and no longer is."""
    before, now = (support_term(Case(terms, (), today)) for terms in (standing, after))
    if now is not None and now != before:
        yield now


def twice(standing: Terms, after: Terms, contracts: Sequence[Neighbour]) -> Iterator[Message]:
    """A renewal into the time of another contract."""
    if after.ends_on == standing.ends_on:
        return
    for each in contracts:
        yield msgid(
            "Contract %(number)s between the same parties runs in the same time, until %(day)s: "
            "make sure that nothing is promised twice.",
            number=each.name,
            day=format_date(each.until) if each.until else "…",
        )


def also_changed(new: NewTerms, annexes: Sequence[Neighbour]) -> Iterator[Message]:
    """Another open annex to the same point."""
    for each in annexes:
        same = sorted(new.fields & each.fields - {Field.CLAUSE, Field.GOODS})
        if same:
            yield msgid(
                "Annex %(number)s, which is not signed yet, changes the same: %(fields)s. "
                "Of two that take effect on one day, the one signed later holds.",
                number=each.name,
                fields=listed([FIELDS[field] for field in same]),
            )


def listed(words: Sequence[Message]) -> Message:
    """One after the other."""
    first, *rest = words
    return msgid("%(first)s, %(rest)s", first=first, rest=listed(rest)) if rest else first


def added_time(standing: Terms, new: NewTerms) -> tuple[date, date] | None:
    """The days that a renewal adds."""
    if new.ends_on is None or standing.ends_on is None or new.ends_on <= standing.ends_on:
        return None
    return standing.ends_on + timedelta(days=1), new.ends_on
