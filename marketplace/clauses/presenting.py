"""A template's version as pages show it: its own words as a text to compare, the example, how it differs from the last."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from marketplace.clauses import queries
from marketplace.clauses.differences import Change, differences
from marketplace.clauses.documents import WORDS, compiled, printed
from marketplace.clauses.drafting import contract_text
from marketplace.clauses.example import MARK, example
from marketplace.clauses.labels import STATUSES
from marketplace.clauses.language import NOT, Status
from marketplace.clauses.models import TemplateVersion
from marketplace.clauses.vocabulary import CONDITIONS, TABLES
from marketplace.web.messages import say


def example_text(version: TemplateVersion, day: date) -> dict[str, Any]:
    """The version written out with invented terms, all optional clauses standing."""
    scene = example(version.template.kind, day, version.template.code)
    every = {clause["key"]: True for clause in version.body["clauses"]}
    text = contract_text(
        scene.terms, scene.parties, number=MARK, body=version.body, wording={"chosen": every, "free": {}}
    )
    return text.document()


def example_pdf(version: TemplateVersion, now: datetime, day: date) -> bytes:
    """The same on paper, the word "VÍ DỤ" across every page."""
    given = printed(example_text(version, day), None, None, draft=True)
    return compiled("contract.typ", {**given, "words": {**WORDS, "draft": MARK}}, now)


def condition_in_words(when: str) -> str:
    """When a sentence stands."""
    if not when:
        return ""
    words = CONDITIONS[when.removeprefix(NOT)].meaning if when.removeprefix(NOT) in CONDITIONS else when
    if not when.startswith(NOT):
        return words
    return f"không {words}" if words.startswith("có ") else f"không phải: {words}"


def conditions() -> list[tuple[str, str]]:
    """Every condition and its contrary, to choose from."""
    return [(name, condition_in_words(name)) for condition in CONDITIONS for name in (condition, f"{NOT}{condition}")]


def as_text(version: TemplateVersion) -> dict[str, Any]:
    """The template itself in the shape of a text, placeholders and conditions in words: what two versions differ in."""
    body = version.body
    return {
        "title": body["title"],
        "subtitle": version.title,
        "number": "",
        "legal_bases": body["legal_bases"],
        "opening": body["opening"],
        "parties": [{"label": side, "name": name, "facts": []} for side, name in sorted(body["roles"].items())],
        "agreement": body["agreement"],
        "closing": body["closing"],
        "clauses": [clause_as_text(place, clause) for place, clause in enumerate(body["clauses"], start=1)],
        "signatures": [],
    }


def clause_as_text(place: int, clause: Mapping[str, Any]) -> dict[str, Any]:
    """A clause with how far it is open to choice, and each sentence with its condition."""
    status = say(STATUSES[Status(clause["status"])])
    lines = [f"[{status}]" if clause.get("default", True) else f"[{status}; {_('left out unless chosen')}]"]
    for sentence in clause["sentences"]:
        notes = [f"khi {condition_in_words(sentence['when'])}"] if sentence.get("when") else []
        notes += [f"bảng {TABLES[sentence['table']].meaning}"] if sentence.get("table") in TABLES else []
        lines.append(sentence["text"] + (f" [{'; '.join(notes)}]" if notes else ""))
    return {
        "key": clause["key"],
        "number": str(place),
        "title": clause["title"],
        "paragraphs": [{"number": "", "text": line, "table": None} for line in lines],
    }


def compared(version: TemplateVersion) -> list[Change]:
    """What became of each clause since the version before."""
    earlier = queries.before(version)
    return [] if earlier is None else differences(as_text(earlier), as_text(version))
