"""PURE: lengths of passwords and codes, how long a code is good, and what anybody would guess first."""

import unicodedata
from collections.abc import Iterable
from datetime import timedelta

from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.vietnamese import fold

PASSWORD_LENGTH = 8
SPARE_CODES = 10

CODE_DIGITS = 8
CODE_GOOD_FOR = timedelta(minutes=30)
CODE_TRIES = 5
CODES_A_DAY = 3
"""For one person."""
CODES_A_DAY_BY_OFFICER = 30

TEXTS: dict[str, Message] = {"operating-rules": msgid("Operating rules"), "privacy": msgid("Privacy")}
"""What a person agrees to when registering; policies/ keeps the texts under these names."""

COMMON = frozenset(
    [
        "password",
        "password1",
        "passw0rd",
        "matkhau",
        "matkhau1",
        "matkhau123",
        "matkhau@123",
        "12345678",
        "123456789",
        "1234567890",
        "11111111",
        "00000000",
        "88888888",
        "66668888",
        "68686868",
        "87654321",
        "qwertyui",
        "qwerty123",
        "abcd1234",
        "abc12345",
        "a1234567",
        "iloveyou",
        "anhyeuem",
        "emyeuanh",
        "vietnam1",
        "vietnam123",
        "thanuyen",
        "laichau1",
        "laichau123",
        "hoptacxa",
        "hoptacxa1",
        "hoptacxa123",
        "admin123",
    ]
)


def normal(password: str) -> str:
    """The form in which passwords are hashed, whatever keyboard typed them."""
    return unicodedata.normalize("NFKD", password)


def easily_guessed(password: str, about: Iterable[str]) -> bool:
    """One of those tried first, one sign over and over, or nothing but what is known about the person."""
    small = password.casefold()
    if small in COMMON or len(set(small)) < 3:
        return True
    folded = fold(password).replace(" ", "")
    return bool(folded) and any(
        folded in known or (known in folded and len(folded) - len(known) < 3) for known in known_words(about)
    )


def known_words(about: Iterable[str]) -> Iterable[str]:
    """Name, phone number and address of a person as they would be typed into a password."""
    for text in about:
        if text.startswith("+84"):
            yield "0" + text[3:]
        word = fold(text.split("@")[0]).replace(" ", "")
        if len(word) >= PASSWORD_LENGTH - 2:
            yield word
