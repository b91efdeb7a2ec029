"""What the ledger says of one contract: each fact with the number of the entry that says it."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from marketplace.contracts.rules import ContractState as S

STATE_AFTER = {
    "contract:drawn_up": S.DRAFT,
    "contract:recorded": S.RECORDED,
    "contract:opened_for_signing": S.AWAITING,
    "contract:changes_requested": S.DRAFT,
    "contract:concluded": S.SIGNED,
    "contract:declined": S.DECLINED,
    "contract:cancelled": S.CANCELLED,
    "contract:suspended": S.SUSPENDED,
    "contract:resumed": S.SIGNED,
    "contract:completed": S.COMPLETED,
    "contract:terminated": S.TERMINATED,
    "contract:settled": S.SETTLED,
}
"""What an event makes of a contract."""
Key = tuple[int, int]
"""A document of a contract: its series and number."""
Fact = tuple[int, Any]


@dataclass
class Recorded:
    """Filled entry by entry, in their order."""

    first: int = 1
    state: Fact | None = None
    signed_on: Fact | None = None
    rows: Fact | None = None
    scan: Fact | None = None  # of a paper that was recorded here: all signatures stand on it
    documents: dict[Key, dict[str, Fact]] = field(default_factory=lambda: defaultdict(dict))
    signatures: dict[tuple[int, int, int], Fact] = field(default_factory=dict)
    attested: set[Key] = field(default_factory=set)
    papers: dict[str, Fact] = field(default_factory=dict)
    concluded: set[str] = field(default_factory=set)

    def read(self, entry: int, seq: int, event: str, data: dict[str, Any]) -> None:
        """One more entry."""
        if event in STATE_AFTER:
            self.state = (seq, STATE_AFTER[event])
        key = (data.get("series") or 0, data.get("document") or 1)
        match event.removeprefix("contract:"):
            case "opened_for_signing":
                self.put(key, seq, data, "text", "file")
                self.rows = (seq, data.get("rows"))
            case "changes_requested":
                self.rows = None  # a draft may be written anew, and dropped then
            case "paper_opened":
                self.put(key, seq, data, "text", "file")
                self.papers[data.get("paper", "")] = (seq, data)
            case "recorded":
                self.scan, self.rows = (seq, data), (seq, data.get("rows"))
                self.documents[key]["file"] = (seq, data.get("scan"))
            case "signed":
                self.signatures[(*key, data.get("party") or 0)] = (seq, {**data, "entry": entry})
                self.put(key, seq, data, "signed_file")
            case "sealed":
                self.documents[key]["seal"] = (seq, (data.get("certificate"), data.get("trusted_time")))
                self.put(key, seq, data, "final", "evidence")
            case "attested" | "paper_attested":
                self.attested.add(key)
            case "concluded":
                self.signed_on = (seq, data.get("signed_on"))
            case "paper_concluded":
                self.concluded.add(data.get("paper", ""))

    def put(self, key: Key, seq: int, data: dict[str, Any], *names: str) -> None:
        """Facts of a document, as far as the entry has them."""
        self.documents[key].update({name: (seq, data[name]) for name in names if data.get(name) is not None})
