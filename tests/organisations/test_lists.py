"""The public list: search with and without diacritics, filters with counts, paging, a fixed number of queries."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from marketplace.extensions import db
from marketplace.organisations import queries, queries_list
from marketplace.organisations.models import Organisation
from marketplace.organisations.queries_list import Wanted
from marketplace.organisations.rules import Kind, Sector
from marketplace.places.models import Succession
from tests.factories import Factories


class Nobody:
    """A visitor who has not signed in."""

    is_authenticated = False


NOBODY = Nobody()


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "ROLLBACK", "SAVEPOINT")):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def names(text: str = "", **wanted: Any) -> list[str]:
    statement = queries_list.search(NOBODY, Wanted(text, **wanted))
    return list(db.session.scalars(statement.order_by(Organisation.id).with_only_columns(Organisation.name)))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bùi thị ỷ", ["HTX Nông nghiệp Bùi Thị Ỷ"]),
        ("bui thi y", ["HTX Nông nghiệp Bùi Thị Ỷ"]),
        ("hợp tác xã nn bùi", ["HTX Nông nghiệp Bùi Thị Ỷ"]),
        ("cty", ["Công ty TNHH Đặng Ỵ"]),
        ("dang", ["Công ty TNHH Đặng Ỵ"]),
        ("0090 000 019", ["Công ty TNHH Đặng Ỵ"]),
        ("ùi", []),
        ("100%_", []),
        ("", ["HTX Nông nghiệp Bùi Thị Ỷ", "Công ty TNHH Đặng Ỵ"]),
    ],
)
def test_search(make: Factories, typed: str, found: list[str]) -> None:
    make.cooperative("HTX Nông nghiệp Bùi Thị Ỷ")
    make.company("Công ty TNHH Đặng Ỵ", tax_code="0090000019")
    make.commit()
    assert names(typed) == found


def test_filters_count_what_the_others_leave(make: Factories) -> None:
    first, second = make.unit(), make.unit("Xã Mường Kim")
    old = make.unit("Xã Mường Cang", valid_to=first.valid_from)
    make.add(Succession(old_id=old.id, new_id=first.id, extent="whole"))
    make.cooperative("HTX Một", unit=old)
    make.cooperative("HTX Hai", unit=second, sector=Sector.VT)
    make.company("Công ty Ba", unit=second)
    make.cooperative("HTX Chờ", verified=False)
    make.commit()
    assert names(unit_id=first.id) == ["HTX Một"]
    assert names(kinds=(Kind.HTX,)) == ["HTX Một", "HTX Hai"]
    assert names(sectors=(Sector.VT,), unit_id=second.id) == ["HTX Hai"]
    facets = {facet.name: facet for facet in queries_list.facets(NOBODY, Wanted(unit_id=second.id))}
    assert [(option.value, option.count) for option in facets["kind"].options] == [("htx", 1), ("company", 1)]
    communes = [(option.label, option.count, option.selected) for option in facets["unit"].options]
    assert communes == [("Xã Mường Kim", 2, True), ("Xã Than Uyên", 1, False)]


def test_pages_go_on_by_key(client: FlaskClient, make: Factories) -> None:
    for number in range(30):
        make.cooperative(f"HTX Số {number:02}")
    make.commit()
    first = client.get("/organisations").get_data(as_text=True)
    assert "HTX Số 29" in first
    assert "HTX Số 05" not in first
    oldest_shown = queries.by_name_and_unit("hop tac xa so 06", make.unit())
    assert f"after={oldest_shown.id}" in first
    assert "HTX Số 05" in client.get(f"/organisations?after={oldest_shown.id}").get_data(as_text=True)
    assert client.get("/organisations?after=x&unit=x&kind=x&sector=x").status_code == 200


def test_a_list_of_any_length_takes_as_many_queries(client: FlaskClient, make: Factories) -> None:
    def queries_of(address: str) -> int:
        with counted() as sent:
            assert client.get(address).status_code == 200
        return len(sent)

    make.cooperative()
    make.commit()
    queries_of("/organisations")  # what is read once a process is read now
    few = queries_of("/organisations")
    for number in range(30):
        make.cooperative(unit=make.unit(f"Xã Thử {number}"))
    make.commit()
    assert queries_of("/organisations") == few <= 6
