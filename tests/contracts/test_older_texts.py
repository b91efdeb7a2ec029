"""Texts that were fixed before clauses had keys, and before there was a summary, can still be read and signed."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.contracts import deals
from tests.factories import Factories

SignIn = Callable[[Any], FlaskClient]


@pytest.mark.parametrize("page", ["", "/sign", "/text", "/points"])
def test_a_text_of_the_first_release_is_shown(make: Factories, sign_in: SignIn, page: str) -> None:
    deal = deals.opened(make)
    document = deal.contract.documents[-1]
    older = deepcopy(document.text)
    older.pop("summary")
    for clause in older["clauses"]:
        del clause["key"]
    document.text, document.points = older, None
    make.commit()
    assert sign_in(deal.farmer).get(f"/contracts/{deal.contract.id}{page}").status_code == 200
