"""Search by words, with and without diacritics, on both databases: an index beside a table, and its two-tier query.

A table that is searched has the columns `search_exact` and `search_fold`, filled by `searchable()`. The index is no part
of the metadata: SQLite has a full-text table kept by triggers, PostgreSQL a generated column with a GIN index. Both are
made after the table is (`create_all`), and by migrations with `install_all(op.get_bind())`, also after every batch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Table, cast, column, event, literal_column, select, union_all
from sqlalchemy import table as named_table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql import ColumnElement

from marketplace.kernel.vietnamese import exact, expand_aliases, fold, untelex

TIER = 200
"""Relevance is weighed among so many newest hits of each tier: ranking all hits is what makes searches slow."""
WORDS = 12
EXACT, FOLDED, UNTELEXED = 0, 1, 2
LEXEMES = "search_lexemes"

INDEXES: list["TextIndex"] = []


def searchable(*texts: str | None) -> tuple[str, str]:
    """The two search columns of a row: its words as written, and folded with abbreviations written out."""
    whole = " ".join(text for text in texts if text)
    folded = fold(whole)
    return unique(exact(whole).split()), unique([*folded.split(), *expand_aliases(folded).split()])


def unique(words: Iterable[str]) -> str:
    """Each word once, in its first place."""
    return " ".join(dict.fromkeys(words))


@dataclass(frozen=True)
class Question:
    """What somebody typed, as words to look for."""

    exact: tuple[str, ...]
    folded: tuple[str, ...]
    untelexed: tuple[str, ...]

    @classmethod
    def of(cls, typed: str) -> "Question | None":
        """None where nothing searchable was typed."""
        words = exact(typed).split()[:WORDS]
        # A single letter is rather the beginning of a word than an abbreviation.
        plain = " ".join(word if len(word) == 1 else expand_aliases(word) for word in fold(typed).split()[:WORDS])
        if not words or not plain:
            return None
        folded = tuple(dict.fromkeys(plain.split()))
        return cls(tuple(dict.fromkeys(words)), folded, tuple(dict.fromkeys(untelex(word) for word in folded)))

    def tiers(self) -> dict[int, tuple[str, ...]]:
        """The words of each tier that differs from the others; the last one counts only where nothing else is found."""
        found = {FOLDED: self.folded}
        if set(self.exact) - set(self.folded):
            found[EXACT] = self.exact
        if self.untelexed != self.folded:
            found[UNTELEXED] = self.untelexed
        return found


class TextIndex:
    """The word index of one table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.fts = f"{table.name}_fts"
        self.gin = f"ix_{table.name}_words"
        INDEXES.append(self)
        event.listen(table, "after_create", self._after_create)
        event.listen(table, "before_drop", self._before_drop)

    def _after_create(self, _table: Table, connection: Connection, **_options: Any) -> None:
        self.install(connection)

    def _before_drop(self, _table: Table, connection: Connection, **_options: Any) -> None:
        self.remove(connection)

    def remove(self, connection: Connection) -> None:
        """Take the index away; on PostgreSQL it goes with its table."""
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {self.fts}")

    def install(self, connection: Connection) -> None:
        """Make the index, filled from the table; done again it starts afresh."""
        for statement in self._sqlite() if connection.dialect.name == "sqlite" else self._postgresql():
            connection.exec_driver_sql(statement)

    def _postgresql(self) -> list[str]:
        # Stored, because a walk of the newest rows tests each of them; and lexemes made without PostgreSQL's parser,
        # which would cut "mắc-ca" and "1e5" in its own way.
        words = "array_remove(string_to_array(search_exact || ' ' || search_fold, ' '), '')"
        return [
            f"ALTER TABLE {self.table.name} ADD COLUMN IF NOT EXISTS {LEXEMES} tsvector "
            f"GENERATED ALWAYS AS (array_to_tsvector({words})) STORED",
            f"CREATE INDEX IF NOT EXISTS {self.gin} ON {self.table.name} USING gin ({LEXEMES})",
        ]

    def _sqlite(self) -> list[str]:
        name, fts = self.table.name, self.fts
        new, old = (f"{row}.search_exact || ' ' || {row}.search_fold" for row in ("new", "old"))
        add = f"INSERT INTO {fts}(rowid, words) VALUES (new.id, {new});"
        # A contentless table forgets a row only when told the words it was made of.
        forget = f"INSERT INTO {fts}({fts}, rowid, words) VALUES ('delete', old.id, {old});"
        changed = "old.search_exact IS NOT new.search_exact OR old.search_fold IS NOT new.search_fold"
        return [
            *(f"DROP TRIGGER IF EXISTS {fts}_{act}" for act in ("insert", "update", "delete")),
            f"DROP TABLE IF EXISTS {fts}",
            f"CREATE VIRTUAL TABLE {fts} USING fts5(words, content='', detail=none, columnsize=0, "
            "tokenize='unicode61 remove_diacritics 0', prefix='2 3 4 5')",
            f"INSERT INTO {fts}(rowid, words) SELECT id, search_exact || ' ' || search_fold FROM {name}",
            f"CREATE TRIGGER {fts}_insert AFTER INSERT ON {name} BEGIN {add} END",
            f"CREATE TRIGGER {fts}_delete AFTER DELETE ON {name} BEGIN {forget} END",
            f"CREATE TRIGGER {fts}_update AFTER UPDATE OF search_exact, search_fold ON {name} "
            f"WHEN {changed} BEGIN {forget} {add} END",
        ]

    def hits(self, dialect: str, words: Sequence[str], *columns: Any, prefix: bool = True) -> Select[Any]:
        """Rows that hold every word (the last may be a beginning), newest first; the caller filters and limits."""
        if dialect == "sqlite":
            fts = named_table(self.fts, column("rowid"), column(self.fts))
            joined = fts.join(self.table, self.table.c.id == fts.c.rowid)
            found = select(*columns).select_from(joined).where(fts.c[self.fts].op("MATCH")(for_fts(words, prefix)))
            return found.order_by(fts.c.rowid.desc())
        lexemes: ColumnElement[Any] = literal_column(f"{self.table.name}.{LEXEMES}")
        match = lexemes.op("@@")(cast(for_tsquery(words, prefix), TSQUERY))
        return select(*columns).where(match).order_by(self.table.c.id.desc())

    def candidates(
        self, dialect: str, question: Question, *columns: Any, where: Sequence[ColumnElement[bool]] = ()
    ) -> Any:
        """One statement: the newest hits of every tier as (tier, *columns); give it to `best_tiers`."""
        tiers = [
            self.hits(dialect, words, literal_column(str(tier)).label("tier"), *columns, prefix=tier != EXACT)
            .where(*where)
            .limit(TIER)
            .subquery()
            for tier, words in question.tiers().items()
        ]
        return union_all(*(select(tier) for tier in tiers))


