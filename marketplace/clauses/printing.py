"""Whether contracts can be printed here: the fonts are there and hold the letters of every Vietnamese name."""

from collections.abc import Iterable
from datetime import datetime

import typst

from marketplace.clauses.documents import FONTS, HERE
from marketplace.config import Settings
from marketplace.kernel.messages import msgid
from marketplace.signatures.doctor import Check, Health

FACES = ("Tinos_400Regular", "Tinos_400Regular_Italic", "Tinos_700Bold", "Tinos_700Bold_Italic")
SAMPLE = b'#set text(font: "Tinos", fallback: false)\n' + "Bùi Thị Ỷ, Đặng Ỵ, 25.000 ₫".encode()


def fonts(_settings: Settings, _now: datetime) -> Iterable[Check]:
    """Draws a line of rare letters, and looks whether all faces are there."""
    there = {path.stem for path in (HERE / "fonts").rglob("*.ttf")}
    missing = [face for face in FACES if face not in there]
    try:
        _pdf, warnings = typst.Compiler(input=SAMPLE, font_paths=FONTS).compile_with_warnings(format="pdf")
    except typst.TypstError:
        missing, warnings = missing or ["Tinos"], []
    if missing or warnings:
        text = msgid(
            "Fonts for contracts are missing: install the application again. (%(names)s)", names=", ".join(missing)
        )
        yield Check("fonts", Health.PROBLEM, text)
    else:
        yield Check("fonts", Health.OK, msgid("All letters of Vietnamese names can be printed."))
