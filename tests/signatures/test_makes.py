"""Honest signatures of every make: what other programs write differently is no reason to refuse anybody."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from asn1crypto import crl, parser
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
)
from pyhanko.sign.signers import PdfSignatureMetadata
from pyhanko_certvalidator import ValidationContext

from marketplace.signatures.verdict import Reason, Verdict
from tests.signatures import attacks
from tests.signatures.pki import DAY, DER, NOW, PEM, SELLER, Authority, Holder, World, name_of, rsa_key, uid, usage
from tests.signatures.signer import At, asn1_of, sign, signer_of, stamps, time_stamped

Check = Callable[..., Verdict]
KEYS: dict[str, Callable[[], Any]] = {
    "rsa 2048": lambda: rsa_key("party"),
    "rsa 3072": lambda: rsa_key("party 3072", 3072),
    "p-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
}


@pytest.mark.parametrize("kind", KEYS)
def test_keys_digests_and_subfilters(verdict: Check, world: World, issued: bytes, kind: str) -> None:
    holder = world.middle.party(SELLER, key=KEYS[kind]())
    for digest in ["sha512"] if kind == "ed25519" else ["sha256", "sha384", "sha512"]:
        for subfilter in (SigSeedSubFilter.PADES, SigSeedSubFilter.ADOBE_PKCS7_DETACHED):
            for pss in (False, True) if kind.startswith("rsa") else (False,):
                maker = signer_of(holder, prefer_pss=pss)
                signed = sign(issued, holder, signer=maker, md_algorithm=digest, subfilter=subfilter)
                assert verdict(signed, slot="A").reason == Reason.GOOD, (digest, subfilter, pss)


def edited(pdf: bytes, holder: Holder, name: str, edit: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """Signed by a program that changes something else in the same writing of the file."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    edit(writer)
    metadata = PdfSignatureMetadata(field_name=name, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    out: io.BytesIO = At(metadata, signer_of(holder)).sign_pdf(writer)
    return out.getvalue()


def as_stream(writer: IncrementalPdfFileWriter) -> None:
    """The table of the file's objects packed."""
    writer.stream_xrefs = True


def typed_form(writer: IncrementalPdfFileWriter) -> None:
    """A form that says what it is, with a font for fields, as things of their own."""
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    written = writer.add_object(generic.DictionaryObject({pdf_name(k): pdf_name(v) for k, v in font.items()}))
    fonts = generic.DictionaryObject({pdf_name("/Helv"): written})
    form = {
        pdf_name("/Type"): pdf_name("/AcroForm"),
        pdf_name("/Fields"): generic.ArrayObject(),
        pdf_name("/DR"): generic.DictionaryObject({pdf_name("/Font"): fonts}),
        pdf_name("/DA"): generic.pdf_string("/Helv 0 Tf 0 g "),
    }
    writer.root["/AcroForm"] = writer.add_object(generic.DictionaryObject(form))
    writer.update_root()


def adobe_extension(writer: IncrementalPdfFileWriter) -> None:
    """What PAdES asks for."""
    level = {pdf_name("/BaseVersion"): pdf_name("/1.7"), pdf_name("/ExtensionLevel"): generic.NumberObject(8)}
    both = {pdf_name("/ADBE"): generic.DictionaryObject(level)}
    writer.root["/Extensions"] = generic.DictionaryObject(both)
    writer.update_root()


def dated(writer: IncrementalPdfFileWriter) -> None:
    """The program and the time in the file's properties."""
    properties = writer.trailer.raw_get("/Info").get_object()
    properties["/ModDate"] = generic.pdf_string("D:20260120100000+07'00'")
    properties["/Producer"] = generic.pdf_string("Typst; modified using another program")
    writer.mark_update(writer.trailer.raw_get("/Info"))


@pytest.mark.parametrize("edit", [as_stream, typed_form, adobe_extension, dated])
def test_what_programs_write_beside(
    verdict: Check, world: World, issued: bytes, edit: Callable[[IncrementalPdfFileWriter], None]
) -> None:
    first = edited(issued, world.seller, "A", edit)
    assert verdict(first, slot="A").reason == Reason.GOOD
    assert verdict(edited(first, world.buyer, "B", as_stream), slot="B").reason == Reason.GOOD
    if edit is not typed_form:
        one = sign(issued, world.seller, name="A")
        assert verdict(edited(one, world.buyer, "B", edit), slot="B").reason == Reason.GOOD


class Apart(IncrementalPdfFileWriter):
    """Writes what stands inside a signature as things of their own."""

    def write(self, stream: Any) -> None:
        """What is left to be written, with its parts moved out."""
        for thing in list(self.objects.values()):
            if isinstance(thing, generic.DictionaryObject) and "/Reference" in thing:
                thing["/Reference"] = generic.ArrayObject(self.add_object(one) for one in thing["/Reference"])
        super().write(stream)


def test_parts_of_a_signature_as_things_of_their_own(verdict: Check, world: World, issued: bytes) -> None:
    """What says that a signature certifies the file, written apart from it."""

    metadata = PdfSignatureMetadata(
        field_name="A", subfilter=SigSeedSubFilter.PADES, certify=True, docmdp_permissions=MDPPerm.FILL_FORMS
    )
    first = At(metadata, signer_of(world.seller)).sign_pdf(Apart(io.BytesIO(issued))).getvalue()
    assert re.search(rb"/Reference \[ *\d+ 0 R", first)
    assert verdict(first, slot="A").reason == Reason.GOOD
    visible = sign(first, world.buyer, name="B", box=(10, 10, 40, 25))
    assert verdict(visible, slot="B").reason == Reason.GOOD, "a visible stamp after a certification"


def indefinite(value: bytes, depth: int) -> bytes:
    """The same value with open ends down to a depth, as Java's programs write it."""
    contents: bytes = parser.parse(value, strict=True)[4]
    if not depth or not value[0] & 0x20:
        return value
    inner = b""
    while contents:
        length = parser.peek(contents)
        inner, contents = inner + indefinite(contents[:length], depth - 1), contents[length:]
    return value[:1] + b"\x80" + inner + b"\x00\x00"


def test_open_lengths(verdict: Check, world: World, one: bytes) -> None:
    _, start, after, _ = attacks.ranges(one)
    held = bytes.fromhex(one[start + 1 : after - 1].decode())
    opened = indefinite(held[: parser.peek(held)], 3)
    assert opened[1] == 0x80
    assert len(opened) <= len(held)
    pdf = one[: start + 1] + opened.ljust(len(held), b"\0").hex().encode() + one[after - 1 :]
    assert verdict(pdf).reason == Reason.GOOD
    for place in range(len(opened) - 6, len(opened)):
        changed = opened[:place] + bytes([opened[place] ^ 1]) + opened[place + 1 :]
        other = one[: start + 1] + changed.ljust(len(held), b"\0").hex().encode() + one[after - 1 :]
        assert verdict(other).reason == Reason.BROKEN_SIGNATURE


def knowing(world: World) -> ValidationContext:
    """What a signer's program fetches to put it into the file."""
    lists = [crl.CertificateList.load(one.crl().public_bytes(DER)) for one in (world.root, world.middle)]
    return ValidationContext(
        trust_roots=[asn1_of(world.root.certificate)],
        other_certs=[asn1_of(world.middle.certificate)],
        crls=lists,
        allow_fetching=False,
        moment=NOW,
    )


@pytest.mark.parametrize("archived", [False, True], ids=["B-LT", "B-LTA"])
def test_validation_data_in_the_file(verdict: Check, world: World, issued: bytes, archived: bool) -> None:
    pdf = issued
    for name, holder in (("A", world.seller), ("B", world.buyer)):
        pdf = sign(
            pdf,
            holder,
            name=name,
            stamper=stamps(world.stamper),
            embed_validation_info=True,
            validation_context=knowing(world),
            use_pades_lta=archived,
        )
        assert verdict(pdf, slot=name).reason == Reason.GOOD
    sealed = sign(pdf, world.platform, name="Seal", stamper=stamps(world.stamper))
    assert verdict(sealed).reason == Reason.GOOD
    without = verdict(pdf, without=("crls",))
    assert without.reason == Reason.NO_REVOCATION_INFORMATION, "which lists count is the operator's decision"


def test_revocation_lists_inside_the_signature(verdict: Check, world: World, issued: bytes) -> None:
    signed = sign(
        issued,
        world.seller,
        stamper=stamps(world.stamper),
        subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
        embed_validation_info=True,
        validation_context=knowing(world),
    )
    assert verdict(signed).reason == Reason.GOOD


def test_time_stamps_between_signatures(verdict: Check, world: World, one: bytes) -> None:
    found = verdict(sign(time_stamped(one, world.stamper), world.buyer, name="B"), slot="B")
    assert (found.reason, [entry.slot for entry in found.signatures]) == (Reason.GOOD, ["A", "time", "B"])


def test_fields_made_beforehand(verdict: Check, world: World, issued: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(issued))
    for name, place in (("A", 10), ("B", 60)):
        append_signature_field(writer, SigFieldSpec(name, box=(place, 10, place + 30, 25)))
    out = io.BytesIO()
    writer.write(out)
    pdf = out.getvalue()
    for name, holder in (("B", world.buyer), ("A", world.seller)):
        metadata = PdfSignatureMetadata(field_name=name, subfilter=SigSeedSubFilter.PADES)
        maker = At(metadata, signer_of(holder))
        pdf = maker.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), existing_fields_only=True).getvalue()
        assert verdict(pdf, slot=name).reason == Reason.GOOD
        assert verdict(pdf, slot=name, base=out.getvalue()).reason == Reason.GOOD
    apart = sign(issued, world.seller, box=(10, 10, 40, 25), field={"combine_annotation": False})
    assert verdict(apart).reason == Reason.GOOD


