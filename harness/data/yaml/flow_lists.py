"""Find entries of a YAML list in brackets that a comma of their own has cut in two.

``[£600,000 was spent]`` is two entries to YAML, "£600" and "000 was spent", and nothing in the file looks wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_ENDS = (".", "!", "?")
_QUOTES = "\"'”’»)"


def whole_entries(pieces: Sequence[str | None], gaps: Sequence[str]) -> list[str] | None:
    """The entries that were meant, cut ones put together again; None where no comma seems to have cut one.

    ``pieces`` are the entries as YAML reads them, None for one in quotes or of another kind, which is never cut.
    ``gaps`` is what stands between one entry and the next: "," or ", ", where any white space counts as one space.
    """
    entries: list[str] = []
    joined = False
    for number, piece in enumerate(pieces):
        if number and _cut(pieces, number, gaps[number - 1]):
            entries[-1] += f"{gaps[number - 1]}{piece}"
            joined = True
        else:
            entries.append(piece or "")
    return entries if joined else None


def explanation(entries: Sequence[str]) -> str:
    """What to type instead of a list whose entries were cut."""
    cut = next(entry for entry in entries if "," in entry)
    quoted = ", ".join(f'"{entry}"' for entry in entries) if all('"' not in entry for entry in entries) else "…"
    return (
        f"an entry seems to be cut at its comma: {cut!r} is read as {' and '.join(map(repr, _pieces(cut)))}; "
        f"put each entry in quotes: [{quoted}]"
    )


def _pieces(entry: str) -> Iterator[str]:
    return (piece.strip() for piece in entry.split(","))


def _cut(pieces: Sequence[str | None], number: int, gap: str) -> bool:
    """Whether the comma before an entry belongs to a number or to a sentence.

    It does between two digits without a space, before a small letter in a list that begins with a capital, and after
    what has no full stop in a list whose last entry has one.
    """
    before, piece, first, last = pieces[number - 1], pieces[number], pieces[0], pieces[-1]
    if before is None or piece is None:
        return False
    if gap == "," and before[-1:].isdigit() and piece[:1].isdigit():
        return True
    if _is_ended(before):
        return False
    begins_with_capital = first is not None and not first[:1].islower()
    return (begins_with_capital and piece[:1].islower()) or (last is not None and _is_ended(last))


def _is_ended(piece: str) -> bool:
    return piece.rstrip(_QUOTES).endswith(_ENDS)
