"""The command on the officials' own file, on both databases: the paper's figures, once and for all."""

import difflib
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.extensions import db
from marketplace.ledger.models import Entry
from marketplace.ocop import queries as ocop
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Organisation, StatusChange
from marketplace.organisations.rules import GONE, Kind, Verification
from marketplace.products.models import Product
from marketplace.products.queries import counted_certificates
from marketplace.register import service
from marketplace.register.commands import bounds
from marketplace.register.scope import MOST_GUESSES
from tests.factories import Factories
from tests.register.office import HEADER, SAMPLE, book, stream


def run(app: Flask, file: str | Path, *options: str) -> dict[str, Any]:
    """The command with --json."""
    result = app.test_cli_runner().invoke(args=["register", "import", str(file), "--json", *options])
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def counts(found: dict[str, Any]) -> tuple[int, int, int, int]:
    return found["created"], found["changed"], found["unchanged"], found["failed"]


def test_the_officials_own_file(app: Flask, make: Factories) -> None:
    make.than_uyen()
    make.commit()
    shown = run(app, SAMPLE, "--dry-run", "--area", "Than Uyên")
    assert counts(shown) == (108, 0, 0, 0)
    assert shown["failures"] == []
    assert db.session.scalar(select(func.count(Organisation.id))) == 0

    assert counts(run(app, SAMPLE, "--apply", "--area", "Than Uyên")) == (108, 0, 0, 0)
    check_cooperatives()
    check_products()
    entries = db.session.scalar(select(func.count(Entry.id)))

    assert counts(run(app, SAMPLE, "--apply", "--area", "than uyen")) == (0, 0, 108, 0)
    assert db.session.scalar(select(func.count(Entry.id))) == entries
    assert db.session.scalar(select(func.count(Organisation.id))) == 79


def check_cooperatives() -> None:
    rows = db.session.scalars(select(Organisation).where(Organisation.kind == Kind.HTX)).all()
    assert len(rows) == 77
    assert {row.verification for row in rows} == {Verification.LISTED}
    # All communes are those of before 2025: "Xã Mường Than" is not today's.
    assert {row.unit.valid_to for row in rows if row.unit} == {date(2025, 6, 30)}
    assert next(row for row in rows if row.name == "HTX nông nghiệp An Phú Mường Than").unit.code == "03637"

    def counted(day: date) -> list[Organisation]:
        gone = {
            change.organisation_id
            for change in db.session.scalars(select(StatusChange).where(StatusChange.effective_on <= day))
            if change.status in GONE
        }
        return [row for row in rows if row.founded_on and row.founded_on <= day and row.id not in gone]

    assert len(counted(date(2020, 12, 31))) == 44
    today = counted(date(2023, 9, 30))
    assert Counter(str(row.sector) for row in today) == {
        "NLN": 35,
        "XD": 7,
        "CN_TTCN": 3,
        "TM_DV": 20,
        "VT": 4,
        "DL": 2,
    }
    owners = db.session.scalars(select(Organisation).where(Organisation.kind != Kind.HTX)).all()
    assert {(row.kind, row.name, row.unit) for row in owners} == {
        (Kind.COMPANY, "Công ty TNHH Mẫu", None),
        (Kind.HOUSEHOLD, "Hộ kinh doanh Mẫu", None),
    }
    assert organisations.by_tax_code("0000001099") is not None


def check_products() -> None:
    assert db.session.scalar(select(func.count(Product.id))) == 31
    certified = db.session.execute(counted_certificates(date(2023, 9, 30))).all()
    assert Counter(row.stars for row in certified) == {3: 22, 4: 4}
    waiting = db.session.scalars(ocop.under_evaluation(date(2023, 9, 30))).all()
    assert Counter(each.round.label for each in waiting) == {"Đợt 1 năm 2023": 5}
    assert not {each.product_id for each in waiting} & {row.product_id for row in certified}


def row(number: int, name: str, commune: str = "Xã Mường Cang", founded: object = 2019, **more: Any) -> list[Any]:
    return [number, name, more.get("code"), commune, founded, more.get("ended"), more.get("note")]


def saved(folder: Path, *rows: list[Any], header: list[str] = HEADER, name: str = "so.xlsx") -> Path:
    target = folder / name
    target.write_bytes(stream(book([header, *rows])).getvalue())
    return target


