"""The platform's seal: a PAdES signature over a finished file, added behind it so that earlier signatures stay valid."""

import io
import logging
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from flask import current_app
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1, translate_pyca_cryptography_key_to_asn1
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from marketplace.config import Settings
from marketplace.kernel.messages import Message, msgid
from marketplace.signatures.keys import KeyProblem, SealKey, certificates_in, crls_in, read_seal
from marketplace.signatures.stamping import Authority
from marketplace.signatures.tokens import trusted_time
from marketplace.web import clock

log = logging.getLogger(__name__)

FIELD = "NiemPhong"
READABLE = "Niêm phong của hệ thống"
"""What a screen reader says of the field (PDF/UA asks for words)."""
REASON = "Niêm phong văn bản, không thay chữ ký của các bên"
RESERVED = 32 * 1024
"""Hexadecimal digits kept for the signature with its certificates and time stamp."""

UNUSABLE: dict[str, Message] = {
    "missing": msgid("The seal of this platform is not set up."),
    "unreadable": msgid("The key of this platform's seal cannot be read."),
    "passphrase": msgid("The key of this platform's seal cannot be opened with its passphrase."),
    "no_certificate": msgid("The key of this platform's seal has no certificate."),
    "mismatch": msgid("The key of this platform's seal does not belong to its certificate."),
    "weak": msgid("The key of this platform's seal is too weak."),
    "early": msgid("The certificate of this platform's seal does not hold yet."),
    "expired": msgid("The certificate of this platform's seal has expired."),
}
"""Why nothing can be sealed. Nobody who signs can mend it, so the page adds what goes on meanwhile."""
UNSEALABLE = (PdfError, SigningError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)
"""What the writer raises on a file that it cannot continue."""


@dataclass(frozen=True)
class Readiness:
    """Whether the seal works; if not, why, in a sentence and as a code."""

    ok: bool
    sentence: Message | None = None
    code: str = ""
    certificate: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sealed:
    """A sealed file, and what is kept of the seal: certificate, profile, trusted time or its absence."""

    pdf: bytes
    info: dict[str, Any]


class SealMissing(Exception):
    """The seal does not work now; `readiness` says why."""

    def __init__(self, readiness: Readiness) -> None:
        super().__init__(readiness.code)
        self.readiness = readiness


class Unsealable(Exception):
    """This file cannot be continued by a seal: it is damaged or built in a way that our writer does not follow."""


def ready(now: datetime) -> Readiness:
    """Whether a file could be sealed at this moment. Asks no other server; quick enough for every page."""
    try:
        return readiness_of(usable(now))
    except SealMissing as missing:
        return missing.readiness


def usable(now: datetime) -> SealKey:
    """The key, after looking at its dates; raises SealMissing."""
    settings: Settings = current_app.config["SETTINGS"]
    try:
        if not settings.seal_key:
            raise KeyProblem("missing")
        found = read_seal(settings.seal_key, settings.seal_passphrase)
        if now < found.certificate.not_valid_before_utc:
            raise KeyProblem("early")
        if now > found.certificate.not_valid_after_utc:
            raise KeyProblem("expired")
    except KeyProblem as problem:
        raise SealMissing(Readiness(False, UNUSABLE[problem.code], problem.code)) from problem
    return found


