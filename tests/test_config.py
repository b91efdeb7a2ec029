"""What an installation is run with: production starts only with what it needs."""

from pathlib import Path

import pytest

from marketplace.config import ConfigurationError, read

GIVEN = {
    "MARKETPLACE_ENV": "production",
    "MARKETPLACE_SECRET_KEY": "x",
    "MARKETPLACE_PASSWORD_SALT": "x",
    "MARKETPLACE_DATABASE_URL": "postgresql://db/marketplace",
    "MARKETPLACE_FILES_URL": "file:///srv/files",
    "MARKETPLACE_PUBLIC_URL": "https://lienket.example.vn/",
}


@pytest.mark.parametrize("name", [name for name in GIVEN if name != "MARKETPLACE_ENV"])
def test_production_names_what_is_missing(name: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        read({key: value for key, value in GIVEN.items() if key != name})


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("https://lienket.example.vn", True),
        ("http://127.0.0.1:8000", True),
        ("http://localhost", True),
        ("http://lienket.example.vn", False),
        ("http://127.0.0.1.example.vn", False),
        ("lienket.example.vn", False),
    ],
)
def test_production_has_an_encrypted_address(tmp_path: Path, address: str, taken: bool) -> None:
    given = {**GIVEN, "MARKETPLACE_PUBLIC_URL": address, "MARKETPLACE_INSTANCE": str(tmp_path)}
    if taken:
        assert read(given).public_url == address
        return
    with pytest.raises(ConfigurationError, match="https://"):
        read(given)
