"""What the worker does for files: once a night, remove what was uploaded and then used by nothing."""

from flask import Flask

from marketplace.files.service import YOUNG, delete_bytes, delete_rows
from marketplace.web import clock
from marketplace.web.writes import transaction


def sweep(_app: Flask) -> int:
    """Delete rows that nothing points to, then bytes that no row has; how many went."""
    with transaction() as now:
        rows = delete_rows(now - YOUNG)
    return rows + delete_bytes(clock.now() - YOUNG)