def test_changes_are_told_and_made_once(app: Flask, make: Factories, tmp_path: Path) -> None:
    make.than_uyen()
    make.commit()
    first = saved(tmp_path, row(1, "HTX Mẫu Một", code="0090000019"), row(2, "HTX Mẫu Hai"), row(3, "HTX Mẫu Ba"))
    assert counts(run(app, first, "--apply")) == (3, 0, 0, 0)
    second = saved(
        tmp_path,
        row(1, "HTX Mẫu Một mới", "Xã Hua Nà", code="0090000019"),
        row(2, "Hợp tác xã Mẫu Hai", founded="5/6/2019", ended="1/2/2024", note="Đã giải thể"),
        row(3, "HTX Mẫu Ba", "X. Mường Cang", founded="năm 2019"),
        row(4, "HTX Mẫu Bốn", "TT Than Uyen"),
    )
    assert counts(run(app, second, "--dry-run")) == (1, 2, 1, 0)
    assert counts(run(app, second, "--apply")) == (1, 2, 1, 0)
    assert counts(run(app, second, "--apply")) == (0, 0, 4, 0)
    renamed = organisations.by_tax_code("0090000019")
    assert renamed is not None
    assert [place.unit.name for place in renamed.places] == ["Xã Mường Cang", "Xã Hua Nà"]
    assert renamed.name == "HTX Mẫu Một mới"
    ended = db.session.scalars(select(Organisation).filter_by(folded="hop tac xa mau hai")).one()
    assert (ended.name, ended.founded_on) == ("HTX Mẫu Hai", date(2019, 6, 5))
    assert organisations.status_at(ended, date(2024, 2, 1)) == "dissolved"
    assert organisations.status_at(ended, date(2019, 6, 5)) == "active"


def test_what_a_claimed_organisation_says_of_itself_stays(app: Flask, make: Factories, tmp_path: Path) -> None:
    make.than_uyen()
    unit = organisations.places.area_by_name("Than Uyên")
    seat = organisations.places.find_commune("Xã Than Uyên", at=date(2026, 1, 1), area=unit)
    make.cooperative("HTX Mẫu Một", unit=seat, tax_code="0090000019", phone="+84900000999", member_count=7)
    make.commit()
    header = ["TT", "Tên HTX", "MST", "Xã", "Năm TL", "SĐT", "Giám đốc", "Số TV"]
    file = saved(
        tmp_path, [1, "HTX Mẫu Một", "0090000019", "TT Than Uyên", 2019, "0926626844", "Lò Thị Ỷ", 9], header=header
    )
    assert counts(run(app, file, "--apply")) == (0, 1, 0, 0)
    known = organisations.by_tax_code("0090000019")
    assert known is not None
    assert (known.phone, known.representative, known.member_count) == ("+84900000999", "Lò Thị Ỷ", 9)
    assert len(known.places) == 1
    assert known.founded_on == date(2019, 5, 20)


def test_failures_name_row_column_and_remedy(app: Flask, make: Factories, tmp_path: Path) -> None:
    make.than_uyen()
    make.commit()
    file = saved(
        tmp_path,
        row(1, "HTX Mẫu Một", "Xã Mường Cag"),
        row(2, "HTX Mẫu Hai", "Xã Nậm Sỏ"),
        row(3, "HTX Mẫu Ba", founded="1/1/2100"),
        row(4, "HTX Mẫu Bốn", founded="31/2/2020"),
    )
    found = run(app, file, "--dry-run")
    assert counts(found) == (0, 0, 0, 4)
    assert [(each["row"], each["column"]) for each in found["failures"]] == [(2, "D"), (3, "D"), (4, "E"), (5, "E")]
    assert "Xã Mường Cang" in found["failures"][0]["reason"]


def test_a_useless_file_is_an_error(app: Flask, make: Factories, tmp_path: Path) -> None:
    make.than_uyen()
    make.commit()
    for name, content in (("anh.xlsx", b"\x89PNG\r\n\x1a\n\x00"), ("trong.xlsx", b"")):
        (tmp_path / name).write_bytes(content)
        result = app.test_cli_runner().invoke(args=["register", "import", str(tmp_path / name), "--json"])
        assert result.exit_code == 1
        assert json.loads(result.stdout)["error"]
    other = saved(tmp_path, ["5/6/2019", "Mua giấy", 5], header=["Ngày", "Nội dung", "Số tiền"])
    assert app.test_cli_runner().invoke(args=["register", "import", str(other)]).exit_code == 1
    assert counts(run(app, saved(tmp_path, row(1, "HTX Mẫu")), "--area", "Lai Châu")) == (1, 0, 0, 0)
    unknown = app.test_cli_runner().invoke(args=["register", "import", SAMPLE, "--area", "Nơi khác"])
    assert unknown.exit_code == 2


