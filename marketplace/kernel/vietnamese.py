"""Vietnamese text: cleaning, folding for search, sorting by alphabet and tone, abbreviations, numbers in words."""

import re
import unicodedata
from functools import lru_cache

# Old fonts leave the Icelandic Ð or the African Ɖ, which look like Đ.
_D_LIKE = str.maketrans({"ð": "đ", "Ð": "Đ", "ɖ": "đ", "Ɖ": "Đ"})
_KEPT_CONTROLS = "\n\r\t"
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_SHAPES = {"\u0306": "1", "\u0302": "2", "\u031b": "3"}
_LATE_TONES = {
    late: early
    for pair, lates, earlies in (("oa", "àảãáạ", "òỏõóọ"), ("oe", "èẻẽéẹ", "òỏõóọ"), ("uy", "ỳỷỹýỵ", "ùủũúụ"))
    for late, early in ((pair[0] + a, b + pair[1]) for a, b in zip(lates, earlies, strict=True))
}
_LATE_TONE = re.compile(rf"(?<!q)(?:{'|'.join(_LATE_TONES)})\b")


def nfc(s: str) -> str:
    """The composed form, in which everything is stored."""
    return unicodedata.normalize("NFC", s)


def clean(s: str) -> str:
    """What is kept of typed text: composed, no invisible characters, single spaces, nothing at the ends."""
    visible = "".join(c for c in s if c in _KEPT_CONTROLS or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return " ".join(nfc(visible.translate(_D_LIKE)).split())


def _small(s: str) -> str:
    """Small letters in one spelling; an invisible character inside a word does not split it."""
    visible = "".join(c for c in s if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFKC", visible).casefold().translate(_D_LIKE)


def without_marks(s: str) -> str:
    """Small letters without any mark, đ as d; spaces and punctuation stay."""
    decomposed = unicodedata.normalize("NFD", _small(s).replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def fold(s: str) -> str:
    """The words without diacritics, for index and query alike: "Mắc-ca  SẤY" → "mac ca say"."""
    return " ".join(re.findall(r"[a-z0-9]+", without_marks(s)))


def exact(s: str) -> str:
    """The words with their diacritics in small letters, the tone where the older spelling has it (hoà → hòa)."""
    # A mark that belongs to no letter of ours would split its word.
    letters = nfc("".join(c for c in nfc(_small(s)) if not unicodedata.combining(c)))
    words = " ".join(re.findall(r"[^\W_]+", letters))
    return _LATE_TONE.sub(lambda late: _LATE_TONES[late[0]], words)


def untelex(token: str) -> str:
    """A folded token without leftovers of Telex ("sengs") or VNI ("ga5o"): a second try, when fold finds nothing."""
    t = re.sub(r"(aa|ee|oo|dd)", lambda m: m[0][0], token)
    t = re.sub(r"([aou])w", r"\1", t).replace("w", "u")
    t = re.sub(r"(?<=[aeiouy])[sfrxj]", "", t)
    t = re.sub(r"(?<=[a-z])[sfrxj]$", "", t)
    if re.search(r"[aeiouy]", t):
        t = re.sub(r"(?<=[a-z])[1-9]+", "", t)
    return t


def sort_key(s: str) -> str:
    """A key in Vietnamese order, syllable by syllable: letters first, then tone; numbers by their value.

    It is made of 0-9 and a-z only, so that it sorts alike in Python and in every database collation.
    """
    return "".join(_syllable_key(piece) for piece in re.findall(r"[0-9]+|[^\W0-9_]+", exact(s)))


@lru_cache(maxsize=8192)
def _syllable_key(piece: str) -> str:
    """Vietnamese has some 7,000 syllables, and lists repeat them: each is taken apart once."""
    if piece.isdigit() and piece.isascii():
        digits = piece.lstrip("0")[:99]
        return f"1{len(digits):02}{digits}"
    letters, tones = [], []
    for letter in piece:
        base, *marks = list(unicodedata.normalize("NFD", letter))
        base, shape = ("d", "1") if base == "đ" else (base, "0")
        letters.append(base + next((_SHAPES[mark] for mark in marks if mark in _SHAPES), shape))
        tones.append(next((_TONES[mark] for mark in marks if mark in _TONES), "0"))
    # Equal letters have equally many tones, so what follows stays aligned; "00" ends a syllable before any letter.
    return "".join(letters) + "00" + "".join(tones)


_ALIASES = {
    "htx": "hop tac xa",
    "lhhtx": "lien hiep hop tac xa",
    "tht": "to hop tac",
    "cty": "cong ty",
    "tnhh": "trach nhiem huu han",
    "mtv": "mot thanh vien",
    "1tv": "mot thanh vien",
    "cp": "co phan",
    "dn": "doanh nghiep",
    "dntn": "doanh nghiep tu nhan",
    "hkd": "ho kinh doanh",
    "nn": "nong nghiep",
    "nln": "nong lam nghiep",
    "xd": "xay dung",
    "tm": "thuong mai",
    "dv": "dich vu",
    "tmdv": "thuong mai dich vu",
    "sx": "san xuat",
    "kd": "kinh doanh",
    "vt": "van tai",
    "dl": "du lich",
    "sp": "san pham",
    "ubnd": "uy ban nhan dan",
    "tt": "thi tran",
    "x": "xa",
    "p": "phuong",
    "h": "huyen",
    "tp": "thanh pho",
}


def expand_aliases(folded: str) -> str:
    """Folded text with its usual abbreviations written out, whole tokens only: "htx nn" → "hop tac xa nong nghiep"."""
    written = " ".join(_ALIASES.get(token, token) for token in folded.split())
    return re.sub(r"\b([0-9]+) ?(?:kg|ky|ki)\b", r"\1 kg", written)


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_BILLION = 10**9


def words(n: int) -> str:
    """A whole number as it is read: 1005000 → "một triệu không trăm lẻ năm nghìn"."""
    if n < 0:
        return f"âm {words(-n)}"
    return " ".join(_read(n, after_more=False)) or _DIGITS[0]


def dong_in_words(n: int) -> str:
    """An amount as contracts print it: "Một triệu hai trăm nghìn đồng"."""
    text = f"{words(n)} đồng"
    return text[0].upper() + text[1:]


def _read(n: int, after_more: bool) -> list[str]:
    """The words of n; `after_more` when larger groups were read before it, so that missing hundreds are named."""
    billions, rest = divmod(n, _BILLION)
    said = [*_read(billions, after_more), "tỷ"] if billions else []
    for size, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group, rest = divmod(rest, size)
        if group:
            said += _hundreds(group, after_more or bool(said))
            said += [name] if name else []
    return said


def _hundreds(group: int, after_more: bool) -> list[str]:
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    said = [_DIGITS[hundreds], "trăm"] if hundreds or after_more else []
    if tens == 0:
        return said + ([*(["lẻ"] if said else []), _DIGITS[ones]] if ones else [])
    said += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    last = {0: [], 5: ["lăm"]}.get(ones, [_DIGITS[ones]])
    if tens > 1:
        last = {1: ["mốt"], 4: ["tư"]}.get(ones, last)
    return said + last
