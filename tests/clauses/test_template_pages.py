"""The administrator's pages of templates: writing a version clause by clause, example, comparison, publishing."""

import html
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from marketplace.clauses import queries, service
from marketplace.clauses.language import KEY
from marketplace.clauses.models import Template, TemplateVersion
from marketplace.clauses.seeds import ORDER, key_for, seeds
from marketplace.extensions import db
from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.errors import Refusal
from marketplace.ledger.queries import history
from marketplace.web import clock
from tests.factories import Factories

SignIn = Callable[[Any], FlaskClient]


@pytest.fixture
def browser(make: Factories, sign_in: SignIn) -> FlaskClient:
    """An administrator in front of the shipped templates."""
    service.load(make.now - timedelta(days=30))
    user = make.user(administrator=True)
    db.session.commit()
    return sign_in(user)


def stored(code: str = "goods_sale") -> Template:
    """A template, read anew."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Template).filter_by(code=code)).one()


def text_of(answer: Any) -> str:
    """The page as text."""
    return str(html.unescape(answer.get_data(as_text=True)))


def values_of(page: str, action: str = "") -> dict[str, str]:
    """Every field of the page's form as a browser would send it back."""
    start = page.index(f'action="{action}"') if action else page.index('<form method="post" class="form"')
    form = page[start : page.index("</form>", start)]
    values = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and not ('type="checkbox"' in tag and "checked" not in tag):
            values[name[1]] = html.unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options) or re.search(r'value="([^"]*)"', options)
        values[name] = chosen[1] if chosen else ""
    for name, typed in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        values[name] = html.unescape(typed).strip()
    return values


def begun(browser: FlaskClient) -> TemplateVersion:
    """A new version of the sale template."""
    template = stored()
    page = browser.get("/templates/").get_data(as_text=True)
    action = f"/templates/{template.id}/begin"
    assert browser.post(action, data=values_of(page, action)).status_code == 303
    draft = queries.draft_of(stored())
    assert draft is not None
    return draft


def place_of(version: TemplateVersion, key: str) -> int:
    """Where a clause stands."""
    return [clause["key"] for clause in version.body["clauses"]].index(key)


def edit(browser: FlaskClient, version: TemplateVersion, place: int, **changes: str) -> Any:
    """Send a clause's form with some fields changed."""
    address = f"/templates/versions/{version.id}/clauses/{place}"
    values = values_of(browser.get(address).get_data(as_text=True))
    return browser.post(address, data={**values, **changes})


def test_the_shipped_templates_load_once(make: Factories) -> None:
    first = service.load(make.now)
    assert first.created == list(ORDER)
    assert service.load(make.now).unchanged == list(ORDER)
    assert len(queries.templates()) == len(ORDER)


def test_a_reworded_shipped_template_is_renewed_and_an_own_one_is_left_alone(make: Factories) -> None:
    service.load(make.now)
    db.session.commit()
    old = stored().versions[0]
    old.body = {**old.body, "title": "Lời cũ"}
    own = queries.templates()[0]
    service.begin(own, actor=make.user(administrator=True), now=make.now)
    again = service.load(make.now)
    db.session.commit()
    assert (again.renewed, again.own) == (["goods_sale"], [own.code])
    assert stored().versions[-1].body == seeds()["goods_sale"]["body"]


def test_only_the_administrator_sees_them(make: Factories, sign_in: SignIn, browser: FlaskClient) -> None:
    version = stored().versions[0].id
    others = [sign_in(make.member(make.cooperative())), sign_in(make.officer(make.unit("Xã Than Uyên")))]
    for address in ("", f"versions/{version}", f"versions/{version}/words", f"versions/{version}/preview.pdf"):
        assert browser.get(f"/templates/{address}").status_code == 200
        assert [other.get(f"/templates/{address}").status_code for other in others] == [404, 404]


def test_all_words_of_a_version_are_read_with_their_conditions(browser: FlaskClient) -> None:
    page = text_of(browser.get(f"/templates/versions/{stored().versions[0].id}/words"))
    assert "Đặt cọc: Bên B đặt cọc cho Bên A {deposit}" in page
    assert "khi: có đặt cọc" in page
    assert "khi: không có danh mục hàng hóa" in page


