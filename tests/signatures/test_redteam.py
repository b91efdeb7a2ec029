"""What a second pair of eyes got past the check, once."""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from marketplace.signatures.inspection import Request, inspected
from marketplace.signatures.verdict import Reason, Verdict
from tests.signatures import attacks
from tests.signatures.pki import DAY, DER, NOW, PEM, SELLER, Authority, World
from tests.signatures.signer import sign

Check = Callable[..., Verdict]


def in_signature(pdf: bytes, place: int) -> bytes:
    """One bit changed in the newest signature's own bytes, which nothing covers."""
    _, start, _, _ = attacks.ranges(pdf)
    at = start + 1 + 2 * place
    return pdf[:at] + b"%02X" % (int(pdf[at : at + 2], 16) ^ 1) + pdf[at + 2 :]


@pytest.mark.parametrize("tail", [b"", b"% anything at all\n"])
def test_a_tail_that_repeats_the_last_line(verdict: Check, one: bytes, tail: bytes) -> None:
    """The reader finds the newest table by the last line only, wherever that stands."""
    assert verdict(one + tail + b"startxref\n%d\n%%%%EOF\n" % attacks.last_start(one)).reason == Reason.TRAILING
    assert verdict(one + one).reason == Reason.TRAILING


def test_a_tail_that_leads_back_to_the_first_signature(verdict: Check, one: bytes, two: bytes) -> None:
    assert verdict(two + b"startxref\n%d\n%%%%EOF\n" % attacks.last_start(one)).reason == Reason.TRAILING


def test_a_root_that_has_ended(verdict: Check, issued: bytes) -> None:
    root = Authority("Gốc cũ", now=NOW - 4100 * DAY)
    party = root.party(SELLER, made=NOW - 10 * DAY, until=NOW + 10 * DAY)
    crl = root.crl(made=NOW - DAY, until=NOW + DAY)
    found = verdict(sign(issued, party), roots=root.certificate.public_bytes(PEM), crls=crl.public_bytes(PEM))
    assert found.reason == Reason.EXPIRED


def test_form_fields_drawn_in_white_after_signing(verdict: Check, world: World, issued: bytes) -> None:
    def white(writer: IncrementalPdfFileWriter) -> None:
        form = writer.root["/AcroForm"]
        form[attacks.name("/DA")] = attacks.text("/Helv 0 Tf 1 1 1 rg")
        writer.update_container(form)

    form = attacks.field(issued, "25000")
    signed = sign(form, world.seller)
    assert verdict(signed, base=form).reason == Reason.GOOD
    assert verdict(attacks.update(signed, white), base=form).reason == Reason.CHANGED_LATER


def test_a_changed_byte_in_what_the_signature_carries_along(verdict: Check, world: World, one: bytes) -> None:
    """The frame of the signature, and the certificate of the authority above the signer's."""
    _, start, after, _ = attacks.ranges(one)
    held = bytes.fromhex(one[start + 1 : after - 1].decode())
    digests = re.search(rb"\x02\x01.\x31.\x30.\x06", held)
    assert digests is not None
    assert verdict(in_signature(one, digests.end() - 1)).reason == Reason.BROKEN_SIGNATURE
    authority = world.middle.certificate.public_bytes(DER)
    assert verdict(in_signature(one, held.index(authority) + len(authority) - 1)).reason == Reason.FORGED


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "/dev/zero", "/dev/null", "/"])
def test_a_name_that_no_file_can_have(request_of: Callable[..., Request], one: bytes, name: str) -> None:
    request = request_of(one)
    assert inspected(replace(request, signed=name)).reason == Reason.NO_FILE
    assert inspected(replace(request, issued=name)).reason == Reason.NO_ISSUED_FILE
    for setting in ("roots", "intermediates", "crls", "tsa_roots", "seal_roots"):
        assert inspected(replace(request, **{setting: [name]})).reason == Reason.UNREADABLE_SETTING


def test_a_pipe_is_no_file(request_of: Callable[..., Request], one: bytes, tmp_path: Path) -> None:
    """Nobody ever writes into it: reading it would wait for ever."""
    os.mkfifo(tmp_path / "pipe")
    assert inspected(replace(request_of(one), signed=str(tmp_path / "pipe"))).reason == Reason.NO_FILE
