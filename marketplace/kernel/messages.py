"""Sentences of pure files: an English msgid with its values, translated only at the edge."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """A sentence to be translated; its values may be messages themselves. Hashable when its values are."""

    text: str
    values: Mapping[str, object] | Iterable[tuple[str, object]] = ()

    def __post_init__(self) -> None:
        # Pairs instead of a dict, in the order of their names: equal messages are equal and hash alike.
        object.__setattr__(self, "values", tuple(sorted(dict(self.values).items())))

    def __str__(self) -> str:
        """The English sentence; as in gettext, a text without values is not formatted, so its % stands as it is."""
        values = dict(self.values)
        return self.text % values if values else self.text


def msgid(text: str, /, **values: object) -> Message:
    """Mark an English sentence for translation (a keyword of pybabel) and carry the values that it names."""
    return Message(text, values)
