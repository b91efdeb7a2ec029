"""The worker: a clock that runs each slice's background tasks. `python -m marketplace.worker` starts it.

The queue of mails is our own outbox table; huey is only the clock and the runner. Every task is safe to run twice and on
several hosts at once, because what it does is claimed by unique or locked rows.
"""

import logging
from collections.abc import Callable

from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey, crontab

from marketplace.annexes import tasks as annexes
from marketplace.app import create_app
from marketplace.config import Settings
from marketplace.contracts import tasks as contracts
from marketplace.contracts import tasks_sealing as sealing
from marketplace.files import tasks as files
from marketplace.home import tasks as home
from marketplace.ledger import tasks as ledger
from marketplace.notices import tasks as notices
from marketplace.organisations import tasks as organisations
from marketplace.web import tasks as plumbing

log = logging.getLogger("marketplace.worker")

# What runs when: (function(app) that commits for itself, cron minute, cron hour) in Vietnamese time as UTC hours.
TASKS: list[tuple[Callable[[Flask], object], str, str]] = [
    (notices.send_due, "*", "*"),
    (ledger.seal_day, "10", "*"),  # just after midnight, and in the hours after it where no worker ran
    (files.sweep, "17", "20"),
    (plumbing.forget_submissions, "37", "20"),
    (contracts.remind, "27", "0"),
    (annexes.remind, "28", "0"),
    (sealing.seal_later, "*/5", "*"),
    (organisations.escalate, "7", "*"),
    (home.remind, "5", "0"),
]


def runner(settings: Settings) -> Huey:
    """A queue of its own: a file beside an SQLite database, tables of its own in PostgreSQL."""
    if settings.database_url.startswith("postgresql"):
        return PostgresHuey("marketplace", dsn=settings.database_url.replace("+psycopg", ""), results=False)
    return SqliteHuey("marketplace", filename=str(settings.instance / "queue.sqlite3"), results=False)


def schedule(huey: Huey, app: Flask) -> None:
    """Register every task with the clock; those of every minute also run at once, for what waited for this worker."""
    for task, minute, hour in TASKS:
        name = f"{task.__module__}.{task.__name__}"
        run = huey.periodic_task(crontab(minute=minute, hour=hour), name=name)(in_application(app, task, name))
        if (minute, hour) == ("*", "*"):
            run()


def in_application(app: Flask, task: Callable[[Flask], object], name: str) -> Callable[[], None]:
    """Run the task with the application's context; an error is logged, the clock goes on."""

    def run() -> None:
        with app.app_context():
            done = task(app)
        if done:
            log.info("%s: %s", name, done)

    return run


def main() -> None:
    """Run until stopped."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
    app = create_app()
    huey = runner(app.config["SETTINGS"])
    schedule(huey, app)
    # Told to stop (SIGTERM), it finishes the task in hand first: a mail that was sent is noted as sent.
    consumer = huey.create_consumer(workers=1, worker_type="thread", max_delay=1, graceful_signal="TERM")
    log.info("the worker runs %s tasks", len(TASKS))
    consumer.run()
    log.info("the worker has stopped")


if __name__ == "__main__":
    main()
