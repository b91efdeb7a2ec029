"""PURE: the language of templates. A template is data; nothing in it is executed, and no typed value is read as markup.

The body of a template version, as JSON:

    {"title": "Hợp đồng mua bán hàng hóa",
     "roles": {"seller": "Bên bán", "buyer": "Bên mua"},
     "legal_bases": ["Căn cứ …;"], "opening": "Hôm nay, {signing_day}, …", "agreement": "…", "closing": "…",
     "clauses": [
        {"key": "payment", "title": "Thanh toán", "status": "locked", "default": true,
         "sentences": [{"text": "Bên B trả trong vòng {payment_days} ngày.", "when": "has_payment_days", "table": ""}]}]}

`{name}` is a placeholder, `when` a condition ("not name" for its contrary), `table` a table: vocabulary.py has them all.
A locked clause always stands; an optional one may be left out; a free one may be worded anew by the parties.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from marketplace.clauses.price_sentences import price_sentences
from marketplace.clauses.terms import ContractKind
from marketplace.clauses.vocabulary import CONDITIONS, PLACEHOLDERS, TABLES, Scene
from marketplace.clauses.wording import BLANK, Draft, Sentence, ended, joined
from marketplace.kernel.messages import Message, msgid

FURTHER = "further"
"""The clause in which the parties' own additions stand; without one they stand before the last clause."""
FURTHER_TITLE = "Thỏa thuận khác"
PRICE, PRICE_TITLE = "price", "Giá"
"""The clause in which the rules that follow a market are written out, each with its table."""
ESSENTIAL = {
    *("season", "linkage_form", "lead", "tolerance", "packaging", "inspection", "deduction", "place", "carrier"),
    *("inputs", "advance", "deposit", "penalty", "disputes", "arbitration"),
}
"""Placeholders that carry something agreed; the others are said in any case or follow from these."""
NEEDED = {ContractKind.LINKAGE: ("goods", "split"), ContractKind.SALE: ("goods", "split")}
"""Tables without which a contract would not say what is sold, or which of several sellers owes what."""
NOT = "not "
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
HOLE = re.compile(r"\{([^{}]*)\}")
LINES = ("title", "opening", "agreement", "closing")
MOST_CLAUSES, MOST_SENTENCES, MOST_TEXT = 60, 40, 2000


