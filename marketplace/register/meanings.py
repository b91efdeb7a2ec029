"""PURE: one cell of words to its code: stars, round, commune, sector, status, product group; refusals name the remedy."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.kernel.vietnamese import fold
from marketplace.organisations.rules import RegisterStatus, Sector
from marketplace.register import names, terms
from marketplace.register.cells import text, usable
from marketplace.register.grid import Value, text_of

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}


@dataclass(frozen=True, slots=True)
class Round:
    """A round of OCOP evaluation; `number` is None where only the year is given."""

    year: int
    number: int | None = None


def stars(value: Value) -> int:
    """4, "4 sao", "4*", "★★★★"."""
    written = text(value)
    if re.fullmatch(r"[★☆*]+", written.replace(" ", "")) and 1 <= written.count("★") + written.count("*") <= 5:
        return written.count("★") + written.count("*")
    found = re.fullmatch(
        r"(?:hang |dat |xep hang )?0?([1-5])(?: sao)?", fold(written.replace("★", " ").replace("*", " "))
    )
    if not found:
        raise Refusal(msgid("“%(value)s” is not a number of stars. Write 3, 4 or 5.", value=written))
    return int(found[1])


def round_of(value: Value) -> Round:
    """ "Đợt 2 năm 2022", "đợt 1/2023", "Đợt II-2023", "2022"; 1/2023 that Excel took for a date is round 1."""
    value = usable(value)
    if isinstance(value, datetime | date):
        if value.day == 1 and value.month <= 4:
            return Round(value.year, value.month)
    else:
        folded = fold(text_of(value))
        if only := re.fullmatch(r"(?:nam )?(20\d\d)", folded):
            return Round(int(only[1]))
        found = re.fullmatch(r"(?:dot )?(?:danh gia |xet )?(?:thu )?0?(\d|i{1,3}|iv|vi?) (?:nam )?(20\d\d)", folded)
        if found:
            return Round(int(found[2]), ROMAN.get(found[1]) or int(found[1]))
    raise Refusal(msgid("“%(value)s” is not a round. Write for example “Đợt 1 năm 2023”.", value=text_of(value)))


def commune(value: Value) -> names.Commune:
    """The commune in an address."""
    found = names.commune(text(value))
    if found is None:
        raise Refusal(
            msgid("There is no commune in “%(value)s”. Write for example “Xã Mường Cang”.", value=text(value))
        )
    return found


def sector(value: Value) -> Sector:
    """One of the six sectors, in words or as an abbreviation."""
    found = sector_in(text(value))
    if found is None:
        raise Refusal(
            msgid(
                "“%(value)s” is none of the six sectors. Write one of: nông, lâm, ngư nghiệp; xây dựng; công nghiệp, tiểu thủ "
                "công nghiệp; thương mại, dịch vụ; vận tải; du lịch.",
                value=text(value),
            )
        )
    return found


def sector_in(written: str) -> Sector | None:
    """The sector that a text names; None where it names none, or several that do not belong together."""
    folded = re.sub(
        r"\b(va|nganh|linh vuc|htx|nghe|hoat dong|trong|cac)\b", " ", fold(re.sub(r"\(.*?\)", " ", written))
    )
    folded = re.sub(r"^\s*([ivx]+|[a-h]|\d+)\s+(?=\w)", "", " ".join(re.sub(r"\b\d+\b", " ", folded).split()))
    if folded in terms.SECTORS:
        return terms.SECTORS[folded]
    found, rest = set(), f" {folded} "
    for phrase in sorted(terms.SECTORS, key=len, reverse=True):
        if len(phrase) > 2 and f" {phrase} " in rest:
            found.add(terms.SECTORS[phrase])
            rest = rest.replace(f" {phrase} ", " | ")
    if len(found) == 2 and "dich vu" in folded and Sector.TM_DV in found and "thuong mai" not in folded:
        found.discard(Sector.TM_DV)
    return found.pop() if len(found) == 1 else None


def status(value: Value) -> RegisterStatus:
    """The standing in the register, in its own column."""
    found = status_in(text(value))
    if found is None:
        raise Refusal(
            msgid(
                "“%(value)s” is no known status. Write: đang hoạt động, tạm ngừng, ngừng hoạt động, đang giải thể, đã giải thể, "
                "thu hồi GCN, phá sản or chuyển đổi.",
                value=text(value),
            )
        )
    return found


def status_in(written: str, remark: bool = False) -> RegisterStatus | None:
    """The status that a text names; in a remark only the unmistakable words count."""
    folded = f" {fold(written)} "
    for phrase, found in terms.STATUSES:
        if f" {phrase} " in folded and (not remark or any(f" {word} " in folded for word in terms.NOTED)):
            return found
    return None


def group(value: Value) -> str:
    """One of the six OCOP groups, also by its name of before 2023."""
    folded = re.sub(r"^(nhom|nganh) (\d )?|^([ivx]+|\d) ", "", fold(text(value)))
    if folded in terms.GROUPS:
        return terms.GROUPS[folded]
    inside = {terms.GROUPS[phrase] for phrase in terms.GROUPS if len(phrase) > 4 and f" {phrase} " in f" {folded} "}
    if len(inside) == 1:
        return inside.pop()
    raise Refusal(
        msgid(
            "“%(value)s” is none of the six product groups. Write one of: thực phẩm; đồ uống; dược liệu; thủ công mỹ nghệ; "
            "sinh vật cảnh; du lịch cộng đồng.",
            value=text(value),
        )
    )