def test_a_version_is_written_compared_and_published(browser: FlaskClient) -> None:
    version = begun(browser)
    place = place_of(version, "payment")
    answer = edit(browser, version, place, **{"sentences-0-text": "Trả bằng {payment_method}, có biên nhận."})
    assert answer.status_code == 303
    shown = text_of(browser.get(f"/templates/versions/{version.id}/compare"))
    assert "có biên nhận" in shown
    assert "<ins>" in shown
    assert "Bất khả kháng" not in shown
    assert "có biên nhận" in text_of(browser.get(f"/templates/versions/{version.id}/preview"))
    address = f"/templates/versions/{version.id}/publish"
    answer = browser.post(address, data=values_of(browser.get(address).get_data(as_text=True)))
    assert answer.status_code == 303
    published = stored().versions[-1]
    assert (published.number, published.valid_from) == (2, clock.today())
    assert queries.newest(published.template_id, clock.today()) == published
    assert [entry.event for entry in history(stored())] == ["template:published", "template:begun"]
    assert browser.get(f"{address}").status_code == 404
    assert edit_status(browser, published) == 404


def edit_status(browser: FlaskClient, version: TemplateVersion) -> int:
    """What a forged change of a published version gets."""
    page = browser.get("/templates/").get_data(as_text=True)
    data = {"csrf_token": values_of(page, f"/templates/{version.template_id}/begin").get("csrf_token", "")}
    address = f"/templates/versions/{version.id}/clauses/0"
    return browser.post(address, data={**data, "title": "X", "version": str(version.version)}).status_code


def test_the_service_itself_never_changes_what_is_published(make: Factories, browser: FlaskClient) -> None:
    version, administrator = stored().versions[0], make.user(administrator=True)
    acts = [
        lambda: service.change(version, {"title": "X"}, now=make.now),
        lambda: service.put_clause(version, 0, {}, now=make.now),
        lambda: service.move_clause(version, 0, 1, now=make.now),
        lambda: service.remove_clause(version, 0, now=make.now),
        lambda: service.publish(version, local_date(make.now), actor=administrator, now=make.now),
        lambda: service.drop(version, actor=administrator, now=make.now),
    ]
    for act in acts:
        with pytest.raises(Refusal, match="never changed"):
            act()


def test_sentences_come_move_and_go_without_script_and_nothing_typed_is_lost(browser: FlaskClient) -> None:
    version = begun(browser)
    place = place_of(version, "payment")
    count = len(version.body["clauses"][place]["sentences"])
    typed = {"sentences-1-text": "Câu vừa gõ, chưa lưu.", "title": "Tên vừa gõ"}
    page = edit(browser, version, place, **typed, arrange="add").get_data(as_text=True)
    values = values_of(page)
    assert values["title"] == "Tên vừa gõ"
    assert values[f"sentences-{count}-text"] == ""
    values[f"sentences-{count}-text"] = "Câu mới."
    values[f"sentences-{count}-when"] = "not has_deposit"
    address = f"/templates/versions/{version.id}/clauses/{place}"
    page = browser.post(address, data={**values, "arrange": f"up {count}"}).get_data(as_text=True)
    values = values_of(page)
    assert values[f"sentences-{count - 1}-text"] == "Câu mới."
    assert values[f"sentences-{count - 1}-when"] == "not has_deposit"
    page = browser.post(address, data={**values, "arrange": "remove 0"}).get_data(as_text=True)
    values = values_of(page)
    assert values["sentences-0-text"] == "Câu vừa gõ, chưa lưu."
    draft = queries.draft_of(stored())
    assert draft is not None
    assert len(draft.body["clauses"][place]["sentences"]) == count
    assert browser.post(address, data=values).status_code == 303
    draft = queries.draft_of(stored())
    assert draft is not None
    saved = draft.body["clauses"][place]
    assert saved["title"] == "Tên vừa gõ"
    assert {"text": "Câu mới.", "when": "not has_deposit"} in saved["sentences"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sentences-0-text", "Trả cho {nobody}."),
        ("sentences-0-text", "{{ config }}"),
        ("sentences-0-when", "is_rich"),
        ("sentences-0-table", "users"),
        ("title", ""),
    ],
)
def test_a_mistake_is_said_at_its_place_and_what_was_typed_stays(browser: FlaskClient, field: str, value: str) -> None:
    version = begun(browser)
    place = place_of(version, "payment")
    answer = edit(browser, version, place, **{field: value, "sentences-1-text": "Còn nguyên ở đây."})
    page = text_of(answer)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert "Còn nguyên ở đây." in page
    draft = queries.draft_of(stored())
    assert draft is not None
    assert draft.body == stored().versions[0].body


