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
        if not any(state is self.initial for state, _ in self.table):
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
        """The state that the act leads to; a Refusal names both when it is not possible."""
        if not self.allows(state, act):
            raise Refusal(
                msgid(
                    "This is not possible now: the state is “%(state)s”, and “%(act)s” does not apply to it. "
                    "Reload the page to see what can be done.",
                    state=self.word(state),
                    act=self.word(act),
                )
            )
        return self.table[state, act]

    def word(self, code: StrEnum) -> Message:
        """The label of a state or act; without one, its code in plain words."""
        return self.labels.get(code) or Message(str(code).replace("_", " "))
