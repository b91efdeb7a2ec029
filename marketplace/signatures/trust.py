"""Whom a signature's certificate may be trusted to name: authorities, dates, revocation, tax code."""

import re
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import crl, x509
from cryptography import x509 as pyca
from cryptography.exceptions import InvalidSignature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext, find_valid_path
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.policy_decl import AlgorithmUsageConstraint, DisallowWeakAlgorithmsPolicy

from marketplace.kernel.identifiers import format_tax_code
from marketplace.signatures.contents import slurped
from marketplace.signatures.revocation import revoked
from marketplace.signatures.verdict import Reason

TAX_CODE = "0.9.2342.19200300.100.1.1"
PREFIX = "MST:"
DEPENDENT = re.compile(r"[0-9]{10}-?[0-9]{3}")
ARMOUR = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----\s(.*?)-----END \1-----", re.DOTALL)
LEAST_CURVE = 224
USAGE = PdfSignatureStatus.default_usage_constraints()
"""What the library asks of a signer's key: non-repudiation."""
NOT_DOCUMENTS = {"server_auth", "code_signing", "time_stamping", "ocsp_signing"}
"""Purposes of keys of machines: a certificate that names no other one is nobody's for signing contracts."""


class Algorithms(DisallowWeakAlgorithmsPolicy):
    """No MD5, no SHA-1, no RSA below 2048 bits, no DSA, no small curves."""

    def __init__(self) -> None:
        super().__init__(
            weak_hash_algos=frozenset({"md2", "md4", "md5", "sha1", "sha224"}),
            weak_signature_algos=frozenset({"dsa"}),
            rsa_key_size_threshold=2048,
        )

    def signature_algorithm_allowed(self, algo: Any, moment: datetime | None, public_key: Any) -> Any:
        """As above, and curves."""
        if public_key is not None and public_key.algorithm == "ec" and public_key.bit_size < LEAST_CURVE:
            return AlgorithmUsageConstraint(allowed=False)
        return super().signature_algorithm_allowed(algo, moment, public_key)