def for_fts(words: Sequence[str], prefix: bool) -> str:
    """An FTS5 query; words hold letters and digits only, so nothing can break out of the quotes."""
    return " ".join(f'"{word}"' for word in words) + ("*" if prefix else "")


def for_tsquery(words: Sequence[str], prefix: bool) -> str:
    """The same as a tsquery."""
    return " & ".join(f"'{word}'" for word in words) + (":*" if prefix else "")


def best_tiers(rows: Iterable[Any]) -> dict[int, Any]:
    """Candidates by id, each once; what only the untelexed words found counts where the typed ones found nothing."""
    known = list(rows)
    plain = [row for row in known if row.tier != UNTELEXED]
    return {row.id: row for row in (plain or known)}


def score(question: Question, name: str, words_exact: str, words_fold: str) -> int:
    """How well a row answers: its name before its other words, written exactly before folded before begun."""
    name_exact, name_fold = exact(name), fold(name)
    points = 0
    for inside, exact_words, fold_words in (
        (3, name_exact.split(), name_fold.split()),
        (1, words_exact.split(), words_fold.split()),
    ):
        points += inside * 6 * sum(word in exact_words for word in question.exact)
        points += inside * 2 * sum(word in fold_words for word in question.folded)
        points += inside * sum(word.startswith(question.folded[-1]) for word in fold_words[:40])
    if " ".join(question.exact) in name_exact:
        points += 10
    if f"{name_fold} ".startswith(" ".join(question.folded) + " "):
        points += 8
    return points


def install_all(connection: Connection) -> None:
    """For migrations: make every index again."""
    for index in INDEXES:
        index.install(connection)


def remove_all(connection: Connection) -> None:
    """For migrations: take every index away, before its table goes."""
    for index in INDEXES:
        index.remove(connection)


def unmanaged(name: str | None) -> bool:
    """For `include_object` of migrations: tables, columns and indexes that belong here and not to the metadata."""
    return name is not None and any(
        name in (LEXEMES, index.gin, index.fts) or name.startswith(f"{index.fts}_") for index in INDEXES
    )
