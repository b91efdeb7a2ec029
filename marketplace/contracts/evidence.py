"""The evidence page: who signed which file, when and how, in words; a document of its own, sealed as well."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from marketplace.clauses.documents import check_mark, compiled
from marketplace.clauses.drafting import side_labels
from marketplace.clauses.text import short
from marketplace.contracts.models import Contract, Document, Party, Signature
from marketplace.contracts.rules import Method
from marketplace.kernel.dates import format_date
from marketplace.kernel.errors import Refusal

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PRINTABLE = re.compile(r"[^\u0020-\u024F\u0300-\u036F\u1E00-\u1EFF\u2010-\u2026\u20AB\n]")
"""What our fonts may lack; only where drawing failed is such a sign replaced, by a question mark."""

METHODS = {
    Method.WET_INK: "Ký tươi trên giấy; bản quét được lưu cùng hợp đồng",
    Method.DIGITAL: "Chữ ký số trong tệp PDF; chứng thư và tính toàn vẹn đã được kiểm tra",
    Method.APP: "Xác nhận trên hệ thống sau khi xác thực lại danh tính; không phải chữ ký số",
}
ATTESTED = {
    Method.WET_INK: "Đã xem bản gốc",
    Method.DIGITAL: "Đã xem chữ ký số trong tệp",
    Method.APP: "Đã kiểm tra người xác nhận và thẩm quyền ký",
}
PERSONAL = re.compile(r"^\s*(CCCD|CMND|CMT|HC|PASSPORT)\s*:|@|^#", re.IGNORECASE)
"""Parts of a certificate's name that concern nobody else: identity cards, addresses, what has no letters."""
NO_TRUSTED_TIME = "Không có dấu thời gian tin cậy"
WHY_NO_TIME = {
    "not_configured": "hệ thống chưa kết nối tổ chức cấp dấu thời gian",
    "no_answer": "tổ chức cấp dấu thời gian không trả lời lúc niêm phong",
    "not_trusted": "dấu thời gian nhận được không kiểm tra được",
}


def moment(at: datetime) -> str:
    """A time with its zone: 15/10/2026 10:00:00 (+07:00)."""
    local = at.astimezone(ZONE)
    return f"{format_date(local.date())} {local:%H:%M:%S} (+07:00)"


def signer_of(signature: Signature, *, on_paper: bool) -> dict[str, Any]:
    """What the page says of a stored signature; by what right somebody signed a recorded paper stands on the paper."""
    return signer(
        signature.party,
        by_paper=on_paper,
        method=signature.method,
        name=signature.signer_name,
        title=signature.signer_title,
        authority=signature.authority,
        authority_file=signature.authority_file_id is not None,
        signed_on=format_date(signature.signed_on),
        recorded_at=signature.recorded_at,
        certificate=signature.certificate,
        scan=signature.scan.digest if signature.scan else None,
        attested_at=signature.attested_at,
    )


def signer(
    party: Party,
    *,
    method: Method,
    name: str,
    title: str,
    authority: str | None,
    authority_file: bool,
    signed_on: str,
    recorded_at: datetime,
    certificate: Mapping[str, Any] | None = None,
    scan: str | None = None,
    attested_at: datetime | None = None,
    by_paper: bool = False,
) -> dict[str, Any]:
    """One signatory: a heading and its facts, each a label with what stands beside it."""
    facts = [
        ("Người ký", " – ".join(part for part in (name, title) if part) or "Theo chữ ký trên giấy"),
        ("Cách ký", METHODS[method]),
    ]
    if method == Method.WET_INK:
        facts.append(("Ngày ghi trên giấy", signed_on))
    facts.append(("Ghi nhận lúc", moment(recorded_at)))
    if not by_paper:
        kept = "" if authority_file else "; không có tệp giấy ủy quyền kèm theo"
        right = f"Theo ủy quyền: {authority}{kept}" if authority else "Người đại diện theo pháp luật"
        facts.append(("Thẩm quyền", right))
    if certificate:
        facts += certificate_facts(certificate)
    if scan:
        facts.append(("Dấu vân bản quét", scan))
    if attested_at:
        facts.append(("Cán bộ xác nhận", f"{ATTESTED[method]}, {moment(attested_at)}"))
    return {"party": party.name, "position": party.position, "facts": [list(pair) for pair in facts]}


