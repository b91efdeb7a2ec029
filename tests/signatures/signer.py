"""Signs PDFs as a party's own program would, in many ways, good and bad."""

import io
from datetime import datetime
from functools import cache
from typing import Any

from asn1crypto import cms
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1
from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfTimeStamper, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigner, PdfSigningSession
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from marketplace.clauses.documents import render_pdf
from tests.clauses.examples import ISSUED, document
from tests.signatures.pki import DER, NOW, Holder


@cache
def contract() -> bytes:
    """The application's own contract between seller and buyer, as it is issued."""
    return render_pdf(document(), issued_at=ISSUED)


def asn1_of(certificate: x509.Certificate) -> asn1.Certificate:
    """The same certificate in the library's words."""
    return asn1.Certificate.load(certificate.public_bytes(DER))


def store(certificates: list[x509.Certificate]) -> SimpleCertificateStore:
    """Certificates that go into the signature."""
    found = SimpleCertificateStore()
    found.register_multiple(asn1_of(certificate) for certificate in certificates)
    return found


def signer_of(holder: Holder, **options: Any) -> SimpleSigner:
    """A token with this certificate."""
    return SimpleSigner(
        signing_cert=asn1_of(holder.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(holder.key_der),
        cert_registry=store(holder.chain),
        **options,
    )


def stamps(holder: Holder, moment: datetime = NOW) -> DummyTimeStamper:
    """A time-stamp authority whose clock stands still."""
    return DummyTimeStamper(
        asn1_of(holder.certificate),
        asn1_keys.PrivateKeyInfo.load(holder.key_der),
        certs_to_embed=store(holder.chain),
        fixed_dt=moment,
    )


class At(PdfSigner):
    """Signs at a given moment."""

    moment: datetime = NOW

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> PdfSigningSession:
        """With that moment instead of the clock's."""
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.moment
        return session


def sign(
    pdf: bytes,
    holder: Holder,
    *,
    name: str = "Ký",
    box: tuple[int, int, int, int] | None = None,
    page: int = 0,
    moment: datetime = NOW,
    stamper: DummyTimeStamper | None = None,
    signer: SimpleSigner | None = None,
    md_algorithm: str = "sha256",
    field: dict[str, Any] | None = None,
    **metadata: Any,
) -> bytes:
    """One more signature behind the file."""
    settings = {"subfilter": SigSeedSubFilter.PADES, "md_algorithm": md_algorithm} | metadata
    invisible = InvisSigSettings(set_print_flag=True)
    spec = SigFieldSpec(name, on_page=page, box=box, invis_sig_settings=invisible, **(field or {}))
    maker = At(
        PdfSignatureMetadata(field_name=name, **settings),
        signer or signer_of(holder),
        timestamper=stamper,
        new_field_spec=spec,
    )
    maker.moment = moment
    out: io.BytesIO = maker.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    return out.getvalue()


class Astray(DummyTimeStamper):
    """A time-stamp authority that stamps something else than it was asked to."""

    def __init__(self, holder: Holder) -> None:
        super().__init__(
            asn1_of(holder.certificate),
            asn1_keys.PrivateKeyInfo.load(holder.key_der),
            certs_to_embed=store(holder.chain),
            fixed_dt=NOW,
        )

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Of nothing but zeros."""
        return await super().async_timestamp(bytes(len(message_digest)), md_algorithm)


def time_stamped(pdf: bytes, holder: Holder, moment: datetime = NOW, stamper: DummyTimeStamper | None = None) -> bytes:
    """A document time stamp behind the file."""
    maker = PdfTimeStamper(stamper or stamps(holder, moment), field_name="Giờ")
    out: io.BytesIO = maker.timestamp_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), "sha256")
    return out.getvalue()
