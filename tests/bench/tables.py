"""Prints what was measured: plain tables for people, one JSON object for programs."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns as wide as their widest cell; the first one to the left, numbers to the right."""
    lines = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    for number, line in enumerate(lines):
        cells = [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        print("  " + "  ".join([line[0].ljust(widths[0]), *cells]))
        if number == 0:
            print("  " + "-" * (sum(widths) + 2 * (len(widths) - 1)))


def heading(text: str) -> None:
    """A title with an empty line before it."""
    print(f"\n{text}", flush=True)


def times(value: float) -> str:
    """A ratio, as exact as it is worth."""
    return f"{value:.0f}×" if value >= 20 else f"{value:.1f}×"


def kilobytes(size: int) -> str:
    """Of 1,024 bytes, as the page budget counts."""
    return f"{size / 1024:.1f} kB"
