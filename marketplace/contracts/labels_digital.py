"""PURE: what pages say of the certificate that was checked with a digital signature."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

NAME = re.compile(r"(?:^|(?<!\\),)CN=((?:\\.|[^,\\])*)")


def trusted_time(certificate: Mapping[str, Any]) -> datetime | None:
    """The time that an authority vouches for; None is said as such."""
    found = certificate.get("trusted_at")
    return datetime.fromisoformat(found) if found else None


def issuer_of(certificate: Mapping[str, Any]) -> str:
    """The short name of the authority that issued it, out of its distinguished name."""
    issuer = str(certificate.get("issuer") or "")
    found = NAME.search(issuer)
    return found[1].replace("\\", "") if found else issuer
