"""`flask ledger verify`: what a hand in the database did is found and named, on both databases."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Table, delete, insert, select, text, update

from marketplace.extensions import db
from marketplace.ledger.merkle import Tree
from marketplace.ledger.models import Detail, Entry, Membership, Root
from marketplace.ledger.roots import hash_of_root
from marketplace.ledger.rules import START, hash_of
from marketplace.ledger.service import record
from tests.ledger.conftest import DAY, Verify
from tests.ledger.tampering import by_hand, do

Act = Callable[[Connection, str], object]


def faults(found: dict[str, Any]) -> list[tuple[str, str | None, int | None]]:
    """What is broken where."""
    return [(row["fault"], row["subject"], row["seq"]) for row in found["broken"]]


def test_an_untouched_ledger_is_whole(verify: Verify, kept: Path) -> None:
    found = verify("--roots", str(kept))
    assert found["broken"] == []
    counts = ("subjects", "entries", "details", "roots", "waiting", "compared")
    assert [found[name] for name in counts] == [3, 12, 12, 2, 3, 2]


def test_erasing_personal_details_breaks_nothing(verify: Verify, kept: Path) -> None:
    db.session.execute(delete(Detail))
    db.session.commit()
    found = verify("--roots", str(kept))
    assert (found["broken"], found["details"]) == ([], 0)


# One hand, one place: (what it does to a chain's second entry, what is said of which entry).
HANDS = {
    "data": ("UPDATE ledger_entry SET data = '{\"n\": 9}' WHERE subject = :s AND seq = 2", [("changed", 2)]),
    "actor": ("UPDATE ledger_entry SET actor = 8 WHERE subject = :s AND seq = 2", [("changed", 2)]),
    "nobody": ("UPDATE ledger_entry SET actor = NULL WHERE subject = :s AND seq = 2", [("changed", 2)]),
    "time": (
        "UPDATE ledger_entry SET at = '2026-10-16 03:00:09.000000' WHERE subject = :s AND seq = 2",
        [("changed", 2)],
    ),
    "event": ("UPDATE ledger_entry SET event = 'forged' WHERE subject = :s AND seq = 2", [("changed", 2)]),
    "hash": (
        "UPDATE ledger_entry SET hash = previous WHERE subject = :s AND seq = 2",
        [("changed", 2), ("rewritten", 2)],
    ),
    "previous": ("UPDATE ledger_entry SET previous = hash WHERE subject = :s AND seq = 2", [("unlinked", 2)]),
    "a middle one deleted": ("DELETE FROM ledger_entry WHERE subject = :s AND seq = 2", [("gap", 3), ("missing", 2)]),
    "the first deleted": ("DELETE FROM ledger_entry WHERE subject = :s AND seq = 1", [("gap", 2), ("missing", 1)]),
    "the last ones deleted, which no chain misses": (
        "DELETE FROM ledger_entry WHERE subject = :s AND seq >= 3",
        [("missing", 3)],
    ),
    "a chain deleted": ("DELETE FROM ledger_entry WHERE subject = :s", [("missing", 1), ("missing", 2)]),
    "a detail": (
        "UPDATE ledger_detail SET value = 'khác' WHERE entry_id = (SELECT id FROM ledger_entry WHERE subject = :s AND seq = 2)",
        [("detail", 2)],
    ),
    "a detail's salt": (
        "UPDATE ledger_detail SET salt = 'khác' WHERE entry_id = (SELECT id FROM ledger_entry WHERE subject = :s AND seq = 2)",
        [("detail", 2)],
    ),
    "a detail that never was": (
        "INSERT INTO ledger_detail (id, entry_id, name, salt, value) "
        "SELECT -1, id, 'address', 'x', '192.0.2.1' FROM ledger_entry WHERE subject = :s AND seq = 2",
        [("detail", 2)],
    ),
}


@pytest.mark.parametrize("hand", HANDS)
def test_a_hand_is_found(verify: Verify, ledger: list[str], hand: str) -> None:
    statement, expected = HANDS[hand]
    with by_hand() as connection:
        if statement.startswith("DELETE"):
            connection.execute(text("DELETE FROM ledger_detail"))
        assert connection.execute(text(statement), {"s": ledger[1]}).rowcount
    assert faults(verify()) == [(fault, ledger[1], seq) for fault, seq in expected]


def test_the_detail_of_an_entry_that_is_gone(verify: Verify, ledger: list[str]) -> None:
    do("DELETE FROM ledger_entry WHERE subject = :s AND seq = 4", s=ledger[1])
    assert [fault for fault, _subject, _seq in faults(verify())] == ["orphan"]


def test_two_entries_swapped(verify: Verify, ledger: list[str]) -> None:
    with by_hand() as connection:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            connection.execute(
                text("UPDATE ledger_entry SET seq = :new WHERE subject = :s AND seq = :old"),
                {"s": ledger[1], "old": old, "new": new},
            )
    assert faults(verify())[0] == ("unlinked", ledger[1], 2)


def test_a_subject_renamed(verify: Verify, ledger: list[str]) -> None:
    do("UPDATE ledger_entry SET subject = 'contract:9' WHERE subject = :s", s=ledger[1])
    found = faults(verify())
    assert ("changed", "contract:9", 1) in found
    assert ("rewritten", ledger[1], 1) in found


# Whole rewritings: everything that the ledger itself could notice is computed again.
def table(model: Any) -> Table:
    """The plain table of a model."""
    found: Table = model.__table__
    return found


def link_again(connection: Connection, subject: str) -> None:
    """Give every entry of a chain the place and the hashes that its content asks for now."""
    previous, entries = START, table(Entry)
    rows = list(connection.execute(select(entries).filter_by(subject=subject).order_by(entries.c.seq)).mappings())
    connection.execute(update(entries).where(entries.c.subject == subject).values(seq=-entries.c.seq))
    for seq, row in enumerate(rows, start=1):
        forged = Entry(**{**row, "seq": seq, "previous": previous})
        forged.hash = previous = hash_of(forged)
        values = {"seq": seq, "previous": forged.previous, "hash": forged.hash}
        connection.execute(update(entries).where(entries.c.id == row["id"]).values(**values))


def root_again(connection: Connection) -> None:
    """Give the memberships and every root what the entries ask for now."""
    held, entries, roots = table(Membership), table(Entry), table(Root)
    there = select(entries.c.id)
    connection.execute(delete(held).where(held.c.entry_id.not_in(there)))
    previous = START
    for row in list(connection.execute(select(roots).order_by(roots.c.number)).mappings()):
        tree = Tree()
        joined = select(held.c.entry_id, entries.c.hash, entries.c.seq).join(entries, entries.c.id == held.c.entry_id)
        for leaf in list(connection.execute(joined.where(held.c.root == row["number"]).order_by(held.c.position))):
            values = {"position": tree.size, "hash": leaf.hash, "seq": leaf.seq}
            connection.execute(update(held).where(held.c.entry_id == leaf.entry_id).values(**values))
            tree.add(bytes.fromhex(leaf.hash))
        forged = Root(**{**row, "entries": tree.size, "merkle": tree.root().hex(), "previous": previous})
        forged.hash = previous = hash_of_root(forged)
        values = {name: getattr(forged, name) for name in ("entries", "merkle", "previous", "hash")}
        connection.execute(update(roots).where(roots.c.number == row["number"]).values(**values))


def change_content(connection: Connection, subject: str) -> None:
    """Another price, from the beginning."""
    connection.execute(
        text("UPDATE ledger_entry SET data = '{\"price\": 1}' WHERE subject = :s AND seq = 2"), {"s": subject}
    )


def drop_one(connection: Connection, subject: str) -> None:
    """As if it had never been."""
    connection.execute(text("DELETE FROM ledger_detail"))
    connection.execute(text("DELETE FROM ledger_entry WHERE subject = :s AND seq = 2"), {"s": subject})


def slip_one_in(connection: Connection, subject: str) -> None:
    """An entry between the first and the second, which the chain then takes for its own."""
    entries = table(Entry)
    connection.execute(
        update(entries).where(entries.c.subject == subject, entries.c.seq > 1).values(seq=entries.c.seq + 100)
    )
    row = dict(connection.execute(select(entries).filter_by(subject=subject, seq=1)).mappings().one())
    connection.execute(insert(entries).values(**{**row, "id": 900, "seq": 2, "event": "forged"}))


REWRITINGS: dict[str, Act] = {"content": change_content, "deleted": drop_one, "slipped in": slip_one_in}


@pytest.mark.parametrize("way", REWRITINGS)
def test_a_chain_rewritten_whole_is_found_by_the_roots(verify: Verify, ledger: list[str], way: str) -> None:
    with by_hand() as connection:
        REWRITINGS[way](connection, ledger[1])
        link_again(connection, ledger[1])
    found = faults(verify())
    assert {subject for _fault, subject, _seq in found} == {ledger[1]}
    assert {fault for fault, _subject, _seq in found} <= {"rewritten", "missing", "late"}
    assert found


@pytest.mark.parametrize("way", ["content", "deleted"])
def test_chain_and_roots_rewritten_are_found_by_what_was_published(
    verify: Verify, ledger: list[str], kept: Path, way: str
) -> None:
    with by_hand() as connection:
        REWRITINGS[way](connection, ledger[1])
        link_again(connection, ledger[1])
        root_again(connection)
    assert verify()["broken"] == [], "everything in the database fits together"
    found = verify("--roots", str(kept))["broken"]
    assert [(row["fault"], row["root"]) for row in found] == [("published", 2)]


ROOTS = {
    "merkle": ("UPDATE ledger_root SET merkle = previous WHERE number = 2", {"members", "root"}),
    "hash": ("UPDATE ledger_root SET hash = previous WHERE number = 2", {"root"}),
    "day": ("UPDATE ledger_root SET day = '2026-10-01' WHERE number = 2", {"root"}),
    "count": ("UPDATE ledger_root SET entries = 7 WHERE number = 2", {"members", "root"}),
    "deleted": ("DELETE FROM ledger_root WHERE number = 1", {"members", "root"}),
    "number": ("UPDATE ledger_root SET number = 5 WHERE number = 2", {"members", "root"}),
    "a day made empty": (
        "UPDATE ledger_root SET entries = 0, merkle = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' "
        "WHERE number = 2",
        {"members", "root"},
    ),
    "memberships deleted": ("DELETE FROM ledger_membership WHERE root = 1", {"members", "late"}),
    "a membership deleted": ("DELETE FROM ledger_membership WHERE root = 1 AND position = 1", {"members", "late"}),
    "a membership's hash": (
        "UPDATE ledger_membership SET hash = (SELECT merkle FROM ledger_root WHERE number = 1) WHERE root = 1 AND position = 1",
        {"rewritten", "members"},
    ),
    "a membership's hash no hash": (
        "UPDATE ledger_membership SET hash = 'x' WHERE root = 1 AND position = 1",
        {"rewritten", "members"},
    ),
    "a membership's place": ("UPDATE ledger_membership SET position = 9 WHERE root = 2 AND position = 2", {"members"}),
    "moved to another root": (
        "UPDATE ledger_membership SET root = 2, position = 6 WHERE root = 1 AND position = 2",
        {"members", "late"},
    ),
}


@pytest.mark.parametrize("hand", ROOTS)
def test_a_hand_on_the_roots_is_found(verify: Verify, ledger: list[str], hand: str) -> None:
    statement, expected = ROOTS[hand]
    do(statement)
    assert {fault for fault, _subject, _seq in faults(verify())} - {"late"} == expected - {"late"}


def test_a_root_of_the_published_ones_taken_away_with_all_that_was_in_it(
    verify: Verify, ledger: list[str], kept: Path
) -> None:
    with by_hand() as connection:
        connection.execute(text("DELETE FROM ledger_membership WHERE root = 2"))
        connection.execute(text("DELETE FROM ledger_root WHERE number = 2"))
    assert verify()["broken"] == []
    assert [row["root"] for row in verify("--roots", str(kept))["broken"]] == [2]


def test_an_entry_dated_back_behind_a_root_is_late(
    verify: Verify, ledger: list[str], units: list[Any], now: datetime
) -> None:
    """Whole in itself and appended in order, only it says to be older than a root that does not know it."""
    record("unit:named", units[0], actor=7, now=now + DAY)
    db.session.commit()
    assert faults(verify()) == [("late", ledger[0], 5)]
    record("unit:named", units[1], actor=7, now=now + 2 * DAY)
    db.session.commit()
    assert len(verify()["broken"]) == 1, "the day of the root itself may have ended in the middle of a transaction"


def test_every_broken_thing_is_named_in_a_sentence(app: Flask, ledger: list[str]) -> None:
    with by_hand() as connection:
        for subject, seq in ((ledger[0], 2), (ledger[2], 1)):
            connection.execute(
                text("UPDATE ledger_entry SET actor = 9 WHERE subject = :s AND seq >= :seq"), {"s": subject, "seq": seq}
            )
    done = app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert done.exit_code == 1
    for subject, seq in ((ledger[0], 2), (ledger[2], 1)):
        assert f"{subject}: mục số {seq} đã bị sửa" in done.output
    assert done.output.count(ledger[0]) == 1, "the first broken one, not all that follow"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "no JSON",
        "[1]",
        '[{"number": 1}]',
        '{"roots": [{"number": true}]}',
        "[" * 100000,
        '[{"number":1,"entries":1,"day":"2026-10-15","merkle":"%s","previous":"%s","hash":"%s"}]' % (("0" * 64,) * 3),
    ],
)
def test_a_file_that_is_no_list_of_roots_is_refused(
    app: Flask, ledger: list[str], tmp_path: Path, content: str
) -> None:
    file = tmp_path / "roots.json"
    file.write_text(content)
    done = app.test_cli_runner().invoke(args=["ledger", "verify", "--roots", str(file)])
    assert done.exit_code == 2
    assert "roots.json" in done.output
