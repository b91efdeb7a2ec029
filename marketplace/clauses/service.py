"""Writing templates: loading the shipped ones, a new version, its clauses, publishing. A published version never changes."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.clauses import queries
from marketplace.clauses.language import MOST_CLAUSES, problems
from marketplace.clauses.models import Template, TemplateVersion
from marketplace.clauses.seeds import seeds
from marketplace.clauses.terms import ContractKind
from marketplace.clauses.text import fingerprint
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.ledger.service import record


@dataclass
class Loaded:
    """What a load did, by the code of each template."""

    created: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)


def load(now: datetime) -> Loaded:
    """Put the shipped templates into the database; a second load changes nothing. The caller commits.

    A template whose last version is still a shipped one follows the application; one that the administrator has worded
    anew is left alone. No entry in the ledger: nobody acted.
    """
    loaded = Loaded()
    stored = {template.code: template for template in db.session.scalars(select(Template))}
    for code, seed in seeds().items():
        template = stored.get(code)
        if template is None:
            template = Template(code=code, kind=ContractKind(seed["kind"]), created_at=now)
            db.session.add(template)
            db.session.flush()
            loaded.created.append(code)
        elif any(version.published_by_id or version.published_at is None for version in template.versions):
            loaded.own.append(code)
            continue
        elif template.versions and template.versions[-1].body == seed["body"]:
            loaded.unchanged.append(code)
            continue
        else:
            loaded.renewed.append(code)
        add_version(template, seed["name"], seed["body"], now, published=True)
    return loaded


def add_version(
    template: Template, title: str, body: Mapping[str, Any], now: datetime, *, published: bool = False
) -> TemplateVersion:
    """The next version of a template."""
    last = max((version.number for version in template.versions), default=0)
    version = TemplateVersion(
        number=last + 1,
        title=title,
        body=deepcopy(dict(body)),
        edited_at=now,
        valid_from=local_date(now) if published else None,
        published_at=now if published else None,
    )
    template.versions.append(version)
    db.session.flush()
    return version


def begin(template: Template, *, actor: User, now: datetime) -> TemplateVersion:
    """A new version to write, beginning as the last one reads; there is one at a time."""
    if queries.draft_of(template) is not None:
        raise Refusal(msgid("A new version is being written already: go on with that one."))
    last = template.versions[-1]
    version = add_version(template, last.title, last.body, now)
    record("template:begun", template, actor=actor.id, now=now, data={"number": version.number})
    return version


def unpublished(version: TemplateVersion) -> None:
    """Refuse to touch what contracts are already written from."""
    if version.published_at is not None:
        raise Refusal(msgid("A published version is never changed: begin a new one."))


def change(version: TemplateVersion, changes: Mapping[str, Any], *, title: str | None = None, now: datetime) -> None:
    """Reword the head of a version: title, legal bases, opening, closing."""
    unpublished(version)
    version.body = {**version.body, **changes}
    version.title = title or version.title
    version.edited_at = now
    db.session.flush()


def put_clause(version: TemplateVersion, place: int, clause: Mapping[str, Any], *, now: datetime) -> None:
    """Exchange a clause, or add one at the end before the last clause, which says from when all this holds."""
    unpublished(version)
    clauses = list(version.body["clauses"])
    if place < len(clauses):
        clauses[place] = dict(clause)
    elif len(clauses) >= MOST_CLAUSES:
        raise Refusal(msgid("A template has at most %(most)s clauses.", most=MOST_CLAUSES))
    else:
        clauses.insert(max(len(clauses) - 1, 0), dict(clause))
    change(version, {"clauses": clauses}, now=now)


def move_clause(version: TemplateVersion, place: int, by: int, *, now: datetime) -> None:
    """Up (-1) or down (1) by one place; at the end of the list nothing moves."""
    unpublished(version)
    clauses = list(version.body["clauses"])
    queries.clause_of(version.body, place)
    if 0 <= place + by < len(clauses):
        clauses.insert(place + by, clauses.pop(place))
        change(version, {"clauses": clauses}, now=now)


def remove_clause(version: TemplateVersion, place: int, *, now: datetime) -> None:
    """Take a clause out."""
    unpublished(version)
    gone = queries.clause_of(version.body, place)
    change(version, {"clauses": [clause for clause in version.body["clauses"] if clause is not gone]}, now=now)


def publish(version: TemplateVersion, valid_from: date, *, actor: User, now: datetime) -> None:
    """From this day on new contracts are written from this version; those drawn up before keep theirs."""
    unpublished(version)
    if problems(version.body, version.template.kind):
        raise Refusal(msgid("Something in this version cannot be written out yet: see the marked places."))
    earlier = queries.before(version)
    if not queries.differs(version):
        raise Refusal(msgid("Nothing differs from the version before."))
    if valid_from < local_date(now):
        raise Refusal(msgid("This day has passed: choose today or a later one."), "valid_from")
    if earlier is not None and earlier.valid_from is not None and valid_from < earlier.valid_from:
        raise Refusal(msgid("The version before begins only later: choose its day or a later one."), "valid_from")
    version.valid_from, version.published_at, version.published_by_id = valid_from, now, actor.id
    db.session.flush()
    record(
        "template:published",
        version.template,
        actor=actor.id,
        now=now,
        data={
            "number": version.number,
            "title": version.title,
            "valid_from": valid_from.isoformat(),
            "digest": fingerprint(version.body),
        },
    )


def drop(version: TemplateVersion, *, actor: User, now: datetime) -> None:
    """Throw away a version that was never published."""
    unpublished(version)
    template, number = version.template, version.number
    if number == 1:
        raise Refusal(msgid("This is the only version of the template."))
    template.versions.remove(version)
    db.session.delete(version)
    db.session.flush()
    record("template:dropped", template, actor=actor.id, now=now, data={"number": number})
