"""Static files by WhiteNoise, kept by browsers for a year: their address carries the digest of their content."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Serve static/ before the application is reached, and version every `url_for('static')`."""
    folder = Path(app.static_folder or "static")
    digests: dict[str, str] = {}

    @app.url_defaults
    def versioned(endpoint: str, values: dict[str, Any]) -> None:
        name = values.get("filename", "")
        if endpoint != "static" or "v" in values or not (folder / name).is_file():
            return
        if name not in digests or app.debug:
            digests[name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:10]
        values["v"] = digests[name]

    app.wsgi_app = WhiteNoise(app.wsgi_app, root=str(folder), prefix="static/", max_age=YEAR)  # type: ignore[method-assign]
