"""create_app(): everything the application is made of, in one list."""

from pathlib import Path

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from marketplace import cli, config
from marketplace.extensions import babel, compress, csrf, db, limiter, migrate, tune
from marketplace.kernel.messages import msgid
from marketplace.ledger import queries as ledger
from marketplace.web import access, assets, errors, filters, forms, headers, nav, panels

# The slices in the order of the chain; each is imported here and nowhere earlier.
SLICES: list = []

# What later slices hang on the page of an earlier noun: (noun, function(thing, viewer)).
PANELS: list = []
STEPS: list = []

# The menus: (menu, words, endpoint, icon, for whom).
PLACES: list = []


def create_app(settings: config.Settings | None = None) -> Flask:
    """Make the application from settings (by default those of the environment)."""
    settings = settings or config.read()
    root = Path(config.ROOT)
    app = Flask(
        "marketplace",
        root_path=str(root / "marketplace"),
        instance_path=str(settings.instance),
        template_folder=str(root / "templates"),
        static_folder=str(root / "static"),
    )
    app.config.update(config.flask_config(settings))
    plumbing(app, settings)
    cli.init_app(app)
    return app


def plumbing(app: Flask, settings: config.Settings) -> None:
    """Extensions and the web layer."""
    db.init_app(app)
    with app.app_context():
        tune(db.engine)
    migrate.init_app(app, db, directory=str(config.ROOT / "migrations"))
    babel.init_app(app, default_translation_directories="translations")
    csrf.init_app(app)
    compress.init_app(app)
    limiter.init_app(app)
    filters.init_app(app)
    forms.init_app(app)
    headers.init_app(app)
    errors.init_app(app, changes=ledger.recent)
    panels.init_app(app, PANELS, STEPS)
    nav.init_app(app, PLACES)
    assets.init_app(app)
    access.init_app(app)


__all__ = ["create_app", "Response", "ProxyFix", "WhiteNoise", "msgid"]
