"""The blueprint of the slice, and what its views share."""

from flask import Blueprint

bp = Blueprint("annexes", __name__)
