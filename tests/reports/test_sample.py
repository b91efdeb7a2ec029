"""The paper's own figures come out of the officials' own file: 44, 71, 35/7/3/20/4/2, 26 and 5."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.reports.doors import doors, rows_behind

DAY = "at=30/09/2023&area=than-uyen"


def figures(app: Flask, *args: str) -> dict[str, Any]:
    result = app.test_cli_runner().invoke(args=["figures", *args, "--area", "Than Uyên", "--json"])
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.usefixtures("sample")
def test_the_command_prints_the_papers_figures(app: Flask) -> None:
    before = figures(app, "cooperatives", "--at", "31/12/2020")
    after = figures(app, "cooperatives", "--at", "2023-09-30", "--since", "2020-12-31")
    assert (before["total"], after["total"]) == (44, 71)
    assert (after["before"], after["difference"], after["growth_percent"]) == (44, 27, 61.4)
    assert after["by_sector"] == {"NLN": 35, "XD": 7, "CN_TTCN": 3, "TM_DV": 20, "VT": 4, "DL": 2}
    assert sum(after["by_unit"].values()) == 71
    assert len(after["by_unit"]) == 12
    new = figures(app, "cooperatives", "--at", "2023-09-30", "--units", "new")
    assert sum(new["by_unit"].values()) == 71
    assert len(new["by_unit"]) == 4
    ocop = figures(app, "ocop", "--at", "2023-09-30")
    assert (ocop["total"], ocop["under_evaluation"]) == (26, 5)
    assert ocop["by_stars"]["3"] + ocop["by_stars"]["4"] == 26
    assert ocop["by_round"] == {"Đợt 1 năm 2023": 5}
    coverage = figures(app, "coverage", "--at", "2023-09-30")
    assert (coverage["total"], coverage["with_cooperative"]) == (12, 12)


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("page", ["cooperatives", "ocop", "coverage"])
def test_every_number_opens_exactly_its_rows(area_viewer: FlaskClient, page: str) -> None:
    found = doors(area_viewer, f"/reports/{page}?{DAY}&units=old&since=31/12/2020")
    assert len(found) > 8
    opened = {"cooperatives": 71, "ocop": 26, "coverage": 12}
    assert opened[page] in [count for _, count in found]
    for address, count in found:
        assert rows_behind(area_viewer, address) == count, address


@pytest.mark.usefixtures("sample")
def test_the_pages_show_the_same_figures(area_viewer: FlaskClient) -> None:
    text = area_viewer.get(f"/reports/cooperatives?{DAY}&since=31/12/2020").get_data(as_text=True)
    assert "61,4%" in text
    assert "30/09/2023" in text
    assert "Than Uyên" in text
    text = area_viewer.get(f"/reports/cooperatives/rows?{DAY}&kind=htx&dated=yes&sector=VT").get_data(as_text=True)
    assert text.count("<tr>") == 4 + 1
