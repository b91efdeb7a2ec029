"""A real mail server on loopback, and applications that send to it."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from marketplace.extensions import db
from tests.conftest import Backend, make_app


class Postman:
    """Receives mails, or refuses them with the answers it was told to give first."""

    def __init__(self) -> None:
        self.url = ""
        self.received: list[EmailMessage] = []
        self.refusals: list[str] = []
        self.handle_DATA = self.receive

    async def receive(self, server: Any, session: Any, envelope: Any) -> str:
        """Called by the server for each mail."""
        if self.refusals:
            return self.refusals.pop(0)
        self.received.append(message_from_bytes(envelope.original_content, policy=default))
        return "250 OK"


@pytest.fixture
def postman() -> Iterator[Postman]:
    """A mail server of its own for a test; its address is `postman.url`."""
    found = Postman()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(found, hostname="127.0.0.1", port=port)
    controller.start()
    found.url = f"smtp://127.0.0.1:{port}"
    yield found
    controller.stop()


@pytest.fixture
def sending(backend: Backend, postman: Any, tmp_path: Path) -> Iterator[Callable[[], Flask]]:
    """Makes applications on the test's database that send their mails to the postman; one is entered."""
    made: list[Flask] = []

    def another() -> Flask:
        url = backend.app.config["SETTINGS"].database_url
        app = make_app(url, tmp_path)
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], mail_url=postman.url)
        made.append(app)
        return app

    with another().app_context():
        yield another
        db.session.remove()
    for app in made:
        with app.app_context():
            db.engine.dispose()
