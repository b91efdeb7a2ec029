"""The commands of all slices, in one list: `flask --app wsgi --help`."""

from flask import Flask

from marketplace.accounts import commands as accounts
from marketplace.clauses import commands as clauses
from marketplace.demo import commands as demo
from marketplace.files import commands as files
from marketplace.ledger import commands as ledger
from marketplace.organisations import commands as organisations
from marketplace.places import commands as places
from marketplace.products import commands as products
from marketplace.register import commands as register
from marketplace.reports import commands as reports
from marketplace.signatures import commands as signatures
from marketplace.signatures import commands_seal as seal

GROUPS = [
    accounts.group,
    clauses.group,
    demo.group,
    files.group,
    ledger.group,
    organisations.group,
    places.group,
    products.group,
    register.group,
    reports.group,
    seal.group,
    seal.doctor,
    signatures.group,
]


def init_app(app: Flask) -> None:
    """Register the command groups."""
    for group in GROUPS:
        app.cli.add_command(group)