def test_clauses_are_added_moved_and_removed(browser: FlaskClient) -> None:
    version = begun(browser)
    end = len(version.body["clauses"])
    new = {"title": "Bảo hiểm", "sentences-0-text": "Bên A mua bảo hiểm.", "default": "y"}
    assert edit(browser, version, end, **new, status="optional").status_code == 303
    draft = queries.draft_of(stored())
    assert draft is not None
    assert draft.body["clauses"][end - 1]["key"] == "bao_hiem"
    assert draft.body["clauses"][end]["key"] == "effect"
    for act, places in (("up", [end - 2]), ("down", [end - 1]), ("remove", [])):
        page = browser.get(f"/templates/versions/{version.id}").get_data(as_text=True)
        draft = queries.draft_of(stored())
        assert draft is not None
        action, pressed = f"/templates/versions/{version.id}/arrange", f"{act} {place_of(draft, 'bao_hiem')}"
        assert browser.post(action, data={**values_of(page, action), "act": pressed}).status_code == 303
        draft = queries.draft_of(stored())
        assert draft is not None
        keys = [clause["key"] for clause in draft.body["clauses"]]
        assert [place for place, key in enumerate(keys) if key == "bao_hiem"] == places


@pytest.mark.parametrize("act", ["", "up", "up x", "remove 99", "down -1", "up 9999999999", "drop 1"])
def test_a_forged_arrangement_changes_nothing(browser: FlaskClient, act: str) -> None:
    version = begun(browser)
    page = browser.get(f"/templates/versions/{version.id}").get_data(as_text=True)
    action = f"/templates/versions/{version.id}/arrange"
    assert browser.post(action, data={**values_of(page, action), "act": act}).status_code in (303, 404)
    draft = queries.draft_of(stored())
    assert draft is not None
    assert draft.body == stored().versions[0].body


def test_a_version_without_the_goods_is_not_published(browser: FlaskClient) -> None:
    version = begun(browser)
    page = browser.get(f"/templates/versions/{version.id}").get_data(as_text=True)
    action = f"/templates/versions/{version.id}/arrange"
    browser.post(action, data={**values_of(page, action), "act": f"remove {place_of(version, 'goods')}"})
    assert "hàng hóa, số lượng, đơn giá" in text_of(browser.get(f"/templates/versions/{version.id}"))
    assert not issued(browser, version)
    assert stored().versions[-1].published_at is None


def issued(browser: FlaskClient, version: TemplateVersion) -> bool:
    """Whether a version is issued, or even offered to be; a form that is sent all the same is refused."""
    page = browser.get(f"/templates/versions/{version.id}").get_data(as_text=True)
    values = values_of(page, f"/templates/versions/{version.id}/arrange")
    address = f"/templates/versions/{version.id}/publish"
    offered = f'href="{address}"' in page
    asked = "valid_from" in browser.get(address).get_data(as_text=True)
    answer = browser.post(address, data={**values, "valid_from": format_date(clock.today())})
    assert offered == asked == (answer.status_code == 303)
    return offered


def test_publishing_nothing_new_or_in_the_past_is_refused(browser: FlaskClient) -> None:
    version = begun(browser)
    address = f"/templates/versions/{version.id}/publish"
    assert not issued(browser, version)
    assert "Chưa có gì khác bản 1" in text_of(browser.get(f"/templates/versions/{version.id}"))
    edit(browser, version, place_of(version, "payment"), title="Trả tiền")
    values = values_of(browser.get(address).get_data(as_text=True))
    yesterday = format_date(clock.today() - timedelta(days=1))
    answer = browser.post(address, data={**values, "valid_from": yesterday})
    assert answer.status_code == 422
    assert 'id="valid_from-error"' in text_of(answer)


