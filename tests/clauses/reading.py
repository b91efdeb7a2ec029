"""A document as lines of text, for tests that look for its words."""

from typing import Any


def plain_text(document: dict[str, Any]) -> str:
    """The document as lines of text: cells parted by a bar."""
    lines = [document["title"], document["subtitle"], document["number"], *document["legal_bases"], document["opening"]]
    for party in document["parties"]:
        lines += [f"{party['label']}: {party['name']}", *(f"{label}: {value}" for label, value in party["facts"])]
    lines.append(document["agreement"])
    for clause in document["clauses"]:
        lines.append(f"{clause['number']}. {clause['title']}")
        for paragraph in clause["paragraphs"]:
            lines.append(f"{paragraph['number']} {paragraph['text']}".strip())
            lines += table_lines(paragraph["table"])
    lines.append(document["closing"])
    for block in document["signatures"]:
        lines += [f"{block['label']} {block['note']}", block["position"], block["name"]]
    return "\n".join(line for line in lines if line)


def table_lines(table: dict[str, Any] | None) -> list[str]:
    """A table as lines of text, cells parted by a bar."""
    if table is None:
        return []
    rows = [table["head"], *table["rows"]]
    return [" | ".join(row) for row in rows] + [f"{label}: {value}" for label, value in table["foot"]]
