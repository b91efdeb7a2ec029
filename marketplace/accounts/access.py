"""The one kind of visitor that follows from the account alone."""

from typing import Any


class Administrator:
    """The installation's administrator."""

    @staticmethod
    def admits(user: Any, **_options: Any) -> bool:
        return bool(user.is_authenticated and user.administrator)
