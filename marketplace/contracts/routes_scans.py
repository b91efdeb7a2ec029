"""Uploaded scans: one document made of what was sent, kept while the form is corrected, so that nobody photographs twice."""

from hashlib import sha256
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from marketplace.contracts.routes_base import me
from marketplace.files import store
from marketplace.files.scans import one_document
from marketplace.files.service import put_early
from marketplace.files.sniff import MediaType
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid

DAY = 24 * 3600
PDF = {MediaType.PDF}
MISSING = msgid("Choose the scan, or photos of all the pages.")


def tickets() -> URLSafeTimedSerializer:
    """Signs which file a person sent: a digest alone opens nothing."""
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="contract scan")


def take(form: Any, field: str = "scan") -> bytes | None:
    """The scan as one PDF, on disk already; None after a refusal on the field. Call it before the write."""
    pages = [page for page in (file.read() for file in form[field].data or [] if hasattr(file, "read")) if page]
    try:
        if not pages:
            return again(form)
        scan = one_document(pages)
        put_early(scan, PDF)
    except Refusal as refusal:
        form.refuse(Refusal(refusal.message, field))
        return None
    form.kept.data = tickets().dumps([me().id, sha256(scan).hexdigest()])
    return scan


def hold(form: Any, field: str = "scan", needed: bool = False) -> None:
    """Something else is wrong with the form, or more lines were asked for: a scan that came is kept for the next try.

    Where it is `needed`, its absence is said together with what else is wrong.
    """
    if any(file and file.filename for file in form[field].data or []):
        take(form, field)
    elif needed and not form.kept.data:
        form.refuse(Refusal(MISSING, field))


def again(form: Any) -> bytes:
    """What this person sent with the form before, by its ticket."""
    try:
        user_id, digest = tickets().loads(form.kept.data or "", max_age=DAY)
        if user_id == me().id:
            return store.current().read(digest)
    except (BadSignature, FileNotFoundError):
        form.kept.data = ""
    raise Refusal(MISSING)
