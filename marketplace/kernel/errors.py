"""What a rule or a service may raise that the edge expects: each has its own answer there."""

from marketplace.kernel.messages import Message


class Refusal(Exception):
    """An expected no: the sentence lands on the form, at `field` when one caused it."""

    def __init__(self, message: Message, field: str | None = None) -> None:
        super().__init__(message, field)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotVisible(Exception):
    """The thing is not there for this person; the edge answers 404 whether or not it exists."""


class Stale(Exception):
    """Somebody else changed `what` (a thing, or a sentence) first; the edge answers 409 and keeps the input."""

    def __init__(self, what: object | None = None) -> None:
        super().__init__(what)
        self.what = what


class Repeated(Exception):
    """This submission was already carried out; `answer` is the address that the first one led to."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer
