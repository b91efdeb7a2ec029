"""Turns the msgids of pure files into the reader's language, at the edge."""

from flask_babel import gettext

from marketplace.kernel.messages import Message


def say(message: Message | str) -> str:
    """The sentence in the reader's language; values that are messages are translated as well."""
    if not isinstance(message, Message):
        return str(message)
    values = {name: say(value) if isinstance(value, Message) else value for name, value in dict(message.values).items()}
    return gettext(message.text, **values)
