"""The frame itself: it starts on both databases, refuses what is not declared, sends its headers."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from marketplace.extensions import db


def test_the_database_answers(app: Flask) -> None:
    assert db.session.execute(text("SELECT 1")).scalar() == 1


def test_the_process_is_healthy_and_sends_its_policy(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_an_endpoint_that_declares_no_access_is_shut(app: Flask) -> None:
    endpoint = "health.healthz"
    view = app.view_functions[endpoint]
    app.view_functions[endpoint] = lambda: "open"
    try:
        assert app.test_client().get("/healthz").status_code == 404
    finally:
        app.view_functions[endpoint] = view
