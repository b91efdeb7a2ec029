"""`flask signatures check` without the rest of the application: it needs no database and no pages, and has to be quick."""

from flask import Flask
from flask_babel import Babel

from marketplace.config import ROOT
from marketplace.signatures import commands


def create_app() -> Flask:
    """An application that knows this one group of commands, and the words that it speaks."""
    app = Flask("marketplace", root_path=str(ROOT / "marketplace"), static_folder=None)
    app.config["BABEL_DEFAULT_LOCALE"] = "vi"
    Babel(app)
    app.cli.add_command(commands.group)
    return app
