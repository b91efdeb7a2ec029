"""The demonstration: loaded once on an empty installation, through the services, with everything that it should show."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.clauses.terms import ContractKind
from marketplace.contracts import policy
from marketplace.contracts.models import Contract, Signature
from marketplace.contracts.rules import ContractState, Method, Standing, standing_on
from marketplace.demo.cast import PASSWORD, PEOPLE
from marketplace.extensions import db
from marketplace.home import market
from marketplace.ledger.models import Entry
from marketplace.notices.models import Notice, Outgoing
from marketplace.offers.models import PurchaseOffer
from marketplace.offers.rules import OfferState, state_on
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Mandate, Membership, Organisation
from marketplace.organisations.rules import MembershipState, Verification
from marketplace.products.models import Certificate, Product
from marketplace.products.rules import CertificateState, ProductState
from marketplace.quotes.models import Quote, QuotePart
from marketplace.quotes.pooling import PartState
from marketplace.quotes.rules import QuoteState
from marketplace.web import clock, settings
from tests.conftest import Backend, make_app

ACCOUNTS = [
    ("htx@example.vn", "0900 000 001"),
    ("htx2@example.vn", "0900 000 002"),
    ("doanhnghiep@example.vn", "0900 000 003"),
    ("canbo.xa@example.vn", "0900 000 004"),
    ("canbo.xa2@example.vn", "0900 000 005"),
    ("canbo.tinh@example.vn", "0900 000 006"),
    ("quantri@example.vn", "0900 000 007"),
]
REAL_NAMES = ("Hà Dũng", "Thanh Xuân")


def run(app: Flask, *arguments: str) -> Any:
    """`flask demo load …`."""
    return app.test_cli_runner().invoke(args=["demo", "load", *arguments])


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An installation of its own with the demonstration, on SQLite."""
    folder = tmp_path_factory.mktemp("demo")
    app = make_app(f"sqlite:///{folder / 'demo.sqlite3'}", folder)
    with app.app_context():
        db.create_all()
    answer = run(app, "--once", "--json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["loaded"] is True
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def demo(loaded: Flask) -> Iterator[Flask]:
    """The same, entered."""
    with loaded.app_context():
        yield loaded
        db.session.rollback()
        db.session.remove()


def count(table: type[Any], *conditions: Any) -> int:
    """Rows of a table."""
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


# Loading ---------------------------------------------------------------------------------------------------------


def test_a_second_load_changes_nothing(demo: Flask) -> None:
    before = {table: count(table) for table in (Entry, Contract, Notice, Outgoing, User)}
    answer = run(demo, "--once", "--json")
    assert answer.exit_code == 0
    assert json.loads(answer.stdout) == {"loaded": False}
    assert {table: count(table) for table in before} == before
    assert run(demo).exit_code == 1


def test_a_real_installation_refuses(backend: Backend, app: Flask, make: Any) -> None:
    make.user()
    make.commit()
    answer = run(app, "--once")
    assert answer.exit_code == 1
    assert "Refused" in answer.output
    assert not settings.get(settings.DEMONSTRATION)
    assert count(User) == 1


def test_production_refuses(app: Flask) -> None:
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = type(before)(**{**vars(before), "production": True})
    try:
        answer = run(app)
    finally:
        app.config["SETTINGS"] = before
    assert answer.exit_code == 1
    assert "production" in answer.output
    assert count(User) == 0


def test_it_bears_the_mark(demo: Flask) -> None:
    assert "Dữ liệu minh họa" in demo.test_client().get("/").get_data(as_text=True)


# Accounts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("identity", [way for pair in ACCOUNTS for way in pair])
def test_every_account_signs_in(demo: Flask, identity: str) -> None:
    client = demo.test_client()
    answer = client.post("/login", data={"identity": identity, "passcode": PASSWORD})
    assert answer.status_code in (302, 303), answer.get_data(as_text=True)[:1500]
    page = client.get("/")
    assert page.status_code == 200
    assert "Việc của tôi" in page.get_data(as_text=True)


def test_the_sign_in_page_offers_them(demo: Flask) -> None:
    page = demo.test_client().get("/login").get_data(as_text=True)
    assert all(f'value="{email}"' in page for email, _phone in ACCOUNTS)


def test_a_real_sign_in_page_offers_nothing(client: FlaskClient) -> None:
    assert PASSWORD not in client.get("/login").get_data(as_text=True)


def test_nobody_else_has_a_password(demo: Flask) -> None:
    with_password = db.session.scalars(select(User.email).where(User.password.is_not(None)).order_by(User.id)).all()
    assert with_password == [email for email, _phone in ACCOUNTS]
    assert [person.email for person in PEOPLE if person.signs_in] == with_password


def test_the_accounts_cooperatives_are_among_the_imported(demo: Flask) -> None:
    for email in ("htx@example.vn", "htx2@example.vn"):
        user = db.session.scalars(select(User).filter_by(email=email)).one()
        (membership,) = db.session.scalars(select(Membership).filter_by(user_id=user.id)).all()
        assert membership.organisation.listed_at is not None
        assert membership.organisation.verified
        assert membership.authority


def test_no_real_name_appears(demo: Flask) -> None:
    names = list(db.session.scalars(select(Organisation.name)))
    assert not [name for name in names for real in REAL_NAMES if real in name]


# Figures of the paper --------------------------------------------------------------------------------------------


def figures(app: Flask, *arguments: str) -> dict[str, Any]:
    """`flask figures … --json`."""
    answer = app.test_cli_runner().invoke(args=["figures", *arguments, "--json"])
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def test_the_papers_figures_hold(demo: Flask) -> None:
    assert figures(demo, "cooperatives", "--at", "2020-12-31")["total"] == 44
    assert figures(demo, "cooperatives", "--at", "2023-09-30")["total"] == 71
    ocop = figures(demo, "ocop", "--at", "2023-09-30")
    assert ocop["total"] == 26
    assert ocop["under_evaluation"] == 5


def test_the_home_page_counts_as_the_report_does(demo: Flask) -> None:
    today = clock.today()
    report = figures(demo, "contracts", "--at", today.isoformat())
    assert report["basis"] == "force"
    assert market.figures(today).contracts == report["total"] > 0


# What there is to see --------------------------------------------------------------------------------------------


def test_contracts_of_every_state_since_2023(demo: Flask) -> None:
    contracts = db.session.scalars(select(Contract)).unique().all()
    assert {contract.state for contract in contracts} == set(ContractState)
    standings = {standing_on(clock.today(), contract) for contract in contracts if contract.state == "signed"}
    assert standings == {Standing.IN_FORCE, Standing.NOT_YET, Standing.PAST_END}
    assert {contract.kind for contract in contracts} == set(ContractKind)
    years = {contract.signed_on.year for contract in contracts if contract.signed_on}
    assert {2023, 2024, 2025} <= years
    assert any(contract.with_households for contract in contracts)
    assert count(Contract, Contract.event_id.is_not(None)) == 4


def test_both_ways_of_signing_and_one_side_that_is_missing(demo: Flask) -> None:
    methods = set(db.session.scalars(select(Signature.method)))
    assert methods == {Method.WET_INK, Method.APP}
    assert count(Signature, Signature.method == Method.APP, Signature.attested_at.is_not(None))
    assert count(Signature, Signature.method == Method.APP, Signature.attested_at.is_(None))
    waiting = db.session.scalars(select(Contract).filter_by(state=ContractState.AWAITING)).unique()
    assert all(len(contract.documents[-1].signatures) == len(contract.parties) - 1 for contract in waiting)


def test_two_cooperatives_sell_together(demo: Flask) -> None:
    (contract,) = [row for row in db.session.scalars(select(Contract)).unique() if len(row.parties) > 2]
    assert (contract.state, contract.quote.pooled) == (ContractState.AWAITING, True)
    (awaited,) = policy.awaited(contract)
    partner = db.session.scalars(select(User).filter_by(email="htx2@example.vn")).one()
    assert awaited.organisation_id in capacities(partner).organisation_ids
    assert sum(row.quantity for party in contract.parties for row in party.shares) == contract.lines[0].quantity
    assert count(QuotePart, QuotePart.state == PartState.INVITED) == 1


def test_offers_and_quotes_of_every_state(demo: Flask) -> None:
    today = clock.today()
    offers = db.session.scalars(select(PurchaseOffer)).unique().all()
    assert {state_on(today, offer.state, offer.closes_on) for offer in offers} == set(OfferState)
    assert any(offer.addressed_to_id for offer in offers)
    quotes = db.session.scalars(select(Quote)).unique().all()
    assert {quote.state for quote in quotes} >= {
        QuoteState.DRAFT,
        QuoteState.SUBMITTED,
        QuoteState.ACCEPTED,
        QuoteState.DECLINED,
    }
    assert max(len(quote.versions) for quote in quotes) > 1


def test_products_and_certificates_of_every_kind(demo: Flask) -> None:
    today = clock.today()
    assert set(db.session.scalars(select(Product.state))) == set(ProductState)
    assert count(Product, Product.taken_down_reason.is_not(None)) == 1
    assert count(Certificate, Certificate.state == CertificateState.DECLARED)
    assert count(Certificate, Certificate.last_day < today)
    soon = [row for row in db.session.scalars(select(Certificate.last_day)) if row and 0 <= (row - today).days < 185]
    assert soon
    assert market.figures(today).products >= 5
    photos = [product for product in db.session.scalars(select(Product)).unique() if product.photos]
    assert len(photos) > 5


def test_people_who_wait_and_help(demo: Flask) -> None:
    assert count(Organisation, Organisation.verification == Verification.PENDING) == 1
    assert count(Organisation, Organisation.verification == Verification.RETURNED) == 1
    assert count(Membership, Membership.state == MembershipState.REQUESTED) == 1
    assert count(Mandate) == 1
    assert count(Notice, Notice.read_at.is_(None))
    assert count(Notice, Notice.read_at.is_not(None))
    assert count(Outgoing) > 50


def test_the_ledger_holds(demo: Flask) -> None:
    answer = demo.test_cli_runner().invoke(args=["ledger", "verify"])
    assert answer.exit_code == 0, answer.output


def test_dates_lie_in_the_past(demo: Flask) -> None:
    now = clock.now()
    assert count(Entry, Entry.at > now) == 0
    assert db.session.scalar(select(func.min(Contract.signed_on))) == date(2023, 3, 20)
