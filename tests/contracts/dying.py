"""Signs a contract as its last party and is killed at a chosen point: `python -m tests.contracts.dying …`.

Run by test_killed.py as a process of its own, so that nothing can clean up after it.
"""

import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event

from marketplace.contracts import routes_putting, service_sealing, service_signing
from marketplace.extensions import db
from marketplace.files import store
from marketplace.web import writes
from tests.conftest import make_app
from tests.factories import PASSWORD


def die(*_arguments: Any, **_options: Any) -> None:
    """At once, as when the power fails."""
    os.kill(os.getpid(), signal.SIGKILL)


def before(module: Any, name: str, time: int = 1) -> Callable[[], None]:
    """Dies when a function is called for the n-th time."""

    def arm() -> None:
        real, calls = getattr(module, name), []

        def watched(*arguments: Any, **options: Any) -> Any:
            calls.append(name)
            if len(calls) == time:
                die()
            return real(*arguments, **options)

        setattr(module, name, watched)

    return arm


def half_written() -> None:
    """Dies with half of a file on disk."""

    def half(path: Path, data: bytes) -> None:
        path.with_name(".writing-half").write_bytes(data[: len(data) // 2])
        die()

    store.write_whole = half


def at_commit() -> None:
    """Everything is flushed, the database is about to commit."""
    event.listen(db.engine, "commit", die)


def after_commit() -> None:
    """The database has committed, nobody has been answered."""
    event.listen(db.session, "after_commit", die)


POINTS: dict[str, Callable[[], None]] = {
    "before the first seal": before(service_sealing, "seal"),
    "between the two seals": before(service_sealing, "seal", 2),
    "half a file on disk": half_written,
    "both files on disk": before(routes_putting, "write"),
    "the signature inserted": before(service_signing, "settle"),
    "the files recorded": before(service_signing, "conclude"),
    "before the key is answered": before(writes, "remember"),
    "at the commit": at_commit,
    "after the commit": after_commit,
}


def main(url: str, folder: str, contract_id: str, identity: str, point: str) -> None:
    """Sign in, open the page, die somewhere in the last signature."""
    app = make_app(url, Path(folder))
    browser = app.test_client()
    assert browser.post("/login", data={"identity": identity, "passcode": PASSWORD}).status_code in (302, 303)
    page = browser.get(f"/contracts/{contract_id}/sign").get_data(as_text=True)
    given = {"app-password": PASSWORD, "app-agree": "y"}
    for name in ("app-key", "app-digest", "app-party_id"):
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
        assert found, name
        given[name] = found[1]
    with app.app_context():
        POINTS[point]()
    browser.post(f"/contracts/{contract_id}/confirm-in-app", data=given)


if __name__ == "__main__":
    main(*sys.argv[1:])
