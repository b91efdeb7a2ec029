"""The application that gunicorn and `flask --app wsgi` load."""

import sys
from importlib import import_module

# Importing the whole application takes two seconds; the check of a signature has to answer on a busy machine as well.
ALONE = " signatures check " in f"{' '.join(sys.argv)} "
app = import_module("marketplace.signatures.alone" if ALONE else "marketplace.app").create_app()
