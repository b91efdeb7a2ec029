"""PURE: who may do what with an upload. Which uploads somebody sees at all is the queries' business."""

from typing import Any

from marketplace.register.models import RegisterImport
from marketplace.register.rules import ImportState


def may_apply(user: Any, held: RegisterImport) -> bool:
    """Only who uploaded it: the plan was made for that officer's territory."""
    return held.state == ImportState.SHOWN and held.uploaded_by_id == user.id