@dataclass(frozen=True)
class Authorities:
    """What the operator configured, as it was read from its files."""

    roots: tuple[x509.Certificate, ...] = ()
    intermediates: tuple[x509.Certificate, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()
    stampers: tuple[x509.Certificate, ...] = ()
    seals: tuple[x509.Certificate, ...] = ()

    def context(
        self, roots: tuple[x509.Certificate, ...], moment: datetime, *, past: bool = False, all_listed: bool = False
    ) -> ValidationContext:
        """The rules of one check. `past`: at an earlier moment, judged by revocation lists of today.

        `all_listed`: every authority has to have a current list, whatever its certificates name; otherwise only where they
        name one, and a list does not count for a certificate that names another place to ask alone.
        """
        top = highest(roots)
        return ValidationContext(
            trust_roots=top,
            other_certs=[*self.intermediates, *(one for one in roots if one not in top)],
            crls=list(self.crls),
            moment=moment,
            allow_fetching=False,
            revocation_mode="require" if all_listed else "hard-fail",
            retroactive_revinfo=past,
            algorithm_usage_policy=Algorithms(),
        )

    def signing(self, moment: datetime, **rules: bool) -> ValidationContext:
        """For parties' certificates."""
        return self.context(self.roots, moment, **rules)

    def stamping(self, moment: datetime) -> ValidationContext:
        """For time-stamp authorities: their own roots, and those trusted for parties."""
        return self.context((*self.stampers, *self.roots), moment)

    def sealing(self, moment: datetime, **rules: bool) -> ValidationContext:
        """For the platform's seal."""
        return self.context(self.seals, moment, **rules)


def highest(roots: tuple[x509.Certificate, ...]) -> list[x509.Certificate]:
    """Those that do not stand under another of them: the library finds no list of an authority trusted by itself."""
    return [
        one
        for one in roots
        if one.self_issued or not any(one.issuer == other.subject and issued_by(one, other) for other in roots)
    ]


def issued_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    """Whether this authority's key signed it; a name proves nothing."""
    try:
        above = pyca.load_der_x509_certificate(authority.dump())
        pyca.load_der_x509_certificate(certificate.dump()).verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def parts(path: str, label: str) -> list[bytes]:
    """The DER values of a file: PEM with one or many, or DER with one; raises OSError or ValueError."""
    data = slurped(path)
    if b"-----BEGIN" not in data:
        return [data]
    # Not asn1crypto's reader, which takes minutes for a revocation list of some megabytes.
    found = [b64decode(text) for name, text in ARMOUR.findall(data) if label.encode() in name]
    if not found:
        raise ValueError(f"nothing of this kind in {path}")
    return found


def certificates(paths: list[str]) -> tuple[x509.Certificate, ...]:
    """All certificates of these files; one that cannot be read is a ValueError here and not later."""
    found = [x509.Certificate.load(value, strict=True) for path in paths for value in parts(path, "CERTIFICATE")]
    for one in found:
        pyca.load_der_x509_certificate(one.dump())
    return tuple(found)


def revocation_lists(paths: list[str]) -> tuple[crl.CertificateList, ...]:
    """All revocation lists of these files."""
    values = [value for path in paths for value in parts(path, "CRL")]
    for value in values:
        pyca.load_der_x509_crl(value)
    return tuple(crl.CertificateList.load(value, strict=True) for value in values)


def tax_codes(certificate: x509.Certificate) -> set[str]:
    """Every tax code that the subject names, attribute by attribute, never by searching its text."""
    return {
        spelt(value.removeprefix(PREFIX))
        for rdn in certificate.subject.chosen
        for attribute in rdn
        if attribute["type"].dotted == TAX_CODE
        and isinstance(value := attribute["value"].native, str)
        and value.startswith(PREFIX)
    }


def spelt(code: str) -> str:
    """The dash of a dependent unit's code is only for the eye; any other sign more makes it another code."""
    return format_tax_code(code) if DEPENDENT.fullmatch(code) else code


async def doubt(
    certificate: x509.Certificate, others: list[x509.Certificate], context: ValidationContext
) -> Reason | None:
    """Why a certificate is not trusted under these rules; None when it is."""
    context.certificate_registry.register_multiple(others)
    try:
        path = await find_valid_path(
            certificate, context.path_builder.async_build_paths_lazy(certificate), validation_context=context
        )
    except (ValidationError, PathBuildingError, ValueError) as error:
        return reason_of(error)
    try:
        if path.pkix_len > 0:
            USAGE.validate(certificate)
    except InvalidCertificateError:
        return Reason.NOT_FOR_SIGNING
    purposes = certificate.extended_key_usage_value
    if path.pkix_len > 0 and purposes is not None and set(purposes.native) <= NOT_DOCUMENTS:
        return Reason.NOT_FOR_SIGNING
    anchor = next(iter(path.iter_certs(include_root=True)))
    if path.pkix_len > 0 and not anchor.not_valid_before <= context.moment <= anchor.not_valid_after:
        # The library asks an anchor for its key only; an authority that has ended vouches for nobody.
        return Reason.EXPIRED if anchor.not_valid_after < context.moment else Reason.UNTRUSTED
    return revoked(path, context)


def reason_of(error: Exception) -> Reason:
    """In our words; whatever has no word of its own means that the certificate is not trusted."""
    for kind, reason in (
        (RevokedError, Reason.REVOKED),
        (ExpiredError, Reason.EXPIRED),
        (NotYetValidError, Reason.NOT_YET_VALID),
        (InsufficientRevinfoError, Reason.NO_REVOCATION_INFORMATION),
        (DisallowedAlgorithmError, Reason.WEAK),
    ):
        if isinstance(error, kind):
            return reason
    return Reason.UNTRUSTED
