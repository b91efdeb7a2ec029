"""`flask doctor`: what an operator must know of the installation's keys, certificates and services, with the remedy."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from asn1crypto import crl, x509
from flask import Flask, current_app
from pyhanko.sign.timestamps import TimestampRequestError

from marketplace.config import Settings
from marketplace.kernel.dates import format_date, local_date, local_time
from marketplace.kernel.messages import Message, msgid
from marketplace.signatures.keys import KeyProblem, SealKey, certificates_in, crls_in, read_statement_key
from marketplace.signatures.seal import UNUSABLE, SealMissing, usable
from marketplace.signatures.stamping import Authority
from marketplace.web import health

SOON = timedelta(days=30)
OTHERS = 0o077
EXTENSION = "doctor"


class Health(StrEnum):
    """How one thing stands."""

    OK = "ok"
    WARN = "warn"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Check:
    """One line: what was looked at, how it stands, and what to do."""

    name: str
    health: Health
    sentence: Message


CheckOf = Callable[[Settings, datetime], Iterable[Check]]


def examine(now: datetime) -> list[Check]:
    """Everything, in the order in which it is mended."""
    settings: Settings = current_app.config["SETTINGS"]
    looks: list[CheckOf] = [
        foundations,
        the_seal,
        statements,
        authorities,
        missing_lists,
        time_stamps,
        *current_app.extensions.get(EXTENSION, []),
    ]
    return [check for look in looks for check in look(settings, now)]


def foundations(_settings: Settings, _now: datetime) -> Iterable[Check]:
    """Database, migrations, files: what /readyz asks too."""
    words = {
        "database": (health.database, msgid("The database cannot be reached: check DATABASE_URL.")),
        "migrations": (health.migrations, msgid("Migrations are pending: run `flask db upgrade`.")),
        "files": (health.files, msgid("The folder for files cannot be written to: check FILES_URL and its owner.")),
    }
    for name, (look, remedy) in words.items():
        yield Check(name, Health.OK, msgid("In order.")) if look() else Check(name, Health.PROBLEM, remedy)


def the_seal(settings: Settings, now: datetime) -> Iterable[Check]:
    """Key, certificate, its dates, who may read the file."""
    try:
        key = usable(now)
    except SealMissing as missing:
        remedy = msgid(
            "%(why)s Set SEAL_KEY and SEAL_PASSPHRASE, or run `flask seal create` on a test installation. "
            "Until then contracts are signed on paper only.",
            why=UNUSABLE[missing.readiness.code],
        )
        yield Check("seal", Health.PROBLEM, remedy)
        return
    yield from permissions("seal", settings.seal_key)
    yield seal_dates(key, now)
    if settings.production and key.certificate.issuer == key.certificate.subject:
        text = msgid("The certificate of the seal is self-signed: strangers cannot check it by a known authority.")
        yield Check("seal_certificate", Health.WARN, text)


def seal_dates(key: SealKey, now: datetime) -> Check:
    """Until when the seal's certificate holds."""
    end = key.certificate.not_valid_after_utc
    day = format_date(local_date(end))
    if end - now < SOON:
        text = msgid("The certificate of the seal ends on %(day)s: ask for a new one now.", day=day)
        return Check("seal", Health.WARN, text)
    return Check("seal", Health.OK, msgid("The seal works; its certificate holds until %(day)s.", day=day))


def permissions(name: str, path: str) -> Iterable[Check]:
    """A private key that others of this host may read."""
    if Path(path).stat().st_mode & OTHERS:
        text = msgid("Other users of this host may read %(path)s: run chmod 600.", path=path)
        yield Check(name, Health.WARN, text)


def statements(settings: Settings, _now: datetime) -> Iterable[Check]:
    """The key of the statements in QR codes."""
    if not settings.statement_key:
        text = msgid("No STATEMENT_KEY is set: QR codes carry only the address.")
        yield Check("statement_key", Health.WARN, text)
        return
    try:
        read_statement_key(settings.statement_key)
    except KeyProblem:
        text = msgid(
            "The key in STATEMENT_KEY cannot be read: it must be a PEM file with an Ed25519 key, as `flask seal create` makes one."
        )
        yield Check("statement_key", Health.PROBLEM, text)
        return
    yield from permissions("statement_key", settings.statement_key)
    yield Check("statement_key", Health.OK, msgid("In order."))


def authorities(settings: Settings, now: datetime) -> Iterable[Check]:
    """Every file of certificates and revocation lists that the settings name."""
    for name in ("seal_roots", "trust_roots", "intermediates", "tsa_roots"):
        setting = getattr(settings, name, "")
        if setting:
            yield from certificates(name, setting, now)
        elif name == "trust_roots":
            text = msgid("No trusted authorities are set: contracts with digital signatures cannot be accepted.")
            yield Check(name, Health.WARN, text)
    for name in ("seal_crls", "crls"):
        setting = getattr(settings, name, "")
        if setting:
            yield from lists(name, setting, now)


