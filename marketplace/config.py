"""Settings, all from environment variables with the prefix MARKETPLACE_; docs/deploy.md lists them."""

import logging
import os
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "MARKETPLACE_"
ROOT = Path(__file__).resolve().parent.parent


class ConfigurationError(RuntimeError):
    """A setting is missing or unusable; the text names the variable and the remedy."""


@dataclass(frozen=True)
class Settings:
    """What one installation is run with."""

    production: bool = False
    instance: Path = ROOT / "instance"
    database_url: str = ""
    secret_key: str = ""
    password_salt: str = ""
    files_url: str = ""
    mail_url: str = ""
    mail_sender: str = "khong-tra-loi@localhost"
    limits_url: str = "memory://"
    public_url: str = "http://127.0.0.1:8000"
    site_name: str = "Liên kết Than Uyên"
    proxies: int = 0
    seal_key: str = ""
    seal_passphrase: str = ""
    trust_roots: str = ""
    intermediates: str = ""
    crls: str = ""
    tsa_roots: str = ""
    seal_roots: str = ""
    seal_crls: str = ""
    tsa_url: str = ""
    statement_key: str = ""
    testing: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


def read(environ: dict[str, str] | None = None) -> Settings:
    """Settings from the environment; a development installation keeps its generated secrets in instance/."""
    source = os.environ if environ is None else environ
    given = {key.removeprefix(PREFIX): value for key, value in source.items() if key.startswith(PREFIX)}
    production = given.get("ENV", "development") == "production"
    instance = Path(given.get("INSTANCE", ROOT / "instance")).absolute()
    if production:
        for name in ("SECRET_KEY", "PASSWORD_SALT", "DATABASE_URL", "FILES_URL", "PUBLIC_URL"):
            if not given.get(name):
                raise ConfigurationError(f"{PREFIX}{name} must be set in production; see docs/deploy.md.")
        # Cookies and passwords would travel in clear; codes in printed contracts would lead there for years.
        address = urlsplit(given["PUBLIC_URL"])
        if address.scheme != "https" and address.hostname not in ("127.0.0.1", "localhost"):
            raise ConfigurationError(f"{PREFIX}PUBLIC_URL must begin with https:// in production; see docs/deploy.md.")
    else:
        instance.mkdir(parents=True, exist_ok=True)
    return Settings(
        production=production,
        instance=instance,
        database_url=given.get("DATABASE_URL") or f"sqlite:///{instance / 'marketplace.sqlite3'}",
        secret_key=given.get("SECRET_KEY") or kept_secret(instance / "secret_key"),
        password_salt=given.get("PASSWORD_SALT") or kept_secret(instance / "password_salt"),
        files_url=given.get("FILES_URL") or f"file://{instance / 'files'}",
        mail_url=given.get("MAIL_URL", ""),
        mail_sender=given.get("MAIL_SENDER", Settings.mail_sender),
        limits_url=given.get("LIMITS_URL", Settings.limits_url),
        public_url=given.get("PUBLIC_URL", Settings.public_url).rstrip("/"),
        site_name=given.get("SITE_NAME", Settings.site_name),
        proxies=int(given.get("PROXIES", "0")),
        # A development installation looks for both keys beside its database; `flask seal create` makes them there.
        seal_key=given.get("SEAL_KEY") or ("" if production else str(instance / "seal.pem")),
        seal_passphrase=given.get("SEAL_PASSPHRASE", ""),
        trust_roots=given.get("TRUST_ROOTS", ""),
        intermediates=given.get("INTERMEDIATES", ""),
        crls=given.get("CRLS", ""),
        tsa_roots=given.get("TSA_ROOTS", ""),
        seal_roots=given.get("SEAL_ROOTS", ""),
        seal_crls=given.get("SEAL_CRLS", ""),
        tsa_url=given.get("TSA_URL", ""),
        statement_key=given.get("STATEMENT_KEY") or ("" if production else str(instance / "statement.pem")),
    )


def listed_files(setting: str) -> list[Path]:
    """The files of a setting: paths joined by `:`; a folder stands for all files in it."""
    found: list[Path] = []
    for part in filter(None, setting.split(os.pathsep)):
        path = Path(part)
        found += sorted(entry for entry in path.iterdir() if entry.is_file()) if path.is_dir() else [path]
    return found


def kept_secret(path: Path) -> str:
    """A random secret made once for a development installation and kept beside its database."""
    if not path.exists():
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(fresh, path)
        except FileExistsError:
            logging.getLogger(__name__).info("another process made %s first", path.name)
        fresh.unlink()
    return path.read_text(encoding="ascii")


def flask_config(settings: Settings) -> dict[str, Any]:
    """The same settings in the words of Flask and its extensions."""
    url = settings.database_url
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    sqlite = url.startswith("sqlite")
    secure = settings.public_url.startswith("https://")
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"connect_args": {"timeout": 15}} if sqlite else {"pool_pre_ping": True},
        "BABEL_DEFAULT_LOCALE": "vi",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
        "MAX_CONTENT_LENGTH": 64 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FORM_PARTS": 2000,
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_DURATION": timedelta(days=30),
        "REMEMBER_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=14),
        "WTF_CSRF_TIME_LIMIT": None,
        "RATELIMIT_STORAGE_URI": settings.limits_url,
        "RATELIMIT_HEADERS_ENABLED": True,
        "COMPRESS_ALGORITHM": ["br", "zstd", "gzip"],
        "COMPRESS_BR_LEVEL": 7,  # 9 % less than the usual 4 for 0.3 ms: signing pages and full texts stay in one round trip
        "TEMPLATES_AUTO_RELOAD": False,
        **settings.extra,
    }
