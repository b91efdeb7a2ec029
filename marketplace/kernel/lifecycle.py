"""State changes as one table (state, act) → state, checked in one place."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


class Lifecycle(Generic[S, A]):
    """Which acts are possible in which state, and where each leads."""

    def __init__(
        self,
        name: str,
        table: Mapping[tuple[S, A], S],
        initial: S | None = None,
        labels: Mapping[StrEnum, Message] | None = None,
    ) -> None:
        """`initial` is the first state of the table unless given; `labels` are the words for states and acts."""
        if not table:
            raise ValueError(f"the lifecycle {name} has no acts")
        self.name = name
        self.table = dict(table)
        self.initial: S = initial if initial is not None else next(iter(self.table))[0]
        self.labels = dict(labels or {})
        ends = [end for (state, _), then in self.table.items() for end in (state, then)]
        self.states: tuple[S, ...] = tuple(dict.fromkeys([self.initial, *ends]))
        if not self.acts(self.initial):
            raise ValueError(f"nothing can be done in {self.initial}, the first state of {name}")

    def __repr__(self) -> str:
        return f"Lifecycle({self.name!r})"

    def acts(self, state: S | None = None) -> tuple[A, ...]:
        """The acts possible in this state, or every act there is."""
        return tuple(dict.fromkeys(act for (at, act) in self.table if state is None or at == state))

    def allows(self, state: S, act: A) -> bool:
        """Whether the act is possible in this state."""
        return (state, act) in self.table

    def after(self, state: S, act: A) -> S:
        """The state that the act leads to; when it is not possible a Refusal, whose values name both."""
        if self.allows(state, act):
            return self.table[state, act]
        values = {"state": self.labels.get(state, str(state)), "act": self.labels.get(act, str(act))}
        if state in self.labels and act in self.labels:
            raise Refusal(
                msgid("“%(act)s” is not possible while the state is “%(state)s”. Reload the page to go on.", **values)
            )
        raise Refusal(msgid("This can no longer be done, or was done already. Reload the page to go on.", **values))
