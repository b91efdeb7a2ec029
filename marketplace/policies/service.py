"""Publishing a new version of a text."""

from datetime import datetime

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.ledger.service import record
from marketplace.policies.models import PolicyText
from marketplace.policies.queries import current
from marketplace.policies.rules import Name


def publish(name: Name, body: str, *, seen: int, actor: User, now: datetime) -> PolicyText:
    """Make the next version; `seen` is the number that the editor started from."""
    latest = current(name)
    if latest.number != seen:
        raise Refusal(msgid("Somebody published a newer version meanwhile; compare it before you publish yours."))
    if latest.body.strip() == body.strip():
        raise Refusal(msgid("Nothing has changed in the text."), field="body")
    text = PolicyText(name=name, number=latest.number + 1, body=body, published_at=now, published_by=actor.id)
    db.session.add(text)
    db.session.flush()
    record("policy_text:published", text, actor=actor.id, now=now, data={"name": name, "number": text.number})
    return text
