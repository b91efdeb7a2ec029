"""Files made to exhaust, confuse or crash: every one gets a verdict, in a process that cannot take more than allowed."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.signatures import checking, contents, inspection
from marketplace.signatures.checking import asked
from marketplace.signatures.inspection import Request, inspected
from marketplace.signatures.verdict import Reason, Verdict, VerdictKind
from tests.signatures import attacks
from tests.signatures.pki import World
from tests.signatures.signer import sign

Check = Callable[..., Verdict]
Ask = Callable[..., Request]
MB = 1 << 20
SOME = random.Random(7)
PATIENCE = checking.PATIENCE
"""As it is outside of tests."""


def in_process(request: Request) -> Verdict:
    """As on the web: in a process of its own."""
    return asked(request.stored())


def test_nothing_and_noise(request_of: Ask) -> None:
    assert in_process(request_of(b"")).reason == Reason.EMPTY
    assert in_process(request_of(SOME.randbytes(2 * MB))).reason == Reason.NOT_PDF
    assert in_process(request_of(SOME.randbytes(20 * MB))).reason == Reason.NOT_PDF
    assert in_process(request_of(b"%PDF-1.7\n" + SOME.randbytes(20 * MB))).reason == Reason.NOT_ISSUED
    assert in_process(request_of(b"x" * (contents.LARGEST + 1))).reason == Reason.TOO_LARGE


def test_twenty_megabytes_of_noise_behind_the_contract(request_of: Ask, issued: bytes) -> None:
    noise = SOME.randbytes(20 * MB)
    assert in_process(request_of(issued + noise)).reason == Reason.TRAILING
    assert in_process(request_of(issued + noise + b"\n%%EOF\n")).reason == Reason.BROKEN
    kept = attacks.raw_update(issued, {900: b"<</Length %d>>\nstream\n%s\nendstream" % (len(noise), noise)})
    assert in_process(request_of(kept)).reason == Reason.NO_SIGNATURE


def test_a_large_file_that_is_all_right(request_of: Ask, world: World, issued: bytes) -> None:
    noise = SOME.randbytes(20 * MB)
    large = attacks.raw_update(issued, {900: b"<</Length %d>>\nstream\n%s\nendstream" % (len(noise), noise)})
    assert in_process(request_of(sign(large, world.seller), base=large)).reason == Reason.GOOD


def test_bombs(request_of: Ask, issued: bytes) -> None:
    """A megabyte that unpacks to a gigabyte."""
    packed = attacks.bomb(issued, 1024 * MB)
    assert len(packed) < 2 * MB
    assert in_process(request_of(packed)).kind == VerdictKind.REJECT
    assert in_process(request_of(attacks.object_bomb(issued, 1024 * MB))).kind == VerdictKind.REJECT


DEEP = {
    "arrays": b"[" * 200_000,
    "closed arrays": b"[" * 100_000 + b"]" * 100_000,
    "dictionaries": b"<</a" * 100_000,
    "strings": b"(" * 200_000,
}


@pytest.mark.parametrize("body", DEEP.values(), ids=DEEP.keys())
def test_deep_nesting(request_of: Ask, issued: bytes, body: bytes) -> None:
    number = attacks.size_of(issued)
    form = b"<</Fields[%d 0 R]>>" % number
    deep = attacks.with_catalogue(issued, b"/AcroForm " + form, {number: body})
    assert in_process(request_of(deep)).reason in (Reason.COMPLEX, Reason.BROKEN)


def test_loops(request_of: Ask, issued: bytes) -> None:
    number = attacks.size_of(issued)
    around = b"<</FT/Sig/T(a)/Kids[%d 0 R]>>" % number
    loop = attacks.with_catalogue(issued, b"/AcroForm<</Fields[%d 0 R]>>" % number, {number: around})
    assert in_process(request_of(loop)).kind == VerdictKind.REJECT
    to_itself = attacks.raw_update(issued, {900: b"null"}, previous=len(issued) + 20)
    assert in_process(request_of(to_itself)).reason == Reason.BROKEN
    start = attacks.last_start(attacks.raw_update(issued, {900: b"null"}))
    assert in_process(request_of(attacks.raw_update(issued, {900: b"null"}, previous=start))).reason == Reason.BROKEN
    page = attacks.page_number(issued)
    itself = attacks.raw_update(issued, {1: b"<</Type/Pages/Count 1/Kids[1 0 R %d 0 R]>>" % page})
    assert in_process(request_of(itself)).kind == VerdictKind.REJECT
    refers = attacks.raw_update(issued, {number: b"%d 0 R" % number})
    assert in_process(request_of(refers)).kind == VerdictKind.REJECT


def test_crowds(request_of: Ask, issued: bytes) -> None:
    number = attacks.size_of(issued)
    objects = {number + n: b"<</FT/Sig/T(%d)>>" % n for n in range(30_000)}
    fields = b" ".join(b"%d 0 R" % one for one in objects)
    crowd = attacks.with_catalogue(issued, b"/AcroForm<</Fields[%s]>>" % fields, objects)
    assert in_process(request_of(crowd)).kind == VerdictKind.REJECT
    many = attacks.raw_update(issued, {900: b"null"}, b"/Size 90000000")
    assert in_process(request_of(many)).kind == VerdictKind.REJECT


def test_many_writings(request_of: Ask, issued: bytes) -> None:
    pdf = issued
    for _ in range(contents.MOST_REVISIONS + 1):
        pdf = attacks.raw_update(pdf, {900: b"null"})
    assert in_process(request_of(pdf)).reason == Reason.COMPLEX


def test_many_signatures(request_of: Ask, world: World, issued: bytes) -> None:
    pdf = issued
    for number in range(inspection.MOST_SIGNATURES + 1):
        pdf = sign(pdf, world.seller, name=f"f{number}")
    assert in_process(request_of(pdf)).reason == Reason.TOO_MANY


def test_a_process_that_is_killed_or_silent_is_a_verdict(
    request_of: Ask, one: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = request_of(one)
    for code, reason in (
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", Reason.COMPLEX),
        ("import time; time.sleep(60)", Reason.BUSY),
        ("raise SystemExit(1)", Reason.BROKEN),
        ("print('{}')", Reason.BROKEN),
        ("print('[1, 2')", Reason.BROKEN),
        ("""print('{"reason": "no such", "signatures": []}')""", Reason.BROKEN),
    ):
        monkeypatch.setattr(checking, "PROGRAM", [sys.executable, "-I", "-c", code])
        monkeypatch.setattr(checking, "PATIENCE", 1.0 if reason == Reason.BUSY else 60.0)
        assert in_process(request).reason == reason


def test_the_limits_are_taken_before_anything_is_read(request_of: Ask, one: bytes) -> None:
    """The program itself, with its first question replaced by one about its limits."""
    spy = (
        "import json, resource, sys; sys.path.insert(0, sys.argv.pop()); "
        "from marketplace.signatures import inspection as program; "
        "limits = lambda request: sys.exit(json.dumps([resource.getrlimit(kind) for kind in "
        "(resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE, resource.RLIMIT_FSIZE)])); "
        "program.inspected = limits; program.main()"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", spy, str(checking.ROOT)],
        input=json.dumps(request_of(one).stored()).encode(),
        capture_output=True,
        check=False,
    )
    memory, seconds, core, size = json.loads(done.stderr)
    assert memory == [inspection.MEMORY] * 2
    assert inspection.MEMORY < 450 * MB, "with the process that asks below 500"
    assert seconds == [inspection.SECONDS] * 2
    assert core == size == [0, 0]
    assert inspection.SECONDS < PATIENCE < 10


def test_secrets_do_not_travel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKETPLACE_SECRET_KEY", "hidden")
    monkeypatch.setattr(
        checking,
        "PROGRAM",
        [sys.executable, "-c", "import os, sys; sys.exit(7 if 'MARKETPLACE_SECRET_KEY' in os.environ else 0)"],
    )
    assert asked({}).reason == Reason.BROKEN
    assert os.environ["MARKETPLACE_SECRET_KEY"] == "hidden"


def test_two_files_at_most_are_checked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each process says how many others are there with it."""
    code = (
        "import os, sys, time; folder = sys.argv[1]; own = os.path.join(folder, str(os.getpid())); "
        "open(own, 'w').close(); time.sleep(0.3); there = len(os.listdir(folder)); os.remove(own); sys.exit(there > 2)"
    )
    monkeypatch.setattr(checking, "PROGRAM", [sys.executable, "-I", "-c", code, str(tmp_path)])
    worked: list[bool] = []
    run = subprocess.run

    def watched(*args: Any, **kwargs: Any) -> Any:
        done = run(*args, **kwargs)
        worked.append(done.returncode == 0)
        return done

    monkeypatch.setattr(subprocess, "run", watched)
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(asked, [{}] * 6))
    assert worked == [True] * 6


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_file_is_never_accepted(request_of: Ask, issued: bytes, two: bytes, data: st.DataObject) -> None:
    """Any byte behind the contract changed, removed or doubled."""
    place = data.draw(st.integers(len(issued), len(two) - 1))
    start, after = attacks.ranges(two)[1:3]
    value = data.draw(st.integers(0, 255).filter(lambda value: value != two[place]))
    changed = {
        "changed": two[:place] + bytes([value]) + two[place + 1 :],
        "removed": two[:place] + two[place + 1 :],
        "doubled": two[:place] + bytes([value]) + two[place:],
    }[data.draw(st.sampled_from(["changed", "removed", "doubled"]))]
    found = inspected(request_of(changed))
    if start < place < after:
        # Inside the newest signature's own room some bytes are covered by nothing: the same signature, written otherwise.
        assert found.kind != VerdictKind.ACCEPT or found == inspected(request_of(two))
    elif place >= len(two) - 1:
        assert found.kind != VerdictKind.ACCEPT or changed.rstrip() == two.rstrip()
    else:
        assert found.kind == VerdictKind.REJECT


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tail=st.binary(max_size=400), ends=st.booleans())
def test_whatever_follows_is_never_accepted(request_of: Ask, two: bytes, tail: bytes, ends: bool) -> None:
    found = inspected(request_of(two + tail + (b"\n%%EOF\n" if ends else b"")))
    assert found.kind == VerdictKind.REJECT or not (tail or ends)


def test_a_file_that_is_no_file(request_of: Ask, one: bytes, tmp_path: Path) -> None:
    request = request_of(one).stored()
    assert asked(request | {"signed": str(tmp_path / "none")}).reason == Reason.NO_FILE
    assert asked(request | {"signed": str(tmp_path)}).reason == Reason.NO_FILE
    assert asked(request | {"issued": "/dev/null"}).reason == Reason.NO_ISSUED_FILE
    assert asked(request | {"roots": [str(tmp_path / "none")]}).reason == Reason.UNREADABLE_SETTING