def working() -> bool | None:
    """For /readyz: None where this installation is not set up for a seal."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.seal_key or not (settings.production or Path(settings.seal_key).exists()):
        return None
    return ready(clock.now()).ok


def readiness_of(key: SealKey) -> Readiness:
    """A working seal."""
    return Readiness(True, certificate=facts(key.certificate))


def facts(certificate: x509.Certificate) -> dict[str, str]:
    """What is kept and shown of a certificate."""
    return {
        "subject": certificate.subject.rfc4514_string(),
        "issuer": certificate.issuer.rfc4514_string(),
        "serial": f"{certificate.serial_number:X}",
        "fingerprint": certificate.fingerprint(hashes.SHA256()).hex(),
        "not_before": certificate.not_valid_before_utc.isoformat(),
        "not_after": certificate.not_valid_after_utc.isoformat(),
    }


def seal(pdf: bytes, *, now: datetime, stamp: bool = True) -> Sealed:
    """The file with our seal behind it. Slow (a time stamp may take seconds): never inside a write transaction.

    Raises SealMissing, or Unsealable. A missing trusted time is written into `info` and stops nothing; `stamp=False`
    leaves it out without asking, for the second file of a pair whose first found the authority silent.
    """
    key = usable(now)
    settings: Settings = current_app.config["SETTINGS"]
    missing = "" if settings.tsa_url else "not_configured"
    if settings.tsa_url and not stamp:
        missing = "no_answer"
    for profile in profiles(settings, stamp):
        try:
            sealed = write(pdf, key, settings, profile, now)
        except TimestampRequestError as error:
            log.warning("sealed without trusted time: %s", error)
            missing = "no_answer"
            continue
        except (PathError, PathBuildingError, ValidationError, OSError) as error:
            log.warning("sealed without revocation information: %s", error)
            continue
        except UNSEALABLE as error:
            if profile == "B-LT" and isinstance(error, SigningError):
                log.warning("sealed without revocation information: %s", error)
                continue
            raise Unsealable(str(error)) from error
        trusted = trusted_time(sealed, time_roots(settings)) if profile != "B-B" else None
        if profile != "B-B" and trusted is None:
            missing = "not_trusted"
        return Sealed(
            sealed,
            {
                **facts(key.certificate),
                "profile": profile,
                "sealed_at": now.isoformat(),
                "trusted_time": trusted.isoformat() if trusted else None,
                "missing": None if trusted else missing or "no_answer",
            },
        )
    raise Unsealable("no profile could be written")


def time_roots(settings: Settings) -> list[asn1.Certificate]:
    """The authorities whose time we trust; none where their files cannot be read, which `flask doctor` tells."""
    try:
        return certificates_in(settings.seal_roots) + certificates_in(settings.tsa_roots)
    except (OSError, ValueError):
        log.exception("SEAL_ROOTS or TSA_ROOTS cannot be read")
        return []


def profiles(settings: Settings, stamp: bool) -> list[str]:
    """What to try, best first."""
    timed = bool(settings.tsa_url) and stamp
    long = timed and bool(settings.seal_roots) and bool(settings.seal_crls)
    return [*(["B-LT"] if long else []), *(["B-T"] if timed else []), "B-B"]


class At(PdfSigner):
    """Signs with the moment that it is given, instead of reading the clock."""

    now: datetime

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.now
        return session

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        """Only that of PAdES: the library would make it PDF 2.0 for a key on a curve, which PDF/A-2 does not allow."""
        pdf_out.ensure_output_version(version=(1, 7))
        pdf_out.register_extension(ESIC_EXTENSION_1)


class Continued(IncrementalPdfFileWriter):
    """Adds, and leaves the file's description of itself alone: pyHanko would write the marks of PDF/A in other words.

    The library has no switch for it; `tests/signatures/test_archive.py` notices when this no longer works.
    """

    def _update_meta(self) -> None:
        pass


def write(pdf: bytes, key: SealKey, settings: Settings, profile: str, now: datetime) -> bytes:
    """One revision behind the file, with an invisible field of its own."""
    writer = Continued(io.BytesIO(pdf), strict=False)
    context = revocation_context(settings, now) if profile == "B-LT" else None
    name = free_name(writer.prev)
    metadata = PdfSignatureMetadata(
        field_name=name,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=REASON,
        name=settings.site_name,
        embed_validation_info=context is not None,
        validation_context=context,
    )
    signer = At(
        metadata,
        signer_of(key),
        timestamper=authority(settings) if profile != "B-B" else None,
        # Outside the page and printable: what both PDF/A and PDF/UA ask of an invisible field.
        new_field_spec=SigFieldSpec(
            name,
            invis_sig_settings=InvisSigSettings(set_print_flag=True, box_out_of_bounds=True),
            readable_field_name=READABLE,
        ),
    )
    signer.now = now
    out = signer.sign_pdf(writer, bytes_reserved=RESERVED)
    sealed: bytes = out.getvalue()
    return sealed


def authority(settings: Settings) -> TimeStamper:
    """The time-stamp authority of this installation."""
    return Authority(settings.tsa_url)


def signer_of(key: SealKey) -> SimpleSigner:
    """Our key in the library's words."""
    certificates = SimpleCertificateStore()
    certificates.register_multiple(translate_pyca_cryptography_cert_to_asn1(found) for found in key.chain)
    return SimpleSigner(
        signing_cert=translate_pyca_cryptography_cert_to_asn1(key.certificate),
        signing_key=translate_pyca_cryptography_key_to_asn1(key.key),
        cert_registry=certificates,
    )


def revocation_context(settings: Settings, now: datetime) -> ValidationContext:
    """From configured files only: nothing is fetched."""
    try:
        roots, lists = certificates_in(settings.seal_roots), list(crls_in(settings.seal_crls))
    except ValueError as error:
        raise OSError(f"certificates or revocation lists cannot be read: {error}") from error
    top = [one for one in roots if one.self_issued]
    return ValidationContext(
        trust_roots=top, other_certs=roots, crls=lists, moment=now, allow_fetching=False, revocation_mode="soft-fail"
    )


def free_name(reader: PdfFileReader) -> str:
    """A field name that the file does not use yet."""
    used = {name for name, _value, _field in enumerate_sig_fields(reader)}
    return next(name for name in (FIELD, *(f"{FIELD}{n}" for n in range(2, 1000))) if name not in used)
