"""Walks the whole demonstration as every kind of visitor: each page is read critically, none writes, none is slow to ask."""

from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event

from marketplace.extensions import db
from tests.conftest import make_app
from tests.critic import Page, complaints

PASSWORD = "Demo-2026-LienKet"
VISITORS = (
    "",
    "htx@example.vn",
    "htx2@example.vn",
    "doanhnghiep@example.vn",
    "canbo.xa@example.vn",
    "canbo.xa2@example.vn",
    "canbo.tinh@example.vn",
    "quantri@example.vn",
)
EACH = 3
"""So many different addresses of one endpoint are read by one visitor."""
OFTEN = {"contracts.show": 15, "annexes.show": 9}
"""Things that look otherwise in each of their many states: more of them."""
ON_A_LIST = 9
"""A list page runs at most 6, and at most 3 more for user, posts and badge (design rule)."""
ON_A_THING = 24
"""The page of one thing, or a home page, gathers from several slices: more, but never many, whatever the row count."""
LISTS = {"index", "mine", "queue", "to_attest", "mails", "cooperatives", "ocop", "contracts", "coverage", "rows"}


# Reached by a token in a mail, by a machine, or only while signing in.
UNLINKED = {
    "health.healthz",
    "health.readyz",
    "accounts.prove_email",
    "annexes.confirm_in_app",
    "contracts.confirm_in_app",
    "security.reset_password",
    "security.two_factor_rescue",
    "security.two_factor_token_validation",
    "security.mf_recovery",
    "security.tf_select",
    "security.us_setup",
    "security.us_signin",
    "security.us_verify",
    "security.us_verify_link",
    "security.logout",
    "static",
}


# Pages of rare states that the demonstration does not have; their slices' own tests open them.
RARE = {
    "annexes.attest",
    "annexes.sign_digitally",  # offered where authorities are trusted, which the demonstration's installation has none of
    "contracts.sign_digitally",
    "contracts.answer_scan",  # of a party without an account that answered on paper
    "contracts.record_answer",
    "contracts.authority",
    "contracts.split",  # shares are moved in a draft; the demonstration's pooled contract waits for its last signature
    "offers.end_without_award",
    "products.scan",
    "register.failed",
}


@dataclass
class Walk:
    """What one visitor met."""

    visited: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with the demonstration data."""
    folder = tmp_path_factory.mktemp("every-page")
    app = make_app(f"sqlite:///{folder / 'demo.sqlite3'}", folder, WTF_CSRF_ENABLED=True)
    with app.app_context():
        upgrade()
    done = app.test_cli_runner().invoke(args=["demo", "load"])
    assert done.exit_code == 0, done.output
    yield app
    with app.app_context():
        db.engine.dispose()


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement that reaches the database meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def sign_in(app: Flask, identity: str) -> FlaskClient:
    """A browser of this visitor."""
    client = app.test_client()
    if identity:
        page = client.get("/login").get_data(as_text=True)
        token = page.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
        answer = client.post("/login", data={"identity": identity, "passcode": PASSWORD, "csrf_token": token})
        assert answer.status_code in (302, 303), answer.get_data(as_text=True)[:2000]
        assert client.get("/account").status_code == 200, answer.location
    return client


def endpoint_of(app: Flask, path: str) -> str | None:
    """Which view an address leads to."""
    with app.test_request_context(path) as context:
        return context.request.endpoint


def starts(app: Flask) -> list[str]:
    """The addresses that need no values."""
    return [rule.rule for rule in app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ())]


def walk(app: Flask, identity: str) -> Walk:
    """Follow every link from everywhere, a few addresses of each endpoint."""
    client, found = sign_in(app, identity), Walk()
    waiting, known, often = deque(["/", *starts(app)]), set(), Counter()
    while waiting:
        path = waiting.popleft()
        endpoint = endpoint_of(app, path)
        if path in known or endpoint is None or endpoint in UNLINKED or often[endpoint] >= OFTEN.get(endpoint, EACH):
            continue
        known.add(path)
        often[endpoint] += 1
        waiting.extend(read(app, client, path, str(endpoint), found))
    return found


def read(app: Flask, client: FlaskClient, path: str, endpoint: str, found: Walk) -> list[str]:
    """Read one page; returns where its links lead."""
    with statements(app) as asked:
        answer = client.get(path)
    if answer.status_code in (302, 303, 404):
        return []
    found.visited.add(endpoint)
    if answer.status_code != 200:
        found.problems.append(f"{path}: {answer.status_code}")
        return []
    wrote = [statement for statement in asked if statement.lstrip().startswith(("INSERT", "UPDATE", "DELETE"))]
    if wrote:
        found.problems.append(f"{path} writes: {wrote[0][:80]}")
    if not answer.mimetype.endswith("html"):
        answer.close()
        return []
    a_list = endpoint.split(".")[-1] in LISTS and endpoint != "home.index"
    if len(asked) > (ON_A_LIST if a_list else ON_A_THING):
        found.problems.append(f"{path}: {len(asked)} queries")
    text = answer.get_data(as_text=True)
    found.problems += [f"{path}: {complaint}" for complaint in complaints(text)]
    here = [urljoin(path, link) for link in Page(text).links if not urlsplit(link).netloc]
    return [link.split("#")[0] for link in here if link.startswith("/")]


@pytest.fixture(scope="module")
def walks(demonstration: Flask) -> dict[str, Walk]:
    """All visitors' walks."""
    return {identity: walk(demonstration, identity) for identity in VISITORS}


@pytest.mark.parametrize("identity", VISITORS)
def test_every_page_is_in_order(walks: dict[str, Walk], identity: str) -> None:
    problems = walks[identity].problems
    assert not problems, "\n".join(problems)


def test_somebody_meets_every_page(demonstration: Flask, walks: dict[str, Walk]) -> None:
    met = set().union(*(found.visited for found in walks.values()))
    there = {rule.endpoint for rule in demonstration.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert sorted(there - met - UNLINKED - RARE) == []


def test_every_endpoint_declares_its_access(demonstration: Flask) -> None:
    for endpoint, view in demonstration.view_functions.items():
        assert hasattr(view, "access"), endpoint


def test_what_a_visitor_may_not_see_is_not_there(demonstration: Flask) -> None:
    """Every address that some signed-in person reads, and a stranger does not, sends the stranger to sign in or is a 404."""
    stranger = demonstration.test_client()
    for path in starts(demonstration):
        assert stranger.get(path).status_code in (200, 302, 303, 400, 404), path


def test_the_folder_of_templates_has_the_error_pages() -> None:
    folder = Path(__file__).resolve().parent.parent / "templates" / "errors"
    assert {path.stem for path in folder.glob("*.html")} >= {"403", "404", "409", "413", "422", "429", "500"}
