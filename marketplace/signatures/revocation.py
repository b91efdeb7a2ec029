"""Revocation lists: looked into quickly, also for certificates that name no list."""

from datetime import datetime
from itertools import pairwise
from typing import Any

from asn1crypto import crl, x509
from cryptography import x509 as pyca
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.authority import AuthorityWithCert
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.revinfo import validate_crl

from marketplace.signatures.verdict import Reason

ONE_BY_ONE = validate_crl.find_cert_in_list
ABOVE_IT = ValidationPath.truncate_to_issuer_and_append
OTHER_ISSUER = bytes.fromhex("0603551d1d")
"""The name of the extension by which a list speaks for other authorities than its own (2.5.29.29)."""


def entry_of(
    cert: Any, cert_issuer_name: x509.Name, certificate_list: crl.CertificateList, crl_authority_name: x509.Name
) -> Any:
    """What the library's own search finds, without parsing every entry in Python: lists hold a hundred thousand.

    That takes seconds of the few that a check may last; what is unusual is left to the library all the same.
    """
    data = certificate_list.dump()
    usual = isinstance(cert, x509.Certificate) and cert_issuer_name == crl_authority_name and OTHER_ISSUER not in data
    if not usual:
        return ONE_BY_ONE(cert, cert_issuer_name, certificate_list, crl_authority_name)
    entry = pyca.load_der_x509_crl(data).get_revoked_certificate_by_serial_number(cert.serial_number)
    if entry is None:
        return None, None
    if any(extension.critical for extension in entry.extensions):
        return ONE_BY_ONE(cert, cert_issuer_name, certificate_list, crl_authority_name)
    reasons = [one.value.reason.name for one in entry.extensions if isinstance(one.value, pyca.CRLReason)]
    return entry.revocation_date_utc, crl.CRLReason(reasons[0] if reasons else "unspecified")


def to_issuer(path: ValidationPath, authority: x509.Certificate) -> ValidationPath:
    """The way to whoever issued a list; an authority that is trusted by itself is its own end, whoever stands above it."""
    anchor = path.trust_anchor.authority
    if isinstance(anchor, AuthorityWithCert) and anchor.certificate.dump() == authority.dump():
        return ValidationPath(path.trust_anchor, interm=[], leaf=None)
    return ABOVE_IT(path, authority)


validate_crl.find_cert_in_list = entry_of  # type: ignore[assignment]
ValidationPath.truncate_to_issuer_and_append = to_issuer  # type: ignore[assignment,method-assign]


def revoked(path: ValidationPath, context: ValidationContext) -> Reason | None:
    """Looks into the lists once more: `hard-fail` leaves out certificates that name no place of a list."""
    chain = [pyca.load_der_x509_certificate(one.dump()) for one in path.iter_certs(include_root=True)]
    for issuer, certificate in pairwise(chain):
        for known in context.crls:
            entries = pyca.load_der_x509_crl(known.dump())
            if entries.issuer != issuer.subject or not made_by(entries, issuer):
                continue
            entry = entries.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if (
                entry is not None
                and entry.revocation_date_utc <= context.moment
                and still(entry, entries, context.moment)
            ):
                return Reason.REVOKED
    return None


def still(entry: pyca.RevokedCertificate, entries: pyca.CertificateRevocationList, moment: datetime) -> bool:
    """Whether it holds today: a certificate that was only held back may be given free again, by a later list."""
    reasons = [one.value.reason for one in entry.extensions if isinstance(one.value, pyca.CRLReason)]
    ends = entries.next_update_utc
    past = ends is not None and ends < moment
    return not (pyca.ReasonFlags.remove_from_crl in reasons or (past and pyca.ReasonFlags.certificate_hold in reasons))


def made_by(entries: pyca.CertificateRevocationList, issuer: pyca.Certificate) -> bool:
    """Whether a list was signed with this authority's key."""
    try:
        key: Any = issuer.public_key()
        return entries.is_signature_valid(key)
    except (UnsupportedAlgorithm, TypeError, ValueError):
        return False
