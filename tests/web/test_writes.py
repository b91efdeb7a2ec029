"""One submission, one change: repeats, stale pages, refusals, and what a crash leaves behind."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from wtforms import StringField

from marketplace.extensions import db
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.products.models import Product
from marketplace.web import clock
from marketplace.web.access import SignedIn
from marketplace.web.forms import Form
from marketplace.web.models import Setting, Submission
from marketplace.web.paging import asked
from marketplace.web.tasks import forget_submissions
from marketplace.web.writes import write
from tests.factories import Factories


class NameForm(Form):
    """One field."""

    name = StringField("Name")


@pytest.fixture
def product(app: Flask, make: Factories) -> Iterator[Product]:
    """A product, and a page at /_name that renames it."""
    found = make.product(make.cooperative(), name="Cũ")
    make.commit()
    number = found.id

    def rename() -> Any:
        thing = db.session.get_one(Product, number)
        form = NameForm(version=thing.version)
        if form.accepted():
            with write(form):
                thing = db.session.get_one(Product, number)
                form.check(thing)
                if form.name.data == "không":
                    raise Refusal(msgid("Not this name."), field="name")
                if form.name.data == "hỏng":
                    thing.name = "nửa chừng"
                    db.session.flush()
                    raise ZeroDivisionError
                if form.name.data == "trùng":
                    db.session.add(Setting(name="once", value=1))
                if form.name.data == "thiếu":
                    thing.name = None  # type: ignore[assignment]
                    db.session.flush()
                thing.name = form.name.data or ""
                return form.done("ok", f"/_done/{current_user.id}")
        errors = [*form.refusals, *(form.name.errors or [])]
        return render_template_string("{{ form.version }}|{{ form.name }}|{{ errors }}", form=form, errors=errors)

    rename.access = ((SignedIn,), {})  # type: ignore[attr-defined]
    view, app.view_functions["health.healthz"] = app.view_functions["health.healthz"], rename
    yield found
    app.view_functions["health.healthz"] = view


Send = Callable[..., Any]


@pytest.fixture
def send(app: Flask, product: Product, make: Factories, sign_in: Callable[..., FlaskClient]) -> Send:
    """Submit the form as a signed-in person."""
    user = make.user()
    make.commit()
    browser = sign_in(user)
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint == "health.healthz"]
    for rule in rules:
        rule.methods = {"GET", "POST", "HEAD", "OPTIONS"}
    app.url_map._remap = True
    app.url_map.update()
    return lambda page="", **data: browser.get(page) if page else browser.post("/healthz", data=data)


def name_of(product: Product) -> str:
    """What the database holds."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Product, product.id).name


def test_a_repeat_gets_the_first_answer_and_does_nothing(send: Send, product: Product) -> None:
    first = send(key="k1", version="1", name="Mới")
    again = send(key="k1", version="2", name="Khác")
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    assert name_of(product) == "Mới"


def test_a_stale_page_is_a_409_that_keeps_what_was_typed(send: Send, product: Product) -> None:
    send(key="k1", version="1", name="Mới")
    late = send(key="k2", version="1", name="Chữ đã gõ")
    assert late.status_code == 409
    assert "Chữ đã gõ" in late.get_data(as_text=True)
    assert name_of(product) == "Mới"


def test_a_refusal_lands_on_its_field_and_uses_up_no_key(send: Send, product: Product) -> None:
    refused = send(key="k1", version="1", name="không")
    assert refused.status_code == 422
    assert "Not this name." in refused.get_data(as_text=True)
    assert send(key="k1", version="1", name="Mới").status_code == 303
    assert name_of(product) == "Mới"


def test_a_place_that_somebody_else_took_is_a_409(send: Send, product: Product) -> None:
    """The last defence, a unique constraint, speaks like every other lost race."""
    db.session.add(Setting(name="once", value=0))
    db.session.commit()
    late = send(key="k1", version="1", name="trùng")
    assert late.status_code == 409
    assert "trùng" in late.get_data(as_text=True)
    assert name_of(product) == "Cũ"


def test_a_mistake_of_ours_is_no_race(send: Send) -> None:
    with pytest.raises(IntegrityError):
        send(key="k1", version="1", name="thiếu")


def test_a_crash_leaves_nothing_half_done(send: Send, product: Product) -> None:
    with pytest.raises(ZeroDivisionError):
        send(key="k1", version="1", name="hỏng")
    assert name_of(product) == "Cũ"
    assert db.session.scalar(select(func.count()).select_from(Submission)) == 0


def test_text_arrives_composed_and_tidy(send: Send, product: Product) -> None:
    send(key="k1", version="1", name="  Bu\u0300i  Thi\u0323 Y\u0309 \u200b")
    assert name_of(product) == "Bùi Thị Ỷ"


@pytest.mark.parametrize(
    ("given", "key"), [("12", 12), ("", None), ("-3", None), ("٣", None), ("9" * 30, None), ("1e3", None), ("x", None)]
)
def test_a_key_in_the_address_is_a_plain_number_or_none(app: Flask, given: str, key: int | None) -> None:
    with app.test_request_context("/", query_string={"after": given}):
        assert asked("after") == key


def test_old_submissions_are_forgotten_and_young_ones_kept(app: Flask) -> None:
    for days in (1, 29, 31):
        db.session.add(Submission(owner="user:1", key=f"k{days}", at=clock.now() - timedelta(days=days)))
    db.session.commit()
    assert forget_submissions(app) == 1
    assert set(db.session.scalars(select(Submission.key))) == {"k1", "k29"}
    assert forget_submissions(app) == 0


def test_the_page_after_an_accepted_form_carries_its_key_and_no_other(send: Send) -> None:
    def shown() -> str:
        return str(send("/products").get_data(as_text=True))

    send(key="k1", version="0", name="Chữ đã gõ")
    assert "data-done" not in shown()
    send(key="k2", version="1", name="không")
    assert "data-done" not in shown()
    send(key="k3", version="1", name="Mới")
    assert 'data-done="k3"' in shown()
    assert "data-done" not in shown(), "once"
    send(key="k3", version="1", name="Mới")
    assert 'data-done="k3"' in shown(), "said twice, it was accepted all the same"