def test_another_name_in_lists_is_a_change(browser: FlaskClient) -> None:
    version = begun(browser)
    address = f"/templates/versions/{version.id}/edit"
    values = values_of(browser.get(address).get_data(as_text=True))
    assert browser.post(address, data={**values, "name": "Mua bán hàng đóng gói"}).status_code == 303
    assert issued(browser, version)
    assert stored().versions[-1].title == "Mua bán hàng đóng gói"


def test_a_new_clause_finds_its_own_key(browser: FlaskClient) -> None:
    version = begun(browser)
    taken = [clause["key"] for clause in version.body["clauses"]]
    assert key_for("Bảo hiểm cây trồng, vật nuôi & hàng hóa trên đường", taken) == "bao_hiem_cay_trong_vat_nuoi_ha"
    assert key_for("Thanh toán", taken) == "thanh_toan"
    assert key_for("Thanh toán", [key for key in taken if key != "payment"]) == "payment"
    assert key_for("12 tháng", []) == "clause_12_thang"
    assert key_for("…", []) == "clause"
    assert key_for("Bảo hiểm", ["bao_hiem", "bao_hiem_2"]) == "bao_hiem_3"
    for title in ("Bảo hiểm", "12", "…", "Ỷ " * 90):
        assert KEY.fullmatch(key_for(title, taken))


def test_a_mistake_in_a_placeholder_says_which_one_was_meant(browser: FlaskClient) -> None:
    version = begun(browser)
    place = place_of(version, "payment")
    page = text_of(edit(browser, version, place, **{"sentences-0-text": "Trong {payment_day} ngày."}))
    assert "Có phải bạn muốn ghi {payment_days}?" in page
    page = text_of(edit(browser, version, place, **{"sentences-0-text": "Trả cho {xyz}."}))
    assert "hãy lấy trong danh sách" in page


def test_what_changed_is_told_in_vietnamese(browser: FlaskClient) -> None:
    version = begun(browser)
    assert edit(browser, version, place_of(version, "label"), status="locked").status_code == 303
    page = text_of(browser.get(f"/templates/versions/{version.id}/compare"))
    assert "Khóa" in page
    assert "Tùy chọn" in page
    assert "locked" not in page
    assert "optional" not in page


def test_two_administrators_at_once_overwrite_nothing(browser: FlaskClient) -> None:
    version = begun(browser)
    place = place_of(version, "payment")
    address = f"/templates/versions/{version.id}/clauses/{place}"
    stale = values_of(browser.get(address).get_data(as_text=True))
    edit(browser, version, place, title="Trả tiền")
    assert browser.post(address, data={**stale, "title": "Chi trả"}).status_code == 409


def test_a_new_version_is_thrown_away_and_the_head_reworded(browser: FlaskClient) -> None:
    version = begun(browser)
    address = f"/templates/versions/{version.id}/edit"
    values = values_of(browser.get(address).get_data(as_text=True))
    assert browser.post(address, data={**values, "opening": "Hôm nay {someday}"}).status_code == 422
    assert browser.post(address, data={**values, "legal_bases": "Căn cứ A;\nCăn cứ B."}).status_code == 303
    draft = queries.draft_of(stored())
    assert draft is not None
    assert draft.body["legal_bases"] == ["Căn cứ A;", "Căn cứ B."]
    page = browser.get(f"/templates/versions/{version.id}").get_data(as_text=True)
    action = f"/templates/versions/{version.id}/drop"
    assert browser.post(action, data=values_of(page, action)).status_code == 303
    assert queries.draft_of(stored()) is None


@pytest.mark.parametrize("code", ORDER)
def test_the_example_says_on_every_page_that_it_is_one(browser: FlaskClient, code: str) -> None:
    answer = browser.get(f"/templates/versions/{stored(code).versions[0].id}/preview.pdf")
    pages = PdfReader(io.BytesIO(answer.data)).pages
    assert all("VÍ DỤ" in page.extract_text() for page in pages)


def test_the_command_says_what_it_did(app: Any) -> None:
    run = app.test_cli_runner()
    first = run.invoke(args=["templates", "load", "--json"])
    assert json.loads(first.stdout)["created"] == list(ORDER)
    again = run.invoke(args=["templates", "load"])
    assert again.exit_code == 0
    assert again.stdout.startswith("as before: offtake")
