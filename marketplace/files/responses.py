"""Sends a stored file with headers that keep it from acting on the page; the caller has checked who may see it."""

from flask import Response, current_app, send_file

from marketplace.files import store
from marketplace.files.models import StoredFile
from marketplace.files.sniff import IMAGES, MediaType
from marketplace.kernel.errors import NotVisible

POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SHOWN = {*IMAGES, MediaType.PDF}
"""What a browser may show; everything else is always downloaded."""
YEAR = 365 * 24 * 3600


def send(stored: StoredFile, *, inline: bool = False, public: bool = False, name: str | None = None) -> Response:
    """The file as a download, or `inline` where browsers show it safely; `public` lets caches keep it.

    The name is in both forms of RFC 6266, so that Vietnamese letters arrive.
    """
    try:
        file = store.current().open(stored.digest)
    except FileNotFoundError as error:
        current_app.logger.error("stored file %s has lost its bytes", stored.id)
        raise NotVisible from error
    response = send_file(
        file,
        mimetype=stored.media_type,
        as_attachment=not (inline and stored.media_type in SHOWN),
        download_name=name or stored.name,
        etag=stored.digest,
        last_modified=stored.stored_at,
    )
    # Chrome's viewer does not open a PDF in a sandbox; its scripts and actions were refused at upload (scans.py).
    sandbox = "" if stored.media_type == MediaType.PDF else "; sandbox"
    response.headers["Content-Security-Policy"] = POLICY + sandbox
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if public else "private, no-store"
    return response
