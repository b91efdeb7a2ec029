"""The time stamp inside a signature: what it says, and whether its authority is one that we trust."""

import asyncio
import io
from datetime import UTC, datetime
from hashlib import new

from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext


def token_of(pdf: bytes) -> tuple[cms.ContentInfo, bytes] | None:
    """The token in a file's last signature, with the signature that it is about."""
    last = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_regular_signatures[-1]
    for attribute in last.signer_info["unsigned_attrs"] or []:
        if attribute["type"].native == "signature_time_stamp_token":
            return attribute["values"][0], last.signer_info["signature"].native
    return None


def time_of(token: cms.ContentInfo) -> datetime:
    """What the authority says."""
    moment: datetime = token["content"]["encap_content_info"]["content"].parsed["gen_time"].native
    return moment.astimezone(UTC)


def trusted_time(pdf: bytes, roots: list[x509.Certificate]) -> datetime | None:
    """The time in a file's last signature, if one of these authorities stands behind it."""
    found = token_of(pdf)
    if found is None or not roots:
        return None
    token, signature = found
    moment = time_of(token)
    context = ValidationContext(trust_roots=roots, other_certs=roots, moment=moment, allow_fetching=False)
    try:
        status = asyncio.run(
            validate_tst_signed_data(token["content"], context, lambda name: new(name, signature).digest())
        )
    except (SignatureValidationError, ValueError):
        return None
    good = status["intact"] and status["valid"] and status.get("trust_problem_indic") is None
    return moment if good and status.get("validation_path") is not None else None
