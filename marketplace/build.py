"""`python -m marketplace.build`: compile translations and compress static files, only where the source is newer."""

import gzip
import os
import re
import sys
from pathlib import Path

import brotli
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "marketplace" / "translations" / "vi" / "LC_MESSAGES"
LONE_PERCENT = re.compile(r"%(?![(%])(?<!%%)")
COMPRESSED = {".css", ".js", ".svg", ".txt"}
LOOSE = re.compile(r"""("[^"]*"|'[^']*'|url\([^)]*\))|/\*.*?\*/|\s*;\s*(?=\})|\s*([{};,>])\s*|(:)\s+|\s+""", re.DOTALL)
"""What a stylesheet's rules do not need: comments and most spaces; strings and addresses are kept as they are."""


def newer(made: Path, source: Path) -> bool:
    """Whether what was made is up to date."""
    return made.exists() and made.stat().st_mtime >= source.stat().st_mtime


def compile_translations() -> None:
    """All vi/LC_MESSAGES/*.po (one for each slice) become one messages.mo, which is loaded once a process."""
    sources = sorted(CATALOGUES.glob("*.po"))
    target = CATALOGUES / "messages.mo"
    if all(newer(target, po) for po in sources):
        return
    whole = Catalog(locale="vi")
    for po in sources:
        with po.open("rb") as source:
            for message in read_po(source, locale="vi"):
                if message.id and message.string:
                    whole.add(message.id, message.string)
    fresh = target.with_suffix(f".{os.getpid()}")  # two builds at once do not write into one file
    with fresh.open("wb") as file:
        write_mo(file, whole)
    fresh.replace(target)


def compress_static() -> None:
    """A .br and a .gz beside each text file of static/, for WhiteNoise to serve."""
    for source in sorted((ROOT / "static").rglob("*")):
        made = source.with_name(source.name + ".gz")
        if source.suffix not in COMPRESSED or (newer(made, source) and newer(made, Path(__file__))):
            continue
        data = source.read_bytes()
        if source.suffix == ".css":
            data = tight(data.decode()).encode()
        source.with_name(source.name + ".br").write_bytes(brotli.compress(data))
        made.write_bytes(gzip.compress(data, mtime=0))


def tight(css: str) -> str:
    """The same rules in fewer letters, for the way to the browser."""

    def kept(found: re.Match[str]) -> str:
        needed = found[1] or found[2] or found[3]
        return needed if needed else "" if found[0].strip() else " "

    return LOOSE.sub(kept, css)


def untranslated() -> list[str]:
    """Every string without Vietnamese, and every one with two different translations."""
    seen: dict[object, str] = {}
    found = []
    for po in sorted(CATALOGUES.glob("*.po")):
        with po.open("rb") as source:
            catalogue = read_po(source, locale="vi")
        for message in catalogue:
            if not message.id:
                continue
            texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
            if not all(texts) or message.fuzzy:
                found.append(f"{po.stem}: no Vietnamese for {message.id!r}")
            elif any(LONE_PERCENT.search(text or "") for text in texts):
                found.append(f"{po.stem}: a lone % in the Vietnamese of {message.id!r} breaks templates; write it out")
            elif seen.setdefault(message.id, str(message.string)) != str(message.string):
                found.append(f"{po.stem}: two translations of {message.id!r}")
    return found


def main() -> int:
    """Build, or with --check report what is missing."""
    if "--check" in sys.argv:
        problems = untranslated()
        print("\n".join(problems) or "every string has its Vietnamese")
        return 1 if problems else 0
    compile_translations()
    compress_static()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