def certificate_facts(certificate: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Of a digital signature: the certificate, and the trusted time or its absence."""
    facts = [
        ("Chứng thư số", named(certificate.get("subject"))),
        ("Số sê-ri", str(certificate.get("serial") or "")),
        ("Tổ chức cấp", named(certificate.get("issuer"))),
    ]
    trusted = certificate.get("trusted_at")
    facts.append(("Dấu thời gian", moment(datetime.fromisoformat(trusted)) if trusted else NO_TRUSTED_TIME))
    return [pair for pair in facts if pair[1]]


def named(subject: object) -> str:
    """A certificate's name for readers: its parts without their codes, the tax code with its own word.

    Not the number of somebody's identity card nor an address: this page is kept for ever and shown to many.
    """
    parts = [part.partition("=")[2] for part in re.split(r"(?<!\\)[,+]", str(subject or ""))]
    fit = (part for part in parts if part and part != "VN" and not PERSONAL.search(part))
    shown = [part.replace("\\", "").replace("MST:", "MST ") for part in fit]
    return " · ".join(dict.fromkeys(shown))


def described(
    contract: Contract,
    document: Document,
    signers: Sequence[Mapping[str, Any]],
    *,
    files: Sequence[tuple[str, str]],
    info: Mapping[str, Any],
    sealed_at: datetime,
    root: tuple[str, str] | None,
    verify_url: str,
) -> dict[str, Any]:
    """Everything that the template draws; `files` are labels with hashes, `root` the last published one with its day."""
    text, called = document.text, labels_of(contract)
    title = " ".join(part for part in (text.get("title") or "Hợp đồng", text.get("subtitle")) if part)
    number = str(text.get("number") or contract.number).removeprefix("Số:").strip()
    return {
        "title": title,
        "number": number,
        "parties": [f"{called[party.position]}: {party.name}" for party in contract.parties],
        "version": str(document.number),
        "frozen_at": moment(document.frozen_at),
        "files": [["Nội dung", document.text_digest], *(list(pair) for pair in files)],
        "signers": [{**row, "label": called.get(row["position"], "")} for row in signers],
        "seal": seal_facts(info, sealed_at),
        "root": list(root) if root else None,
        "verify": {**check_mark(verify_url), "url": verify_url, "code": contract.code},
        "footer": [f"Bản xác nhận ký kết · {number} · Mã tra cứu {contract.code} · {short(document.file_digest)}"],
    }


def seal_facts(info: Mapping[str, Any], sealed_at: datetime) -> list[list[str]]:
    """The platform's own seal."""
    trusted = info.get("trusted_time")
    why = WHY_NO_TIME.get(str(info.get("missing")), "")
    return [
        ["Niêm phong lúc", moment(sealed_at)],
        ["Dấu thời gian", moment(datetime.fromisoformat(trusted)) if trusted else f"{NO_TRUSTED_TIME}: {why}"],
        ["Chứng thư", named(info["subject"])],
        ["Số sê-ri", str(info["serial"])],
        ["Dấu vân chứng thư", str(info["fingerprint"])],
    ]


def labels_of(contract: Contract) -> dict[int, str]:
    """How the contract calls each party, by its position: Bên A, of several sellers Bên A1, Bên A2; Bên B."""
    labels = side_labels([party.side for party in contract.parties])
    return {party.position: label for party, label in zip(contract.parties, labels, strict=True)}


def render(given: dict[str, Any], issued_at: datetime) -> bytes:
    """The page as PDF. A sign that our fonts lack stops no seal: it becomes a question mark."""
    try:
        return compiled("evidence.typ", given, issued_at)
    except Refusal:
        return compiled("evidence.typ", plain(given), issued_at)


def plain(value: Any) -> Any:
    """The same with unusual signs replaced, everywhere but in the drawn code."""
    if isinstance(value, str):
        return PRINTABLE.sub("?", value)
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: each if key == "qr" else plain(each) for key, each in value.items()}
    return value