def certificates(name: str, setting: str, now: datetime) -> Iterable[Check]:
    """Readable, and neither over nor about to be."""
    try:
        found = certificates_in(setting)
        ends = [(subject(one), one.not_valid_after) for one in found]
    except (OSError, ValueError) as error:
        yield unreadable(name, error)
        return
    bad = False
    for who, end in ends:
        if end - now < SOON:
            bad = True
            text = msgid("%(who)s ends on %(day)s: get the new file.", who=who, day=format_date(local_date(end)))
            yield Check(name, Health.PROBLEM if end < now else Health.WARN, text)
    if not bad:
        yield Check(name, Health.OK, msgid("%(count)s certificates, all in force.", count=len(found)))


def subject(certificate: x509.Certificate) -> str:
    """A certificate's name in one line."""
    name: str = certificate.subject.human_friendly
    return name


def lists(name: str, setting: str, now: datetime) -> Iterable[Check]:
    """The newest edition of each revocation list, and when its next one is due."""
    try:
        newest = newest_of(setting)
        due = [(one.issuer.human_friendly, *span(one)) for one in newest.values()]
    except (OSError, ValueError) as error:
        yield unreadable(name, error)
        return
    bad = False
    for who, since, until in due:
        if until is not None and until - now < (until - since) / 4:
            bad = True
            words = {"who": who, "at": f"{local_time(until):%d/%m/%Y %H:%M}"}
            yield list_over(name, words) if until < now else list_ending(name, words)
    if not bad:
        yield Check(name, Health.OK, msgid("%(count)s revocation lists, all fresh.", count=len(newest)))


def list_over(name: str, words: dict[str, str]) -> Check:
    """Until a new edition is installed, nobody signs with that authority's certificates."""
    text = msgid(
        "The revocation list of %(who)s ran out at %(at)s: signatures under it are not accepted. Fetch the new one.",
        **words,
    )
    return Check(name, Health.PROBLEM, text)


def list_ending(name: str, words: dict[str, str]) -> Check:
    """The last quarter of its time: a daily list is warned of six hours before, a weekly one two days."""
    return Check(
        name, Health.WARN, msgid("The revocation list of %(who)s runs out at %(at)s: fetch the new one.", **words)
    )


def newest_of(setting: str) -> dict[str, crl.CertificateList]:
    """The newest list of each authority; older editions left in a folder do no harm."""
    found: dict[str, crl.CertificateList] = {}
    for data in crls_in(setting):
        one = crl.CertificateList.load(data)
        other = found.get(one.issuer.hashable)
        if other is None or span(other)[0] < span(one)[0]:
            found[one.issuer.hashable] = one
    return found


def span(one: crl.CertificateList) -> tuple[datetime, datetime | None]:
    """When a list was made, and when the next one is due."""
    told = one["tbs_cert_list"]
    return told["this_update"].native, told["next_update"].native


def missing_lists(settings: Settings, _now: datetime) -> Iterable[Check]:
    """Of every trusted authority: without its list an honest signature can only be sent away."""
    if not settings.trust_roots:
        return
    try:
        known = newest_of(settings.crls) if settings.crls else {}
        every = [*certificates_in(settings.trust_roots), *certificates_in(settings.intermediates)]
    except (OSError, ValueError):
        return  # said of that file already
    without = sorted({subject(one) for one in every if one.ca and one.subject.hashable not in known})
    for who in without:
        text = msgid(
            "%(who)s: no revocation list is installed, so digital signatures under it are not accepted. Put its list "
            "into CRLS.",
            who=who,
        )
        yield Check("crls", Health.WARN if known else Health.PROBLEM, text)


def unreadable(name: str, error: Exception) -> Check:
    """A file of a setting is missing or damaged."""
    return Check(
        name, Health.PROBLEM, msgid("A file cannot be read: %(error)s. Correct the setting.", error=str(error))
    )


def time_stamps(settings: Settings, now: datetime) -> Iterable[Check]:
    """The authority really answers."""
    if not settings.tsa_url:
        text = msgid("No TSA_URL is set: sealed papers carry no trusted time, and say so.")
        yield Check("tsa", Health.WARN, text)
        return
    try:
        Authority(settings.tsa_url).token(sha256(now.isoformat().encode()).digest())
    except TimestampRequestError as error:
        text = msgid("The time-stamp authority does not answer: %(error)s", error=str(error))
        yield Check("tsa", Health.WARN, text)
        return
    if settings.seal_roots or settings.tsa_roots:
        yield Check("tsa", Health.OK, msgid("The time-stamp authority answers."))
    else:
        text = msgid(
            "The time-stamp authority answers, but its root is set neither in TSA_ROOTS nor in SEAL_ROOTS: its time is not trusted."
        )
        yield Check("tsa", Health.WARN, text)


def worst(checks: Iterable[Check]) -> Health:
    """The state of the whole."""
    found = {check.health for check in checks}
    return next((health for health in (Health.PROBLEM, Health.WARN) if health in found), Health.OK)


def init_app(app: Flask, checks: list[CheckOf]) -> None:
    """What later slices want to have looked at."""
    app.extensions[EXTENSION] = checks
