"""`flask seal create`, `flask doctor`, the published key, and what /readyz tells."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from flask import Flask

from marketplace.config import Settings, read
from marketplace.organisations.holidays import known_this_year
from marketplace.signatures import doctor, keys
from marketplace.signatures.doctor import Health
from tests.conftest import Backend, make_app
from tests.signatures.pki import DAY, World

PEM = serialization.Encoding.PEM


def run(app: Flask, *arguments: str) -> Any:
    """A command."""
    return app.test_cli_runner().invoke(args=arguments)


@pytest.fixture
def bare(tmp_path: Path) -> Flask:
    """An installation without any key."""
    return make_app(f"sqlite:///{tmp_path / 'bare.sqlite3'}", tmp_path)


def looked_at(settings: Settings, look: doctor.CheckOf) -> list[tuple[str, Health]]:
    """What one look finds."""
    return [(row.name, row.health) for row in look(settings, datetime.now(UTC))]


def test_keys_are_made_once_and_put_aside_when_forced(bare: Flask, tmp_path: Path) -> None:
    made = run(bare, "seal", "create", "--json")
    assert made.exit_code == 0, made.output
    paths = [Path(path) for path in json.loads(made.stdout)["made"]]
    assert [path.name for path in paths] == ["seal.pem", "statement.pem"]
    before = [path.read_bytes() for path in paths]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    again = run(bare, "seal", "create")
    assert again.exit_code == 1
    assert [path.read_bytes() for path in paths] == before
    assert run(bare, "seal", "create", "--force").exit_code == 0
    assert all(path.read_bytes() != old for path, old in zip(paths, before, strict=True))
    assert len(list(tmp_path.glob("*.old"))) == 2


def test_production_makes_no_key_by_itself(tmp_path: Path) -> None:
    names = ("SECRET_KEY", "PASSWORD_SALT", "DATABASE_URL", "FILES_URL", "PUBLIC_URL")
    given = {f"MARKETPLACE_{name}": "x" for name in names} | {"MARKETPLACE_ENV": "production"}
    given["MARKETPLACE_PUBLIC_URL"] = "https://example.vn"
    settings = read({**given, "MARKETPLACE_INSTANCE": str(tmp_path)})
    assert (settings.seal_key, settings.statement_key) == ("", "")
    app = make_app(f"sqlite:///{tmp_path / 'bare.sqlite3'}", tmp_path)
    app.config["SETTINGS"] = settings
    assert run(app, "seal", "create").exit_code == 1
    assert list(tmp_path.glob("*.pem")) == []


def test_the_doctor_finds_what_is_missing_and_what_is_well(bare: Flask) -> None:
    answer = run(bare, "doctor", "--json")
    assert answer.exit_code == 1
    told = json.loads(answer.stdout)
    found = {row["name"]: row["status"] for row in told["checks"]}
    assert told["status"] == "problem"
    assert (found["database"], found["migrations"], found["seal"], found["fonts"]) == ("ok", "problem", "problem", "ok")
    run(bare, "seal", "create")
    found = {row["name"]: row["status"] for row in json.loads(run(bare, "doctor", "--json").stdout)["checks"]}
    assert (found["seal"], found["statement_key"], found["tsa"]) == ("ok", "ok", "warn")
    assert "Con dấu số dùng được" in run(bare, "doctor").stdout


def test_the_doctor_looks_at_dates_and_permissions(world: World, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    path, roots, lists = tmp_path / "seal.pem", tmp_path / "roots.pem", tmp_path / "lists.pem"
    keys.create_seal(path, "Thử", now - timedelta(days=365 * keys.YEARS - 10))
    app = Flask("doctor")
    settings = Settings(seal_key=str(path), seal_roots=str(roots), crls=str(lists))
    app.config["SETTINGS"] = settings
    with app.app_context():
        assert looked_at(settings, doctor.the_seal) == [("seal", Health.WARN)]
        path.chmod(0o644)
        assert looked_at(settings, doctor.the_seal) == [("seal", Health.WARN), ("seal", Health.WARN)]
    found = dict(looked_at(settings, doctor.authorities))
    assert (found["seal_roots"], found["crls"]) == (Health.PROBLEM, Health.PROBLEM)
    roots.write_bytes(x509.load_pem_x509_certificates(path.read_bytes())[0].public_bytes(PEM))
    lists.write_bytes(world.root.crl(made=now - 9 * DAY, until=now - DAY).public_bytes(PEM))
    found = dict(looked_at(settings, doctor.authorities))
    assert (found["seal_roots"], found["crls"], found["trust_roots"]) == (Health.WARN, Health.PROBLEM, Health.WARN)
    lists.write_bytes(world.root.crl(made=now, until=now + DAY).public_bytes(PEM))
    assert dict(looked_at(settings, doctor.authorities))["crls"] == Health.OK
    silent = Settings(tsa_url="http://127.0.0.1:9/")
    assert looked_at(silent, doctor.time_stamps) == [("tsa", Health.WARN)]


def test_ready_tells_of_the_seal_without_failing_for_it(backend: Backend, app: Flask) -> None:
    path = backend.folder / "seal.pem"
    client = app.test_client()
    assert client.get("/readyz").get_json()["seal"] == "ok"
    content = path.read_bytes()
    try:
        path.write_bytes(b"damaged")
        told = client.get("/readyz")
        assert told.get_json()["seal"] == "failed"
        path.unlink()
        assert "seal" not in client.get("/readyz").get_json()
    finally:
        path.write_bytes(content)


def test_anybody_may_have_the_keys_to_check_with(app: Flask) -> None:
    client = app.test_client()
    found = client.get("/.well-known/lien-ket-statement-keys.json")
    assert found.headers["Access-Control-Allow-Origin"] == "*"
    (key,) = found.get_json()["keys"]
    assert (key["kty"], key["crv"], len(key["x"])) == ("OKP", "Ed25519", 43)
    assert "d" not in key
    seal = client.get("/.well-known/lien-ket-seal.pem").data
    assert b"BEGIN CERTIFICATE" in seal
    assert b"PRIVATE" not in seal


def test_a_year_without_its_public_holidays_is_warned_of(bare: Flask) -> None:
    settings: Settings = bare.config["SETTINGS"]
    with bare.app_context():
        for day, health in (
            (datetime(2026, 12, 20, tzinfo=UTC), Health.OK),
            (datetime(2030, 12, 20, tzinfo=UTC), Health.WARN),
        ):
            assert [(row.name, row.health) for row in known_this_year(settings, day)] == [("holidays", health)]


def test_a_revocation_list_that_is_missing_or_about_to_end_is_warned_of(world: World, tmp_path: Path) -> None:
    now, files = datetime.now(UTC), world.write(tmp_path)
    whole = Settings(trust_roots=files["roots"], intermediates=files["intermediates"], crls=files["crls"])
    lists = Path(files["crls"])

    def looked() -> list[Health]:
        return [
            health
            for look in (doctor.authorities, doctor.missing_lists)
            for name, health in looked_at(whole, look)
            if name == "crls"
        ]

    fresh = [authority.crl(made=now, until=now + 7 * DAY).public_bytes(PEM) for authority in (world.root, world.middle)]
    lists.write_bytes(b"".join(fresh))
    assert looked() == [Health.OK]
    lists.write_bytes(fresh[0])
    assert looked() == [Health.OK, Health.WARN], "the authority between has none"
    old = world.middle.crl(made=now - 6 * DAY, until=now + DAY).public_bytes(PEM)
    lists.write_bytes(fresh[0] + old)
    assert looked() == [Health.WARN], "one day of seven is left"
    lists.write_bytes(fresh[0] + old + fresh[1])
    assert looked() == [Health.OK], "the newer edition counts"
    bare = Settings(trust_roots=files["roots"], intermediates=files["intermediates"])
    assert looked_at(bare, doctor.missing_lists) == [("crls", Health.PROBLEM)] * 2