class Status(StrEnum):
    """What the parties may do to a clause when they draft."""

    LOCKED = "locked"
    OPTIONAL = "optional"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a template, and where: a path like ("clauses", 3, "sentences", 1, "text")."""

    path: tuple[str | int, ...]
    message: Message


@dataclass(frozen=True, slots=True)
class Wording:
    """What the parties chose: optional clauses in or out, free clauses in their own words, additions."""

    chosen: Mapping[str, bool] = field(default_factory=dict)
    free: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, stored: Mapping[str, Any] | None) -> "Wording":
        """From the JSON that is stored with a contract."""
        stored = stored or {}
        return cls(dict(stored.get("chosen", {})), dict(stored.get("free", {})))

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {"chosen": dict(self.chosen), "free": dict(self.free)}


def filled(text: str, scene: Scene) -> str:
    """A sentence with its placeholders replaced; what is not known yet is dots to fill in by hand."""
    return HOLE.sub(lambda hole: joined(PLACEHOLDERS[hole[1]].value(scene)) or BLANK, text)


def holds(when: str, scene: Scene) -> bool:
    """Whether a sentence with this condition stands."""
    if when.startswith(NOT):
        return not CONDITIONS[when.removeprefix(NOT)].holds(scene)
    return not when or CONDITIONS[when].holds(scene)


def sentences(clause: Mapping[str, Any], scene: Scene) -> list[Sentence]:
    """The sentences of a clause that stand for these terms."""
    written: list[Sentence] = []
    for sentence in clause["sentences"]:
        if not holds(sentence.get("when", ""), scene):
            continue
        words = filled(sentence["text"], scene)
        if not sentence.get("table"):
            written.append(words)
            continue
        for lead, table in TABLES[sentence["table"]].draw(scene):
            written.append((f"{words} {lead}".strip(), table))
            words = ""
    return written


def lines(typed: str) -> list[Sentence]:
    """What the parties wrote, one sentence a line; never read for placeholders."""
    return [line for line in map(ended, typed.splitlines()) if line]


def proposal(clause: Mapping[str, Any], scene: Scene) -> str:
    """What a template proposes for a free clause, for the parties to go on from."""
    return "\n".join(part if isinstance(part, str) else part[0] for part in sentences(clause, scene))


def compose(body: Mapping[str, Any], scene: Scene, wording: Wording) -> list[Draft]:
    """All clauses that stand, in order, still without numbers."""
    drafts = [Draft(clause["key"], clause["title"], written(clause, scene, wording)) for clause in body["clauses"]]
    add(drafts, PRICE, PRICE_TITLE, price_sentences(scene.terms))
    add(drafts, FURTHER, FURTHER_TITLE, lines(scene.terms.extra))
    return [draft for draft in drafts if draft.sentences]


def add(drafts: list[Draft], key: str, title: str, sentences: list[Sentence]) -> None:
    """Put sentences under a clause; a template without that clause gets it before its last one."""
    if not sentences:
        return
    place = next((draft for draft in drafts if draft.key == key), None)
    if place is None:
        place = Draft(key, title, [])
        drafts.insert(max(len(drafts) - 1, 0), place)
    place.sentences.extend(sentences)


def written(clause: Mapping[str, Any], scene: Scene, wording: Wording) -> list[Sentence]:
    """One clause as the parties left it."""
    key, status = clause["key"], Status(clause["status"])
    if status is Status.OPTIONAL and not wording.chosen.get(key, clause.get("default", True)):
        return []
    if status is Status.FREE and key in wording.free:
        return lines(wording.free[key])
    return sentences(clause, scene)


def silent(body: Mapping[str, Any], scene: Scene) -> list[str]:
    """What the parties agreed and this template says nowhere, in words: it would be lost in the text."""
    text = " ".join(part["text"] for clause in body["clauses"] for part in clause["sentences"])
    names = {
        name: word
        for name, word in PLACEHOLDERS.items()
        if name in ESSENTIAL and word.value(scene) and f"{{{name}}}" not in text
    }
    if "{scale}" in text:
        names.pop("season", None)
    return [word.meaning for word in names.values()]


def problems(body: Mapping[str, Any], kind: ContractKind) -> list[Problem]:
    """Everything that keeps a body from being published, each with its place; none: it can be written out."""
    found = [
        Problem((name,), msgid("Please write something here.")) for name in LINES if not str(body.get(name, "")).strip()
    ]
    for name in LINES:
        found += in_text((name,), str(body.get(name, "")))
    for position, basis in enumerate(body.get("legal_bases", [])):
        found += in_text(("legal_bases", position), basis)
    clauses = body.get("clauses", [])
    if not clauses:
        found.append(Problem(("clauses",), msgid("A template needs at least one clause.")))
    keys = [clause.get("key", "") for clause in clauses]
    for position, clause in enumerate(clauses):
        found += in_clause(("clauses", position), clause, keys[:position])
    tables = {
        part.get("table") for clause in clauses if clause.get("status") == Status.LOCKED for part in clause["sentences"]
    }
    for name in NEEDED.get(kind, ()):
        if name not in tables:
            message = msgid(
                "A locked clause must hold the table “%(table)s”: reword one, and choose it under a sentence.",
                table=TABLES[name].meaning,
            )
            found.append(Problem(("clauses",), message))
    return found


def in_clause(path: tuple[str | int, ...], clause: Mapping[str, Any], before: Iterable[str]) -> Iterator[Problem]:
    """What is wrong with one clause."""
    key = clause.get("key", "")
    if not KEY.fullmatch(key):
        yield Problem((*path, "key"), msgid("A key is small letters, digits and _, for example late_interest."))
    elif key in before:
        yield Problem((*path, "key"), msgid("Another clause has the key %(key)s already.", key=key))
    if not str(clause.get("title", "")).strip():
        yield Problem((*path, "title"), msgid("Give the clause its title."))
    if clause.get("status") not in set(Status):
        yield Problem((*path, "status"), msgid("Choose whether the clause is locked, optional or free."))
    if not clause.get("sentences") and clause.get("status") != Status.FREE:
        yield Problem((*path, "title"), msgid("This clause has no sentence: write one, or remove the clause."))
    for position, sentence in enumerate(clause.get("sentences", [])):
        yield from in_sentence((*path, "sentences", position), sentence)


def in_sentence(path: tuple[str | int, ...], sentence: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with one sentence."""
    text, when, table = sentence.get("text", ""), sentence.get("when", ""), sentence.get("table", "")
    if not text.strip():
        yield Problem((*path, "text"), msgid("Write the sentence, or remove it."))
    yield from in_text((*path, "text"), text)
    if when and when.removeprefix(NOT) not in CONDITIONS:
        yield Problem((*path, "when"), msgid("There is no condition %(name)s.", name=when))
    if table and table not in TABLES:
        yield Problem((*path, "table"), msgid("There is no table %(name)s.", name=table))


def in_text(path: tuple[str | int, ...], text: str) -> Iterator[Problem]:
    """Unknown placeholders and stray braces in a text."""
    if len(text) > MOST_TEXT:
        yield Problem(path, msgid("This is too long for one sentence: make two of it."))
    for name in HOLE.findall(text):
        if name not in PLACEHOLDERS:
            yield Problem(path, unknown(name))
    if re.search(r"[{}]", HOLE.sub("", text)):
        yield Problem(path, msgid("A brace { or } stands alone: write a placeholder as {place}."))


def unknown(name: str) -> Message:
    """A placeholder that is not in the list, with the one that was probably meant."""
    near = get_close_matches(name.strip().lower(), PLACEHOLDERS, 1)
    if near:
        return msgid("There is no placeholder {%(name)s}. Do you mean {%(near)s}?", name=name, near=near[0])
    return msgid("There is no placeholder {%(name)s}: take one from the list below.", name=name)