def test_products_of_unknown_owners(app: Flask, make: Factories, tmp_path: Path) -> None:
    make.than_uyen()
    make.commit()
    header = ["TT", "Tên sản phẩm", "Chủ thể", "Nhóm", "Số sao", "Số QĐ", "Ngày QĐ", "Đợt"]
    decided = [3, "12/QĐ-UBND", "13/3/2022", "Đợt 1 năm 2022"]
    file = saved(
        tmp_path,
        [1, "Gạo Mẫu", "HTX Chưa Có", "Thực phẩm", *decided],
        [2, "Chè Mẫu", "Công ty TNHH Mẫu", "Đồ uống", *decided],
        [3, "Trà Mẫu", "Cty TNHH Mẫu", "Đồ uống", 4, "13/QĐ-UBND", "13/4/2022", "Đợt 1 năm 2022"],
        [4, "Rượu Mẫu", "Bà Mẫu", "Đồ uống", *decided],
        header=header,
    )
    found = run(app, file, "--apply")
    assert counts(found) == (2, 0, 0, 2)
    assert [(each["row"], each["column"]) for each in found["failures"]] == [(2, "C"), (5, "C")]
    assert db.session.scalar(select(func.count(Organisation.id))) == 1
    assert counts(run(app, file, "--apply")) == (0, 0, 2, 2)


def test_a_round_is_decided_later(app: Flask, make: Factories, tmp_path: Path) -> None:
    make.than_uyen()
    make.commit()
    header = ["TT", "Tên sản phẩm", "Chủ thể", "Nhóm", "Số sao", "Số QĐ", "Ngày QĐ", "Đợt"]
    waiting = saved(tmp_path, [1, "Chè Mẫu", "Công ty Mẫu", "Đồ uống", None, None, None, "Đợt 1/2023"], header=header)
    assert counts(run(app, waiting, "--apply")) == (1, 0, 0, 0)
    assert len(db.session.scalars(ocop.under_evaluation(date(2023, 12, 31))).all()) == 1
    decided = saved(
        tmp_path,
        [1, "Chè Mẫu", "Công ty Mẫu", "Đồ uống", 3, "5/QĐ-UBND", "13/11/2023", "Đợt 1/2023"],
        header=header,
        name="sau.xlsx",
    )
    assert counts(run(app, decided, "--apply")) == (0, 1, 0, 0)
    assert db.session.scalars(ocop.under_evaluation(date(2023, 12, 31))).all() == []
    assert len(db.session.scalars(ocop.under_evaluation(date(2023, 9, 30))).all()) == 1
    assert counts(run(app, decided, "--apply")) == (0, 0, 1, 0)
    assert counts(run(app, waiting, "--apply")) == (0, 0, 1, 0)


def test_a_persons_number_is_stored_and_stands_in_no_preview(app: Flask, make: Factories, tmp_path: Path) -> None:
    make.than_uyen()
    make.commit()
    number = "001199000011"
    file = saved(tmp_path, row(1, "THT Mẫu Một", code=number))
    planned = service.preview(service.read(file.read_bytes()), bounds(None, None))
    assert [line.outcome for line in planned.plan.lines] == ["created"]
    assert number not in json.dumps(planned.plan.stored(), default=str)
    run(app, file, "--apply")
    assert organisations.by_tax_code(number) is not None


def test_a_mistake_in_every_row_is_not_compared_with_everything(
    app: Flask, make: Factories, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Suggestions are slow to find: one for each text, and for the first ones only."""
    compared: list[str] = []
    monkeypatch.setattr(difflib, "get_close_matches", lambda text, *_rest, **_more: compared.append(text) or [])
    make.than_uyen()
    make.commit()
    rows = [row(number, f"HTX Số {number}", commune=f"Xã Không Có {number % 200}") for number in range(1, 401)]
    assert counts(run(app, saved(tmp_path, *rows))) == (0, 0, 0, 400)
    assert len(compared) == len(set(compared)) == MOST_GUESSES
