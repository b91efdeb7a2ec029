"""Templates as they are stored: which version is in use on a day, and the drafts of the administrator."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from marketplace.clauses.models import Template, TemplateVersion
from marketplace.clauses.seeds import DEFAULTS, ORDER
from marketplace.clauses.terms import ContractKind
from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible

PLACES = {code: place for place, code in enumerate(ORDER)}


def templates() -> list[Template]:
    """Every template, the shipped ones first and in their own order."""
    found = db.session.scalars(select(Template)).all()
    return sorted(found, key=lambda template: (PLACES.get(template.code, len(PLACES)), template.id))


def template(template_id: int) -> Template:
    """One of them."""
    found = db.session.get(Template, template_id)
    if found is None:
        raise NotVisible
    return found


def version(version_id: int) -> TemplateVersion:
    """One version of one template."""
    found = db.session.get(TemplateVersion, version_id)
    if found is None:
        raise NotVisible
    return found


def in_use(day: date) -> Select[TemplateVersion]:
    """Published versions whose day has come, the newest first."""
    return (
        select(TemplateVersion)
        .join(Template)
        .where(TemplateVersion.published_at.is_not(None), TemplateVersion.valid_from <= day)
        .order_by(TemplateVersion.number.desc())
    )


def newest(template_id: int, day: date) -> TemplateVersion | None:
    """What a contract drawn up on this day from this template is written from."""
    return db.session.scalar(in_use(day).where(Template.id == template_id).limit(1))


def default_for(kind: ContractKind, day: date) -> TemplateVersion | None:
    """What a contract of this kind is written from unless its parties choose; None: what comes with the application."""
    return db.session.scalar(in_use(day).where(Template.code == DEFAULTS[kind]).limit(1))


def choices(day: date) -> list[TemplateVersion]:
    """The newest version of every template, for the parties to choose from."""
    by_template: dict[int, TemplateVersion] = {}
    for found in db.session.scalars(in_use(day)):
        by_template.setdefault(found.template_id, found)
    return [by_template[each.id] for each in templates() if each.id in by_template]


def draft_of(template: Template) -> TemplateVersion | None:
    """The version that is being written, if there is one."""
    return next((each for each in template.versions if each.published_at is None), None)


def before(version: TemplateVersion) -> TemplateVersion | None:
    """The version that this one follows."""
    earlier = [each for each in version.template.versions if each.number < version.number]
    return max(earlier, key=lambda each: each.number, default=None)


def differs(version: TemplateVersion) -> bool:
    """Whether it says anything else than the version that it follows."""
    earlier = before(version)
    return earlier is None or (earlier.title, earlier.body) != (version.title, version.body)


def clause_of(body: Mapping[str, Any], place: int) -> dict[str, Any]:
    """A clause of a body by its place."""
    if not 0 <= place < len(body["clauses"]):
        raise NotVisible
    found: dict[str, Any] = body["clauses"][place]
    return found
