"""PURE: which texts there are, and how their plain writing becomes headings, paragraphs and lists."""

from dataclasses import dataclass
from enum import StrEnum

from marketplace.kernel.messages import Message, msgid


class Name(StrEnum):
    """The texts of the footer (domain.md §2.8, §2.9); the code is part of the address."""

    OPERATING_RULES = "operating-rules"
    PRIVACY = "privacy"
    COMPLAINTS = "complaints"


TITLES: dict[Name, Message] = {
    Name.OPERATING_RULES: msgid("Operating rules"),
    Name.PRIVACY: msgid("Privacy"),
    Name.COMPLAINTS: msgid("Complaints"),
}


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, or a list of items."""

    kind: str
    lines: tuple[str, ...]


def blocks(text: str) -> list[Block]:
    """Blank lines part paragraphs; `## ` begins a heading, `- ` an item. Nothing else is markup."""
    found: list[Block] = []
    for piece in text.replace("\r\n", "\n").split("\n\n"):
        lines = tuple(line.strip() for line in piece.strip().split("\n") if line.strip())
        if not lines:
            continue
        if lines[0].startswith("## "):
            found.append(Block("heading", (lines[0][3:],)))
            lines = lines[1:]
        if lines and all(line.startswith("- ") for line in lines):
            found.append(Block("list", tuple(line[2:] for line in lines)))
        elif lines:
            found.append(Block("paragraph", lines))
    return found
