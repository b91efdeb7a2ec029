"""`flask signatures`: the check of a digitally signed contract outside the web, with the same verdict."""

import json
import re
from datetime import UTC, datetime
from os.path import realpath
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from marketplace.kernel.identifiers import format_tax_code
from marketplace.signatures.checking import asked, time_left
from marketplace.signatures.verdict import Reason, Verdict, VerdictKind
from marketplace.web.messages import say

group = AppGroup("signatures", help="Digital signatures in contract files.")
STATUS = {VerdictKind.ACCEPT: 0, VerdictKind.REVIEW: 3, VerdictKind.REJECT: 4}
OTHERS = ("", "seal", "time")
"""What stands in the answer for nobody, the platform and time-stamp authorities."""
TAX_CODE = re.compile(r"[0-9]{10}(-?[0-9]{3})?|[0-9]{12}")
SETTINGS = {
    "trust_root": "roots",
    "intermediate": "intermediates",
    "crl": "crls",
    "tsa_root": "tsa_roots",
    "seal_root": "seal_roots",
}
File = click.Path(path_type=Path)
HEADINGS = {VerdictKind.ACCEPT: "HỢP LỆ", VerdictKind.REVIEW: "CẦN XEM XÉT", VerdictKind.REJECT: "KHÔNG CHẤP NHẬN"}


def named_parties(values: tuple[str, ...]) -> dict[str, str]:
    """`A=0101234567`, one for each party; raises ValueError."""
    parties: dict[str, str] = {}
    for value in values:
        slot, _, text = value.partition("=")
        code = format_tax_code(text)
        if slot in (*OTHERS, *parties) or not TAX_CODE.fullmatch(text) or code in parties.values():
            raise ValueError(f"--party {value}: write SLOT=TAX_CODE, each slot and each tax code once.")
        parties[slot] = code
    return parties


def moment(value: str | None) -> datetime:
    """A time with its zone (or UTC); now when none is given. Raises ValueError."""
    try:
        found = datetime.fromisoformat(value) if value else datetime.now(UTC)
    except ValueError as error:
        raise ValueError(f"--at {value}: write a time like 2026-01-05T10:00:00+07:00.") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def files(name: str, words: str) -> Any:
    """An option that names files, once for each."""
    return click.option(f"--{name}", name.replace("-", "_"), multiple=True, type=File, metavar="FILE", help=words)


@group.command("check")
@click.argument("signed", type=File)
@click.option("--issued", required=True, type=File, help="The file as it was issued, or the previous signer's.")
@click.option("--party", "parties", multiple=True, required=True, metavar="SLOT=TAX_CODE")
@click.option("--slot", default="", help="Whose turn it is: the newest signature must be this party's.")
@files("trust-root", "Certificates of trusted authorities, PEM or DER.")
@files("intermediate", "Certificates between them and the signers.")
@files("crl", "Revocation lists.")
@files("tsa-root", "Authorities of time stamps, besides the trust roots.")
@files("seal-root", "The certificate of the platform's seal, or its authority.")
@click.option("--at", "at", metavar="TIME", help="Check as of this time instead of now.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def check(as_json: bool, **given: Any) -> None:
    """Check the digital signatures in SIGNED; exit status 0 accept, 3 review, 4 reject."""
    try:
        verdict = asked(request(**given), time_left())
    except ValueError as error:
        click.echo(str(error), err=True)
        verdict = Verdict(Reason.WRONG_QUESTION)
    text = json.dumps(answer(verdict), ensure_ascii=False) if as_json else told(verdict)
    # As bytes: a terminal of other letters than ours is no reason to fail.
    click.echo(text.encode())
    raise SystemExit(STATUS[verdict.kind])


def request(
    signed: Path, issued: Path, parties: tuple[str, ...], slot: str, at: str | None, **files: tuple[Path, ...]
) -> dict[str, Any]:
    """What the checking process is asked; raises ValueError for words that make no sense."""
    slots = named_parties(parties)
    if slot and slot not in slots:
        raise ValueError(f"--slot {slot} is none of the parties.")
    # With all links followed: /dev/stdin is another file there than here.
    paths: dict[str, Any] = {"signed": realpath(signed), "issued": realpath(issued)}
    paths |= {SETTINGS[name]: [realpath(path) for path in given] for name, given in files.items()}
    return paths | {"parties": slots, "slot": slot, "now": moment(at).isoformat(), "closing": True}


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
