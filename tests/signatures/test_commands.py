"""The check outside the web, and the same check for the web: the same verdicts from the same files."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from marketplace.config import ROOT
from marketplace.signatures import checking, commands, keys, seal
from marketplace.signatures.inspection import Request
from marketplace.signatures.verdict import SENTENCES, Reason, VerdictKind, kind_of
from tests.conftest import make_app
from tests.signatures.pki import BUYER, NOW, OTHER, PEM, SELLER, World
from tests.signatures.signer import sign

Run = Callable[..., Result]


@pytest.fixture
def bare_app(tmp_path: Path) -> Flask:
    """An application whose database does not exist."""
    return make_app(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.sqlite3'}", tmp_path)


@pytest.fixture
def words_of(request_of: Callable[..., Request], issued: bytes, tmp_path: Path) -> Callable[..., list[str]]:
    """What one types after `flask` to ask about these bytes."""

    def made(data: bytes, *more: str, at: str = NOW.isoformat()) -> list[str]:
        request_of(data)
        words = ["signatures", "check", str(tmp_path / "signed.pdf"), "--issued", str(tmp_path / "issued.pdf")]
        words += ["--party", f"A={SELLER}", "--party", f"B={BUYER}", "--at", at]
        for option, name in (("trust-root", "roots"), ("intermediate", "intermediates"), ("crl", "crls")):
            words += [f"--{option}", str(tmp_path / name)]
        return [*words, "--seal-root", str(tmp_path / "seal_roots"), *more]

    return made


@pytest.fixture
def run(bare_app: Flask, words_of: Callable[..., list[str]]) -> Run:
    """`flask signatures check` about these bytes."""
    return lambda data, *more, **at: bare_app.test_cli_runner().invoke(args=words_of(data, *more, **at))


def test_as_a_program_it_answers_the_same_without_the_application(
    words_of: Callable[..., list[str]], run: Run, two: bytes
) -> None:
    """What `flask --app wsgi signatures check` starts is `signatures.alone`: nothing else of the application is read."""
    spy = "import sys; from flask.cli import main; import atexit; "
    spy += "atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr)); main()"
    for data, status in ((two, 0), (two + b"x", 4)):
        words = ["--app", "wsgi", *words_of(data, "--json")]
        done = subprocess.run(
            [sys.executable, "-c", spy, *words],
            cwd=ROOT,
            env=os.environ | {"MARKETPLACE_DATABASE_URL": "sqlite:////no/such/folder/x.sqlite3"},
            capture_output=True,
            check=False,
        )
        assert done.returncode == status, done.stderr
        assert json.loads(done.stdout) == json.loads(run(data, "--json").stdout)
        assert b"marketplace.app" not in done.stderr.split()
        assert b"marketplace.signatures.commands" in done.stderr.split()


def test_accepted(run: Run, two: bytes) -> None:
    done = run(two, "--slot", "B", "--json")
    answer = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (answer["verdict"], answer["reason"], answer["sentence"]) == ("accept", "good", "Chữ ký số hợp lệ.")
    assert [(one["slot"], one["state"], one["reason"]) for one in answer["signatures"]] == [
        ("A", "accept", "good"),
        ("B", "accept", "good"),
    ]
    assert answer["signatures"][0]["tax_code"] == SELLER
    assert answer["signatures"][0]["trusted_at"] is None


def test_in_sentences(run: Run, two: bytes) -> None:
    done = run(two)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == "HỢP LỆ: Chữ ký số hợp lệ."
    assert "HTX Nông nghiệp Bản Thử" in done.stdout
    assert "dấu thời gian: không có" in done.stdout


def test_review(run: Run, one: bytes, tmp_path: Path) -> None:
    done = run(one, "--json", at="2026-06-01T00:00:00+07:00")
    assert done.exit_code == 3
    assert json.loads(done.stdout)["reason"] == "no_revocation_information"


def test_rejected(run: Run, one: bytes, issued: bytes) -> None:
    for data, more, reason in (
        (issued, (), "no_signature"),
        (one, ("--slot", "B"), "out_of_turn"),
        (b"", (), "empty"),
        (one + b"x", (), "trailing"),
    ):
        done = run(data, "--json", *more)
        assert done.exit_code == 4
        assert json.loads(done.stdout)["verdict"] == "reject"
        assert json.loads(done.stdout)["reason"] == reason


def test_every_file_that_is_missing_has_its_sentence(bare_app: Flask, run: Run, one: bytes, tmp_path: Path) -> None:
    run(one)
    signed, issued, none = (str(tmp_path / name) for name in ("signed.pdf", "issued.pdf", "none"))
    for words, status, reason in (
        ([none, "--issued", issued], 4, "no_file"),
        ([str(tmp_path), "--issued", issued], 4, "no_file"),
        ([signed, "--issued", none], 4, "no_issued_file"),
        ([signed, "--issued", issued, "--trust-root", none], 3, "unreadable_setting"),
        ([signed, "--issued", issued, "--crl", signed], 3, "unreadable_setting"),
        ([signed, "--issued", issued], 3, "not_configured"),
    ):
        words = ["signatures", "check", *words, "--party", f"A={SELLER}", "--json"]
        done = bare_app.test_cli_runner().invoke(args=words)
        assert (done.exit_code, json.loads(done.stdout)["reason"]) == (status, reason)
        assert json.loads(done.stdout)["sentence"]


@pytest.mark.parametrize(
    "more",
    [
        ("--slot", "C"),
        ("--slot", "a"),
        ("--party", "C"),
        ("--party", "=0090000033"),
        ("--party", f"A={OTHER}"),
        ("--party", f"C={SELLER}"),
        ("--party", "C=009000003"),
        ("--party", f"C=MST:{OTHER}"),
        ("--party", f"C={OTHER}-0001"),
        ("--party", f"seal={OTHER}"),
        ("--at", "yesterday"),
    ],
    ids=lambda more: " ".join(more),
)
def test_words_that_are_wrong_are_no_verdict_about_the_file(run: Run, one: bytes, more: tuple[str, str]) -> None:
    done = run(one, "--json", *more)
    assert (done.exit_code, json.loads(done.stdout)["reason"]) == (3, "wrong_question")
    assert more[1] in done.stderr
    assert "Traceback" not in done.stderr
    assert run(one, "--json").exit_code == 0


def test_every_reason_has_a_sentence_and_a_status() -> None:
    assert set(SENTENCES) == set(Reason)
    assert set(commands.STATUS) == set(VerdictKind)
    assert {kind_of(reason) for reason in Reason} == set(VerdictKind)


@pytest.fixture
def configured(bare_app: Flask, world: World, tmp_path: Path) -> Iterator[Flask]:
    """An application whose operator has installed roots and lists; folders count as all files in them."""
    folder = tmp_path / "trust"
    folder.mkdir()
    files = world.write(folder)
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "1.pem").write_bytes(world.root.crl().public_bytes(PEM))
    (lists / "2.pem").write_bytes(world.middle.crl().public_bytes(PEM))
    settings: dict[str, Any] = {"trust_roots": files["roots"], "intermediates": files["intermediates"]}
    settings |= {"crls": str(lists), "seal_roots": files["seal_roots"]}
    bare_app.config["SETTINGS"] = replace(bare_app.config["SETTINGS"], **settings)
    with bare_app.app_context():
        yield bare_app


@pytest.mark.usefixtures("configured")
def test_the_check_of_the_web(world: World, issued: bytes, one: bytes, two: bytes) -> None:
    first = checking.check(one, issued=issued, party=SELLER, others=[BUYER], now=NOW)
    assert first.reason == Reason.GOOD
    assert first.signatures[0].tax_code == SELLER
    assert checking.check(two, issued=one, party=BUYER, others=[SELLER], now=NOW).reason == Reason.GOOD
    assert checking.check(one, issued=issued, party=BUYER, others=[SELLER], now=NOW).reason == Reason.OUT_OF_TURN
    assert checking.check(one, issued=issued, party=BUYER, others=[], now=NOW).reason == Reason.OTHER_PARTY
    later = sign(issued, world.buyer, name="B")
    assert checking.check(later, issued=one, party=BUYER, others=[SELLER], now=NOW).reason == Reason.NOT_ISSUED


def test_without_roots_an_administrator_has_to_act(bare_app: Flask, issued: bytes, one: bytes) -> None:
    with bare_app.app_context():
        assert checking.check(one, issued=issued, party=SELLER, others=[], now=NOW).reason == Reason.NOT_CONFIGURED
        lost = replace(bare_app.config["SETTINGS"], trust_roots="/no/such/file")
        bare_app.config["SETTINGS"] = lost
        assert checking.check(one, issued=issued, party=SELLER, others=[], now=NOW).reason == Reason.UNREADABLE_SETTING


def test_what_this_platform_sealed_is_accepted(run: Run, bare_app: Flask, two: bytes, tmp_path: Path) -> None:
    """The real seal of an installation, as `flask seal create` makes it."""
    key = tmp_path / "seal.pem"
    keys.create_seal(key, "Nền tảng thử", NOW)
    bare_app.config["SETTINGS"] = replace(bare_app.config["SETTINGS"], seal_key=str(key))
    with bare_app.app_context():
        sealed = seal.seal(two, now=NOW).pdf
    done = run(sealed, "--seal-root", str(key), "--json")
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["reason"]) == (0, "good")
    assert [one["slot"] for one in answer["signatures"]] == ["A", "B", "seal"]
    assert json.loads(run(sealed, "--json").stdout)["reason"] == "untrusted", "another platform's seal"