@pytest.mark.parametrize("action", list(FieldMDPAction))
def test_locks_of_fields(verdict: Check, world: World, issued: bytes, action: FieldMDPAction) -> None:
    """One that leaves no room for the others is said at once, not when they have signed."""
    spec = FieldMDPSpec(action, None if action == FieldMDPAction.ALL else ["A"])
    signed = sign(issued, world.seller, name="A", field={"field_mdp_spec": spec})
    locked = action != FieldMDPAction.INCLUDE
    assert verdict(signed, slot="A").reason == (Reason.LOCKED if locked else Reason.GOOD)
    if not locked:
        assert verdict(sign(signed, world.buyer, name="B"), slot="B").reason == Reason.GOOD


PLACE = [x509.UniformResourceIdentifier("http://crl.example/list.crl")]


def listed(authority: Authority, *extensions: x509.ExtensionType, entry: Any = None) -> bytes:
    """A revocation list with extensions, about nobody or one certificate."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.name)
    builder = builder.last_update(NOW - DAY).next_update(NOW + DAY)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=not isinstance(extension, x509.CRLNumber))
    if entry is not None:
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(PEM)


def partly(**only: bool) -> x509.IssuingDistributionPoint:
    """The list of a place, for some certificates only."""
    said = {"only_contains_user_certs": False, "only_contains_ca_certs": False} | only
    return x509.IssuingDistributionPoint(
        full_name=PLACE,
        relative_name=None,
        only_some_reasons=None,
        indirect_crl=False,
        only_contains_attribute_certs=False,
        **said,
    )


def test_kinds_of_revocation_lists(verdict: Check, world: World, one: bytes) -> None:
    root, users = listed(world.root, partly(only_contains_ca_certs=True)), partly(only_contains_user_certs=True)
    whole, delta = listed(world.middle, x509.CRLNumber(5)), listed(world.middle, x509.DeltaCRLIndicator(5))
    for lists in (whole, listed(world.middle, x509.CRLNumber(5), users), whole + delta, delta + whole):
        assert verdict(one, crls=root + lists).reason == Reason.GOOD
    assert verdict(one, crls=root + delta).reason == Reason.NO_REVOCATION_INFORMATION
    reason = x509.CRLReason(x509.ReasonFlags.remove_from_crl)
    number = world.seller.certificate.serial_number
    entry = x509.RevokedCertificateBuilder().serial_number(number).revocation_date(NOW - DAY)
    free = entry.add_extension(reason, critical=False).build()
    given_free = listed(world.middle, x509.DeltaCRLIndicator(5), entry=free)
    assert verdict(one, crls=root + whole + given_free).reason == Reason.GOOD


def test_a_certificate_that_names_only_another_place_to_ask(verdict: Check, world: World, issued: bytes) -> None:
    place = x509.UniformResourceIdentifier("http://ocsp.example")
    asking = x509.AccessDescription(x509.oid.AuthorityInformationAccessOID.OCSP, place)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name_of("HTX", uid(f"MST:{SELLER}")))
        .issuer_name(world.middle.name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(usage("digital_signature", "content_commitment"), critical=True)
        .add_extension(x509.AuthorityInformationAccess([asking]), critical=False)
        .sign(world.middle.key, hashes.SHA256())
    )
    signed = sign(issued, Holder(key, certificate, world.middle.chain))
    assert verdict(signed).reason == Reason.GOOD
    assert verdict(signed, without=("crls",)).reason == Reason.NO_REVOCATION_INFORMATION
