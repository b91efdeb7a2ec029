"""The footer's texts: shipped, edited in versions, never by anybody but the administrator."""

from collections.abc import Callable

from flask.testing import FlaskClient

from marketplace.policies.rules import blocks
from tests.factories import Factories


def test_headings_lists_and_paragraphs() -> None:
    found = blocks("Mở đầu\nhai dòng\n\n## Quyền\n- xem\n- sửa\n\nCuối <b>")
    assert [(block.kind, block.lines) for block in found] == [
        ("paragraph", ("Mở đầu", "hai dòng")),
        ("heading", ("Quyền",)),
        ("list", ("xem", "sửa")),
        ("paragraph", ("Cuối <b>",)),
    ]


def test_everybody_reads_the_shipped_texts(client: FlaskClient) -> None:
    for name in ("operating-rules", "privacy", "complaints"):
        answer = client.get(f"/policies/{name}")
        assert answer.status_code == 200
        assert "Phiên bản 1" in answer.get_data(as_text=True)


def test_only_the_administrator_edits(make: Factories, sign_in: Callable[..., FlaskClient]) -> None:
    other, administrator = make.user(), make.user(administrator=True)
    make.commit()
    assert sign_in(other).get("/policies/privacy/edit").status_code == 404
    browser = sign_in(administrator)
    sent = browser.post("/policies/privacy/edit", data={"key": "a", "seen": "1", "body": "Bản mới <i>"})
    assert sent.status_code == 303
    page = browser.get("/policies/privacy").get_data(as_text=True)
    assert "Phiên bản 2" in page
    assert "Bản mới &lt;i&gt;" in page


def test_a_stale_editor_is_told(make: Factories, sign_in: Callable[..., FlaskClient]) -> None:
    browser = sign_in_administrator(make, sign_in)
    browser.post("/policies/privacy/edit", data={"key": "a", "seen": "1", "body": "Bản hai"})
    late = browser.post("/policies/privacy/edit", data={"key": "b", "seen": "1", "body": "Bản khác"})
    assert late.status_code == 422
    assert "Bản khác" in late.get_data(as_text=True)


def test_an_unknown_text_is_a_404(make: Factories, sign_in: Callable[..., FlaskClient]) -> None:
    assert sign_in_administrator(make, sign_in).get("/policies/secret/edit").status_code == 404


def sign_in_administrator(make: Factories, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    administrator = make.user(administrator=True)
    make.commit()
    return sign_in(administrator)
