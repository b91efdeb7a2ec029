"""`flask signatures`: the check of a digitally signed contract outside the web, with the same verdict."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from marketplace.signatures.checking import asked, time_left
from marketplace.signatures.verdict import Reason, Verdict, VerdictKind
from marketplace.web.messages import say

group = AppGroup("signatures", help="Digital signatures in contract files.")
STATUS = {VerdictKind.ACCEPT: 0, VerdictKind.REVIEW: 3, VerdictKind.REJECT: 4}
File = click.Path(path_type=Path)
HEADINGS = {VerdictKind.ACCEPT: "HỢP LỆ", VerdictKind.REVIEW: "CẦN XEM XÉT", VerdictKind.REJECT: "KHÔNG CHẤP NHẬN"}


def named_parties(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """`A=0101234567`, one for each party."""
    parties: dict[str, str] = {}
    for value in values:
        slot, _, code = value.partition("=")
        if not slot or not code or slot in parties:
            raise click.BadParameter(f"{value}: write SLOT=TAX_CODE, each slot once.")
        parties[slot] = code
    return parties


def moment(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime:
    """A time with its zone (or UTC); now when none is given."""
    if value is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f"{value}: write a time like 2026-01-05T10:00:00+07:00.") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def files(name: str, words: str) -> Any:
    """An option that names files, once for each."""
    return click.option(f"--{name}", name.replace("-", "_"), multiple=True, metavar="FILE", help=words)


@group.command("check")
@click.argument("signed", type=File)
@click.option("--issued", required=True, type=File, help="The file as it was issued, or the previous signer's.")
@click.option("--party", "parties", multiple=True, required=True, callback=named_parties, metavar="SLOT=TAX_CODE")
@click.option("--slot", default="", help="Whose turn it is: the newest signature must be this party's.")
@files("trust-root", "Certificates of trusted authorities, PEM or DER.")
@files("intermediate", "Certificates between them and the signers.")
@files("crl", "Revocation lists.")
@files("tsa-root", "Authorities of time stamps, besides the trust roots.")
@files("seal-root", "The certificate of the platform's seal, or its authority.")
@click.option("--at", "now", callback=moment, metavar="TIME", help="Check as of this time instead of now.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def check(
    signed: Path, issued: Path, parties: dict[str, str], slot: str, now: datetime, as_json: bool, **given: Any
) -> None:
    """Check the digital signatures in SIGNED; exit status 0 accept, 3 review, 4 reject."""
    if slot and slot not in parties:
        raise click.BadParameter(f"{slot} is none of the parties.", param_hint="--slot")
    request: dict[str, Any] = {"signed": str(signed), "issued": str(issued), "parties": parties, "slot": slot}
    request |= {"now": now.isoformat(), "closing": True}
    for name in ("trust_root", "intermediate", "crl", "tsa_root", "seal_root"):
        request[{"trust_root": "roots"}.get(name, f"{name}s")] = list(given[name])
    verdict = unreadable(signed, issued) or asked(request, time_left())
    click.echo(json.dumps(answer(verdict), ensure_ascii=False) if as_json else told(verdict))
    raise SystemExit(STATUS[verdict.kind])


def unreadable(signed: Path, issued: Path) -> Verdict | None:
    """Said at once: reading a pipe or a folder would only wait."""
    if not regular(issued):
        return Verdict(Reason.NO_ISSUED_FILE)
    return None if regular(signed) else Verdict(Reason.NO_FILE)


def regular(path: Path) -> bool:
    """Whether it can be a file to read; a name that is too long is none either."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def answer(verdict: Verdict) -> dict[str, Any]:
    """For other programs."""
    return {
        "verdict": verdict.kind,
        "reason": verdict.reason,
        "sentence": say(verdict.sentence),
        "signatures": [found.stored() for found in verdict.signatures],
    }


def told(verdict: Verdict) -> str:
    """For people."""
    lines = [f"{HEADINGS[verdict.kind]}: {say(verdict.sentence)}"]
    for found in verdict.signatures:
        trusted = found.trusted_at.isoformat() if found.trusted_at else "không có"
        lines.append(
            f"- {found.slot or '?'} · {found.signer} · {found.issuer} · dấu thời gian: {trusted} · {found.reason}"
        )
    return "\n".join(lines)
