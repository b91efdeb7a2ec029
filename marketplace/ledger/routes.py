"""What everybody may read of the ledger: the roots, to keep and to compare; and whether a hash stands in one. Never content."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date

from flask import Blueprint, Response, jsonify, render_template, request, stream_with_context

from marketplace.extensions import limiter
from marketplace.kernel.errors import NotVisible
from marketplace.ledger import queries
from marketplace.ledger.models import Root
from marketplace.ledger.roots import HEX, Inclusion, hashed, published, stated
from marketplace.ledger.rules import canonical
from marketplace.web.access import Public, allow
from marketplace.web.paging import by_key

bp = Blueprint("ledger", __name__, url_prefix="/ledger")

FIELDS = ("number", "day", "entries", "merkle", "previous", "hash")
WHOLE_LIST = "30/minute"
"""The whole list, or all hashes of a day, for one answer."""


@bp.route("")
@allow(Public)
@limiter.limit("120/minute")
def index() -> str:
    """What this is, how to check it, and the roots, newest first."""
    return render_template("ledger/index.html", page=by_key(queries.roots(), Root.number))


@bp.route("/<day>")
@allow(Public)
@limiter.limit("120/minute")
def show(day: str) -> str:
    """The root of one day, and how its hash is made."""
    root = queries.root_on(day_of(day))
    older, newer = queries.root_numbered(root.number - 1), queries.root_numbered(root.number + 1)
    text = canonical(hashed(root)).decode()
    return render_template("ledger/show.html", root=root, older=older, newer=newer, text=text)


def day_of(text: str) -> date:
    """2026-01-05, as an address has it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotVisible from None


@bp.route("/roots.json")
@allow(Public)
@limiter.limit(WHOLE_LIST)
def roots_json() -> Response:
    """All roots, oldest first, for programs and to keep; `flask ledger verify --roots` reads it."""

    def pieces() -> Iterator[str]:
        yield '{"roots": ['
        for place, root in enumerate(queries.all_roots()):
            yield (",\n" if place else "\n") + json.dumps(published(root))
        yield "\n]}\n"

    return whole_list(pieces(), "application/json")


@bp.route("/roots.csv")
@allow(Public)
@limiter.limit(WHOLE_LIST)
def roots_csv() -> Response:
    """The same as a table."""

    def pieces() -> Iterator[str]:
        yield ",".join(FIELDS) + "\r\n"
        for root in queries.all_roots():
            line = io.StringIO()
            csv.writer(line).writerow(published(root)[name] for name in FIELDS)
            yield line.getvalue()

    return whole_list(pieces(), "text/csv")


def whole_list(pieces: Iterator[str], kind: str) -> Response:
    """Streamed; who has the newest root has them all, for each holds the hash of the one before: that is the tag."""
    last = queries.latest_root()
    response = Response(stream_with_context(pieces), mimetype=kind)
    response.set_etag(last.hash if last else "none")
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)  # type: ignore[return-value]


@bp.route("/proof")
@allow(Public)
@limiter.limit(WHOLE_LIST)
def proof() -> str:
    """Whether the entry with a hash stands in a root, and the path that proves it."""
    typed = request.args.get("hash", "").strip().lower()
    found = proof_for(typed)
    return render_template("ledger/proof.html", typed=typed[:64], asked=bool(typed), proof=found)


@bp.route("/proof.json")
@allow(Public)
@limiter.limit(WHOLE_LIST)
def proof_json() -> Response:
    """The same for programs."""
    found = proof_for(request.args.get("hash", ""))
    if found is None:
        raise NotVisible
    return jsonify(stated(found))


def proof_for(typed: str) -> Inclusion | None:
    """The proof for a hash that is one."""
    return queries.proof_of_hash(typed) if len(typed) == 64 and HEX.issuperset(typed) else None
