"""What anybody needs in order to check without us: the key of the statements, the certificate of the seal."""

from flask import Blueprint, Response, jsonify

from marketplace.kernel.errors import NotVisible
from marketplace.signatures import seal, statement
from marketplace.signatures.keys import certificate_text
from marketplace.web import clock
from marketplace.web.access import Public, allow

bp = Blueprint("signatures", __name__)
HOUR = 3600


@bp.route("/.well-known/lien-ket-statement-keys.json")
@allow(Public)
def statement_keys() -> Response:
    """The public key of the statements in QR codes."""
    return lasting(jsonify(statement.published()))


@bp.route("/.well-known/lien-ket-seal.pem")
@allow(Public)
def seal_certificate() -> Response:
    """The certificate of the seal, with those above it."""
    try:
        key = seal.usable(clock.now())
    except seal.SealMissing as missing:
        raise NotVisible from missing
    return lasting(Response(certificate_text(key), mimetype="application/x-pem-file"))


def lasting(answer: Response) -> Response:
    """May be kept for an hour, and read by pages of other sites."""
    answer.headers["Cache-Control"] = f"public, max-age={HOUR}"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
