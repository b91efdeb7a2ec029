"""Who gets the contract as a Word file, and what it says of itself."""

import io
from collections.abc import Callable
from typing import Any

from docx import Document
from flask.testing import FlaskClient

from marketplace.clauses.text import fingerprint, short
from tests.contracts import deals
from tests.factories import Factories

SignIn = Callable[[Any], FlaskClient]


def test_both_sides_have_the_draft_and_nobody_else(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    address = f"/contracts/{deal.contract.id}/word"
    for person in (deal.farmer, deal.trader):
        answer = sign_in(person).get(address)
        assert answer.headers["Content-Disposition"].endswith('.docx"')
        assert "DỰ THẢO" in Document(io.BytesIO(answer.data)).sections[0].header.paragraphs[0].text
    assert address in sign_in(deal.farmer).get(f"/contracts/{deal.contract.id}").get_data(as_text=True)
    stranger = make.member(make.cooperative(name="HTX Khác"))
    officer = make.officer(make.unit("Xã Than Uyên"))
    assert sign_in(stranger).get(address).status_code == 404
    assert sign_in(officer).get(address).status_code == 404


def test_an_official_gets_the_text_that_stands_as_a_working_copy(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    deal.contract.own_text = False
    document = deal.contract.documents[-1]
    digest = short(fingerprint(document.text))
    answer = sign_in(make.officer(make.unit("Xã Than Uyên"))).get(f"/contracts/{deal.contract.id}/word")
    file = Document(io.BytesIO(answer.data))
    assert digest in file.sections[0].header.paragraphs[0].text
    assert any("Gạo Séng Cù" in row.cells[1].text for row in file.tables[0].rows)


def test_a_file_of_its_own_has_no_word(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make, own_text=True)
    address = f"/contracts/{deal.contract.id}"
    assert sign_in(deal.farmer).get(f"{address}/word").status_code == 404
    assert f"{address}/word" not in sign_in(deal.farmer).get(address).get_data(as_text=True)
