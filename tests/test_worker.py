"""The worker really runs: started as a process of its own, it sends what waits and stops when told to."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from marketplace.extensions import db
from marketplace.notices.models import Outgoing
from marketplace.notices.service import post
from marketplace.web import clock
from marketplace.worker import TASKS
from tests.conftest import Backend

PATIENCE = 60


@pytest.fixture
def worker(backend: Backend, tmp_path: Path) -> subprocess.Popen[str]:
    """`python -m marketplace.worker` on the test's database."""
    environment = {
        **os.environ,
        "MARKETPLACE_INSTANCE": str(tmp_path),
        "MARKETPLACE_DATABASE_URL": backend.app.config["SETTINGS"].database_url,
    }
    with backend.app.app_context():
        post("nguoi@example.vn", "Có báo giá mới", "Nội dung", now=clock.now())
        db.session.commit()
    process = subprocess.Popen(
        [sys.executable, "-m", "marketplace.worker"], env=environment, stderr=subprocess.PIPE, text=True
    )
    yield process
    if process.poll() is None:
        process.kill()
        process.communicate()


def test_it_sends_what_waits_and_stops_cleanly(worker: subprocess.Popen[str], backend: Backend, tmp_path: Path) -> None:
    until = time.monotonic() + PATIENCE
    sent_at = None
    with backend.app.app_context():
        while sent_at is None and time.monotonic() < until and worker.poll() is None:
            time.sleep(0.2)
            db.session.rollback()
            sent_at = db.session.scalar(select(Outgoing.sent_at))
        db.session.remove()
    assert sent_at is not None
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
    worker.send_signal(signal.SIGTERM)
    _out, log = worker.communicate(timeout=20)
    assert worker.returncode == 0, log
    assert "the worker has stopped" in log
    assert "Traceback" not in log


def test_every_task_has_its_own_name() -> None:
    names = [f"{task.__module__}.{task.__name__}" for task, _minute, _hour in TASKS]
    assert len(set(names)) == len(names)
